"""What each frame promises, held to."""

from __future__ import annotations

import json
import tempfile
from contextlib import suppress
from pathlib import Path

import pandera.pandas as pandera
from reporting import hostile_proof

from forensics.analysis.objects import UnknownObjectError
from forensics.api.questions import scenarios
from forensics.api.questions.evidence import EvidenceResult
from forensics.api.questions.explain import ExplainResult
from forensics.errors import UsageError
from forensics.frames.catalogue import SCHEMAS
from forensics.frames.schema import Dtype


def contract(schema):
    """A schema as pandera checks it: nothing missing, nothing more, nothing turned into another type."""
    return pandera.DataFrameSchema(
        {each.name: pandera.Column(nullable=each.nullable, checks=checks(each)) for each in schema.columns},
        strict=True,
        ordered=True,
        index=pandera.Index(int),
    )


def checks(column):
    found = [pandera.Check(lambda series: series.dtype == column.dtype.value, name=f"is {column.dtype}")]
    if column.dtype is Dtype.CATEGORY:
        found += [
            pandera.Check(lambda series: series.cat.ordered, name="is ordered"),
            pandera.Check(
                lambda series: tuple(series.cat.categories[: len(column.categories)]) == column.categories,
                name="has the documented categories first",
            ),
            pandera.Check(
                lambda series: column.open_ended or len(series.cat.categories) == len(column.categories),
                name="has no others",
            ),
        ]
    return found


SUBJECTS = ("recipe[base::remove_default_users]", "role[base]", "cookbook[app]")


def answers(repository, subjects=SUBJECTS, content_hash="xesra4/Rgywe3IN3RbYOUfzdI6A="):
    """One answer to each question that a repository can be asked; by default with a hash that most do not know."""
    scan = repository.scan()
    yield scan
    yield repository.report()
    yield repository.shadows(commits=True)
    name = scan.shadows[0].object if scan.shadows else None
    timeline = repository.timeline(*([name] if name else []), kinds=[] if name else ["role"])
    yield timeline
    name = name or timeline.entries[0].object
    yield repository.show(name, why=["ntp.servers"] if not name.startswith("data_bag") else [])
    yield repository.log(name)
    with suppress(UsageError):  # an object of several servers: only one of them can be asked about
        yield repository.explain(name, observed=[f"before 2000-01-01 {name} absent"])
    named = [each.object for each in repository.timeline(kinds=["role"]).entries[:1]]
    yield from traces(repository, *subjects, *named)
    yield repository.explain(timeline.entries[0].object, containers=[timeline.entries[0].container])
    yield repository.fingerprint(content_hash)
    yield drifted(repository)
    one = timeline.entries[0]
    yield repository.explain(one.object, observed=[f"2014-08-31 {one.object} absent"], containers=[one.container])
    yield EvidenceResult(hostile_proof("x"))
    yield scenarios.ask(repository.path)


def drifted(repository):
    """What a server that holds something else of every role has drifted to."""
    with tempfile.TemporaryDirectory() as backup:
        Path(backup, "roles").mkdir()
        names = [entry.object.partition("[")[2][:-1] for entry in repository.timeline(kinds=["role"]).entries]
        for name in [
            "of-the-server",
            *names[:20],
        ]:  # the closest content is sought of each
            Path(backup, "roles", f"{name}.json").write_text(json.dumps({"name": name, "run_list": ["recipe[x]"]}))
        return repository.drift(backup)


def traces(repository, *subjects):
    """The traces of those subjects of which a repository knows anything."""
    for each in subjects:
        with suppress(UnknownObjectError):
            yield repository.trace(each)


def hold_to_contracts(found):
    seen = set()
    for answer in found:
        for name in answer.frames:
            contract(SCHEMAS[name]).validate(answer.to_frame(name), lazy=True)
            seen.add(name)
    missing = set(SCHEMAS) - seen - {"staged"}  # which no history has
    assert not missing or missing == set(ExplainResult._frames) - seen

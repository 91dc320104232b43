"""Reports for tests of formats: of sample stories, of public histories, and one that is hostile in every field."""

from __future__ import annotations

import dataclasses
import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from made_up_results import FIRST, LAST, NOTES, divergence, phase, scan, shadow

import forensics
import sample_repos
from forensics.analysis.check_results import Check, StagedShadow
from forensics.analysis.ground_results import EvidencePlace, ProofMatch
from forensics.analysis.policy_results import Ignore, Suppression
from forensics.analysis.proof_results import (
    BadLine,
    EvidenceSource,
    Proven,
    RunFailure,
    SavedNode,
    SeenBackup,
    SeenObservation,
    SeenRun,
    SeenUpload,
    UncoveredPeriod,
    UnseenChange,
)
from forensics.analysis.report_results import Comparison, FileContent, Lane, ObjectStory, Scan, Span, Touch
from forensics.analysis.results import CommitNote, Finding, ValueChange
from forensics.analysis.rules.catalogue import ALL
from forensics.chef.objects import Kind
from forensics.evidence.commands import NamedFile, RanCommand, SourceLine, UnclearLine
from forensics.history.model import Gap
from forensics.uploads.scenario import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator


def report_at(path, **options) -> Scan:
    """The report of the repository at a path."""
    return forensics.open(path).report(**options).value


@functools.cache
def story_report(name: str) -> Scan:
    """The report of a sample story, examined once for all tests."""
    with tempfile.TemporaryDirectory() as directory:
        sample_repos.build(name, Path(directory) / name)
        report = report_at(Path(directory) / name)
    provenance = dataclasses.replace(report.evidence.provenance, repository=name)
    evidence = dataclasses.replace(report.evidence, provenance=provenance)
    return dataclasses.replace(report, evidence=evidence)


def story_reports() -> Iterator[Scan]:
    """Those of all sample stories."""
    for name in sample_repos.names():
        yield story_report(name)


HOSTILE = (
    "\x1b[31mred\x1b[0m \x9b2J \r\a\x00\x7f",
    "\u202eesrever\u202c \u2066x\u2069 \u200b\ufeff",
    "[/x] [link](javascript:alert(1)) ![i](http://evil.example/x.png) | a | b | `tick` ``two`` **b** _i_ ~~s~~",
    "@everyone @org/team #123 GH-1 owner/repo#7 " + "0123456e7" * 4 + "0123 www.evil.example http://evil.example a@b.c",
    "</script><script>alert(1)</script><img src=x onerror=alert(1)> <!-- --> &lt;b&gt; ]]> <![CDATA[x]]>",
    "\n# heading\n- item\n> quote\n```\nfence\n---\n\n::error file=x,line=1::owned\n##[error]owned\n::stop-commands::x",
    "::error::owned",
    "##[error]owned ##[add-mask]x",
    "=cmd()|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\uff1d1+1",
    "\udcff\udc80 not UTF-8, \ud800 lone, \ufffe \uffff \x0b \x0c",
    "100%25 %0A %0D :,; {0} {1} {{2}}",
    "../../etc/passwd",
    "",
    " ",
    "`",
    "``` `` `",
    "\\",
    "\\|",
    "|",
    "a\\`b\\|c",
    "é ünïcødé \U0001f600 漢字",
    "1234567890",
    "12e45678901234567890",
)
"""Texts that terminals, browsers, spreadsheets, Markdown, XML or a runner would obey if they stood there bare."""


def hostile_report(text: str) -> Scan:
    """A report in which every text that a repository, its configuration or an earlier report gives is this one."""
    path = f"roles/{text}.json"
    other = f"roles/{text}-copy.json"
    notes = {oid: CommitNote(each.date, each.author_date, text, text) for oid, each in NOTES.items()}
    changes = (
        ValueChange("add", "/run_list/0", after=f"recipe[{text}]"),
        ValueChange("replace", f"/default_attributes/{text.replace('~', '~0').replace('/', '~1')}", text, [text, 1]),
        ValueChange("remove", f"/env_run_lists/{text.replace('~', '~0').replace('/', '~1')}/0", before=text),
    )
    opened = phase(*changes, added=[text], removed=[text], name=text)
    one = divergence(text, opened, nodes=(text,), roles=(text,))
    closed = divergence(text, phase(*changes, name=text), is_open=False, scenario="changed")
    findings = tuple(
        Finding(
            rule=rule.id,
            severity=rule.severity,
            object=f"role[{text}]" if number % 3 else None,
            paths=((path, other) if number % 2 else (other,)) if rule.id != "evidence-gap" else (),
            commit=FIRST if number % 4 else None,
            message=f"{text} and {text}",
            fingerprint=f"{number:020x}",
            at_tip=rule.id not in {"live-divergence", "residue", "name-file-mismatch"},
            line=number or None,
        )
        for number, rule in enumerate(ALL)
    )
    story = ObjectStory(
        kind="role",
        container="roles",
        name=text,
        paths=(other, path),
        at_tip=(path,),
        canonical=path,
        shadows=("0" * 12,),
        lanes=tuple(
            Lane(
                each.name,
                (
                    _span(FIRST, LAST, path=other, blob="c" * 40, certainty="exact", diverges=True),
                    _span(LAST, None, path=path, blob="d" * 40, certainty="race", diverges=False),
                ),
            )
            for each in SHIPPED[:3]
        ),
        touches=(
            Touch(FIRST, NOTES[FIRST].date, other, "c" * 40, "added"),
            Touch(LAST, NOTES[LAST].date, path, None, "removed"),
        ),
        contents=(FileContent(path, "d" * 40, {"name": text, text: text}),),
        name_lines={path: 3},
    )
    of_rule = {each.rule: each for each in findings}
    ignore = Ignore(reason=text, rule=text, object=text, path=text, fingerprint=text, expires=text)
    made = scan(
        shadows=[shadow(text, paths=(other, path))],
        divergences=[one, closed],
        findings=findings[:-2],
        gaps=[Gap("submodule", text, "e" * 40, path, FIRST), Gap("shallow", text)],
        notes=[text],
        repository=text,
    )
    made = dataclasses.replace(
        made,
        notes=notes,
        scenarios=tuple(dataclasses.replace(each, description=text) for each in SHIPPED),
        suppressed=tuple(Suppression(each, ignore) for each in findings[-2:]),
        stale_ignores=(ignore,),
    )
    return dataclasses.replace(
        made,
        stories=(story,),
        asked={"since": text, text: text},
        baseline=Comparison(
            head=FIRST,
            head_date=NOTES[FIRST].date,
            new=frozenset({of_rule["stale-after-removal"].fingerprint, of_rule["unreadable-declaration"].fingerprint}),
            worse=frozenset({of_rule["shadowed-object"].fingerprint}),
            gone=(dataclasses.replace(of_rule["rb-json-twins"], fingerprint="f" * 20),),
            commits=3,
            remarks=(text,),
        ),
    )


def hostile_check(text: str) -> Check:
    """A check of an index in which everything says this text, with something in every list."""
    report = hostile_report(text)
    finding = report.findings[0]
    staged = StagedShadow(
        report.shadows[0], (f"roles/{text}.json",), (f"roles/{text}-copy.json",), finding, (f"roles/{text}.json",)
    )
    return Check(report.evidence, (staged,), (staged,), report.suppressed[:1], 7)


def hostile_proof(text: str) -> Proven:
    """What evidence proves, in which everything says this text, with something in every list."""
    place = EvidencePlace(text, 7)
    moment = "2014-08-31T15:46:40+00:00"
    match = ProofMatch(f"roles/{text}.json", "b" * 40, FIRST, NOTES[FIRST].date, LAST, NOTES[LAST].date, (text,))
    upload = SeenUpload(
        at=0,
        time=moment,
        action="put",
        object=f"role[{text}]",
        organization=text,
        user=text,
        client=text,
        status=200,
        content_hash=text,
        source=place,
        proof="hash",
        matches=(match,),
        committed_later=(match,),
        applied=True,
        note=text,
        kind=Kind.ROLE,
    )
    bad = BadLine(text, 7, text)
    return Proven(
        evidence=hostile_report(text).evidence,
        sources=(EvidenceSource(text, text, text, text, moment, moment, text, 1, 1, 1, 1, 1, (bad,), (text,)),),
        uploads=(upload, dataclasses.replace(upload, matches=(), committed_later=())),
        unseen=(
            UnseenChange(
                f"role[{text}]", text, moment, moment, absent=False, length=7, source=place, matches=(match,), at=0
            ),
        ),
        saves=(SavedNode(f"node[{text}]", text, moment, moment, 1, place),),
        uncovered=(UncoveredPeriod(moment, moment, text, text, (text,), (0, 1)),),
        clock_skew=120,
        commands=(
            RanCommand(
                moment,
                text,
                (text,),
                text,
                0,
                SourceLine(text, 1),
                (NamedFile(f"roles/{text}", "b" * 40, FIRST),),
                effect="upload",
                certain=True,
                assumed=(text,),
            ),
        ),
        unclear=(UnclearLine(SourceLine(text, 1), text),),
        runs=(SeenRun(text, moment, moment, (text,), (text,), RunFailure("other", text), place),),
        observations=(SeenObservation(moment, moment, text, "has", text, place),),
        snapshots=(SeenBackup(place, moment, 1),),
    )


def _span(first: str, last: str | None, **others: Any) -> Span:
    until = NOTES[last].date if last else None
    return Span(first, NOTES[first].date, last, until, live=True, **others)


def with_findings(*findings: Finding, **others: Any) -> Scan:
    """A report of nothing but these findings."""
    return dataclasses.replace(scan(findings=findings), **others)

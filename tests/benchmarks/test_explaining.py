"""What a thousand facts cost, as a ratio to a scan of the same history."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from support import clone

import forensics
from forensics.analysis.dates import iso
from forensics.analysis.run_lists import run_lists
from forensics.chef.objects import Kind

pytestmark = pytest.mark.benchmark

_FACTS = 1000
_GREATEST_RATIO = 3.0


def _cpu(ask):
    started = time.process_time()
    ask(forensics.open(clone("openstreetmap/chef")))
    return time.process_time() - started


def test_a_thousand_facts_cost_at_most_three_scans():
    """The facts are what the uploads of each day left, each seen on some day, of the role that changed most."""
    repository = forensics.open(clone("openstreetmap/chef"))
    examination = repository.examination_of_everything
    chosen = random.Random(1)  # noqa: S311 (the same facts each time)
    names = Counter(
        examination.declarations.from_file(seen.target.kind, seen.path, seen.file).name
        for seen in examination.survey.sightings
        if seen.target.kind is Kind.ROLE
    )
    role = next(name for name, _ in names.most_common() if name is not None)
    entries = repository.timeline(f"role[{role}]", scenarios=["changed"]).entries
    items = sorted({str(i) for e in entries if e.content for _, i in run_lists(Kind.ROLE, e.content).named()})
    facts = []
    for _ in range(_FACTS):
        entry, item = chosen.choice([each for each in entries if each.content]), chosen.choice(items)
        held = {str(each) for _, each in run_lists(Kind.ROLE, entry.content).named()}
        # within the commit's own day, in the evening of which it is live
        day = iso(examination.history.graph.times[examination.position(entry.from_commit)])[:10]
        facts.append(f"{day} role[{role}] {'has' if item in held else 'lacks'} {item}")
    scan = min(_cpu(lambda opened: opened.scan()) for _ in range(3))
    ours = min(_cpu(lambda opened: opened.explain(f"role[{role}]", observed=facts)) for _ in range(3))
    print(f"\n{_FACTS} facts about role[{role}]: {ours:.1f} s of CPU, {ours / scan:.1f} times a scan")
    assert ours / scan <= _GREATEST_RATIO

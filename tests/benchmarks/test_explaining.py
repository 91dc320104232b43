"""What a thousand facts cost, as a ratio to a scan of the same history."""

from __future__ import annotations

import random
import time
from collections import Counter

import pytest
from support import clone

import forensics
from forensics.analysis.dates import iso
from forensics.analysis.explaining.declared import ReplayedLine, object_histories
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
    """The facts are what was sent of the role that changed most, each seen on the day of a commit."""
    examination = forensics.open(clone("openstreetmap/chef")).examination_of_everything
    chosen = random.Random(1)  # noqa: S311 (the same facts each time)
    names = Counter(
        examination.declarations.from_file(seen.target.kind, seen.path, seen.file).name
        for seen in examination.survey.sightings
        if seen.target.kind is Kind.ROLE
    )
    role = next(name for name, _ in names.most_common() if name is not None)
    target = next(each for each in examination.targets if each.kind is Kind.ROLE)
    history = object_histories(examination, ReplayedLine(examination), target, [role])[role]
    lists = [live and {str(item) for _, item in run_lists(Kind.ROLE, live.body).named()} for live in history.contents]
    items = sorted(set().union(*filter(None, lists)))
    windows = [window for window in history.track.windows if window.current]
    facts = []
    for _ in range(_FACTS):
        window, item = chosen.choice(windows), chosen.choice(items)
        held = item in (lists[window.current[0]] or ())
        facts.append(f"{iso(window.start)[:10]} role[{role}] {'has' if held else 'lacks'} {item}")
    scan = min(_cpu(lambda opened: opened.scan()) for _ in range(2))
    ours = min(_cpu(lambda opened: opened.explain(f"role[{role}]", observed=facts)) for _ in range(2))
    print(f"\n{_FACTS} facts about role[{role}]: {ours:.1f} s of CPU, {ours / scan:.1f} times a scan")
    assert ours / scan <= _GREATEST_RATIO

"""What public histories answer: asked once, for the tests of frames, of documents and of charts."""

from __future__ import annotations

import functools

import pytest
from support import clone

import forensics
from forensics.api.questions import scenarios


def on_one_worker(*names):
    """Histories as parameters of a test that runs beside the others which ask the same history."""
    marks = {name: [pytest.mark.slow, pytest.mark.xdist_group(name)] for name in names}
    return pytest.mark.parametrize("name", [pytest.param(name, marks=marks[name]) for name in names])


@functools.lru_cache(maxsize=1)
def asked(name):
    """The clone of a public history, opened, and its answers."""
    repository = forensics.open(clone(name))
    return repository, tuple(answers(repository))


def answers(repository):
    """One answer to each question that a repository can be asked."""
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
    yield repository.trace("recipe[base::remove_default_users]")
    yield repository.trace("role[base]")
    yield repository.fingerprint("xesra4/Rgywe3IN3RbYOUfzdI6A=")
    yield scenarios.ask(repository.path)

"""Modules that are loaded when something of them is first asked for."""

from __future__ import annotations

import inspect
import sys

import pytest

from forensics.deferred import deferred


@pytest.fixture
def module(tmp_path, monkeypatch):
    """A module that nobody has loaded."""
    (tmp_path / "seldom_needed.py").write_text("ANSWER = 42\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield "seldom_needed"
    sys.modules.pop("seldom_needed", None)


def test_a_module_is_loaded_when_something_of_it_is_asked_for(module):
    late = deferred(module)
    assert module not in sys.modules
    assert late.ANSWER == 42
    assert module in sys.modules


def test_what_it_needs_is_looked_for_first(module):
    def missing():
        raise LookupError("install it")

    with pytest.raises(LookupError, match="install it"):
        deferred(module, before=missing).ANSWER  # noqa: B018
    assert module not in sys.modules


def test_whoever_inspects_it_loads_nothing(module):
    late = deferred(module)
    assert inspect.unwrap(late) is late
    assert not hasattr(late, "__wrapped__")
    assert module not in sys.modules


def test_what_a_module_lacks_it_lacks_deferred(module):
    with pytest.raises(AttributeError, match=r"seldom_needed.*QUESTION"):
        deferred(module).QUESTION  # noqa: B018

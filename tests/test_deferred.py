"""Modules that are loaded when something of them is first asked for."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module

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


def test_a_package_loads_its_modules_on_demand_and_has_no_others(tmp_path, monkeypatch):
    package = tmp_path / "seldom_needed_package"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from forensics.deferred import on_demand\n__getattr__ = on_demand(__name__)\n", encoding="utf-8"
    )
    (package / "one.py").write_text("ANSWER = 42\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    late = import_module("seldom_needed_package")
    try:
        assert f"{late.__name__}.one" not in sys.modules
        assert late.one.ANSWER == 42
        assert not hasattr(late, "two")
        assert inspect.unwrap(late) is late
    finally:
        for name in [each for each in sys.modules if each.startswith(late.__name__)]:
            del sys.modules[name]

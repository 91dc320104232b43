"""How the modules stand to each other: nothing imports in a circle, names are given once, heavy libraries wait."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from sys import stdlib_module_names

import pytest

PROJECT = Path(__file__).parent.parent

LOCAL = {
    ("forensics.analysis.rules.dangling_recipe", "forensics.analysis.recipe_life"): "few histories lack a recipe",
    ("forensics.analysis.rules.missing_reference", "forensics.analysis.missing_bags"): "few repositories keep bags",
    ("forensics.analysis.rules.missing_reference", "forensics.analysis.missing_versions"): "few run lists have pins",
    ("forensics.api.notebook_progress", "IPython.display"): "asked for only where IPython runs already",
    ("forensics.chef.doubled_keys", "forensics.chef.ruby.grammar"): "few files have a word twice",
    ("forensics.chef.name_line", "forensics.chef.ruby.grammar"): "a repository of JSON needs no parser of Ruby",
    ("forensics.chef.policy_source", "forensics.chef.ruby.grammar"): "few repositories have policies",
    ("forensics.chef.recipe_source", "forensics.chef.ruby.grammar"): "most questions ask nothing of recipes",
    ("forensics.chef.ruby.plain", "forensics.chef.ruby.source"): "few files have the line ends of Windows",
    ("forensics.chef.ruby_source", "forensics.chef.ruby.evaluation"): "most files are plain and never evaluated",
    ("forensics.chef.ruby_source", "forensics.chef.ruby.source"): "most files are plain and never parsed",
    ("forensics.cli", "forensics.cli.app"): "an interrupt while it loads is told as any other",
    ("forensics.config", "forensics.uploads.uploaders"): "few configurations have a scenario of their own",
    ("forensics.errors", "difflib"): "needed where something went wrong only",
    ("forensics.uploads.command_list", "forensics.uploads.knife.command"): "few examinations have a list of commands",
    ("forensics.uploads.command_list", "forensics.uploads.knife.outcome"): "few examinations have a list of commands",
    ("forensics.uploads.command_list", "forensics.uploads.server"): "few examinations have a list of commands",
    ("forensics.whole_file", "tempfile"): "most results are printed",
}
"""The imports that stand in a function, each with its reason; others are deferred as ``forensics.deferred`` has it."""


@dataclass(frozen=True)
class Module:
    """A module of the package, as it is written."""

    name: str
    tree: ast.Module

    def imports(self, within=None):
        """Every module that is imported, wherever that stands: at the top, in a function, for type checkers only."""
        for node in ast.walk(within or self.tree):
            if isinstance(node, ast.Import):
                yield from (each.name for each in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert not node.level, f"{self.name} imports by a relative name"
                for each in node.names:
                    whole = f"{node.module}.{each.name}"
                    yield whole if whole in modules() else node.module


@cache
def modules():
    """The modules of the package by name."""
    found = {}
    for path in sorted((PROJECT / "forensics").rglob("*.py")):
        name = ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
        found[name] = path
    return found


@cache
def read():
    """All of them."""
    return [Module(name, ast.parse(path.read_text("utf-8"))) for name, path in modules().items()]


def test_nothing_imports_in_a_circle():
    edges = {module.name: {each for each in module.imports() if each in modules()} - {module.name} for module in read()}
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


def test_a_class_has_a_name_that_no_other_has():
    homes = defaultdict(set)
    for module in read():
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].add(module.name)
    assert {name: sorted(where) for name, where in homes.items() if len(where) > 1} == {}


def test_an_import_within_a_function_has_a_reason():
    found = {
        (module.name, each)
        for module in read()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for each in module.imports(node)
    }
    assert found == LOCAL.keys()


def deferred(module):
    """What is loaded late in a module: the name that it goes by there, and the module that it stands for."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            call = node.value
            if isinstance(call.func, ast.Name) and call.func.id == "deferred":
                yield node.targets[0].id, call.args[0].value


def for_type_checkers(module):
    """What type checkers take those names for."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for each in node.body:
                if isinstance(each, ast.Import):
                    yield from ((name.asname or name.name, name.name) for name in each.names)
                elif isinstance(each, ast.ImportFrom):
                    yield from ((name.asname or name.name, f"{each.module}.{name.name}") for name in each.names)


def test_type_checkers_are_shown_the_module_that_is_loaded_late():
    found = {module.name: set(deferred(module)) for module in read()}
    assert found["forensics.api.result"]
    for module in read():
        assert found[module.name] <= set(for_type_checkers(module)), module.name
        for _, name in found[module.name]:
            assert not name.startswith("forensics.") or name in modules(), name


@pytest.mark.parametrize("package", ["forensics.api.questions", "forensics.plots", "forensics.report.text"])
def test_a_package_loads_on_demand_what_type_checkers_are_shown(package):
    (whole,) = (module for module in read() if module.name == package)
    shown = [each for each in for_type_checkers(whole) if each[1].startswith(package)]
    assert shown
    late = import_module(package)
    for name, where in shown:
        assert getattr(late, name).__name__ == where


def requirements(lines):
    """The names of the packages that these requirements are about."""
    return {re.split(r"[\[<>=~! ]", each)[0].lower().replace("_", "-") for each in lines}


def test_what_is_imported_is_installed_with_the_tool():
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    plain = requirements(project["dependencies"])
    charts = plain | requirements(project["optional-dependencies"]["notebook"])
    known = packages_distributions()
    for module in read():
        top = {each.partition(".")[0] for each in module.imports()} - stdlib_module_names - {"forensics"}
        wanted = {
            distribution.lower().replace("_", "-")
            for each in top - {"IPython", "markupsafe"}  # the first runs already, the second comes with jinja2
            for distribution in known[each]
        }
        assert wanted <= (charts if module.name.startswith("forensics.plots") else plain), module.name


def test_no_module_is_longer_than_a_room_may_be():
    longest = {name: len(path.read_text("utf-8").splitlines()) for name, path in modules().items()}
    assert {name: lines for name, lines in longest.items() if lines > 400} == {}

"""The reference is complete: nothing that people can use is without its page, row or sentence."""

from __future__ import annotations

import pytest
from documentation import inline_code
from support import PROJECT

from forensics import config
from forensics.analysis.rules.catalogue import ALL
from forensics.cli import exits
from forensics.cli.app import COMMANDS
from forensics.config import load
from forensics.report.formats import FORMATS
from forensics.uploads.scenario import SHIPPED
from forensics.uploads.target import SharedServer
from handbook import documents, regions
from handbook.commands import parameters, spelled
from handbook.pages import DOCS, README, pages

REFERENCE = DOCS / "reference"


def text_of(*parts):
    return DOCS.joinpath(*parts).read_text("utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_page_with_all_that_it_takes(name):
    page = text_of("reference", "commands", f"{name}.md")
    assert ("usage", name) in regions.named(page)
    for parameter in parameters(name):
        for way in spelled(parameter):
            assert f"| `{way}`" in page or f", `{way}`" in page
        assert parameter.help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_row_in_the_readme(name):
    assert f"`forensics {name}" in README.read_text("utf-8")


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.id)
def test_every_rule_has_a_page_with_an_example_and_its_silence(rule):
    page = text_of("rules", f"{rule.id}.md")
    assert page.startswith(f"# {rule.id}\n")
    assert ("rule", rule.id) in regions.named(page)
    assert "## Example" in page
    assert "## When it stays silent" in page
    assert any(name == "silent" and about == rule.id for name, about, *_ in regions.named(page))
    assert (
        any(name == "finding" and about == rule.id for name, about, *_ in regions.named(page)) or "```console" in page
    )


def test_there_is_no_page_of_a_rule_that_is_gone():
    assert {path.stem for path in (DOCS / "rules").glob("*.md")} == {"index", *(rule.id for rule in ALL)}


@pytest.mark.parametrize("name", sorted(documents.schemas()))
def test_every_document_has_a_page_with_a_sample(name):
    found = regions.named(text_of("reference", "json", f"{name}.md"))
    assert found == [("fields", name), ("sample", name)]


@pytest.mark.parametrize("name", sorted(documents.schemas()))
def test_every_field_of_a_document_is_described(name):
    found = 0
    pending = [(name, documents.schemas()[name])]
    while pending:
        where, node = pending.pop()
        if isinstance(node, list):
            pending += [(where, each) for each in node]
        elif isinstance(node, dict):
            if node.get("type") == "object" and "properties" in node and "additionalProperties" in node:
                for field, schema in node["properties"].items():
                    assert schema["description"][0].isupper() or schema["description"][0].islower(), (where, field)
                    assert schema["description"].endswith("."), (where, field)
                    found += 1
            pending += [(f"{where}/{key}", value) for key, value in node.items()]
    assert found


@pytest.mark.parametrize("name", sorted(documents.schemas()))
def test_every_definition_of_a_document_is_described(name):
    for key, definition in documents.schemas()[name].get("$defs", {}).items():
        assert definition.get("description"), key


@pytest.mark.parametrize("name", sorted(documents.schemas()))
def test_every_definition_of_a_document_has_a_heading_or_a_row(name):
    page = text_of("reference", "json", f"{name}.md")
    for key, definition in documents.schemas()[name].get("$defs", {}).items():
        assert (f"\n## {key}\n" if "properties" in definition else f"\n| `{key}` |") in page


def test_every_frame_has_a_heading():
    catalogue = pytest.importorskip("forensics.frames.catalogue")
    page = text_of("reference", "frames.md")
    for schema in catalogue.SCHEMAS.values():
        assert f"\n## {schema.name}\n" in page
        for column in schema.columns:
            assert f"| `{column.name}` |" in page


@pytest.mark.parametrize("scenario", SHIPPED, ids=lambda scenario: scenario.name)
def test_every_scenario_is_explained_outside_of_the_table_too(scenario):
    page = text_of("reference", "scenarios.md")
    assert f"| `{scenario.name}` |" in page
    before, _, after = page.partition("<!-- end -->")
    assert before
    assert scenario.name in after


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_row(name):
    assert f"| `{name}` |" in text_of("reference", "formats.md")


def test_every_exit_code_has_a_row():
    page = text_of("reference", "exit-codes.md")
    codes = [value for name, value in vars(exits).items() if name.isupper() and type(value) is int]
    assert len(codes) >= 7
    for code in codes:
        assert f"\n| {code} | " in page


def test_every_key_of_the_configuration_is_described():
    told = inline_code(text_of("reference", "configuration.md"))
    page = text_of("reference", "configuration.md")
    for key in (
        config._SCENARIO_KEYS | config._LAYOUT_KEYS | config._IGNORE_KEYS | config._EVIDENCE_KEYS | config._KEYS
    ) - {
        "layout",
        "scenario",
        "server",
        "ignore",
        "severity",
        "evidence",
    }:
        assert key in told
        assert f"| `{key}` |" in page
    for table in ("layout", "scenario", "server", "ignore", "severity", "evidence"):
        assert f"\n## {table}\n" in page


def test_the_configuration_shown_is_understood(tmp_path):
    page = text_of("reference", "configuration.md")
    (tmp_path / "forensics.toml").write_text(page.partition("```toml\n")[2].partition("```")[0], "utf-8")
    read = load(None, tmp_path)
    assert [scenario.name for scenario in read.scenarios] == ["deploy-job"]
    assert read.servers == (SharedServer(("production", "shared")),)
    assert read.chef_version == "16"
    assert read.server_software == "erchef"
    assert read.fail_on == "shadow"
    assert [ignore.rule for ignore in read.policy.ignores] == ["shadowed-object"]


@pytest.mark.parametrize("region", sorted(regions.REGIONS))
def test_every_region_is_used(region):
    assert any(name == region for page in pages() for name, *_ in regions.named(page.read_text("utf-8")))


def test_the_values_of_every_answer_are_in_the_reference():
    modules = {f"forensics.analysis.{path.stem}" for path in (PROJECT / "forensics" / "analysis").glob("*results.py")}
    shown = {named[1] for named in regions.named(text_of("reference", "python.md")) if named[0] == "values"}
    assert len(modules) > 1
    assert shown == modules

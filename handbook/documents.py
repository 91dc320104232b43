"""The JSON documents, as their schemas describe them."""

from __future__ import annotations

from functools import cache
from typing import Any

from forensics.report.schemas import FORMS, schema_of
from handbook.field_types import Part, parts_of, type_of, value_definitions
from handbook.markdown import code, prose, table


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Every schema by the name of its page, such as ``scan`` for ``forensics.scan/1``, in the order of the names."""
    return {page_of(each): each for each in map(schema_of, sorted(FORMS))}


def name_of(schema: dict[str, Any]) -> str:
    """The name and version that the document carries in its field ``schema``, by the schema's ``$id``."""
    _, project, name, version = schema["$id"].split(":")
    return f"{project}.{name}/{version}"


def page_of(schema: dict[str, Any]) -> str:
    """The name of the page that describes the document."""
    return str(schema["$id"].split(":")[2])


def listed() -> str:
    """A table of the documents, each with a link to its page."""
    return table(
        ("document", "printed by"),
        [(f"[{code(name_of(each))}]({name}.md)", code(each["title"])) for name, each in schemas().items()],
    )


def fields(name: str) -> str:
    """The fields of a document, then those of every object inside, then what stands in fields of simple types."""
    schema = schemas()[name]
    sections = [_table(Part(name, schema))]
    known: set[str] = set()
    pending = parts_of(Part("", schema), schema)
    while pending:
        part = pending.pop(0)
        if part.name not in known:
            known.add(part.name)
            described = prose(part.schema.get("description", ""))
            sections += [f"## {part.name}", *([described] if described else []), _table(part)]
            pending = [*parts_of(part, schema), *pending]
    simple = value_definitions(schema)
    if simple:
        rows = [(code(key), prose(each["description"])) for key, each in simple.items()]
        sections += ["## Types", table(("type", "meaning"), rows)]
    return "\n\n".join(sections)


def _table(part: Part) -> str:
    required = set(part.schema.get("required", ()))
    rows = [
        (
            code(name) + ("" if name in required else " (may be absent)"),
            prose(type_of(field, part.inside(name))),
            prose(field["description"]),
        )
        for name, field in part.schema["properties"].items()
    ]
    return table(("field", "type", "meaning"), rows)

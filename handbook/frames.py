"""The frames and their columns, as their schemas describe them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from forensics.frames.catalogue import SCHEMAS
from handbook.markdown import code, prose, table

if TYPE_CHECKING:
    from forensics.frames.schema import Column


def columns() -> str:
    """Every frame under a heading: what one row is, and a table of its columns."""
    parts: list[str] = []
    for schema in SCHEMAS.values():
        rows = [(code(each.name), code(str(each.dtype)), _missing(each), _meaning(each)) for each in schema.columns]
        parts += [
            f"## {schema.name}",
            f"One row: {prose(schema.row)}.",
            table(("column", "dtype", "may be missing", "meaning"), rows),
        ]
    return "\n\n".join(parts)


def _missing(column: Column) -> str:
    return "yes" if column.nullable else ""


def _meaning(column: Column) -> str:
    if not column.categories:
        return prose(column.meaning)
    further = ", then what the repository adds" if column.open_ended else ""
    return f"{prose(column.meaning)} ({', '.join(map(code, column.categories))}{further})"

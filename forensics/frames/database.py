"""All frames of an answer as one SQLite database, a table for each, as Datasette and every SQL tool open it.

The table ``columns`` says what each column of the others means. Times are ISO 8601 in UTC, truth values 0 and 1, lists
and contents text as in the frames; what is missing is NULL.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from forensics.frames.catalogue import SCHEMAS, frame_of
from forensics.frames.schema import Dtype

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from forensics.frames.schema import Column, Schema

_TYPES: Final = {Dtype.INTEGER: "INTEGER", Dtype.BOOLEAN: "INTEGER"}
_MEANINGS: Final = "columns"


def database(answer: Any, names: Iterable[str]) -> bytes:
    """The frames of these names; the same answer gives the same bytes with one version of SQLite."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA encoding = 'UTF-8'")
        connection.execute("BEGIN")
        connection.execute(f'CREATE TABLE "{_MEANINGS}" ("table" TEXT, "column" TEXT, "meaning" TEXT)')
        for name in names:
            schema = SCHEMAS[name]
            shown = ", ".join(f'"{each.name}" {_TYPES.get(each.dtype, "TEXT")}' for each in schema.columns)
            connection.execute(f'CREATE TABLE "{name}" ({shown})')
            places = ", ".join("?" for _ in schema.columns)
            connection.executemany(f'INSERT INTO "{name}" VALUES ({places})', _rows(answer, schema))  # noqa: S608 (ours)
            connection.executemany(
                f'INSERT INTO "{_MEANINGS}" VALUES (?, ?, ?)',  # noqa: S608 (a constant)
                ((name, each.name, each.meaning) for each in schema.columns),
            )
        connection.execute("COMMIT")
        return connection.serialize()


def _rows(answer: Any, schema: Schema) -> Iterator[tuple[Any, ...]]:
    frame = frame_of(schema.name, answer)
    columns = [list(_values(each, frame[each.name])) for each in schema.columns]
    yield from zip(*columns, strict=True)


def _values(column: Column, values: Any) -> Iterator[Any]:
    missing = values.isna()
    for value, absent in zip(values.astype(object), missing, strict=True):
        if absent:
            yield None
        elif column.dtype is Dtype.TIME:
            yield value.isoformat()
        elif column.dtype in _TYPES:
            yield int(value)
        else:
            yield str(value)

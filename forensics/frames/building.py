"""From an answer to its frames, column by column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from forensics.deferred import deferred
from forensics.frames.schema import Dtype
from forensics.report.text_safety import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from pandas.api.extensions import ExtensionArray

    from forensics.frames.schema import Column, Row, Schema
else:
    pd = deferred("pandas")


def build(schema: Schema, rows: Iterable[Row], *, scenarios: Sequence[str] = ()) -> pd.DataFrame:
    """A frame of these rows; without any it has the same columns and types."""
    values = list(rows)
    return pd.DataFrame(
        {
            each.name: _array(each, each.values(values), scenarios if each.name == "scenario" else ())
            for each in schema.columns
        }
    )


def _array(column: Column, values: list[Any], more: Sequence[str]) -> ExtensionArray | pd.DatetimeIndex:
    match column.dtype:
        case Dtype.TEXT:
            return pd.array(_cleaned(values), dtype="str")
        case Dtype.TIME:
            return pd.to_datetime(values, utc=True, format="ISO8601", errors="coerce").as_unit("us")
        case Dtype.INTEGER:
            return pd.array(values, dtype="Int64")
        case Dtype.BOOLEAN:
            return pd.array(values, dtype="boolean")
        case Dtype.CATEGORY:
            words = _cleaned(values)
            known = dict.fromkeys(column.categories)
            if column.open_ended:
                known.update(dict.fromkeys(map(clean, more)))
                known.update(dict.fromkeys(word for word in words if word is not None))
            elif strange := {word for word in words if word is not None} - known.keys():
                raise ValueError(f"{column.name} is none of {', '.join(known)}: {', '.join(sorted(strange))}")
            return pd.Categorical(words, categories=list(known), ordered=True)


def _cleaned(values: list[Any]) -> list[str | None]:
    known: dict[str, str] = {}  # most texts of a column stand in it many times
    return [None if value is None else known.get(value) or known.setdefault(value, clean(value)) for value in values]

"""The types of a JSON schema's fields, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

_WORDS: Final = {"string": "text", "integer": "number", "number": "number", "boolean": "true or false", "null": "null"}
_BEFORE_A_NAME: Final = "#/$defs/"


@dataclass(frozen=True, slots=True)
class Part:
    """An object with fields, under the name by which the page speaks of it."""

    name: str
    schema: dict[str, Any]

    def inside(self, field: str) -> str:
        """What an object is called that has no name but its field's."""
        return f"{self.name}.{field}" if self.name else field


def type_of(field: Any, name: str) -> str:
    """The type of a field in words; ``name`` is what an object without a name of its own is called.

    Raises:
        ValueError: the schema says it in a way that is not known here.
    """
    match field:
        case {"$ref": str() as reference}:
            return f"``{reference.removeprefix(_BEFORE_A_NAME)}``"
        case {"const": constant}:
            return f"``{constant}``"
        case {"enum": [*choices]}:
            return ", ".join(f"``{each}``" if isinstance(each, str) else str(each).lower() for each in choices)
        case {"anyOf": [*alternatives]} | {"oneOf": [*alternatives]}:
            return " or ".join(dict.fromkeys(type_of(each, name) for each in alternatives))
        case {"type": [*types]}:
            return " or ".join(type_of({**field, "type": each}, name) for each in types)
        case {"type": str() as simple}:
            return _of_one_type(field, simple, name)
        case True | {"description": str()}:
            return "anything"
        case _ if field == {}:
            return "anything"
        case _:
            raise ValueError(f"no words for the type of {name}: {field}")


def _of_one_type(field: Any, simple: str, name: str) -> str:
    match simple, field:
        case "array", {"items": items}:
            return f"list of {type_of(items, name)}"
        case "array", _:
            return "list"
        case "object", {"properties": dict()}:
            return f"``{name}``"
        case "object", {"additionalProperties": dict() as values}:
            return f"object of {type_of(values, name)}"
        case "object", _:
            return "object"
        case _:
            return _WORDS[simple]


def parts_of(part: Part, root: dict[str, Any]) -> list[Part]:
    """The objects with fields that the fields of an object hold, in the order in which they come up."""
    return [
        inner
        for name, field in part.schema["properties"].items()
        for inner in _held(field, part.inside(name), root.get("$defs", {}))
    ]


def _held(field: Any, name: str, definitions: dict[str, Any]) -> list[Part]:
    match field:
        case {"$ref": str() as reference}:
            key = reference.removeprefix(_BEFORE_A_NAME)
            definition = definitions[key]
            return [Part(key, definition)] if "properties" in definition else _held(definition, key, definitions)
        case {"properties": dict()}:
            return [Part(name, field)]
        case {"anyOf": [*alternatives]} | {"oneOf": [*alternatives]}:
            return [each for alternative in alternatives for each in _held(alternative, name, definitions)]
        case {"items": dict() as items}:
            return _held(items, name, definitions)
        case {"additionalProperties": dict() as values}:
            return _held(values, name, definitions)
        case _:
            return []


def value_definitions(root: dict[str, Any]) -> dict[str, Any]:
    """The definitions that are no objects with fields: ids, dates and the like."""
    return {key: each for key, each in root.get("$defs", {}).items() if "properties" not in each}

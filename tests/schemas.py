"""The schemas of the JSON documents, and what of a document does not fit."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from forensics.report.schemas import FORMS, schema_of

NAMES = tuple(name.removeprefix("forensics.").removesuffix("/1") for name in FORMS)


def spelled_out(schema):
    """A schema with each reference replaced by what it leads to, which is checked in half the time; none recurs."""

    def whole(node):
        if isinstance(node, dict) and "$ref" in node:
            rest = {key: value for key, value in node.items() if key != "$ref"}
            target = whole(schema["$defs"][node["$ref"].removeprefix("#/$defs/")])
            assert not rest.keys() - {"description"} & target.keys()
            return target | whole(rest)
        if isinstance(node, dict):
            return {key: whole(value) for key, value in node.items() if key != "$defs"}
        return [whole(each) for each in node] if isinstance(node, list) else node

    return whole(schema)


VALIDATORS = {name: Draft202012Validator(spelled_out(schema_of(f"forensics.{name}/1"))) for name in NAMES}


def failures_of(name, document):
    validator = VALIDATORS[name]
    return [f"{name} {list(error.absolute_path)}: {error.message[:200]}" for error in validator.iter_errors(document)]

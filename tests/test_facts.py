"""Every fact of a result is declared once: with a meaning, a type that documents, schemas and frames can be made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import pytest

from forensics import facts
from forensics.facts import IF_ANY, INTERNAL, ON_REQUEST, absent, document_view, limit, only
from forensics.report.documents import document
from forensics.report.schemas import FORMS, schema_of


def classes(owner, seen):
    """A class of a document and those of everything inside."""
    if owner in seen:
        return seen
    seen.add(owner)
    for each in facts.every_fact(owner):
        pending = [each.type]
        while pending:
            kind = pending.pop()
            if facts.has_facts(facts.bare(kind)):
                classes(facts.bare(kind), seen)
            pending += [one for one in getattr(facts.bare(kind), "__args__", ()) if one is not ...]
    return seen


EVERY = sorted({each for form in FORMS.values() for each in classes(form.owner, set())}, key=lambda each: each.__name__)


@pytest.mark.parametrize("owner", EVERY, ids=lambda owner: owner.__name__)
def test_every_fact_has_a_meaning(owner):
    assert owner.__doc__.partition("\n\n")[0].strip().endswith(".")
    for each in facts.every_fact(owner):
        assert each.meaning.endswith("."), each.name
        assert each.meaning[0].isupper() or each.meaning.startswith(("race:", "live:")), each.name
        assert not any(reason.endswith(".") for reason in each.reasons)


@pytest.mark.parametrize("owner", EVERY, ids=lambda owner: owner.__name__)
def test_what_may_be_absent_says_what_that_means(owner):
    for each in facts.facts(owner):
        if each.nullable and each.showing is not IF_ANY:
            assert each.reasons, each.name


@pytest.mark.parametrize("name", FORMS)
def test_a_schema_refers_to_all_that_it_defines_and_to_nothing_else(name):
    schema = schema_of(name)
    pending, used = [{key: value for key, value in schema.items() if key != "$defs"}], set()
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            key = node.get("$ref", "").removeprefix("#/$defs/")
            if key and key not in used:
                used.add(key)
                pending.append(schema["$defs"][key])
            pending += node.values()
        elif isinstance(node, list):
            pending += node
    assert used == set(schema["$defs"])


@dataclass(frozen=True)
class Inner:
    """Something inside."""

    text: Annotated[str | None, "A text.", absent("nobody wrote one")]


@document_view("first=inner.text", "last")
@dataclass(frozen=True)
class Outer:
    """Something with something inside."""

    inner: Annotated[Inner | None, "What is inside.", absent("nothing is")]
    numbers: Annotated[frozenset[int], "Some numbers."] = frozenset()
    blob: Annotated[bytes, "An id."] = b""
    hidden: Annotated[int, INTERNAL, "Nobody sees it."] = 1
    asked: Annotated[tuple[int, ...], ON_REQUEST, "More numbers."] = ()
    few: Annotated[tuple[Inner, ...], IF_ANY, limit(minItems=2), "Several."] = ()
    parts: Annotated[tuple[Annotated[Inner, only("part", "word=text")], ...], "Parts, told in another way."] = ()

    @property
    def last(self) -> Annotated[int | None, absent("there are none")]:
        """The greatest of the numbers."""
        return max(self.numbers, default=None)


def test_a_document_tells_facts_in_the_order_and_under_the_names_of_its_class():
    value = Outer(Inner("x"), frozenset({3, 1, 2}), b"\xab", parts=(Inner("y"),))
    assert list(document(value).items()) == [
        ("first", "x"),
        ("last", 3),
        ("numbers", [1, 2, 3]),
        ("blob", "ab"),
        ("parts", [{"word": "y"}]),
    ]


def test_what_is_behind_something_absent_is_absent_for_either_reason():
    assert document(Outer(None))["first"] is None
    assert document(Outer(Inner(None)))["first"] is None
    assert facts.fact(Outer, "inner.text").description("null") == "A text; null: nothing is, or nobody wrote one."
    assert facts.fact(Outer, "inner!.text").description("None") == "A text; None: nobody wrote one."


def test_some_facts_are_told_only_on_request_or_if_there_are_any():
    value = Outer(None, asked=(7,), few=(Inner("a"), Inner(None)))
    assert "asked" not in document(value)
    assert document(value, "asked")["asked"] == [7]
    assert document(value)["few"] == [{"text": "a"}, {"text": None}]
    assert "few" not in document(Outer(None))


def test_what_nobody_declares_is_an_error():
    with pytest.raises(AttributeError, match="Inner declares no 'word'"):
        facts.fact(Outer, "inner.word")


def test_an_order_goes_to_a_class_of_values():
    with pytest.raises(TypeError, match="Inner is no class of values yet"):
        document_view("text")(type("Inner", (), {}))

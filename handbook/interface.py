"""The Python interface, from its signatures and docstrings."""

from __future__ import annotations

import dataclasses
import inspect
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, get_args, get_origin

from forensics.api import questions
from forensics.api.charts import Charted
from forensics.api.result import OfValue, Result
from forensics.cli.app import COMMANDS
from forensics.errors import ForensicsError
from forensics.facts import alternatives, bare, every_fact, has_facts
from handbook.markdown import block, code, prose, table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from forensics.facts import Fact

_WIDEST: Final = 100
_RAISING: Final = (
    "forensics.errors",
    "forensics.config",
    "forensics.history.model",
    "forensics.uploads.commands",
    "forensics.uploads.scenario",
    "forensics.analysis.dates",
    "forensics.analysis.lookup",
    "forensics.analysis.objects",
)
"""The modules with errors that a caller may want to tell apart."""
_RAISES: Final = re.compile(r"^Raises:\n(?P<entries>(?:[ ]{4}.*\n?|\n)+)", re.MULTILINE)
_ENTRY: Final = re.compile(r"^[ ]{4}(?P<error>\w+): (?P<when>.*(?:\n[ ]{8}.*)*)", re.MULTILINE)


def members(where: str) -> str:
    """A function, or a class with its public members: ``forensics.api.repository:Repository``."""
    thing = _thing(where)
    if inspect.isfunction(thing):
        return "\n\n".join([block("python", signature(thing)), documented(thing)])
    return "\n\n".join(_of_class(thing, "###"))


def answers() -> str:
    """What every answer can do, and the answer of each question, with the members that nothing else here describes."""
    parts = [f"### {Result.__name__}", *_of_class(Result, "####")]
    known: list[type] = [Result, Charted]
    for question in COMMANDS:
        thing = _answer_of(question)
        parts += [f"### {thing.__name__}", *_of_class(thing, "####", known)]
        known.append(thing)
    return "\n\n".join(parts)


def _answer_of(question: str) -> type[Result]:
    module = import_module(f"{questions.__name__}.{question}")
    (found,) = (
        each
        for each in vars(module).values()
        if inspect.isclass(each) and each.__module__ == module.__name__ and not inspect.isabstract(each)
        if issubclass(each, Result)
    )
    return found


def _of_class(thing: type, heading: str, known: Collection[type] = ()) -> list[str]:
    """What a class says of itself and its members, but for those that it takes over from a class that is ``known``."""
    parts = [documented(thing), *_attributes(thing)]
    for name, member in public(thing):
        taken_over = name not in vars(thing) and any(issubclass(thing, each) and hasattr(each, name) for each in known)
        if taken_over or (known and name == "to_document"):
            continue
        if isinstance(member, property):
            parts += [f"**{code(name)}** ({_annotation(member.fget)}): {_line(member)}"]
        elif isinstance(member, OfValue):
            (kind,) = (each.__annotations__[name] for each in thing.__mro__ if name in vars(each))
            parts += [f"**{code(name)}** ({kind}): {_line(member)}"]
        else:
            parts += [
                f"{heading} {name}",
                block("python", signature(_plain(member))),
                documented(_plain(member)),
            ]
    return parts


def values(where: str) -> str:
    """The public classes of values of a module, with the types and the meaning of their fields."""
    module = import_module(where)
    parts: list[str] = []
    for name, thing in vars(module).items():
        if has_facts(thing) and getattr(thing, "__module__", "") == where and not name.startswith("_"):
            rows = [(code(each.name), _spelled(each), prose(each.description("None"))) for each in every_fact(thing)]
            parts += [f"### {name}", documented(thing), table(("field", "type", "meaning"), rows)]
    return "\n\n".join(parts)


def _spelled(fact: Fact) -> str:
    """The type of a fact as Python writes it, but for bars, which would end the cell of a table."""
    types = [*map(_type, alternatives(fact.type)), *(["None"] if fact.nullable else [])]
    return " or ".join(code(each) for each in dict.fromkeys(types))


def _type(annotation: Any) -> str:
    kind = bare(annotation)
    if len(alternatives(kind)) > 1:
        return " or ".join(map(_type, alternatives(kind)))
    if get_origin(kind) is None:
        return str(kind.__name__)
    members = ("..." if each is ... else _type(each) for each in get_args(kind))
    return f"{get_origin(kind).__name__}[{', '.join(members)}]"


def _attributes(thing: type) -> Iterator[str]:
    """What a class sets when it is made, with the types of the parameters of these names."""
    if dataclasses.is_dataclass(thing):
        for field in dataclasses.fields(thing):
            yield f"**{code(field.name)}** ({field.type})"
        return
    maker = vars(thing).get("__init__")
    if maker is None:
        return
    parameters = inspect.signature(maker).parameters
    for name in re.findall(r"^ +self\.([a-z]\w*)\b.* = ", inspect.getsource(maker), re.MULTILINE):
        parameter = parameters.get(name) or parameters.get(f"{name}_")
        yield f"**{code(name)}**" + (f" ({parameter.annotation})" if parameter else "")


def errors() -> str:
    """The errors that callers may want to tell apart, as a list in which what is a kind of another stands below it."""
    for where in _RAISING:
        import_module(where)
    return "\n".join(_with_kinds(ForensicsError, ""))


def _with_kinds(error: type[ForensicsError], margin: str) -> Iterator[str]:
    yield f"{margin}- {code(f'{error.__module__}.{error.__name__}')}: {_line(error)}"
    for kind in sorted(error.__subclasses__(), key=lambda each: each.__name__):
        if kind.__module__ in _RAISING:
            yield from _with_kinds(kind, f"{margin}    ")


def public(thing: type) -> Iterator[tuple[str, Any]]:
    """The public members of a class that it defines itself or inherits within the project, in the order of the text."""
    seen: set[str] = set()
    for owner in thing.__mro__:
        for name, member in vars(owner).items():
            callable_ = inspect.isfunction(member) or isinstance(member, (classmethod, staticmethod, property, OfValue))
            if callable_ and not name.startswith("_") and name not in seen and owner.__module__.startswith("forensics"):
                seen.add(name)
                yield name, member


def signature(function: Any) -> str:
    """How a function is called, with types and defaults, on as many lines as it needs."""
    parameters = [each for each in inspect.signature(function).parameters.values() if each.name not in {"self", "cls"}]
    spelled: list[str] = []
    keywords = False
    for each in parameters:
        if each.kind is each.KEYWORD_ONLY and not keywords:
            keywords = True
            if not any(other.kind is each.VAR_POSITIONAL for other in parameters):
                spelled.append("*")
        stars = "*" if each.kind is each.VAR_POSITIONAL else "**" if each.kind is each.VAR_KEYWORD else ""
        default = f" = {each.default!r}" if each.default is not each.empty else ""
        spelled.append(f"{stars}{each.name}: {each.annotation}{default}")
    result = f" -> {_annotation(function)}"
    line = f"{function.__name__}({', '.join(spelled)}){result}"
    if len(line) <= _WIDEST:
        return line
    return "\n".join([f"{function.__name__}(", *(f"    {each}," for each in spelled), f"){result}"])


def documented(thing: Any) -> str:
    """A docstring as Markdown; what is raised becomes a list."""
    text = inspect.getdoc(thing) or ""
    found = _RAISES.search(text + "\n")
    if found is None:
        return prose(text)
    entries = [
        f"- {code(each['error'])}: {prose(' '.join(each['when'].split()))}"
        for each in _ENTRY.finditer(found["entries"])
    ]
    return "\n\n".join([prose(text[: found.start()].strip()), "Raises:", "\n".join(entries)])


def _line(member: Any) -> str:
    return prose(" ".join((inspect.getdoc(member) or "").split()))


def _annotation(function: Any) -> str:
    return str(inspect.signature(function).return_annotation)


def _plain(member: Any) -> Any:
    return getattr(member, "__func__", member)


def _thing(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)

"""Role and environment files in Chef's Ruby DSL, read statically: what knife makes of one, without running it.

``knife role from file`` (Chef::Mixin::FromFile) evaluates the whole file as the body of a method of an empty role; here
it is parsed and evaluated as data. A value that only running the file could tell is ``Unresolved``, with its source
text and line; the rest of the role stays known, as what Chef makes of the file if Chef can load it at all.
"""

from __future__ import annotations

from forensics.chef.objects import Environment, Kind, Problem, Role, Unresolved
from forensics.chef.ruby import plain
from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError
from forensics.chef.ruby.unknown import UnknownValue

CURRENT_CHEF = "18"
DEFECTS_ESCAPE = False
"""Whether an exception that nobody thought of leaves ``load``, as tests want it; else it makes the file unresolved."""
_LONGEST_MESSAGE = 200


def load(kind: Kind, data: bytes, *, path: str = "", chef: str = CURRENT_CHEF) -> Role | Environment | Problem:
    """What ``knife role from file`` or ``knife environment from file`` makes of a ``.rb`` file.

    A file that gives no name has the name ``""``: it is loaded, but declares nothing.

    Args:
        kind: ``Kind.ROLE`` or ``Kind.ENVIRONMENT``; no other object has a Ruby form.
        data: the bytes of the file.
        path: its path, as knife was given it, for ``__FILE__``.
        chef: the version of Chef whose knife reads the file; 11, 12, 16 and 18 are told apart.

    Raises:
        ValueError: another kind of object.
    """
    if kind is not Kind.ROLE and kind is not Kind.ENVIRONMENT:
        raise ValueError(f"no Ruby form of {kind}")
    try:
        return _evaluated(kind, data, path, chef)
    except RubyRaisedError as error:
        return problem_of(error)
    except GiveUpError as error:
        return _unresolved(kind, error.unknown)
    except Exception:
        if DEFECTS_ESCAPE:
            raise
        return _unresolved(kind, UnknownValue(data.strip().partition(b"\n")[0].decode("utf-8", "replace"), 1))


def problem_of(error: RubyRaisedError) -> Problem:
    """What Ruby raises, as the reason why the file declares nothing."""
    # A file can raise any text, and name a method by any letters.
    message = "".join(character if character.isprintable() else "?" for character in error.message[:_LONGEST_MESSAGE])
    if error.stage == "encode":
        return Problem("encode", message, error.error_class, error.line, stage="encode")
    kind = "ruby-syntax" if error.error_class == "SyntaxError" else "ruby-error"
    return Problem(kind, message, error.error_class, error.line)


def _evaluated(kind: Kind, data: bytes, path: str, chef: str) -> Role | Environment:
    found = plain.read(kind, data)
    if found is not None:
        return found.declared
    from forensics.chef.ruby.evaluation import evaluate  # noqa: PLC0415 - nine of ten files never need it,
    from forensics.chef.ruby.source import as_lines, read  # noqa: PLC0415 - nor the parser

    return evaluate(kind, read(as_lines(data)), path, chef)


def _unresolved(kind: Kind, unknown: UnknownValue) -> Role | Environment:
    value = Unresolved(unknown.source, unknown.line)
    if kind is Kind.ENVIRONMENT:
        return Environment(value, value, value, value, value)
    return Role(value, value, value, value, value, value)

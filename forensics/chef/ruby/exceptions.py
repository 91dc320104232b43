"""Exceptions as objects: raising and rescuing them."""

from __future__ import annotations

from typing import Any

from forensics.chef.ruby.classes import BUILTIN
from forensics.chef.ruby.failure import RubyRaisedError, UncertainError
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import RubyClass, RubyException, RubyString, known


def exception_of(error: RubyRaisedError) -> RubyException:
    """The exception object; the message of one that Ruby raised itself is not reproduced."""
    if isinstance(error.exception, RubyException):
        return error.exception
    made = RubyException(_class_named(error.error_class), Unknown(f"{error.error_class}#message", error.line or 1))
    error.exception = made
    return made


def _class_named(name: str) -> RubyClass:
    found = BUILTIN.get(name)
    if found is None:
        raise UncertainError(Unknown(name, 1))
    return found


def is_rescued_by(error: RubyRaisedError, classes: list[Any] | None) -> bool:
    """Whether a ``rescue`` of these classes (None: StandardError) handles the exception."""
    if isinstance(error.exception, RubyException):
        raised = error.exception.ruby_class
    else:
        raised = _class_named(error.error_class)
    wanted = [BUILTIN["StandardError"]] if classes is None else [known(item) for item in classes]
    ancestors = raised.ancestors()
    return any(item in ancestors for item in wanted)


def raised(exception: RubyException) -> RubyRaisedError:
    """What is thrown when the file raises this object."""
    message = exception.message
    text = message.text if isinstance(message, RubyString) else ""
    # A class of the file's own has a name that holds an address; what it stands below is more telling.
    name = next(ruby_class.name for ruby_class in exception.ruby_class.ancestors() if ruby_class.name)
    error = RubyRaisedError(name, text[:200])
    error.exception = exception
    return error

"""Ruby's own classes and modules, as far as role files name them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from forensics.chef.ruby.values import (
    BoundMethod,
    Enumerator,
    Opaque,
    RubyArray,
    RubyClass,
    RubyComplex,
    RubyException,
    RubyHash,
    RubyObject,
    RubyProc,
    RubyRange,
    RubyRegexp,
    RubySet,
    RubyString,
    RunListObject,
    StructObject,
    Symbol,
)
from forensics.chef.run_list import RunListItem

_SUPERCLASSES = """
Object BasicObject
Module Object
Class Module
Numeric Object
Integer Numeric
Float Numeric
Rational Numeric
Complex Numeric
String Object
Symbol Object
Array Object
Hash Object
Range Object
Regexp Object
MatchData Object
NilClass Object
TrueClass Object
FalseClass Object
Proc Object
Method Object
Enumerator Object
Struct Object
Set Object
Time Object
Date Object
DateTime Date
BigDecimal Numeric
IO Object
File IO
Dir Object
Exception Object
NoMemoryError Exception
ScriptError Exception
LoadError ScriptError
NotImplementedError ScriptError
SyntaxError ScriptError
SecurityError Exception
SignalException Exception
Interrupt SignalException
SystemExit Exception
SystemStackError Exception
StandardError Exception
ArgumentError StandardError
UncaughtThrowError ArgumentError
EncodingError StandardError
FiberError StandardError
IOError StandardError
EOFError IOError
IndexError StandardError
KeyError IndexError
StopIteration IndexError
LocalJumpError StandardError
NameError StandardError
NoMethodError NameError
RangeError StandardError
FloatDomainError RangeError
RegexpError StandardError
RuntimeError StandardError
FrozenError RuntimeError
SystemCallError StandardError
Errno::ENOENT SystemCallError
Errno::EACCES SystemCallError
ThreadError StandardError
TypeError StandardError
ZeroDivisionError StandardError
NoMatchingPatternError StandardError
NoMatchingPatternKeyError NoMatchingPatternError
Chef Object
Chef::Role Object
Chef::Environment Object
Chef::RunList Object
Chef::RunList::RunListItem Object
Chef::Exceptions::ValidationFailed ArgumentError
Chef::Exceptions::InvalidEnvironmentRunListSpecification ArgumentError
Chef::Exceptions::IllegalVersionConstraint ArgumentError
ChefUtils::Mash Hash
ChefUtils::VersionString String
"""
_MODULES = ("Kernel", "Comparable", "Enumerable", "Math", "Chef::Exceptions", "Chef::Mixin", "Errno", "URI", "JSON")
_ALIASES = {"Fixnum": "Integer", "Bignum": "Integer", "Mash": "ChefUtils::Mash"}  # Ruby 3.1 still has the first two


def _registry() -> dict[str, RubyClass]:
    found = {"BasicObject": RubyClass("BasicObject", builtin=True)}
    for name in _MODULES:
        found[name] = RubyClass(name, is_module=True, builtin=True)
    for line in _SUPERCLASSES.split("\n"):
        if line:
            name, superclass = line.split()
            found[name] = RubyClass(name, found[superclass], builtin=True)
    found["Object"].included.append(found["Kernel"])
    for name in ("String", "Numeric", "Time", "Date"):
        found[name].included.append(found["Comparable"])
    for name in ("Array", "Hash", "Range", "Struct", "Set", "Enumerator", "Chef::RunList"):
        found[name].included.append(found["Enumerable"])
    return found


BUILTIN = _registry()
"""By name. They are shared: what a file adds to one is kept with its evaluation."""
for _alias, _name in _ALIASES.items():
    BUILTIN[_alias] = BUILTIN[_name]

_KINDS: dict[type, str] = {
    RubyString: "String",
    Symbol: "Symbol",
    int: "Integer",
    float: "Float",
    type(None): "NilClass",
    RubyArray: "Array",
    RubyRange: "Range",
    RubyRegexp: "Regexp",
    Fraction: "Rational",
    RubyComplex: "Complex",
    RubyProc: "Proc",
    BoundMethod: "Method",
    Enumerator: "Enumerator",
    RunListObject: "Chef::RunList",
    RubySet: "Set",
    RunListItem: "Chef::RunList::RunListItem",
}


def class_of(value: Any) -> RubyClass:
    """The class of a value that is known."""
    if isinstance(value, bool):
        return BUILTIN["TrueClass" if value else "FalseClass"]
    name = _KINDS.get(type(value))
    if name is not None:
        return BUILTIN[name]
    if isinstance(value, RubyHash):
        return BUILTIN["ChefUtils::Mash" if value.mash else "Hash"]
    if isinstance(value, RubyObject | RubyException | StructObject):
        return value.ruby_class
    if isinstance(value, RubyClass):
        return BUILTIN["Module" if value.is_module else "Class"]
    if isinstance(value, Opaque):
        return BUILTIN.get(value.class_name.partition("@")[0], BUILTIN["Object"])
    role: RubyClass = value.ruby_class
    return role


def is_a(value: Any, ruby_class: RubyClass) -> bool:
    """``value.is_a?(ruby_class)``."""
    return ruby_class in class_of(value).ancestors()

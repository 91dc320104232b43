"""What Ruby's parser refuses although the grammar used here takes it.

The grammar is lenient: it takes a line that begins with a comma, a command among several arguments, ``end`` as a word.
Ruby 3.1's parser is the judge of each rule here. What people really get wrong is a refusal with its line; where a file
does what no role file does, such as jumping out of nowhere, it is left open whether Ruby takes it.
"""

# ruff: noqa: SLF001 - its methods stand in a table below the class

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.syntax_layout import LINE_SENSITIVE, check_gaps, check_lines, first_error, refused
from forensics.chef.ruby.syntax_literals import check_literal
from forensics.chef.ruby.unknown import UnknownValue
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

    from forensics.chef.ruby.source import RubySource

_KEYWORDS = words(
    """
    alias and begin BEGIN break case class def defined? do else elsif end END ensure false for if in module next nil
    not or redo rescue retry return self super then true undef unless until when while yield
    """
)
_EXTRAS = frozenset({"comment", "heredoc_body"})


def check_syntax(source: RubySource) -> None:
    """Check a whole file.

    Raises:
        RubyRaisedError: Ruby refuses it (SyntaxError, with the line).
        GiveUpError: whether Ruby takes it is not known.
    """
    _Checker(source.text, source.literals).check(source.root)


class _Checker:
    """One look at a tree."""

    def __init__(self, text: bytes, literals: bytes) -> None:
        self.text = text
        self.literals = literals
        self.heredocs = 0
        self.parent: Node | None = None
        """What the node being checked stands in: asking the node itself takes a walk from the root."""
        self.in_loop = False
        self.in_method = False

    def check(self, root: Node) -> None:
        """Check every node, outermost first."""
        if root.has_error:
            self._refuse(first_error(root))
        if root.children:
            around = self.text[: root.children[0].start_byte] + self.text[root.children[-1].end_byte :]
            if b"\\" in around.replace(b"\\\n", b""):
                raise self._unsure(root)
        waiting: list[tuple[Node, Node | None, int, bool, bool]] = [(root, None, 0, False, False)]
        while waiting:
            node, self.parent, depth, self.in_loop, self.in_method = waiting.pop()
            kind = node.type
            depth += _STACKED.get(kind, 0)
            if depth > _STACK:
                raise refused("nesting too deep", node)
            children = node.children
            self._check_node(node, children)
            in_method = self.in_method or kind in _BODIES
            in_loop = kind not in _BODIES and (self.in_loop or kind in _LOOPS)
            waiting.extend((child, node, depth, in_loop, in_method) for child in reversed(children) if child.is_named)
        if self.heredocs:
            word = _APPENDED.search(self.text)
            if word is not None and re.search(rb"\b" + re.escape(word[1]) + rb"\s*=", self.text):
                raise self._unsure(root)  # to a local variable, a text is appended
            raise refused("can't find the end of a heredoc before EOF", root)

    def _refuse(self, error: Node) -> None:
        """The grammar found a mistake, or it reads otherwise than Ruby, as where a literal is indexed after a blank."""
        around = self.text[max(0, error.start_byte - 40) : error.end_byte + 40]
        if _READ_OTHERWISE.search(around):
            raise self._unsure(error)
        raise refused("syntax error", error)

    def _check_node(self, node: Node, children: list[Node]) -> None:
        kind = node.type
        if kind in _GIVEN_UP:
            raise self._unsure(node)
        if len(children) > 1:
            check_gaps(self.text, children)
            if kind in LINE_SENSITIVE:
                check_lines(self.text, node, children)
        if kind == "chained_string" and any(
            child.type == "character" or self._starts(child, b"%") for child in children[1:]
        ):
            raise self._unsure(node)  # an operator, to Ruby
        check = _CHECKS.get(kind)
        if check is not None:
            check(self, node, children)
        if kind in _LITERALS:
            self._literal(node)

    def _literal(self, node: Node) -> None:
        if self._starts(node, b"%") and re.search(rb"\s", self.text[node.start_byte + 1 : node.start_byte + 3]):
            raise self._unsure(node)  # a blank as delimiter
        try:
            check_literal(node, self.literals)
        except RubyRaisedError as error:
            error.line = error.line or node.start_point[0] + 1
            raise
        except UnmodelledError:
            raise self._unsure(node) from None

    def _starts(self, node: Node, prefix: bytes) -> bool:
        return self.text.startswith(prefix, node.start_byte)

    def _unsure(self, node: Node) -> GiveUpError:
        return GiveUpError(UnknownValue(self._text(node), node.start_point[0] + 1))

    def _text(self, node: Node) -> str:
        return self.text[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def _no_value(self, node: Node, _children: list[Node]) -> None:
        """What jumps away and ``x => pattern`` have no value."""
        here, parent = node, self.parent
        while parent is not None and parent.type == "parenthesized_statements":
            here, parent = parent, parent.parent
        if parent is None or parent.type not in _VALUES:
            return
        if node.type == "match_pattern" and here.id != node.id:
            raise refused("void value expression", node)
        before = here.prev_sibling
        if parent.type != "binary" or before is None or before.type not in _LOGICAL or node.type == "match_pattern":
            raise self._unsure(node)

    def _jump(self, node: Node, children: list[Node]) -> None:
        self._no_value(node, children)
        if node.type != "return" and not self.in_loop:
            raise refused(f"Invalid {node.type}", node)

    def _call(self, node: Node, _children: list[Node]) -> None:
        method = node.child_by_field_name("method")
        arguments = node.child_by_field_name("arguments")
        block = node.child_by_field_name("block")
        if method is None:
            return
        if method.type in {"instance_variable", "global_variable", "class_variable"}:
            raise refused("a variable takes no arguments", method)
        if arguments is None:
            return
        if block is not None and block.type == "block" and not self._starts(arguments, b"("):
            raise refused("unexpected '{'", block)
        if (
            arguments.start_byte == method.end_byte
            and self.text[arguments.start_byte : arguments.start_byte + 1] in _AMBIGUOUS
        ):
            raise self._unsure(node)  # an operator, to Ruby

    def _range(self, node: Node, children: list[Node]) -> None:
        self._operands(node, children)
        if node.child_by_field_name("end") is None and re.match(
            rb"[ \t]*(?:[\n#]|\Z)", self.text[node.end_byte :][:80]
        ):
            raise self._unsure(node)  # it goes on in the next line

    def _count_heredoc(self, _node: Node, _children: list[Node]) -> None:
        self.heredocs += 1

    def _end_heredoc(self, _node: Node, children: list[Node]) -> None:
        if children and children[-1].type == "heredoc_end" and children[-1].end_byte > children[-1].start_byte:
            self.heredocs -= 1
            line = self.text.rfind(b"\n", 0, children[-1].start_byte)
            if line > 0 and self.text.startswith(b"\\", line - 1):  # it may go on: the word is part of that line
                raise self._unsure(children[-1])

    def _arguments(self, node: Node, children: list[Node]) -> None:
        named = [child for child in children if child.is_named and child.type not in _EXTRAS]
        if node.type == "argument_list" and self._starts(node, b"{"):
            self._braces(named)
            return
        values = [child for child in named if child.type != "block_argument"]
        if len(values) > 1 or node.type != "argument_list":
            for child in values:
                if self._is_command(child):
                    raise refused("a command among other arguments", child)
        for child, following in pairwise(named):
            if child.type == "block_argument" or (child.type in _KEYED and following.type not in _MAY_FOLLOW_KEYS):
                raise refused("an argument after keywords or a block", following)

    def _braces(self, named: list[Node]) -> None:
        """Braces after a word: to Ruby ``default_attributes { "a" => 1 }`` is a block with a pattern match in it.

        The grammar takes them for a hash. Most hashes are no such block; the rest is taken only if it is plain to see.
        """
        pairs = [child for child in named[0].named_children if child.type != "comment"] if named else []
        if len(named) != 1 or named[0].type != "hash":
            raise self._unsure(self.parent or named[0])
        if not pairs:
            return
        value = pairs[0].child_by_field_name("value")
        if len(pairs) != 1 or value is None or not _has_arrow(pairs[0]):
            raise refused("a hash after a method name needs parentheses", pairs[-1])
        if value.type != "identifier":
            self._pattern(value)

    def _pattern(self, value: Node) -> None:
        operator = value.child_by_field_name("operator")
        if (
            value.type in _NO_PATTERNS
            or (value.type == "binary" and operator is not None and operator.type != "|")
            or (value.type == "hash" and any(map(_has_arrow, value.named_children)))
        ):
            raise refused("a hash after a method name needs parentheses", value)
        if value.type == "array":
            for child in value.named_children:
                self._pattern(child)
        elif value.type not in _PATTERNS:
            raise self._unsure(value)

    def _operands(self, _node: Node, children: list[Node]) -> None:
        if any(child.type in {"and", "or", "not", "!", "defined?"} for child in children):
            return
        for child in children:
            if child.is_named and self._is_command(child):
                raise refused("a command within an expression", child)

    def _unary(self, node: Node, children: list[Node]) -> None:
        self._operands(node, children)
        if (
            children[0].type == "not"
            and self.text[children[0].end_byte : children[0].end_byte + 1] != b"("
            and self.parent is not None
            and self.parent.type in {"argument_list", "assignment", "operator_assignment", "pair", "array", "unary"}
        ):
            raise self._unsure(node)

    def _comment(self, node: Node, _children: list[Node]) -> None:
        if self._starts(node, b"=begin") and not (
            node.start_point[1] == 0
            and self.text[node.start_byte + 6 : node.start_byte + 7] in _BLANK
            and _END_OF_COMMENT.search(self.text, node.start_byte, node.end_byte + 1)
        ):
            raise refused("unexpected '='", node)

    def _symbol(self, node: Node, _children: list[Node]) -> None:
        if not _SYMBOL.fullmatch(self._text(node)):
            raise refused("malformed symbol", node)

    def _is_command(self, node: Node) -> bool:
        """Whether a call passes its arguments without parentheses."""
        if node.type in {"yield", "super"}:
            arguments = node.named_children[0] if node.named_children else None
        elif node.type == "call":
            arguments = node.child_by_field_name("arguments")
        else:
            return node.type in {"if_modifier", "unless_modifier", "while_modifier", "until_modifier", "alias", "undef"}
        return arguments is not None and self.text[arguments.start_byte : arguments.start_byte + 1] not in {b"(", b"{"}

    def _word(self, node: Node, _children: list[Node]) -> None:
        word = self._text(node)
        parent = self.parent
        if word not in _KEYWORDS or parent is None:
            return
        if parent.type in {"method", "singleton_method", "alias", "undef"}:
            return
        if parent.type == "call" and parent.child_by_field_name("receiver") is not None:
            method = parent.child_by_field_name("method")
            if method is not None and method.id == node.id:
                return
        raise refused(f"unexpected `{word}'", node)

    def _assignment(self, node: Node, _children: list[Node]) -> None:
        left = node.child_by_field_name("left")
        right = node.child_by_field_name("right")
        targets = [] if left is None else [left]
        while targets:
            target = targets.pop()
            if target.type in {"left_assignment_list", "destructured_left_assignment", "rest_assignment"}:
                targets.extend(target.named_children)
            elif self.in_method and target.type in {"constant", "scope_resolution"}:
                raise refused("dynamic constant assignment", target)
            elif _NO_TARGET.fullmatch(self.text, target.start_byte, target.end_byte):
                raise self._unsure(target)
        if right is not None and right.type == "right_assignment_list":
            for child in right.named_children:
                if self._is_command(child):
                    raise refused("a command among several values", child)

    def _parameters(self, node: Node, _children: list[Node]) -> None:
        names = [name for name in _NAME.findall(self.text, node.start_byte, node.end_byte) if not name.startswith(b"_")]
        if len(set(names)) < len(names):
            raise self._unsure(node)  # perhaps one name for two

    def _case(self, node: Node, children: list[Node]) -> None:
        if not any(child.type in {"when", "in_clause"} for child in children):
            raise refused("unexpected `end', expecting `when'", node)


def _has_arrow(pair: Node) -> bool:
    return any(child.type == "=>" for child in pair.children)


_APPENDED = re.compile(rb"(\w+)[ \t]+<<[\"'\w]")
_END_OF_COMMENT = re.compile(rb"\n=end(?=[\s\x00]|\Z)")
_NAME = re.compile(rb"[\w\x80-\xff]+")
_NO_TARGET = re.compile(rb"nil|true|false|self|_[1-9]|\$[1-9]\d*|\$[&`'+]|__\w+__")
_STACKED = {"array": 1, "hash": 1, "pair": 2, "parenthesized_statements": 1, "if": 3}
_STACK = 10_000
"""How many symbols wait on the stack of Ruby's parser while such a node is open, and how many may."""
_BLANK = frozenset({b"", b" ", b"\t", b"\n", b"\r"})
_SYMBOL = re.compile(
    r":(?:(?:\$|@@?)?[^\W\d]\w*|\$\d+|\$\W|[^\W\d]\w*[?!=]?|\[\]=?|\*\*|<=>|===?|=~|![=~]?|<=|>=|<<|>>|[-+]@?|[*/%<>~^&|`]|~@)"
)
_READ_OTHERWISE = re.compile(rb"[\"')\]}][ \t]+\[|[\"')\]}]<<[-~]|[\w\"')\]}]<<\w|\?\w[\"']|[\x0b\x0c]|%[qQwWiIrxs]\s")
_GIVEN_UP = words("class module singleton_class begin_block end_block redo retry uninterpreted")
"""What no object of a file depends on as far as this is followed, and where Ruby's rules are many."""
_LOOPS = words("while until for while_modifier until_modifier block do_block lambda")
_BODIES = words("method singleton_method")
_LOGICAL = words("&& || and or")
_KEYED = words("pair hash_splat_argument")
_MAY_FOLLOW_KEYS = _KEYED | {"block_argument"}
_AMBIGUOUS = frozenset({b"<", b"-", b"+", b"*", b"&", b"%", b"/", b"["})
_LITERALS = words(
    """
    string integer float character delimited_symbol string_array symbol_array regex rational complex heredoc_body
    subshell
    """
)
_VALUES = words(
    """
    argument_list pair assignment operator_assignment array binary unary conditional call element_reference return
    hash string interpolation range
    """
)
_PATTERNS = words("string integer float nil true false simple_symbol string_array constant chained_string comment")
_NO_PATTERNS = words("call element_reference conditional heredoc_beginning assignment pair")
"""What can, and what cannot, stand as the value where braces are a block with a pattern match in it."""
_CHECKS: dict[str, Callable[[_Checker, Node, list[Node]], None]] = {
    kind: check
    for check, kinds in (
        (_Checker._count_heredoc, "heredoc_beginning"),
        (_Checker._end_heredoc, "heredoc_body"),
        (_Checker._arguments, "argument_list array"),
        (_Checker._operands, "pair binary conditional element_reference optional_parameter"),
        (_Checker._operands, "splat_argument hash_splat_argument"),
        (_Checker._comment, "comment"),
        (_Checker._symbol, "simple_symbol"),
        (_Checker._unary, "unary"),
        (_Checker._range, "range"),
        (_Checker._word, "identifier constant"),
        (_Checker._assignment, "assignment operator_assignment"),
        (_Checker._jump, "break next return"),
        (_Checker._parameters, "method_parameters block_parameters lambda_parameters"),
        (_Checker._no_value, "match_pattern"),
        (_Checker._call, "call"),
        (_Checker._case, "case"),
    )
    for kind in kinds.split()
}

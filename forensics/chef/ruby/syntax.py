"""What Ruby's parser refuses although the grammar used here takes it.

The grammar is lenient: it takes a line that begins with a comma, a command among several arguments, ``end`` as a word.
Ruby 3.1's parser is the judge of each rule here.
"""

# ruff: noqa: SLF001 - its methods stand in a table below the class

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from forensics.chef.ruby.failure import GiveUpError, RubyRaisedError, UnmodelledError
from forensics.chef.ruby.syntax_layout import LINE_SENSITIVE, check_gaps, check_lines, first_error, refused
from forensics.chef.ruby.syntax_literals import check_literal
from forensics.chef.ruby.syntax_patterns import check_pattern
from forensics.chef.ruby.syntax_places import SyntaxPlace, inside
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

    def check(self, root: Node) -> None:
        """Check every node, outermost first."""
        if root.has_error:
            self._refuse(first_error(root))
        if root.children:
            around = self.text[: root.children[0].start_byte] + self.text[root.children[-1].end_byte :]
            if b"\\" in around.replace(b"\\\n", b""):
                raise refused("unexpected backslash", root)
        waiting: list[tuple[Node, Node | None, SyntaxPlace, int]] = [(root, None, SyntaxPlace(), 0)]
        while waiting:
            node, self.parent, place, depth = waiting.pop()
            depth += _STACKED.get(node.type, 0)
            if depth > _STACK:
                raise refused("nesting too deep", node)
            children = node.children
            self._check_node(node, children, place)
            if not children:
                continue
            inner = inside(node, place)
            waiting.extend((child, node, inner, depth) for child in reversed(children) if child.is_named)
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

    def _check_node(self, node: Node, children: list[Node], place: SyntaxPlace) -> None:
        kind = node.type
        if len(children) > 1:
            check_gaps(self.text, children)
            if kind in LINE_SENSITIVE:
                check_lines(self.text, node, children)
        if kind in _JUMPS:
            self._check_value(node)
        if kind == "chained_string" and any(
            child.type == "character" or self._starts(child, b"%") for child in children[1:]
        ):
            raise self._unsure(node)  # an operator, to Ruby
        check = _CHECKS.get(kind)
        if check is not None:
            check(self, node, children, place)
        if kind in _LITERALS:
            self._literal(node)

    def _literal(self, node: Node) -> None:
        if (
            self._starts(node, b"%")
            and self.text[node.start_byte + 1 : node.start_byte + 3].strip()
            != (self.text[node.start_byte + 1 : node.start_byte + 3])
        ):
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

    def _check_value(self, node: Node) -> None:
        """What jumps away has no value."""
        here, parent = node, self.parent
        while parent is not None and parent.type == "parenthesized_statements":
            here, parent = parent, parent.parent
        if parent is None or parent.type not in _VALUES - {"interpolation", "conditional", "return"}:
            return
        if parent.type == "binary":
            right = parent.child_by_field_name("right")
            operator = parent.child_by_field_name("operator")
            if right is not None and right.id == here.id and operator is not None and operator.type in _LOGICAL:
                return
        if parent.type == "argument_list" and parent.parent is not None and parent.parent.type in _JUMPS:
            return
        raise refused("void value expression", node)

    def _call(self, node: Node, _children: list[Node], _place: SyntaxPlace) -> None:
        method = node.child_by_field_name("method")
        if method is None:
            return
        if method.type in {"instance_variable", "global_variable", "class_variable"}:
            raise refused("a variable takes no arguments", method)
        arguments = node.child_by_field_name("arguments")
        block = node.child_by_field_name("block")
        if arguments is not None and block is not None and block.type == "block" and not self._starts(arguments, b"("):
            raise refused("unexpected '{'", block)
        if (
            arguments is not None
            and arguments.start_byte == method.end_byte
            and self.text[arguments.start_byte : arguments.start_byte + 1] in _AMBIGUOUS
        ):
            raise self._unsure(node)  # an operator, to Ruby

    def _range(self, node: Node, children: list[Node], place: SyntaxPlace) -> None:
        self._operands(node, children, place)
        if node.child_by_field_name("end") is None and self.text[node.end_byte : node.end_byte + 80].lstrip(b" \t")[
            :1
        ] in {b"\n", b"#", b""}:
            raise self._unsure(node)  # it goes on in the next line

    def _count_heredoc(self, _node: Node, _children: list[Node], _place: SyntaxPlace) -> None:
        self.heredocs += 1

    def _end_heredoc(self, _node: Node, children: list[Node], _place: SyntaxPlace) -> None:
        if children and children[-1].type == "heredoc_end" and children[-1].end_byte > children[-1].start_byte:
            self.heredocs -= 1
            line = self.text.rfind(b"\n", 0, children[-1].start_byte)
            if line > 0 and self.text.startswith(b"\\", line - 1):  # it may go on: the word is part of that line
                raise self._unsure(children[-1])

    def _arguments(self, node: Node, children: list[Node], _place: SyntaxPlace) -> None:
        named = [child for child in children if child.is_named and child.type not in _EXTRAS]
        opening = self.text[node.start_byte : node.start_byte + 1]
        if opening == b"{" and node.type == "argument_list":
            if len(named) != 1:
                raise refused("unexpected ','", node)
            check_pattern(named[0], self.text)
            return
        values = [child for child in named if child.type != "block_argument"]
        if len(values) > 1 or node.type != "argument_list":
            for child in values:
                if self._is_command(child):
                    raise refused("a command among other arguments", child)
        self._check_order(named)

    def _check_order(self, named: list[Node]) -> None:
        keyed = False
        for child in named:
            if child.type in {"pair", "hash_splat_argument"}:
                keyed = True
            elif keyed and child.type != "block_argument":
                raise refused("an argument after keywords", child)
        for child in named[:-1]:
            if child.type == "block_argument":
                raise refused("an argument after a block argument", child)

    def _operands(self, node: Node, children: list[Node], _place: SyntaxPlace) -> None:
        if node.type == "binary":
            operator = node.child_by_field_name("operator")
            if operator is not None and operator.type in {"and", "or"}:
                return
        if node.type == "unary" and children[0].type in {"not", "!", "defined?"}:
            return
        for child in children:
            if child.is_named and self._is_command(child):
                raise refused("a command within an expression", child)

    def _unary(self, node: Node, children: list[Node], place: SyntaxPlace) -> None:
        self._operands(node, children, place)
        parent = self.parent
        if (
            children[0].type == "not"
            and self.text[children[0].end_byte : children[0].end_byte + 1] != b"("
            and (
                parent is not None
                and parent.type in {"argument_list", "assignment", "operator_assignment", "pair", "array", "unary"}
            )
        ):
            raise refused("unexpected `not'", node)

    def _comment(self, node: Node, _children: list[Node], _place: SyntaxPlace) -> None:
        if self._starts(node, b"=begin") and (
            node.start_point[1] != 0 or self.text[node.start_byte + 6 : node.start_byte + 7] not in _BLANK
        ):
            raise refused("unexpected '='", node)
        if self._starts(node, b"=begin") and not _END_OF_COMMENT.search(self.text, node.start_byte, node.end_byte + 1):
            raise refused("embedded document meets end of file", node)

    def _after_end(self, node: Node, _children: list[Node], _place: SyntaxPlace) -> None:
        raise GiveUpError(UnknownValue("__END__", node.start_point[0] + 1))  # only a line of its own ends the script

    def _symbol(self, node: Node, _children: list[Node], _place: SyntaxPlace) -> None:
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

    def _word(self, node: Node, _children: list[Node], _place: SyntaxPlace) -> None:
        word = self.text[node.start_byte : node.end_byte]
        if word.decode("utf-8", "replace") not in _KEYWORDS:
            return
        parent = self.parent
        if parent is None:
            return
        if parent.type in {"method", "singleton_method", "alias", "undef"}:
            return
        if parent.type == "call" and parent.child_by_field_name("receiver") is not None:
            method = parent.child_by_field_name("method")
            if method is not None and method.id == node.id:
                return
        raise refused(f"unexpected `{word.decode()}'", node)

    def _assignment(self, node: Node, _children: list[Node], place: SyntaxPlace) -> None:
        left = node.child_by_field_name("left")
        if left is None:
            return
        targets = [left]
        while targets:
            target = targets.pop()
            if target.type in {"left_assignment_list", "destructured_left_assignment", "rest_assignment"}:
                targets.extend(target.named_children)
                continue
            if target.type in {"nil", "true", "false", "self"}:
                raise refused("can't assign to a keyword", target)
            if place.in_method and target.type in {"constant", "scope_resolution"}:
                raise refused("dynamic constant assignment", target)
            text = self.text[target.start_byte : target.end_byte]
            if re.fullmatch(rb"_[1-9]|\$[1-9]\d*|\$[&`'+]|__\w+__", text):
                raise refused("can't assign to this variable", target)
        right = node.child_by_field_name("right")
        if right is not None and right.type == "right_assignment_list":
            for child in right.named_children:
                if self._is_command(child):
                    raise refused("a command among several values", child)

    def _jump(self, node: Node, _children: list[Node], place: SyntaxPlace) -> None:
        if node.type == "retry":
            if not place.in_rescue:
                raise refused("Invalid retry", node)
        elif node.type == "return":
            if place.in_class and not place.in_method and not place.in_loop:
                raise refused("Invalid return in class/module body", node)
        elif not place.in_loop:
            raise refused(f"Invalid {node.type}", node)

    def _definition(self, node: Node, _children: list[Node], place: SyntaxPlace) -> None:
        if place.in_method:
            raise refused(f"{node.type} definition in method body", node)

    def _begin_block(self, node: Node, _children: list[Node], _place: SyntaxPlace) -> None:
        if self.parent is not None and self.parent.type != "program":
            raise refused("BEGIN is permitted only at toplevel", node)

    def _parameters(self, node: Node, _children: list[Node], _place: SyntaxPlace) -> None:
        seen: set[bytes] = set()
        waiting = list(node.named_children)
        while waiting:
            child = waiting.pop()
            if child.type == "destructured_parameter":
                waiting.extend(child.named_children)
                continue
            named = child if child.type == "identifier" else child.child_by_field_name("name")
            if named is None:
                continue
            name = self.text[named.start_byte : named.end_byte]
            if name in seen and not name.startswith(b"_"):
                raise refused("duplicated argument name", named)
            seen.add(name)

    def _match(self, node: Node, _children: list[Node], _place: SyntaxPlace) -> None:
        """``x => pattern`` has no value."""
        here, parent = node, self.parent
        while parent is not None and parent.type == "parenthesized_statements":
            here, parent = parent, parent.parent
        if parent is not None and parent.type in _VALUES:
            if here.id != node.id:
                raise refused("void value expression", node)
            raise self._unsure(node)  # no pattern match can stand here

    def _case(self, node: Node, children: list[Node], _place: SyntaxPlace) -> None:
        if not any(child.type in {"when", "in_clause"} for child in children):
            raise refused("unexpected `end', expecting `when'", node)


_APPENDED = re.compile(rb"(\w+)[ \t]+<<[\"'\w]")
_END_OF_COMMENT = re.compile(rb"\n=end(?=[\s\x00]|\Z)")
_STACKED = {"array": 1, "hash": 1, "pair": 2, "parenthesized_statements": 1, "if": 3}
_STACK = 10_000
"""How many symbols wait on the stack of Ruby's parser while such a node is open, and how many may."""
_BLANK = frozenset({b"", b" ", b"\t", b"\n", b"\r"})
_SYMBOL = re.compile(
    r":(?:(?:\$|@@?)?[^\W\d]\w*|\$\d+|\$\W|[^\W\d]\w*[?!=]?|\[\]=?|\*\*|<=>|===?|=~|![=~]?|<=|>=|<<|>>|[-+]@?|[*/%<>~^&|`]|~@)"
)
_READ_OTHERWISE = re.compile(rb"[\"')\]}][ \t]+\[|[\"')\]}]<<[-~]|[\w\"')\]}]<<\w|\?\w[\"']|[\x0b\x0c]|%[qQwWiIrxs]\s")
_JUMPS = frozenset({"return", "break", "next", "redo", "retry"})
_LOGICAL = frozenset({"&&", "||", "and", "or"})
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
_CHECKS: dict[str, Callable[[_Checker, Node, list[Node], SyntaxPlace], None]] = {
    kind: check
    for check, kinds in (
        (_Checker._count_heredoc, "heredoc_beginning"),
        (_Checker._end_heredoc, "heredoc_body"),
        (_Checker._arguments, "argument_list array"),
        (_Checker._operands, "pair binary conditional element_reference optional_parameter"),
        (_Checker._operands, "splat_argument hash_splat_argument"),
        (_Checker._after_end, "uninterpreted"),
        (_Checker._comment, "comment"),
        (_Checker._symbol, "simple_symbol"),
        (_Checker._unary, "unary"),
        (_Checker._range, "range"),
        (_Checker._word, "identifier constant"),
        (_Checker._assignment, "assignment operator_assignment"),
        (_Checker._jump, "break next redo retry return"),
        (_Checker._definition, "class module"),
        (_Checker._begin_block, "begin_block"),
        (_Checker._parameters, "method_parameters block_parameters lambda_parameters"),
        (_Checker._match, "match_pattern"),
        (_Checker._call, "call"),
        (_Checker._case, "case"),
    )
    for kind in kinds.split()
}

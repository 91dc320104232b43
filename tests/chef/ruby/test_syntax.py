"""What Ruby 3.1's parser takes and refuses; each line was tried there."""

from __future__ import annotations

import pytest

from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.ruby_source import load

REFUSED = [
    'f("a"\n, 1)', '{"a"\n=>1}', "[1\n+2]", 'f("a"\n"b")', "f(1,,2)", "[,1]", "f(,)", "end", "a = = 1", "f(1, g 2)",
    "[g 1]", "{a: g 1}", "a + g 1", "a || g 1", "x ? g 1 : 2", "f 2, g 1", 'a ("x" => 1)', 'a ("x", 1)',
    'a { "x" => 1, "y" => 2 }', "a { x: 1 }", 'a { "x" => { "y" => 1 } }', 'a { :x => "b" + "c" }',
    'a { "x" => foo.bar }', "/*/", "/a(/", "/[/", "break", "next", "def x; A ||= 1; end", "f(&b, 1)",
    "f(**a, 1)", "f(a: 1, 2)", '{"a" => 1, 2}', "[1 => 2, 3]", "class a; end", "%w(a",
    "<<A", '"\\u{41', '"#{', "%z(a)", "case 1 end", '"\\u41"', '"\\xZ"', '"\\u{110000}"', '"\\ud800"', "08", "0b2",
    "0x_1", "0x1_", "1__0", "?\\u{41 42}", '"a" @x', 'name\\ "a"',
]  # fmt: skip
TAKEN = [
    'f("a"\n)', "[1\n]", "f(1,\n)", 'f "a",\n\n\n 2', "x = 1 +\n2", "(1\n+2)", "x = g 1", "a or g 1", "!g 1",
    "(g 1)", "f g 1, 2", "f g h 1", "f(g 1)", 'a ({"x" => 1})', 'a ("x")', 'a { "x" => 1 }', "a { :x => { y: 1 } }",
    'a { "x" => [1,"b"] }', "a { :x => foo }", "a {}", 'f("a" \\\n "b")', "loop { break }", "A = 1", "return",
    "x => 1", "f(*a, **b, &c)", "[1, 2 => 3]", "puts [].map do |x| x end", "a&.b += 1", "def f = 1", "def f(x) = x",
    "{x:, y:}", "1 if 2 if 3", "for a, b in c do end", "f -1", "f *x", "f &x", '"\\8"', '"x".\n upcase',
    '"x"\n  .upcase', 'name "a"<<1', '""\f""', '\v""', '?a""', "e<<f=->(){}", "f %q b \n",
]  # fmt: skip


def refused(source):
    made = load(Kind.ROLE, source.encode())
    return isinstance(made, Problem) and made.kind == "ruby-syntax"


@pytest.mark.parametrize("source", REFUSED)
def test_what_ruby_refuses_is_refused(source):
    assert refused(source)


@pytest.mark.parametrize("source", TAKEN)
def test_what_ruby_takes_is_not_refused_for_its_syntax(source):
    assert not refused(source)


LEFT_OPEN = [
    "return *", "name *", "run_list **", "run_list [*]", "run_list &", "run_list a:", "redo", "retry", "nil = 1",
    "begin; retry; rescue; end", "self = 1", "def f(a,a); end", "def x; class A; end; end", "x = return",
    "def f; BEGIN{}; end", "[1].each { |a, a| }", "class A; end", "1 + return", 'name __FILE__ = "a"',
]  # fmt: skip


@pytest.mark.parametrize("source", LEFT_OPEN)
def test_what_ruby_refuses_and_nobody_writes_is_refused_or_unresolved(source):
    made = load(Kind.ROLE, source.encode())
    assert isinstance(made, Problem) or isinstance(made.name, Unresolved) or isinstance(made.run_list, Unresolved)


def test_a_heredoc_whose_end_may_belong_to_a_continued_line_is_unresolved():
    continued = b'name "a"\ndescription <<EOS\na\\\nEOS\nb\nEOS\n'
    assert isinstance(load(Kind.ROLE, continued).name, Unresolved)
    assert load(Kind.ROLE, continued.replace(b"\\\nEOS", b"\\\nb")).description == "ab\nb\n"

"""Ruby files of roles and environments, nearly plain most of them, on which the readers of Ruby are held together."""

from __future__ import annotations

from hypothesis import strategies as st

from forensics.chef.objects import Kind


def rarely(usual, odd, *, one_in=12):
    """Mostly what one strategy gives, now and then what the other does: few odd ones in a file leave it plain."""
    return st.integers(1, one_in).flatmap(lambda number: odd if number == 1 else usual)


ODD = st.sampled_from(["", "\u00e9", "two\nlines", "\\u0041", "#", "a b", "Recipe[x]", "a.b", "\\xff", "#$a"])
NAMES = rarely(st.sampled_from(["a", "b", "base", "x-1", "recipe[a]", "role[b]", "recipe[a::b]", "a#b"]), ODD)
QUOTED = st.one_of(NAMES.map(lambda name: f'"{name}"'), NAMES.map(lambda name: f"'{name}'"))
SPACE = st.sampled_from(["", " ", "  ", "\n", "\n  ", " # why\n  "])
ODD_LEAVES = st.sampled_from(
    ["'it''s'", "1e3", "089", "1 / 0", "1.5.to_s", "x", "%w[a", '"a', ":a?", "nil.to_s", "1\n* 2"]
)
LEAVES = rarely(
    st.one_of(
        QUOTED,
        st.integers(-9, 10**12).map(str),
        st.sampled_from(["true", "false", "nil", ":sym", ':"odd sym"', ":'a'", "%w[a b]", "%w(c)", "%w{a b}"]),
        st.sampled_from(["1.5", "-0.0", "4 * 1024", "60*60", "-9 / 2", "0x1F", "0644", "1_000", '"a" \\\n"b"']),
    ),
    ODD_LEAVES,
)
VERSIONS = rarely(
    st.sampled_from(["'1.0'", '"= 1.2.3"', '">=1.0"', "'~> 1.0'"]), st.sampled_from(["'~> 1'", "nil", ":a"])
)
KEYS = rarely(
    st.sampled_from([":{} =>", '"{}" =>', "{}:", ":{}=>", "'{}': ", ":'{}' =>"]), st.sampled_from(['"{}":', "{}"])
)


@st.composite
def values(draw, depth=3):
    if depth == 0 or draw(st.booleans()):
        return draw(LEAVES)
    space = draw(SPACE)
    if draw(st.booleans()):
        inner = draw(st.lists(values(depth - 1), max_size=3))
        return "[" + space + ("," + space).join(inner) + draw(st.sampled_from(["", space])) + "]"
    return "{" + space + draw(pairs(depth - 1, space)) + space + "}"


@st.composite
def pairs(draw, depth, space):
    keys = draw(st.lists(st.sampled_from(["a", "b", "D_e"]), max_size=3, unique=draw(st.integers(0, 9)) > 0))
    return ("," + (space or " ")).join(f"{draw(KEYS).format(key)} {draw(values(depth))}" for key in keys)


def listed(texts, *, least=1):
    return st.tuples(SPACE, st.lists(texts, min_size=least, max_size=3).map(", ".join)).map("".join)


def mapped(keys, items):
    return st.lists(st.tuples(keys, items).map(" => ".join), min_size=1, max_size=3).map(", ".join)


RUN_LISTS = listed(rarely(QUOTED, values(1)), least=0).map("[{}]".format)
ARGUMENTS = {
    "name": rarely(st.sampled_from(['"a"', "'b'"]), QUOTED),
    "description": QUOTED,
    "run_list": listed(rarely(QUOTED, values(1))),
    "recipes": RUN_LISTS,
    "env_run_lists": mapped(st.one_of(st.just("'_default'"), QUOTED), st.one_of(RUN_LISTS, QUOTED)),
    "default_attributes": SPACE.flatmap(lambda space: pairs(2, space)),
    "override_attributes": rarely(SPACE.flatmap(lambda space: pairs(2, space)), values(2)),
    "cookbook": st.tuples(QUOTED, VERSIONS).map(", ".join),
    "cookbook_versions": mapped(QUOTED, VERSIONS),
}
COMMON = ("description", "default_attributes", "override_attributes", "name")
METHODS = {
    Kind.ROLE: (*COMMON, "run_list", "recipes", "env_run_lists"),
    Kind.ENVIRONMENT: (*COMMON, "cookbook", "cookbook", "cookbook_versions"),
}
BRACKETS = rarely(
    st.sampled_from([("(", ")"), (" ", ""), ("(\n  ", "\n)"), ("(", "\n)")]),
    st.sampled_from([(" (", ")"), ("({", "})"), ("({\n", "\n})"), (" [", "]"), (" {", "}"), ("[", "]")]),
)
ENDS = rarely(st.sampled_from(["", ";", " # end"]), st.sampled_from([" \\", ",", " if true"]))


@st.composite
def sources(draw, kind):
    lines = [f"name {draw(ARGUMENTS['name'])}"]
    for _ in range(draw(st.integers(0, 4))):
        method = draw(st.sampled_from(METHODS[kind]))
        opening, closing = draw(BRACKETS)
        lines.append(method + opening + draw(rarely(ARGUMENTS[method], st.just(""))) + closing + draw(ENDS))
    return "\n".join(lines) + draw(st.sampled_from(["\n", "", "\n\n"]))


@st.composite
def laid_out(draw, indent=2):
    """Pairs one to a line or block of lines, as people write them; keys come twice now and then, in any spelling."""
    lines = []
    for _ in range(draw(st.integers(1, 3))):
        key = draw(
            rarely(st.sampled_from([":a", ":b", '"c"', '"d"', "'e'"]), st.sampled_from([':"b"', '"b"', r'"c\!"']))
        )
        if indent < 6 and draw(st.booleans()):
            value = "{\n" + draw(laid_out(indent + 2)) + "\n" + " " * indent + "}"
        else:
            value = draw(LEAVES)
        lines.append(" " * indent + f"{key} => {value}")
    odd = st.sampled_from(["\n", ", # why\n", ",\n\n", ",\n    # y,\n", "\n # z\n", ",;\n"])
    return draw(rarely(st.sampled_from([",\n", ",\n  # x\n"]), odd)).join(lines)


DAMAGE = [
    "",
    "\n",
    ",",
    '"',
    "'",
    ")",
    "(",
    "}",
    "=>",
    " ",
    "#",
    "\\",
    "1",
    "name ",
    ":",
    "\t",
    ";",
    "#{",
    "\n=begin\n",
    "-",
]
LINES = [
    *('name "a"', "name 'b'", "description 'a", "b'", "", "# x", "  # y", "x = 1", "end", "<<E", "E", "=begin", "=end"),
    *("run_list(", '"recipe[a]",', '"b"', ")", 'run_list "x", "y"', "  , 'z'", "  'q' \\", "  %w(a b),"),
    *("default_attributes(", "override_attributes({", "})", "default_attributes {", "default_attributes()"),
    *('default_attributes "a" => 1', "env_run_lists '_default' => ['x'], 'p' => []"),
    *('  "a" => 1,', "  :a => {", "    :b => [1, 2]", "    :n => {", "      :m => 1", "    },", "    }", "  },", "  }"),
    *('  "c" => "d"', "  c: 1,", "  :x => 2 * 3,", '  "a" "b" => 1', "  'e' => nil", "  :f => :g,"),
]

"""JSON as Chef's parser reads it."""

from __future__ import annotations

import base64
import json
import math
import os
import random

import pytest
from effort import cpu_seconds
from hypothesis import given
from hypothesis import strategies as st
from support import json_lines, vectors

from forensics.chef.json_parser import KEPT_DEPTH, JsonRefused, parse, parse_exactly
from forensics.chef.objects import Unresolved

REFUSED = "refused"


def outcome(read, data):
    """What a reader makes of the bytes, in a form that tells 1 from 1.0 and keeps the order of keys."""
    try:
        return repr(read(data))
    except (JsonRefused, NotObviousError):
        return REFUSED


class NotObviousError(Exception):
    pass


def obvious(data: bytes):  # noqa: C901, PLR0915 - all of the grammar in one place
    """A reader that is slow, recursive and plain: yajl's grammar, one byte after the other."""
    if not data:
        return None
    text = data + b" "  # yajl's parser is fed a blank at the end

    def blank(at):
        while at < len(text):
            if text[at] in b" \t\n\v\f\r":
                at += 1
            elif text[at : at + 2] == b"//":
                while at < len(text) and text[at] != ord("\n"):
                    at += 1
            elif text[at : at + 2] == b"/*":
                at += 2
                while at < len(text) and text[at : at + 2] != b"*/":
                    at += 1
                at += 2
            else:
                break
        return at

    def string(at):
        out = bytearray()
        while True:
            at += 1
            if at >= len(text):
                raise EOFError
            byte = text[at]
            if byte == ord('"'):
                return bytes(out).decode("utf-8", "surrogateescape"), at + 1
            if byte == ord("\\"):
                escape = chr(text[at + 1])
                if escape == "u":
                    code, at = hexadecimal(at + 2), at + 5
                    if 0xD800 <= code < 0xDC00:
                        if text[at + 1 : at + 3] == b"\\u":
                            low, at = hexadecimal(at + 3), at + 6
                            code = 0x10000 + (code - 0xD800) * 0x400 + low % 0x400
                        else:
                            code = ord("?")
                    out += chr(code).encode("utf-8", "surrogatepass")
                elif escape in '"\\/bfnrt':
                    out += dict(zip("bfnrt", "\b\f\n\r\t", strict=True)).get(escape, escape).encode()
                    at += 1
                else:
                    raise NotObviousError
            elif byte < 0x20:
                raise NotObviousError
            else:
                following = {6: 1, 14: 2, 30: 3}
                more = (
                    0
                    if byte < 0x80
                    else following.get(byte >> 5, following.get(byte >> 4, following.get(byte >> 3, 9)))
                )
                part = text[at : at + 1 + more]
                if more == 9 or any(tail >> 6 != 2 for tail in part[1:]) or len(part) != more + 1:
                    raise NotObviousError
                out += part
                at += more

    def hexadecimal(at):
        digits = text[at : at + 4]
        if len(digits) < 4 or any(digit not in b"0123456789abcdefABCDEF" for digit in digits):
            raise NotObviousError
        return int(digits, 16)

    def number(at):
        end = at
        while end < len(text) and text[end] in b"-+.eE0123456789":
            end += 1
        for stop in range(end, at, -1):  # the longest part that is a number
            try:
                value = json.loads(text[at:stop])
            except ValueError:
                continue
            if text[stop : stop + 1] in (b"e", b"E") and not isinstance(value, float):
                raise NotObviousError
            if text[stop : stop + 1] in (b"e", b"E") and b"e" not in text[at:stop].lower():
                raise NotObviousError
            if text[stop] == ord(".") and isinstance(value, int):
                raise NotObviousError
            return value, stop
        raise NotObviousError

    def value(at):
        at = blank(at)
        if at >= len(text):
            raise NotObviousError
        byte = chr(text[at])
        if byte == "{":
            return mapping(at)
        if byte == "[":
            return array(at)
        if byte == '"':
            return string(at)
        for word, meaning in ((b"true", True), (b"false", False), (b"null", None)):
            if text[at : at + len(word)] == word:
                return meaning, at + len(word)
        if byte in "-0123456789":
            return number(at)
        raise NotObviousError

    def expect(at, wanted):
        at = blank(at)
        if at >= len(text) or chr(text[at]) not in wanted:
            raise NotObviousError
        return chr(text[at]), at

    def mapping(at):
        result = {}
        at = blank(at + 1)
        if text[at : at + 1] == b"}":
            return result, at + 1
        while True:
            _, at = expect(at, '"')
            key, at = string(at)
            _, at = expect(at, ":")
            result[key], at = value(at + 1)
            sign, at = expect(at, ",}")
            at += 1
            if sign == "}":
                return result, at

    def array(at):
        result = []
        at = blank(at + 1)
        if text[at : at + 1] == b"]":
            return result, at + 1
        while True:
            member, at = value(at)
            result.append(member)
            sign, at = expect(at, ",]")
            at += 1
            if sign == "]":
                return result, at

    try:
        result, at = value(0)
    except EOFError:
        raise NotObviousError from None
    at = blank(at)
    if at < len(text):
        if text[at] != ord('"'):
            raise NotObviousError
        try:
            string(at)
        except EOFError:
            return result  # an unterminated string after the value: yajl waits for more, which never comes
        raise NotObviousError
    return result


SEEDS = [
    b'{"name":"a","run_list":["recipe[x]","role[y]"],"default_attributes":{"a":[1,-2.5e3,true,null,{}]}}',
    b'// c\n{"a":/* x */"\\ud83d\\ude00\\u0041\\n","a":"\xc3\xa9\xed\xa0\x80\xc0\xaf"} // end',
    b'[0,-0,0.0,1e5,1E-5,12345678901234567890,"\\ud83d","\\ude00\\ud83d\\u0041"]/* open',
    b'{"a":{"b":{"c":[[[]]]}}} "open',
    b"tru",
    b'\xef\xbb\xbf{"a":1}',
]


def seeds():
    folder = vectors() / "roles"
    lines = (line for path in sorted(folder.glob("json*.jsonl")) for line in json_lines(path))
    return [*SEEDS, *(base64.b64decode(line["source_b64"]) for line in lines if len(line["source_b64"]) < 2000)]


def test_ordinary_json_is_what_everybody_reads():
    assert parse(b'{"a": [1, 2.5, "x", true, false, null], "b": {}}') == {
        "a": [1, 2.5, "x", True, False, None],
        "b": {},
    }


def test_an_empty_file_is_nil_and_a_blank_one_is_refused():
    assert parse(b"") is None
    with pytest.raises(JsonRefused, match="premature EOF"):
        parse(b"  \n")


def test_comments_and_strange_white_space_are_skipped():
    assert parse(b'// c\n{/**/"a"/* x */:\v1\f}// end') == {"a": 1}
    assert parse(b"{} /* never closed") == {}


def test_an_unterminated_string_after_the_value_is_overlooked():
    assert parse(b'{"a":1} "abc') == {"a": 1}
    with pytest.raises(JsonRefused, match="trailing garbage"):
        parse(b'{"a":1} "abc"')


def test_a_repeated_key_keeps_its_first_place_and_takes_its_last_value():
    assert list(parse(b'{"x":1,"y":2,"x":3}').items()) == [("x", 3), ("y", 2)]


def test_numbers_are_exact():
    assert parse(b"[123456789012345678901234567890]") == [123456789012345678901234567890]
    assert parse(b"[1e400, -1e400, 1e-400]") == [math.inf, -math.inf, 0.0]
    assert repr(parse(b"[-0, -0.0]")) == "[0, -0.0]"
    digits = "7" * 3_000
    assert parse(f"[-{digits}, {digits}]".encode()) == [-7 * (10**3_000 - 1) // 9, 7 * (10**3_000 - 1) // 9]


def test_an_enormous_integer_is_unresolved():
    value = parse(b'{"a":\n' + b"9" * 3_000_000 + b"}")["a"]
    assert isinstance(value, Unresolved)
    assert value.line == 2
    assert parse(b"9" * 4_000) == 10**4_000 - 1
    assert isinstance(parse(b"9" * 4_301), Unresolved)


@pytest.mark.parametrize(
    ("escape", "raw"),
    [
        (b"\\ud83d\\ude00", b"\xf0\x9f\x98\x80"),
        (b"\\ude00", b"\xed\xb8\x80"),
        (b"x\\ud83d", b"x?"),
        (b"\\ud83d\\n!", b"?\n!"),
        (b"\\ud83d\\u0041", b"\xf0\x9f\x91\x81"),
        (b"\\ud83d\\ud83d\\ude00", b"\xf0\x9f\x90\xbd\xed\xb8\x80"),
        (b"\\u0000", b"\0"),
        (b"\xc0\xaf\xed\xa0\x80\xf5\x80\x80\x80", b"\xc0\xaf\xed\xa0\x80\xf5\x80\x80\x80"),
    ],
)
def test_text_that_is_no_unicode_is_carried_as_its_bytes(escape, raw):
    assert parse(b'"' + escape + b'"').encode("utf-8", "surrogateescape") == raw


@pytest.mark.parametrize(
    ("data", "message", "line"),
    [
        (b'{"a":1,}', "parse error: invalid object key (must be a string)", 1),
        (b'{"a":1,\n\n"b" 2}', "parse error: object key and value must be separated by a colon (':')", 3),
        (b'["x"\n"y"]', "parse error: after array element, I expect ',' or ']'", 2),
        (b'{"a":1\n"b":2}', "parse error: after key and value, inside map, I expect ',' or '}'", 2),
        (b"[1,]", "parse error: unallowed token at this point in JSON text", 1),
        (b'{"a":[\n', "parse error: premature EOF", 1),
        (b"\n", "parse error: premature EOF", 1),
        (b"{}\n}", "parse error: trailing garbage", 2),
        (b"\n[1,]", "parse error: unallowed token at this point in JSON text", 2),
        (b"{} tru", "parse error: trailing garbage", 1),
        (b"tru", "lexical error: invalid string in json text.", 1),
        (b"# c\n{}", "lexical error: invalid char in json text.", 1),
        (b"[\n.5]", "lexical error: invalid char in json text.", 2),
        (b"[5.]", "lexical error: malformed number, a digit is required after the decimal point.", 1),
        (b"[1e]", "lexical error: malformed number, a digit is required after the exponent.", 1),
        (b"[-]", "lexical error: malformed number, a digit is required after the minus sign.", 1),
        (b'["a\nb"]', "lexical error: invalid character inside string.", 1),
        (b'["\\a"]', "lexical error: inside a string, '\\' occurs before a character which it may not.", 1),
        (b'["\\u12g4"]', "lexical error: invalid (non-hex) character occurs after '\\u' inside string.", 1),
        (b'["b\xe4"]', "lexical error: invalid bytes in UTF8 string.", 1),
        (b'<<<<<<< HEAD\n{"a":1}', "lexical error: invalid char in json text.", 1),
        (b'{"a":1,\n<<<<<<< HEAD\n"b":2}', "lexical error: invalid char in json text.", 2),
    ],
)
def test_a_refusal_says_what_and_where(data, message, line):
    with pytest.raises(JsonRefused) as refused:
        parse(data)
    assert (refused.value.message, refused.value.line) == (message, line)
    assert refused.value.error_class == "FFI_Yajl::ParseError"


@pytest.mark.parametrize("opened", [b"[", b'{"a":', b'[{"b":'])
@pytest.mark.slow
def test_a27_nesting_of_any_depth_is_read_at_once(opened):
    closed = opened.replace(b'"a":', b"").replace(b'"b":', b"").translate(bytes.maketrans(b"[{", b"]}"))[::-1]
    with cpu_seconds(5):  # about 0.5, for 200,000 levels
        with pytest.raises(JsonRefused, match="premature EOF"):
            parse(opened * 50_000)
        value = parse(opened * 50_000 + b"1" + closed * 50_000)
    depth = 0
    while isinstance(value, list | dict) and value:
        value = value[0] if isinstance(value, list) else next(iter(value.values()))
        depth += 1
    assert depth == KEPT_DEPTH


@pytest.mark.parametrize(
    "data",
    [
        b'"' + b"\\u00e9" * 500_000 + b'"',
        b'"' + b"\xc3\xa9" * 1_000_000 + b"\\ud83d",
        b"[" + b" " * 2_000_000,
        b"/*" * 1_000_000,
        b"//\n" * 300_000,
        b"[" + b"1" * 2_000_000 + b".",
        b"[" + b"0." + b"1" * 2_000_000 + b"]",
        b'"' + b"\\" * 2_000_001,
        b'["' + b'","' * 100_000,
    ],
)
@pytest.mark.slow
def test_a26_long_inputs_take_time_in_proportion(data):
    with cpu_seconds(10):
        outcome(parse, data)


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",))),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.characters(exclude_categories=("Cs",))), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(JSON_VALUES, st.booleans(), st.sampled_from([None, 1, "\t"]))
def test_ordinary_json_reads_as_with_the_standard_library(value, ascii_only, indent):
    data = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()
    assert repr(parse(data)) == repr(value)
    assert repr(parse_exactly(data)) == repr(value)


WORDS = rb"""
{ } [ ] , : "a" " \ "\ud83d" "\ud83d\u0041" "\ud83d\n" 1 -0.5e+3 01 - 1e 1. tru true null NaN // /* */ /*x*/ / #
"""
PIECES = st.sampled_from(
    [*WORDS.split(), b"// x\n", b" ", b"\v", b"\0", b"\xff", b'"\xc0\xaf"', b'"\xe2\x82'],
)


@given(st.lists(PIECES, max_size=12).map(b"".join))
def test_scraps_of_json_read_as_with_an_obvious_reader(data):
    assert outcome(parse, data) == outcome(parse_exactly, data) == outcome(obvious, data), data


def test_mutated_files_read_as_with_an_obvious_reader():
    chance = random.Random(20141108)  # noqa: S311 - no secret
    sources = seeds()
    interesting = b'{}[]",:\\/u*\n 0123456789-+.eEdD8trufalsn\x00\x1f\x7f\x80\xc0\xed\xf5'
    for _ in range(int(os.environ.get("FORENSICS_FUZZ_ROUNDS", "3000"))):
        data = bytearray(chance.choice(sources))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data) + 1)
            match chance.randrange(4):
                case 0:
                    data[at:at] = bytes([chance.choice(interesting)])
                case 1:
                    del data[at : at + chance.randint(1, 3)]
                case 2 if at < len(data):
                    data[at] = chance.choice(interesting)
                case _:
                    del data[at:]
        mutated = bytes(data)
        assert outcome(parse, mutated) == outcome(parse_exactly, mutated) == outcome(obvious, mutated), mutated

"""What the text between quotes means: backslashes, whitespace in word lists, indentation of squiggly heredocs."""

from __future__ import annotations

import re

from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError

_SIMPLE = {
    b"a": b"\a", b"b": b"\b", b"e": b"\x1b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"s": b" ", b"t": b"\t",
    b"v": b"\v", b"\n": b"",
}  # fmt: skip
_ESCAPE = re.compile(
    rb"\\(?:(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{1,2})|u(?P<four>[0-9a-fA-F]{4})|u\{(?P<many>[ \t0-9a-fA-F]*)\}"
    rb"|(?P<control>c|C-|M-)(?P<rest>(?:\\(?:c|C-|M-))*\\?.)|(?P<other>[\s\S]))",
    re.DOTALL,
)
CLOSING = {b"(": b")", b"[": b"]", b"{": b"}", b"<": b">"}
_LAST_CHARACTER = 0x10FFFF
_SURROGATES = range(0xD800, 0xE000)
_HIGH = 0x80


def text_of(raw: bytes) -> str:
    """Bytes as text: valid UTF-8 as it is, every other byte as a lone surrogate."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("utf-8", "surrogateescape")


def joined(first: str, second: str) -> str:
    """Two texts one after the other: raw bytes at the seam may become a character."""
    text = first + second
    return text if text.isascii() else text_of(text.encode("utf-8", "surrogateescape"))


def double_quoted(raw: bytes) -> str:
    """The meaning of text in double quotes, without its interpolations.

    Raises:
        RubyRaisedError: an escape that Ruby refuses.
    """
    if b"\\" not in raw:
        return text_of(raw)
    return text_of(_ESCAPE.sub(_unescaped, raw))


def _unescaped(match: re.Match[bytes]) -> bytes:
    other = match["other"]
    if other is not None:
        if other in b"xu":
            raise RubyRaisedError("SyntaxError", "invalid hex escape" if other == b"x" else "invalid Unicode escape")
        return _SIMPLE.get(other, other)
    if (octal := match["octal"]) is not None:
        return bytes([int(octal, 8) & 0xFF])
    if (digits := match["hex"]) is not None:
        return bytes([int(digits, 16)])
    if (four := match["four"]) is not None:
        return _character(four)
    if (many := match["many"]) is not None:
        return b"".join(_character(point) for point in many.split())
    return _control(match["control"], match["rest"])


def _character(digits: bytes) -> bytes:
    number = int(digits, 16)
    if number > _LAST_CHARACTER or number in _SURROGATES:
        raise RubyRaisedError("SyntaxError", "invalid Unicode codepoint")
    return chr(number).encode()


def _control(kind: bytes, rest: bytes) -> bytes:
    if len(rest) > 1 or rest >= b"\x80":
        nested = re.fullmatch(rb"\\(c|C-|M-)(.+)", rest, re.DOTALL)
        if nested is None:
            raise UnmodelledError
        byte = _control(nested[1], nested[2])[0]
    else:
        byte = rest[0]
    if kind == b"M-":
        return bytes([byte | _HIGH])
    return b"\x7f" if byte == ord("?") else bytes([byte & 0x9F])


def single_quoted(raw: bytes, opening: bytes = b"'") -> str:
    """The meaning of text in single quotes or ``%q``: a backslash protects itself and the delimiters."""
    if b"\\" not in raw:
        return text_of(raw)
    delimiters = b"\\" + opening + CLOSING.get(opening, opening)
    return text_of(re.sub(rb"\\([" + re.escape(delimiters) + rb"])", rb"\1", raw))


_WORD_SPACE = re.compile(rb"[ \t\n\r\f\v]+")
_WORD = re.compile(rb"(?:\\[\s\S]|[^\\ \t\n\r\f\v])+")


def words(raw: bytes, opening: bytes) -> list[str]:
    """The members of ``%w``: a backslash protects white space, itself and the delimiters."""
    if b"\\" not in raw:
        return [text_of(word) for word in _WORD_SPACE.split(raw) if word]
    escaped = re.compile(rb"\\([\s\\" + re.escape(opening + CLOSING.get(opening, opening)) + rb"])")
    return [text_of(escaped.sub(rb"\1", word)) for word in _WORD.findall(raw)]


def interpolated_words(raw: bytes) -> list[str]:
    """The members of ``%W`` where nothing is interpolated."""
    return [double_quoted(word) for word in _WORD.findall(raw)]


_TAB = 8


def _indentation(line: str) -> tuple[int, int]:
    """Width and number of the white space characters at the start."""
    width = count = 0
    for character in line:
        if character == " ":
            width += 1
        elif character == "\t":
            width = (width // _TAB + 1) * _TAB
        else:
            break
        count += 1
    return width, count


def dedent(parts: list[bytes | None]) -> list[bytes | None]:
    """The raw text of a squiggly heredoc without its common indentation; None stands for an interpolation.

    Raises:
        UnmodelledError: a line continues on the next with a backslash.
    """
    lines: list[tuple[int, bytes, bool]] = []  # part, text, whether a line starts there
    widths: list[int] = []
    at_start = True
    for index, part in enumerate(parts):
        if part is None:
            if at_start:
                widths.append(0)
            at_start = False
            continue
        if b"\\\n" in part:
            raise UnmodelledError
        for line in part.splitlines(keepends=True) if part else []:
            lines.append((index, line, at_start))
            at_start = line.endswith(b"\n")
    for position, (index, line, starts) in enumerate(lines):
        text = line.decode("latin-1")
        width, count = _indentation(text)
        followed = position + 1 == len(lines) or lines[position + 1][0] != index
        blank = count == len(text) and not (followed and index + 1 < len(parts))
        if starts and text[count : count + 1] != "\n" and not blank:
            widths.append(width)
    common = min(widths, default=0)
    result: list[bytes | None] = [None if part is None else b"" for part in parts]
    for index, line, starts in lines:
        kept = _without_indentation(line, common) if starts else line
        result[index] = (result[index] or b"") + kept
    return result


def _without_indentation(line: bytes, common: int) -> bytes:
    width = count = 0
    for byte in line:
        if width >= common:
            break
        if byte == ord(" "):
            width += 1
        elif byte == ord("\t"):
            if (width // _TAB + 1) * _TAB > common:
                break
            width = (width // _TAB + 1) * _TAB
        else:
            break
        count += 1
    return line[count:]

"""Write forensics/uploads/locale_order.txt from glibc's ISO 14651 table (localedata/locales/iso14651_t1_common).

Usage: python tests/uploads/generate_collation.py ISO14651_T1_COMMON > forensics/uploads/locale_order.txt
"""

from __future__ import annotations

import itertools
import re
import sys
import textwrap
from pathlib import Path

COVERED = (
    (0x0001, 0x052F),  # ASCII, Latin, phonetics, combining marks, Greek, Cyrillic
    (0x1E00, 0x1FFF),  # more Latin and Greek letters with marks
    (0x2000, 0x27BF),  # punctuation, currency, letter-like symbols, arrows, boxes, dingbats
    (0x2C60, 0x2C7F),  # still more Latin letters
    (0x3000, 0x30FF),  # punctuation of East Asia, kana
    (0xFB00, 0xFB06),  # Latin ligatures
    (0xFE00, 0xFE0F),  # variation selectors, as emoji carry them
    (0xFF00, 0xFFEF),  # full-width and half-width forms
    (0x1F300, 0x1F64F),  # pictures, faces
    (0x1F680, 0x1F6FF),  # transport
    (0x1F900, 0x1F9FF),  # more pictures
)

HEADER = """\
# The collation of file names under en_US.UTF-8 in glibc 2.36 (and since 2.28), for the characters that file names use.
# Derived from glibc's table of ISO 14651, in which its makers claim no copyright; written by
# tests/uploads/generate_collation.py and read by locale_order.py, which says what the columns are.
"""

ELEMENT = re.compile(r"<U([0-9A-F]+(?:_[0-9A-F]+)*)> ([^;]+);([^;]+);([^;]+);(<U[0-9A-F]+>)")
SYMBOL = re.compile(r"<(?!U)[A-Z0-9-]+>\s*(?:%.*)?$")


def covered(number):
    return any(first <= number <= last for first, last in COVERED)


def read_elements(lines):
    """Give (characters, weights of three levels by symbol, symbol of the fourth, whether special), and symbol ranks."""
    ranks, elements, special = {}, [], True
    for line in lines:
        if line.startswith("order_end"):
            special = False
        if SYMBOL.match(line):
            ranks.setdefault(line.split(">")[0] + ">", len(ranks))
        elif match := ELEMENT.match(line):
            characters = tuple(int(number, 16) for number in match[1].split("_"))
            if all(map(covered, characters)):
                weights = [re.findall("<[^>]+>", match[level]) for level in (2, 3, 4)]
                elements.append((characters, weights, match[5], special))
    return elements, ranks


def spans(numbers):
    """Write consecutive code points as ranges."""
    found = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    words = [f"{first:04X}" if first == last else f"{first:04X}-{last:04X}" for first, last in found]
    return textwrap.wrap(" ".join(words), 116, initial_indent="* ", subsequent_indent="* ", break_on_hyphens=False)


def table(elements, ranks):
    """Write the elements with weights numbered anew, those without any but the fourth as ranges."""
    dense = []
    for level in range(3):
        used = {symbol for _, weights, _, _ in elements for symbol in weights[level]}
        dense.append({symbol: str(number) for number, symbol in enumerate(sorted(used, key=ranks.__getitem__), 1)})
    previous = None
    for (special, bare), group in itertools.groupby(elements, lambda e: (e[3], not any(e[1]) and len(e[0]) == 1)):
        if not special and previous is not None and previous[3]:
            yield "forward"
        if bare:
            members = list(group)
            yield from spans(element[0][0] for element in members)
            previous = members[-1]
            continue
        for element in group:
            columns = [".".join(dense[level][symbol] for symbol in element[1][level]) or "-" for level in range(3)]
            same = "=" if previous is not None and element[2] == previous[2] else ""
            yield " ".join([same + "+".join(f"{number:04X}" for number in element[0]), *columns])
            previous = element


def main():
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    print(HEADER + "\n".join(table(*read_elements(lines))))


main()

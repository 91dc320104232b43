"""The order of files is the one that shells and languages make of them, on every machine."""

from __future__ import annotations

import json
import locale
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from support import json_lines, vectors
from uploads.collation_names import random_names, realistic_names

from forensics.uploads.locale_order import covers, locale_key
from forensics.uploads.order import KEYS, arrange, byte_key

HERE = Path(__file__).resolve().parent
RECORDED = HERE / "collated_names.json"

REAL_ORDER = """
import ctypes, functools, json, locale, sys
locale.setlocale(locale.LC_ALL, "en_US.UTF-8")
strcoll = ctypes.CDLL(None).strcoll
def compare(one, other):
    return strcoll(one, other) or (one > other) - (one < other)
names = [name.encode("utf-8", "surrogateescape") for name in json.load(sys.stdin)]
names.sort(key=functools.cmp_to_key(compare))
json.dump([name.decode("utf-8", "surrogateescape") for name in names], sys.stdout)
"""


def really_collated(names):
    """The order that glibc's strcoll gives, ties by bytes; asked in a process of its own, whose locale it sets."""
    if not has_locale():
        pytest.skip("the locale en_US.UTF-8 is not installed here")
    answer = subprocess.run(
        [sys.executable, "-c", REAL_ORDER], input=json.dumps(names), capture_output=True, check=True, text=True
    )
    return json.loads(answer.stdout)


def has_locale():
    before = locale.setlocale(locale.LC_COLLATE)
    try:
        locale.setlocale(locale.LC_COLLATE, "en_US.UTF-8")
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_COLLATE, before)
    return glibc_version() >= (2, 28)  # before, punctuation counted for nothing


def glibc_version():
    name, _, version = (os.confstr("CS_GNU_LIBC_VERSION") or "none 0").partition(" ")
    return tuple(map(int, version.split(".")[:2])) if name == "glibc" else (0,)


def first_difference(one, other):
    return next((pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]), None)


def test_a46_locale_order_equals_recorded_collation_for_every_pair():
    recorded = json.loads(RECORDED.read_text(encoding="ascii"))
    assert len(recorded) > 1000
    shuffled = list(recorded)
    random.Random(1).shuffle(shuffled)  # noqa: S311 - no secret
    assert first_difference(arrange(shuffled, "locale"), recorded) is None


@pytest.mark.parametrize("seed", range(3))
def test_a46_locale_order_equals_real_collation(seed):
    # a later glibc may know another ISO 14651: there, only names as repositories have them are compared
    others = random_names(20000, seed) if glibc_version() <= (2, 36) else []
    names = sorted({*realistic_names(), *others}, key=byte_key)
    assert first_difference(arrange(names, "locale"), really_collated(names)) is None


def test_the_recorded_order_of_shells():
    names = "Base.json|base copy.json|base-original.json|base.bak.json|base.json|base.rb|base2.json|base_old.json"
    in_locale = "base2.json|base.bak.json|base copy.json|base.json|Base.json|base_old.json|base-original.json|base.rb"
    assert arrange(names.split("|"), "byte") == names.split("|")
    assert arrange(names.split("|"), "reverse-byte") == names.split("|")[::-1]
    assert arrange(names.split("|"), "locale") == in_locale.split("|")


def test_recorded_globs_of_real_histories_are_in_these_orders():
    orders = {"glob": "locale", "glob-c": "byte", "changed-reversed": "reverse-byte", "json-then-rb": "json-then-rb"}
    compared, failures = 0, []
    for path in sorted((vectors() / "timelines").glob("*.jsonl")):
        for record in json_lines(path):
            order = orders.get(record.get("scenario", ""))
            if order and record["argv"]:
                files = record["argv"][record["argv"].index("file") + 1 :]
                compared += 1
                if arrange(files, order) != files:
                    failures.append(f"{path.stem} {record['commit']} {order}")
    assert not failures, "\n".join(failures[:20])
    assert compared > 500


def test_json_goes_before_rb():
    paths = ["roles/b.rb", "roles/c.js", "roles/a.rb", "roles/z.json", "roles/B.json"]
    assert arrange(paths, "json-then-rb") == ["roles/B.json", "roles/z.json", "roles/a.rb", "roles/b.rb", "roles/c.js"]


def test_names_that_collate_alike_go_by_their_bytes():
    assert locale_key("\x01\x01\x01")[:4] == locale_key("가")[:4] == locale_key("각")[:4]
    assert arrange(["각", "가", "\x01\x01\x01"], "locale") == ["\x01\x01\x01", "가", "각"]


def test_what_the_table_does_not_know_is_told():
    assert covers("roles/base-original.json")
    assert covers("rôle½ → 中文 한국어 😀 \udcff")
    assert not covers("ጤና.json")


def test_an_order_that_does_not_exist_is_refused_with_the_ones_that_do():
    with pytest.raises(ValueError, match="byte, json-then-rb, locale, reverse-byte"):
        arrange([], "alphabetical")
    assert set(KEYS) == {"byte", "locale", "reverse-byte", "json-then-rb"}


def test_the_machine_locale_plays_no_part():
    command = "from forensics.uploads.order import arrange; print(arrange(['b-a', 'b', 'B', 'ba', 'é'], 'locale'))"
    root = HERE.parent.parent
    outputs = {
        subprocess.run(
            [sys.executable, "-X", "utf8", "-c", command],
            env={"LC_ALL": name, "PYTHONPATH": str(root), "PATH": os.environ["PATH"]},
            capture_output=True,
            check=True,
        ).stdout
        for name in ("C", "C.UTF-8", "en_US.UTF-8")
    }
    assert len(outputs) == 1

"""Expressions and files of our own, against what Ruby 3.1 and the mirrored parts of Chef 18 made of them.

They hold far more of Ruby than role files do: what is not modelled must be unresolved, and nothing else.
"""

from __future__ import annotations

import json
from pathlib import Path

from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.chef.ruby_source import load

HERE = Path(__file__).parent


def lines(name):
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


def unresolved_in(value):
    if isinstance(value, Unresolved):
        return True
    if isinstance(value, dict):
        return any(map(unresolved_in, value.values()))
    return isinstance(value, (list, tuple)) and any(map(unresolved_in, value))


def test_expressions_give_what_ruby_gives_or_are_unresolved():
    wrong, exact, total = [], 0, 0
    for line in lines("recorded_expressions.jsonl"):
        total += 1
        made = load(Kind.ROLE, f'name "a"\ndefault_attributes "v" => ({line["expression"]})\n'.encode(), path="x.rb")
        if isinstance(made, Problem):
            got = made.error_class if made.stage == "load" else "EncodeError"
            right = got == line.get("error")
        elif unresolved_in(made.default_attributes) or unresolved_in(made.name):
            continue
        else:
            right = "value" in line and json.dumps(made.default_attributes["v"]) == json.dumps(line["value"])
        exact += right
        if not right:
            wrong.append(f"{line} gave {made!r}")
    assert not wrong, "\n".join(wrong)
    assert exact >= 0.38 * total


def test_files_give_what_chef_gives_or_are_unresolved():
    wrong, exact, total = [], 0, 0
    for line in lines("recorded_files.jsonl"):
        total += 1
        made = load(Kind.ROLE, line["source"].encode(), path="/x/x.rb")
        if isinstance(made, Problem):
            right = made.error_class == line.get("error")
        else:
            fields = {name: getattr(made, name) for name in type(made).__slots__}
            if unresolved_in(fields):
                continue
            right = json.dumps(fields, sort_keys=True) == json.dumps(line.get("role"), sort_keys=True)
        exact += right
        if not right:
            wrong.append(f"{line} gave {made!r}")
    assert not wrong, "\n".join(wrong)
    assert exact >= 0.61 * total

"""What a Chef server answers to GET for a body that it stores.

Mirrors chef-zero's DataNormalizer (lib/chef_zero/chef_data/data_normalizer.rb): a field that is missing, nil or false
gets its default, run lists lose their duplicates.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from forensics.chef.objects import Kind, Unresolved
from forensics.chef.ruby_text import to_s
from forensics.chef.wire import defaults, is_true, raw_data_of

if TYPE_CHECKING:
    from forensics.chef.objects import Body, Value

_QUALIFIED: Final = re.compile(r"^(?:recipe|role)\[.*\]$", re.MULTILINE)


def answer_of(kind: str, name: str, body: Body) -> Body:
    """Give the answer for an object under the name by which it was asked for; ``BAG/ITEM`` for a data bag item."""
    if kind == Kind.DATA_BAG_ITEM:
        return _filled(dict(raw_data_of(body)), {"id": name.rpartition("/")[2]})
    missing: Body = defaults(Kind(kind), name) if kind in set(Kind) else {"name": name}
    if kind == Kind.NODE:
        missing["normal"] = {"tags": []}
    answer = _filled(dict(body), missing)
    if kind in (Kind.ROLE, Kind.NODE):
        answer["run_list"] = _normalized(answer["run_list"])
    if kind == Kind.ROLE and isinstance(answer["env_run_lists"], dict):
        answer["env_run_lists"] = {
            environment: _normalized(run_list) for environment, run_list in answer["env_run_lists"].items()
        }
    return answer


def _filled(body: Body, missing: Body) -> Body:
    for key, default in missing.items():
        if not is_true(body.get(key)):
            body[key] = default
    return body


def _normalized(run_list: Value) -> Value:
    if not isinstance(run_list, (list, tuple)):
        return run_list
    return list(dict.fromkeys(_item(item) for item in run_list))


def _item(item: Value) -> str | Unresolved:
    if isinstance(item, Unresolved):
        return item
    if isinstance(item, str) and _QUALIFIED.search(item):
        return item
    text = to_s(item)
    return Unresolved("a run list item that is neither text nor a number", 1) if text is None else f"recipe[{text}]"

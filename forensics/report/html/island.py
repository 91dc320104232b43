"""Data for the page's script, written so that nothing in it can end the element that holds it."""

from __future__ import annotations

import json
from typing import Any, Final

_SPELLED: Final = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def island(value: Any) -> str:
    r"""JSON in ASCII without ``<``, ``>`` and ``&``: those, U+2028 and lone surrogates are spelled ``\uXXXX``.

    These characters stand only within strings of a JSON text, where the escape means the same.
    """
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True).translate(_SPELLED)

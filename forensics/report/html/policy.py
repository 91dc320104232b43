"""The content security policy of the page: only its own style sheet and its own script, told by their hashes."""

from __future__ import annotations

import base64
import hashlib


def content_security_policy(style: str, script: str) -> str:
    """What the page may load and run: nothing but these two texts, which stand in it as they are."""
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src '{_source(style)}'",
            f"script-src '{_source(script)}'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _source(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")

"""Files that are not plain literals (a first version: everything unresolved)."""

from __future__ import annotations

from forensics.chef.ruby.failure import GiveUpError
from forensics.chef.ruby.unknown import Unknown


def evaluate(kind, source, path, chef):
    for node in source.root.children:
        if node.type not in {"comment", ";"}:
            raise GiveUpError(
                Unknown(
                    source.text[node.start_byte : node.end_byte].decode("utf-8", "replace"), node.start_point[0] + 1
                )
            )
    raise GiveUpError(Unknown("", 1))

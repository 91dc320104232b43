"""What people read about a commit: author, committer and message, whatever bytes they are made of."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from forensics.history.model import CommitDetails, ObjectId, Signature
from forensics.history.store import COMMIT

if TYPE_CHECKING:
    from forensics.history.store import ObjectStore

_WHEN: Final = re.compile(rb" *(-?[0-9]{1,30})[^ ]*(?: +([-+])([0-9]{1,4})(?![0-9]))?")
_UTF_8: Final = "utf-8"
# codecs that are text encodings to Python and to nobody who ever wrote a commit; some take quadratic time
_NO_ENCODINGS: Final = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"})


def read_details(store: ObjectStore, oid: ObjectId) -> CommitDetails | None:
    """Author, committer and message of one commit; bytes that are no UTF-8 survive as surrogates."""
    data = store.read(oid, COMMIT)
    if data is None:
        return None
    header, _, message = data.partition(b"\n\n")
    fields = {line.partition(b" ")[0]: line.partition(b" ")[2] for line in reversed(header.split(b"\n"))}
    encoding = _encoding(fields.get(b"encoding"))
    return CommitDetails(
        oid=oid.hex(),
        author=_signature(fields.get(b"author", b""), encoding),
        committer=_signature(fields.get(b"committer", b""), encoding),
        message=_text(message, encoding),
    )


def _signature(line: bytes, encoding: str) -> Signature:
    """Take a signature line apart as git does: the date stands after the last ``>``."""
    who, closed, when = line.rpartition(b">")
    name, _, email = (who if closed else line).partition(b"<")
    match = _WHEN.match(when) if closed else None
    hours_and_minutes = int(match[3] or b"0") if match else 0
    offset = hours_and_minutes // 100 * 60 + hours_and_minutes % 100
    return Signature(
        name=_text(name.strip(), encoding),
        email=_text(email.strip(), encoding),
        time=int(match[1]) if match else 0,
        offset=-offset if match and match[2] == b"-" else offset,
    )


def _encoding(declared: bytes | None) -> str:
    if declared is None:
        return _UTF_8
    try:
        name = codecs.lookup(declared.decode("ascii")).name
    except (LookupError, ValueError):
        return _UTF_8
    return _UTF_8 if name in _NO_ENCODINGS else name


def _text(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (LookupError, ValueError):
        return data.decode(_UTF_8, "surrogateescape")

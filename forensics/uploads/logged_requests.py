"""What evidence proves as one more way of uploading: what was sent is known, and no file is chosen by anybody."""

from __future__ import annotations

from typing import Final

from forensics.uploads.scenario import EVIDENCE
from forensics.uploads.uploader import Uploader

UPLOADER: Final = Uploader(name=EVIDENCE.uploader, identity="what each request names")

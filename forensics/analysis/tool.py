"""What documents say of the tool that made them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from forensics.facts import document_view, limit
from forensics.version import __version__


@document_view("name", "version")
@dataclass(frozen=True, slots=True)
class Tool:
    """What made a document."""

    libgit2: Annotated[str, limit(minLength=1), "The version of the library that read the git objects."]
    name: Annotated[str, limit(const="forensics"), "Always forensics."] = "forensics"
    version: Annotated[str, limit(minLength=1), "The version of forensics."] = __version__

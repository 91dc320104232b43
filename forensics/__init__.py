"""What was really live on the Chef server, and could a file nobody thought about have put it there?"""

from __future__ import annotations

from forensics.version import __version__

__all__ = ["__version__"]

"""What investigators have beside the repository: logs, shell histories, backups, memory. One module for each format."""

from __future__ import annotations

from typing import Final

CLOCK_SKEW: Final = 120
"""How many seconds clocks may differ if nobody says otherwise."""

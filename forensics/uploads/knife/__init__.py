"""knife's commands, run on a commit's tree against the recorded server: what each would have changed.

One module per family of verbs; ``command.py`` has the table of verbs. Mirrors knife 18 (knife/lib/chef/knife/*.rb).
"""

from forensics.uploads.knife.command import VERBS, run
from forensics.uploads.knife.outcome import CommandNotUnderstood, Outcome

__all__ = ["VERBS", "CommandNotUnderstood", "Outcome", "run"]

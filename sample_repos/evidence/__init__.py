"""Evidence for a story: a server's log, logs of nodes, shell histories and backups, worked out from what people did.

Needs ``forensics`` itself, for what knife sends of a file. ``write("opsmatic-2014", "demo/evidence")`` makes two sets:
``complete/``, and ``gaps/``, in which logs are rotated and compressed, one is lost and one is cut off.
"""

from sample_repos.evidence.account import names
from sample_repos.evidence.replaying import files
from sample_repos.evidence.writing import write

__all__ = ["files", "names", "write"]

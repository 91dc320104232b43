"""Samples of the JSON documents, short enough to be read."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

from handbook.markdown import block, code
from handbook.shell import Shell

_REPOSITORY: Final = "demo/opsmatic-2014"
_EVIDENCE: Final = "demo/evidence"
_COMMANDS: Final = {
    "check": f"forensics check --staged -C {_REPOSITORY}",
    "drift": f"forensics drift live.json -C {_REPOSITORY}",
    "evidence": f"forensics evidence {_EVIDENCE}/gaps/access.log {_EVIDENCE}/gaps/access.log.1 "
    f"{_EVIDENCE}/gaps/history/tom.bash_history {_EVIDENCE}/gaps/client/stack02.log {_EVIDENCE}/gaps/backup/2014-10-15 "
    f"-C {_REPOSITORY}",
    "explain": f"forensics explain base -C {_REPOSITORY} "
    "--observed '2014-09-25 role[base] lacks recipe[base::remove_default_users]'",
    "fingerprint": f"forensics fingerprint {_REPOSITORY} --lookup xesra4/Rgywe3IN3RbYOUfzdI6A=",
    "log": f"forensics log 'role[base]' -C {_REPOSITORY}",
    "report": f"forensics report {_REPOSITORY}",
    "scan": f"forensics scan {_REPOSITORY}",
    "scenarios": "forensics scenarios",
    "shadows": f"forensics shadows {_REPOSITORY} --commits",
    "show": f"forensics show 'node[web01]' --why ntp.servers -C {_REPOSITORY}",
    "timeline": f"forensics timeline 'role[base]' -C {_REPOSITORY}",
    "trace": f"forensics trace 'recipe[base::remove_default_users]' -C {_REPOSITORY}",
}
_HELD: Final = (
    '{"name": "web", "json_class": "Chef::Role", "description": "Serves the site", '
    '"default_attributes": {"nginx": {"worker_processes": 8}}, "run_list": ["role[base]", "recipe[hotfix]"]}'
)
_FILES: Final = {"drift": ("live.json", _HELD)}
"""What a command reads beside the repository."""
_OF_THE_MACHINE: Final = ("version", "libgit2")


def sample(name: str) -> str:
    """A document with the beginning of each list, and without the versions of what made it.

    Raises:
        LookupError: no command is known here that prints the document.
    """
    if name not in _COMMANDS:
        raise LookupError(f"no command makes a sample of {name}; add one")
    with tempfile.TemporaryDirectory() as directory:
        shell = Shell(Path(directory).resolve())
        if name in _FILES:
            shell.write(*_FILES[name])
        printed = shell.run(f"{_COMMANDS[name]} --format json")
    document = json.loads(printed)
    for key in _OF_THE_MACHINE:
        document.get("tool", {}).pop(key, None)
    left_out = ", without the versions" if "tool" in document else ""
    told = f"{code(_COMMANDS[name])}{left_out}; of each list, the first object or the first three values:"
    return f"{told}\n\n{block('json', json.dumps(_shortened(document), indent=2))}"


def _shortened(value: Any) -> Any:
    if isinstance(value, list):
        kept = 1 if any(isinstance(each, dict) for each in value) else 3
        return [_shortened(each) for each in value[:kept]]
    if isinstance(value, dict):
        return {key: _shortened(each) for key, each in value.items()}
    return value

"""Events as the lines that programs write of them: nginx before a Chef server, chef-client, bash and zsh."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sample_repos.evidence.account import Typed
    from sample_repos.evidence.server import Converge, Request

_MACHINE = "ruby-1.9.3-p547; ohai-7.4.0; x86_64-linux"


def of_access_log(request: Request, organization: str, version: str, address: str) -> str:
    """A request as the server's log has it."""
    took = 8 + sum(request.path.encode()) % 40  # no clock: the same log every time
    path, program = f"/organizations/{organization}{request.path}", "Chef Client" if request.client else "Chef Knife"
    digest = base64.b64encode(hashlib.sha1(request.body, usedforsecurity=False).digest()).decode()
    signed = f"{request.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    told = (version, "algorithm=sha1;version=1.0;", request.user, signed, digest)
    agent = f"{program}/{version} ({_MACHINE})"
    if not request.user:  # whoever watches the server signs nothing
        path, agent, told = request.path, "check_http/v1.4.15", ("-",) * 5
    quoted = " ".join(f'"{each}"' for each in told)
    return (
        f'{address} - - [{request.at:%d/%b/%Y:%H:%M:%S %z}]  "{request.method} {path} HTTP/1.1" {request.status} '
        f'"0.{took:03}" {request.size} "-" "{agent}" "127.0.0.1:8000" "{request.status}" "0.{took - 5:03}" '
        f"{quoted} {1000 + len(request.path) + len(request.body)}\n"
    )


def of_client_log(run: Converge, version: str) -> str:
    """A run as chef-client's own log has it."""
    begun, ended = (f"[{each.astimezone(UTC):%Y-%m-%dT%H:%M:%S}+00:00]" for each in (run.at, run.ended))
    lines = [
        f"{begun} INFO: *** Chef {version} ***",
        f"{begun} INFO: Chef-client pid: {2000 + run.at.toordinal() % 997}",
        f"{begun} INFO: Run List is [{', '.join(run.run_list)}]",
        f"{begun} INFO: Run List expands to [{', '.join(run.expanded)}]",
        f"{begun} INFO: Starting Chef Run for {run.node}",
        f"{begun} INFO: Running start handlers",
        f"{begun} INFO: Start handlers complete.",
        f"{ended} INFO: Loading cookbooks [{', '.join(f'{name}@{each}' for name, each in run.cookbooks.items())}]",
    ]
    if run.missing:
        cookbook, _, recipe = run.missing.partition("::")
        lacking = f"could not find recipe {recipe or 'default'} for cookbook {cookbook}"
        lines += [
            f"{ended} ERROR: Running exception handlers",
            f"{ended} ERROR: Exception handlers complete",
            f"{ended} FATAL: Stacktrace dumped to /var/chef/cache/chef-stacktrace.out",
            f"{ended} FATAL: Chef::Exceptions::RecipeNotFound: {lacking}",
        ]
    else:
        lines += [
            f"{ended} INFO: Chef Run complete in {(run.ended - run.at).seconds}.0 seconds",
            f"{ended} INFO: Running report handlers",
            f"{ended} INFO: Report handlers complete",
        ]
    return "".join(f"{line}\n" for line in lines)


def of_history(typed: Typed, shell: str) -> str:
    """A typed line as a shell's history keeps it with its time."""
    epoch = int(typed.at.timestamp())
    return f": {epoch}:0;{typed.line}\n" if shell == "zsh" else f"#{epoch}\n{typed.line}\n"

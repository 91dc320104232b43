"""A server and a tree for knife's commands, in few words."""

from __future__ import annotations

import json

from forensics.uploads.checkout import FilesCheckout
from forensics.uploads.knife import run
from forensics.uploads.server import Server


def role(name, *run_list, **fields):
    return json.dumps({"name": name, "run_list": list(run_list), **fields}).encode()


def knife(command, files, server=None, cwd=".", **options):
    """Run a command line, split at blanks, on these files; gives the outcome and the server."""
    server = Server() if server is None else server
    argv = command if isinstance(command, list) else command.split()
    return run(argv, cwd=cwd, checkout=FilesCheckout(files), server=server, **options), server


def live(server):
    """Every object that is surely there, by ``kind[name]``, with the file that it came from."""
    return {f"{kind}[{name}]": server.stored((kind, name)).path for kind, name in server.objects()}


def run_list_of(server, name):
    return server.get(("role", name))["run_list"]

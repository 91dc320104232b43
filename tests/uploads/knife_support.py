"""A server and a tree for knife's commands, in few words."""

from __future__ import annotations

import json
from dataclasses import dataclass

from forensics.uploads.knife import run
from forensics.uploads.server import Server


@dataclass(frozen=True, slots=True)
class FilesCheckout:
    """A tree without symlinks, given by the content of its files."""

    files: dict[str, bytes]

    def kind(self, path: str) -> str | None:
        """``"file"``, ``"directory"``, or None if nothing stands there."""
        place = self._resolve(path)
        if place is None:
            return None
        return "file" if place in self.files else "directory"

    def read(self, path: str) -> bytes:
        """A file's content."""
        place = self._resolve(path)
        if place is None or place not in self.files:
            raise FileNotFoundError(path)
        return self.files[place]

    def names(self, directory: str) -> list[str]:
        """The names of everything in a directory."""
        place = self._resolve(directory)
        if place is None or place in self.files:
            return []
        prefix = place + "/" if place else ""
        return list(dict.fromkeys(path[len(prefix) :].split("/")[0] for path in self.files if path.startswith(prefix)))

    def _resolve(self, path: str) -> str | None:
        """Walk a path part by part: each part but the last must be a directory."""
        done: list[str] = []
        for part in path.split("/"):
            if part in ("", "."):
                continue
            if "/".join(done) in self.files:
                return None
            if part == "..":
                if not done:
                    return None
                done.pop()
                continue
            done.append(part)
            place = "/".join(done)
            if place not in self.files and not any(file.startswith(place + "/") for file in self.files):
                return None
        return "/".join(done)


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

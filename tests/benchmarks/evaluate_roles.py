"""Times how the tool reads Ruby roles against the bare parse of the same files, in a process that starts cold.

Run with a directory of files. Prints two numbers: CPU seconds of the parse, and of the evaluation.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from forensics.chef.objects import Kind
from forensics.chef.ruby import evaluation  # noqa: F401 - imported before the clock runs
from forensics.chef.ruby.grammar import parse
from forensics.uploads.loading import load_for_from_file, plain_body

PATH = "roles/a.rb"


def load(data):
    if plain_body(Kind.ROLE, PATH, data) is None:
        load_for_from_file(Kind.ROLE, PATH, data)


def seconds(action, contents):
    start = time.process_time()
    for data in contents:
        action(data)
    return time.process_time() - start


if __name__ == "__main__":
    files = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]
    print(seconds(parse, files), seconds(load, files))

"""Where results go: whole, or not at all; colours only where they are wanted."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
from pathlib import Path

import pytest
from commandline import command, command_line, process, process_environment

pytestmark = pytest.mark.slow

ESCAPE = b"\x1b"


def names_in(directory):
    return sorted(path.name for path in directory.iterdir())


def test_a44_a_new_file_holds_what_stdout_would(incident, tmp_path):
    target = tmp_path / "report.json"
    printed = command("scan", incident, "--format", "json")
    written = command("scan", incident, "--format", "json", "--output", target)
    assert (written.code, written.output, written.errors) == (printed.code, b"", b"")
    assert target.read_bytes() == printed.output
    assert names_in(tmp_path) == ["report.json"]
    umask = os.umask(0)
    os.umask(umask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~umask


def test_a44_an_existing_file_stays_unless_it_may_be_replaced(incident, tmp_path):
    target = tmp_path / "report"
    target.write_text("precious")
    refused = command("scan", incident, "--output", target)
    assert refused.code == 2
    assert f"{target} exists" in refused.error_line
    assert "--overwrite" in refused.error_line
    assert target.read_text() == "precious"
    assert command("scan", incident, "--output", target, "--overwrite").code == 1
    assert target.read_bytes() == command("scan", incident).output


@pytest.mark.parametrize("overwrite", [[], ["--overwrite"]])
def test_a44_no_link_directory_or_device_is_written_to(overwrite, incident, tmp_path):
    behind = tmp_path / "behind"
    behind.write_text("precious")
    link = tmp_path / "link"
    link.symlink_to(behind)
    dangling = tmp_path / "dangling"
    dangling.symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe")
    targets = {
        link: "symbolic link",
        dangling: "symbolic link",
        tmp_path: "is a directory",
        "/dev/null": "no regular file",
        tmp_path / "pipe": "no regular file",
        tmp_path / "missing" / "report": "No such file or directory",
        behind / "report": "Not a directory",
        tmp_path / ("x" * 300): "too long",
    }
    before = names_in(tmp_path)
    for target, said in targets.items():
        refused = command("scan", incident, "--output", target, *overwrite)
        assert refused.code == 2, target
        assert said in refused.error_line
    assert behind.read_text() == "precious"
    assert names_in(tmp_path) == before


def test_a44_a_directory_that_cannot_be_written_to(incident, tmp_path):
    if os.geteuid() == 0:
        pytest.skip("for root every directory can be written to")
    tmp_path.chmod(0o500)
    refused = command("scan", incident, "--output", tmp_path / "report")
    assert refused.code == 2
    assert "Permission denied" in refused.error_line


def test_a43_an_interrupted_writing_leaves_no_half_file(incident, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("forensics.whole_file._umask", interrupt)
    done = command("scan", incident, "--output", tmp_path / "report")
    assert done.code == 130
    assert done.error_line == "forensics: interrupted"
    assert names_in(tmp_path) == []


def test_a43_a_full_disk_is_one_line(incident):
    device = Path("/dev/full")
    if not device.exists():
        pytest.skip("no /dev/full here")
    with device.open("wb") as full:
        done = subprocess.run(
            command_line("scan", incident), env=process_environment(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr == b"forensics: cannot write to stdout: No space left on device\n"


@pytest.mark.parametrize("words", [["scan"], ["timeline", "--format", "json", "-C"], ["--help"]])
def test_a43_a_closed_pipe_is_no_error_worth_a_word(words, incident):
    reading, writing = os.pipe()
    os.close(reading)
    try:
        line = command_line(*words, *([incident] if len(words) != 1 or words == ["scan"] else []))
        done = subprocess.run(line, env=process_environment(), stdout=writing, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


def test_a43_closed_streams_are_no_crash(incident):
    shell = ["sh", "-c", '"$@" >&-', "sh", *command_line("scan", incident)]
    done = subprocess.run(shell, env=process_environment(), capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr == b"forensics: stdout is closed; name a file with --output\n"
    shell = ["sh", "-c", '"$@" 2>&-', "sh", *command_line("scan", incident, "--rev", "nowhere")]
    done = subprocess.run(shell, env=process_environment(), capture_output=True, check=False)
    assert (done.returncode, done.stdout) == (2, b"")


def test_a43_ctrl_c_ends_with_130_and_one_line(incident, tmp_path):
    # a pipe keeps the command waiting where it reads its configuration
    config = tmp_path / "forensics.toml"
    os.mkfifo(config)
    line = command_line("scan", incident, "--config", config)
    with (
        subprocess.Popen(
            line,
            env=process_environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            # ignored in a job that a shell put behind `&`
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
        ) as running,
        config.open("wb"),  # opens when the command does
    ):
        running.send_signal(signal.SIGINT)
        output, errors = running.communicate(timeout=120)
    assert (running.returncode, output, errors) == (130, b"", b"forensics: interrupted\n")


@pytest.mark.parametrize(
    "words", [["scan"], ["shadows"], ["timeline", "-C"], ["scenarios", "-C"], ["show", "base", "-C"]]
)
def test_colours_come_when_they_are_asked_for(words, incident):
    def coloured(*options, **environment):
        return ESCAPE in command(*words, incident, *options, environment=environment).output

    assert not coloured()
    assert not coloured("--color", "auto")
    assert coloured("--color", "always")
    assert coloured(FORCE_COLOR="1")
    assert not coloured(FORCE_COLOR="1", NO_COLOR="1")
    assert not coloured("--color", "never", FORCE_COLOR="1")
    assert coloured("--color", "always", NO_COLOR="1")
    assert not coloured("--color", "always", "--format", "json")


def test_colours_change_nothing_but_colours(incident):
    plain, painted = command("scan", incident), command("scan", incident, "--color", "always")
    assert re.sub(rb"\x1b\[[0-9;]*m", b"", painted.output) == plain.output


def test_without_a_terminal_there_is_no_progress(incident):
    done = process("scan", incident)
    assert done.errors == b""


@pytest.mark.parametrize(("options", "shown"), [([], True), (["--quiet"], False)])
def test_at_a_terminal_progress_shows_and_is_wiped(options, shown, incident):
    errors = at_terminal(["scan", str(incident), *options])
    assert (b"replaying the uploads" in errors) == shown
    assert not errors or errors.endswith(b"\r")


def at_terminal(arguments):
    """What a command writes to a terminal on stderr."""
    controlling, terminal = pty.openpty()
    with subprocess.Popen(
        command_line(*arguments), env=process_environment(), stdout=subprocess.DEVNULL, stderr=terminal
    ) as running:
        os.close(terminal)
        pieces = []
        while True:
            try:
                piece = os.read(controlling, 4096)
            except OSError:  # the terminal is closed on the other side
                break
            if not piece:
                break
            pieces.append(piece)
        running.wait(timeout=120)
    os.close(controlling)
    return b"".join(pieces)

"""Logs of chef-client: recorded runs with their truth, what stands before a line, and lines that mean harm."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from effort import cpu_seconds
from recorded import stories, told
from support import json_lines, vectors

from forensics.evidence import reading
from forensics.evidence.records import Failure


def runs_of(text, tmp_path, name="client.log", zone=""):
    """The runs that a log of this text tells."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return reading.read([f"{path}{zone}"])


def seconds(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def listed(text):
    return None if text is None else tuple(item for item in text.split(", ") if item)


def inside(text):
    """What a line of the log lists between its brackets."""
    return None if text is None else listed(text[1:-1])


def failure_in(fatal):
    """What the last lines of a run say by themselves of what was missing."""
    for line in fatal:
        if "could not find recipe" in line:
            words = line.split()
            return Failure("missing-recipe", f"{words[-1]}::{words[-4]}")
        if "nonexistent roles: " in line:
            return Failure("missing-role", line.rpartition(": ")[2])
    return None


def test_every_recorded_run_has_its_run_list_its_expansion_and_its_failure():
    seen = 0
    for story in stories("evidence"):
        for log in sorted((story / "client").glob("*.log")):
            runs = reading.read([str(log)]).runs
            truth = [each for each in told(story)["client_runs"] if log.name.startswith(each["node"])]
            assert [(run.node, run.place.line) for run in runs] == [(each["node"], each["lines"][0]) for each in truth]
            for run, each in zip(runs, truth, strict=True):
                seen += 1
                assert each["time"] <= run.start <= run.end
                assert (run.run_list, run.expanded) == (inside(each["run_list"]), inside(each["expands_to"]))
                assert (run.failure is None) is (each["exit"] == 0)
                said = failure_in(each["fatal"])
                assert said is None or run.failure == said
                assert not run.override
    assert seen > 0


def test_runs_of_a_file_of_logs_are_told_apart():
    """Runs with -r, pins, an empty list, missing roles and cookbooks, and one with -o, which is marked."""
    log = vectors() / "logs" / "chef-client" / "client.log"
    if not log.is_file():
        pytest.skip("no recorded chef-client log here")
    truth = list(json_lines(log.with_name("truth.jsonl")))
    runs = reading.read([str(log)]).runs
    assert [run.place.line for run in runs] == [each["first_line"] for each in truth]
    for run, each in zip(runs, truth, strict=True):
        assert run.node == each["node"]
        assert (run.run_list, run.expanded) == (listed(each["run_list_line"]), listed(each["expands_line"]))
        assert run.override is each["args"].startswith("-o")
        kind = each["run"] if each["exit"] else None
        assert (run.failure and run.failure.kind) == kind


RUN = """[2014-08-04T19:00:09+00:00] INFO: *** Chef 11.16.4 ***
[2014-08-04T19:00:11+00:00] INFO: Run List is [role[web]]
[2014-08-04T19:00:11+00:00] INFO: Run List expands to [apt, base::users]
[2014-08-04T19:00:11+00:00] INFO: Starting Chef Run for web1
[2014-08-04T19:00:17+00:00] INFO: Chef Run complete in 5.8 seconds
"""


@pytest.mark.parametrize(
    "prefix",
    [
        "",
        "Aug  4 19:00:17 web1 chef-client[552]: ",
        "2014-08-04T19:00:17.123456+00:00 web1 chef-client[552]: ",
        "2014-08-04T19:00:17+0000 web1 chef-client: ",
        "Mon 2014-08-04 19:00:17 UTC web1 chef-client[1]: ",
        "1407178817.5 web1 chef-client[1]: ",
        "<30>Aug  4 19:00:17 web1 chef-client[552]: ",
        '<30>1 2014-08-04T19:00:17.1Z web1 chef-client 552 ID47 [a@1 b="c"] ',
        "2014-08-04T19:00:17.123456789Z stdout F ",
    ],
)
def test_prefixes_of_syslog_and_journal_hide_nothing(prefix, tmp_path):
    text = "".join(prefix + line for line in RUN.splitlines(keepends=True))
    (run,) = runs_of(text, tmp_path).runs
    assert (run.node, run.run_list, run.expanded) == ("web1", ("role[web]",), ("apt", "base::users"))
    assert (run.start, run.end) == (seconds("2014-08-04T19:00:09"), seconds("2014-08-04T19:00:17"))


def test_a_time_without_year_and_zone_is_unknown_unless_something_tells_it(tmp_path):
    lines = [line.partition("] ")[2] for line in RUN.splitlines()]
    bare = "".join(f"Aug  4 21:00:{9 + n:02} web1 chef-client[5]: {line}\n" for n, line in enumerate(lines))
    found = runs_of(bare, tmp_path)
    assert [(run.node, run.start, run.end) for run in found.runs] == [("web1", None, None)]
    assert "without year or zone" in found.sources[0].gaps[0]
    dated = "-- Logs begin at Mon 2014-08-04 00:00:01 CEST, end at Mon 2014-08-04 23:00:00 CEST. --\n" + bare
    (run,) = runs_of(dated, tmp_path, zone="@Europe/Berlin").runs
    assert (run.start, run.end) == (seconds("2014-08-04T19:00:09"), seconds("2014-08-04T19:00:13"))


@pytest.mark.parametrize("prefix", ["<30>1 {} web1 chef-client - - - ", "{}.123456789Z "])
def test_lines_without_a_stamp_of_their_own_have_that_of_the_log(prefix, tmp_path):
    lines = [line.partition("] ")[2] for line in RUN.splitlines()]
    stamps = [f"2014-08-04T19:00:{9 + n:02}" for n in range(len(lines))]
    zone = "" if prefix.startswith("{") else "Z"
    text = "".join(f"{prefix.format(at + zone)}{line}\n" for at, line in zip(stamps, lines, strict=True))
    (run,) = runs_of(text, tmp_path).runs
    assert (run.node, run.expanded) == ("web1", ("apt", "base::users"))
    assert (run.start, run.end) == (seconds("2014-08-04T19:00:09"), seconds("2014-08-04T19:00:13"))


def test_hosts_in_one_syslog_are_kept_apart(tmp_path):
    lines = RUN.splitlines()
    mixed = "".join(f"Aug  4 19:00:17 {host} chef[1]: {line}\n" for line in lines for host in ("web1", "web2"))
    other = mixed.replace("INFO: Run List is [role[web]]", "INFO: Run List is [role[db]]").splitlines(keepends=True)
    mixed = "".join(
        two if "web2" in one else one for one, two in zip(mixed.splitlines(keepends=True), other, strict=True)
    )
    runs = runs_of(mixed, tmp_path).runs
    assert [run.run_list for run in runs] == [("role[web]",), ("role[db]",)]


def test_a_console_without_log_lines_tells_the_expansion_and_the_failure(tmp_path):
    """At level warn; what erchef misses it lists after stars, and the FATAL line says no name."""
    text = """Starting Chef Client, version 11.16.4
resolving cookbooks for run list: ["apt", "gone"]

================================================================================
Error Resolving Cookbooks for Run List:
================================================================================

Missing Cookbooks:
------------------
The following cookbooks are required by the client but don't exist on the server:
* gone

[2014-08-04T19:00:17+00:00] ERROR: Running exception handlers
Chef Client failed. 0 resources updated in 2.1 seconds
[2014-08-04T19:00:17+00:00] FATAL: Net::HTTPServerException: 412 "Precondition Failed"
Starting Chef Client, version 11.16.4
resolving cookbooks for run list: ["apt"]
Chef Client finished, 0/1 resources updated in 2.1 seconds
"""
    first, second = runs_of(text, tmp_path).runs
    assert (first.expanded, first.failure, first.run_list) == (
        ("apt", "gone"),
        Failure("missing-cookbook", "gone"),
        None,
    )
    assert (second.expanded, second.failure) == (("apt",), None)


def test_another_failure_is_told_by_its_class_alone(tmp_path):
    """What an exception says may be a password."""
    text = RUN.replace("INFO: Chef Run complete in 5.8 seconds", "ERROR: Running exception handlers") + (
        "[2014-08-04T19:00:18+00:00] FATAL: Mixlib::ShellOut::ShellCommandFailed: mysql -phunter2 failed\n"
    )
    (run,) = runs_of(text, tmp_path).runs
    assert run.failure == Failure("other", "Mixlib::ShellOut::ShellCommandFailed")


@pytest.mark.parametrize("place", ["INFO: *** Chef 11.16.4 ***", "INFO: Run List is"])
def test_a_local_run_is_marked_whether_its_server_starts_before_it_or_in_it(place, tmp_path):
    line = "INFO: Started chef-zero at chefzero://localhost:1 with repository at /r\n[2014-08-04T19:00:09+00:00] "
    first, second = runs_of(RUN.replace(place, line + place, 1) + RUN, tmp_path).runs
    assert (first.local, second.local) == (True, False)
    after = runs_of(RUN + RUN.replace(place, line + place, 1), tmp_path, name="other.log").runs
    assert [run.local for run in after] == [False, True]


def test_an_error_that_did_not_end_the_run_is_no_failure(tmp_path):
    warned = "WARN: could not find recipe x for cookbook y\n[2014-08-04T19:00:10+00:00] INFO: Run List is"
    (run,) = runs_of(RUN.replace("INFO: Run List is", warned, 1), tmp_path).runs
    assert run.failure is None


def test_an_open_end_is_no_end(tmp_path):
    cut = "".join(RUN.splitlines(keepends=True)[:-1])
    found = runs_of(gzip.compress((cut + RUN).encode())[:-6], tmp_path)
    assert [run.end for run in found.runs] == [None, seconds("2014-08-04T19:00:17")]
    assert "damaged" in found.sources[0].gaps[0]


def test_hostile_lines_are_bounded_counted_and_begin_no_run(tmp_path):
    long = b"Run List is [" + b"role[a], " * 150_000 + b"]\n"
    quoted = b"* log[x] says *** Chef 11.16.4 *** and Run List is [role[evil]]\n"
    noise = bytes(range(256)).replace(b"\n", b"") + b"\n" + b"\x1b[31m" + b"Role " * 1000 + b"\n"
    found = runs_of(RUN.encode() + long + quoted + noise + RUN.encode(), tmp_path)
    assert [run.run_list for run in found.runs] == [("role[web]",)] * 2
    assert found.sources[0].bad.count == 1
    assert found.sources[0].lines == 14


def test_words_that_repeat_along_a_line_cost_what_the_line_is_long(tmp_path):
    words = ("Starting ", "Chef ", "Role x (included by ", "Run List is [", 'non_existent_cookbooks"=>["', "*** Chef ")
    lines = "".join(word * (60_000 // len(word)) + "\n" for word in words)
    with cpu_seconds(2.0):
        found = runs_of(RUN.split("\n", 1)[0] + "\n" + lines, tmp_path)
    assert found.sources[0].lines == 7

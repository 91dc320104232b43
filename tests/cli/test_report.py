"""``report``: every format, several at once, compared with an earlier one, and safe to run every night."""

from __future__ import annotations

import json
import os
import resource
import stat
import subprocess
import sys
from xml.etree import ElementTree as ET

import pytest
from building import DAY, START, new_repository, role, set_main, write_commit, write_line
from commandline import command, in_one_process, process, process_environment

from forensics.cli.options import ReportFormat
from forensics.report.formats import FORMATS

CLEAN = {"roles/base.json": role("base", "recipe[a]")}
SHADOWED = {**CLEAN, "roles/base-copy.json": role("base", "recipe[b]")}
WEB = {**SHADOWED, "roles/web.json": role("web"), "roles/web-copy.json": role("web", "recipe[x]")}
AGAIN = {"roles/base.json": role("base", "recipe[c]")}
EVERY_FORMAT = [each.value for each in ReportFormat if each is not ReportFormat.SQLITE]  # which is no text


@pytest.fixture
def line(tmp_path):
    """A repository without shadows, and a function that commits another tree on top."""
    path = tmp_path / "repository.git"
    repository = new_repository(path)
    ids = write_line(repository, [CLEAN])

    def commit(tree):
        ids.append(write_commit(repository, tree, ids[-1:], time=START + len(ids) * DAY))
        set_main(repository, ids[-1])
        return ids[-1]

    return path, commit


def test_the_formats_are_those_of_the_library_and_text():
    assert set(EVERY_FORMAT) == {"text", *FORMATS}


@pytest.mark.parametrize("name", EVERY_FORMAT)
@pytest.mark.slow
def test_every_format_is_told_and_has_the_exit_code_of_scan(name, incident):
    done = command("report", incident, "--format", name)
    assert (done.code, done.errors) == (1, b"")
    assert b"base-original.json" in done.output
    assert (
        command("report", incident, "--format", name, "--scenario", "knife-upload", "--fail-on", "divergence").code == 0
    )


@pytest.mark.parametrize("options", [
    [], ["--fail-on", "never"], ["--fail-on", "shadow"], ["--fail-on", "any"], ["--scenario", "knife-upload"],
    ["--since", "2014-11-01"], ["--until", "2013-10-01"], ["--fail-on-history", "--scenario", "changed"],
    ["--container", "environments"], ["--rev", "HEAD~20"],
], ids=" ".join)  # fmt: skip
@pytest.mark.slow
def test_scan_and_report_agree(options, incident):
    assert command("scan", incident, *options).code == command("report", incident, *options).code


def test_one_run_writes_several_formats(incident, tmp_path):
    files = {name: tmp_path / f"report.{name}" for name in EVERY_FORMAT}
    also = [word for name, file in files.items() for word in ("--also", f"{name}={file}")]
    done = command("report", incident, *also)
    assert done.text == command("report", incident).text
    for name, file in files.items():
        assert file.read_bytes() == command("report", incident, "--format", name).output, name


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--also", "pdf={new}"], "--also pdf="),
        (["--also", "json"], "write FORMAT=FILE"),
        (["--also", "json="], "write FORMAT=FILE"),
        (["--also", "json={old}"], "exists; remove it or pass --overwrite"),
        (["--also", "json={new}", "--also", "sarif={new}"], "is named for two formats"),
        (["--output", "{new}", "--also", "sarif={new}"], "is named for two formats"),
        (["--output", "{old}"], "exists; remove it or pass --overwrite"),
        (["--also", "json={directory}"], "is a directory"),
        (["--also", "json={link}", "--overwrite"], "is a symbolic link"),
        (["--only-changes"], "needs an earlier report"),
        (["--only-changes", "--since-last", "{new}", "--format", "json"], "tells changes as text, not as json"),
        (["--only-changes", "--since-last", "{new}", "--output", "{new}"], "would hold no report any more"),
        (["--baseline", "{old}", "--since-last", "{old}"], "give one of them"),
        (["--baseline", "{missing}"], "does not exist; name a file written by report --format json"),
        (["--baseline", "{directory}"], "cannot be read: Is a directory"),
        (["--since-last", "{directory}"], "cannot be read: Is a directory"),
        (["--baseline", "{old}"], "is empty"),
        (["--since-last", "{old}"], "is empty"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(options, said, incident, tmp_path):
    places = {name: tmp_path / name for name in ("new", "old", "directory", "missing", "link")}
    places["old"].touch()
    places["directory"].mkdir()
    places["link"].symlink_to("missing")
    done = command("report", incident, *(word.format(**places) for word in options))
    assert done.code == 2
    assert said in done.error_line
    assert {each.name for each in tmp_path.iterdir()} == {"old", "directory", "link"}
    assert places["old"].read_bytes() == b""


def test_secrets_are_hashed_unless_asked_otherwise(tmp_path):
    secret = {"default_attributes": {"db": {"password": "hunter2"}}}
    write_line(new_repository(tmp_path / "r.git"), [CLEAN, {**CLEAN, "roles/copy.json": role("base", **secret)}])
    for name in EVERY_FORMAT:
        assert "hunter2" not in command("report", tmp_path / "r.git", "--format", name).text, name
    assert "hunter2" in command("report", tmp_path / "r.git", "--no-redact").text


# a baseline: only what is new or worse fails


def test_what_a_baseline_knows_does_not_fail_and_what_is_new_does(line, tmp_path):
    path, commit = line
    commit(SHADOWED)
    baseline = tmp_path / "baseline.json"
    assert command("report", path, "--format", "json", "--output", baseline).code == 1
    assert command("report", path, "--baseline", baseline, "--fail-on", "any").code == 0
    commit(WEB)
    done = command("report", path, "--baseline", baseline)
    assert done.code == 1
    assert "1 commit ago): " in done.text.replace("\n", " ")
    assert "role[web]   EXPOSED NOW   (new)" in done.text
    assert "role[base]   EXPOSED NOW   (known)" in done.text


def test_what_is_back_again_has_become_worse(line, tmp_path):
    path, commit = line
    commit(SHADOWED)
    commit(CLEAN)
    baseline = tmp_path / "baseline.json"
    command("report", path, "--format", "json", "--output", baseline)
    assert command("report", path, "--baseline", baseline, "--fail-on", "shadow").code == 0
    commit(SHADOWED)
    assert command("report", path, "--baseline", baseline, "--fail-on", "shadow").code == 1


def test_a_scan_serves_as_baseline(line, tmp_path):
    path, commit = line
    commit(SHADOWED)
    command("scan", path, "--format", "json", "--output", tmp_path / "scan.json")
    assert command("report", path, "--baseline", tmp_path / "scan.json", "--fail-on", "any").code == 0


def test_every_format_tells_new_from_known(line, tmp_path):
    path, commit = line
    commit(SHADOWED)
    baseline = tmp_path / "baseline.json"
    command("report", path, "--format", "json", "--output", baseline)
    commit(WEB)
    told = {name: command("report", path, "--baseline", baseline, "--format", name) for name in EVERY_FORMAT}
    assert {done.code for done in told.values()} == {1}
    assert told["json"].document["baseline"]["new"]
    states = {result["baselineState"] for result in json.loads(told["sarif"].text)["runs"][0]["results"]}
    assert {"new", "unchanged"} <= states
    for name in ("text", "markdown", "html", "csv"):
        assert "new" in told[name].text, name
    # what is known is no annotation, no failure and no issue
    assert "role[base]" not in told["github"].text
    assert "role[web]" in told["github"].text
    failures = [
        each.get("name")
        for each in ET.fromstring(told["junit"].text).iter("testcase")  # noqa: S314 (our own document)
        if each.find("failure") is not None
    ]
    assert failures
    assert not [name for name in failures if "role[base]" in name]


def test_a_baseline_of_other_scenarios_says_so(line, tmp_path):
    path, commit = line
    commit(SHADOWED)
    baseline = tmp_path / "baseline.json"
    command("report", path, "--scenario", "glob", "--format", "json", "--output", baseline)
    assert "tells of other scenarios (glob)" in command("report", path, "--baseline", baseline).text.replace("\n", " ")


def test_a_baseline_of_another_repository_says_so(line, incident, tmp_path):
    path, _ = line
    baseline = tmp_path / "baseline.json"
    command("report", incident, "--format", "json", "--output", baseline)
    done = command("report", path, "--baseline", baseline)
    assert "it may be of another repository" in " ".join(done.text.split())


# every night


def test_the_first_report_says_so_and_the_next_tells_what_changed(line, tmp_path):
    path, commit = line
    last = tmp_path / "last.json"
    nightly = ("report", path, "--since-last", last, "--format", "json", "--output", last, "--overwrite")
    assert command(*nightly).code == 0
    first = json.loads(last.read_bytes())
    assert (first["first"], first["baseline"]) == (True, None)
    tip = commit(SHADOWED)
    assert command(*nightly).code == 1
    second = json.loads(last.read_bytes())
    assert (second["first"], second["evidence"]["head"]) == (False, tip)
    assert second["baseline"]["commits"] == 1
    assert second["baseline"]["new"]
    commit(AGAIN)
    command(*nightly)
    third = json.loads(last.read_bytes())
    assert third["baseline"]["head"] == tip
    assert third["baseline"]["gone"]


def test_what_changed_stands_on_top_for_people(line, tmp_path):
    path, commit = line
    last = tmp_path / "last.json"
    for name in ("text", "markdown", "html"):
        assert "first" in command("report", path, "--since-last", last, "--format", name).text, name
    command("report", path, "--format", "json", "--output", last)
    commit(SHADOWED)
    text = command("report", path, "--since-last", last).text
    assert text.index("Since the earlier report") < text.index("EXPOSED at the tip")
    markdown = command("report", path, "--since-last", last, "--format", "markdown").text
    assert markdown.index("- new: live-divergence") < markdown.index("## ")


def test_what_since_last_tells_does_not_change_the_exit_code(line, tmp_path):
    path, commit = line
    commit(SHADOWED)
    last = tmp_path / "last.json"
    command("report", path, "--format", "json", "--output", last)
    assert command("report", path, "--since-last", last).code == 1


def test_only_changes_is_silent_where_nothing_changed(line, tmp_path):
    path, commit = line
    last = tmp_path / "last.json"
    nightly = ("report", path, "--since-last", last, "--only-changes", "--also", f"json={last}", "--overwrite")
    assert "first report" in command(*nightly).text
    assert command(*nightly).output == b""
    commit(SHADOWED)
    done = command(*nightly)
    assert done.code == 1
    assert "new     live-divergence: role[base]" in done.text
    assert "EXPOSED NOW" not in done.text
    done = command(*nightly)
    assert (done.code, done.output, done.errors) == (1, b"", b"")
    commit({**SHADOWED, "README": "nothing to do with it"})
    assert command(*nightly).output == b""


def test_a_first_report_tells_all_there_is(line, tmp_path):
    path, commit = line
    commit(SHADOWED)
    done = command("report", path, "--since-last", tmp_path / "none.json", "--only-changes")
    assert "role[base]" in done.text


def test_the_file_that_is_read_may_be_written_and_survives_a_failure(line, tmp_path):
    path, _ = line
    last = tmp_path / "last.json"
    options = ("--since-last", last, "--format", "json", "--output", last, "--overwrite")
    command("report", path, *options)
    before = last.read_bytes()
    assert command("report", path, *options, "--rev", "nowhere").code == 2
    assert last.read_bytes() == before
    last.write_text("{}")
    assert "no report of this tool" in command("report", path, *options).error_line
    assert last.read_text() == "{}"


def test_a_reader_who_goes_away_leaves_the_last_report_as_it_was(line, tmp_path):
    path, commit = line
    last = tmp_path / "last.json"
    command("report", path, "--format", "json", "--output", last)
    before = last.read_bytes()
    commit(SHADOWED)
    reading, writing = os.pipe()
    os.close(reading)
    done = process_to(writing, "report", path, "--since-last", last, "--also", f"json={last}", "--overwrite")
    assert done == 141
    assert last.read_bytes() == before


def process_to(descriptor, *words):
    import subprocess  # noqa: PLC0415 (this once)

    from commandline import command_line, process_environment  # noqa: PLC0415

    with os.fdopen(descriptor, "wb") as stream:
        return subprocess.run(command_line(*words), env=process_environment(), stdout=stream, check=False).returncode


def test_a_rebased_branch_says_that_the_last_head_is_gone(line, tmp_path):
    path, commit = line
    commit(SHADOWED)
    last = tmp_path / "last.json"
    command("report", path, "--format", "json", "--output", last)
    write_line(new_repository(tmp_path / "other.git"), [{**CLEAN, "README": "other"}, SHADOWED])
    done = command("report", tmp_path / "other.git", "--since-last", last)
    assert "is not in the history examined now" in " ".join(done.text.split())
    assert "nothing changed" in done.text
    mailed = command("report", tmp_path / "other.git", "--since-last", last, "--only-changes").text
    assert "is not in the history examined now" in " ".join(mailed.split())


# the summary of a run


def test_the_summary_is_added_to_what_the_runner_names(incident, tmp_path):
    file = tmp_path / "summary.md"
    file.write_text("# before\n")
    done = command("report", incident, "--format", "github", environment={"GITHUB_STEP_SUMMARY": str(file)})
    assert done.output.startswith(b"::error ")
    text = file.read_text("utf-8")
    assert text.startswith("# before\n# What was live on the Chef server")
    assert "**Exposed at the tip: YES.**" in text


def test_no_other_format_writes_a_summary(incident, tmp_path):
    file = tmp_path / "summary.md"
    for name in set(EVERY_FORMAT) - {"github"}:
        command("report", incident, "--format", name, environment={"GITHUB_STEP_SUMMARY": str(file)})
    assert not file.exists()


def test_a_summary_that_cannot_be_written_is_one_line(incident, tmp_path):
    for place in (tmp_path, tmp_path / "none" / "summary.md"):
        done = command("report", incident, "--format", "github", environment={"GITHUB_STEP_SUMMARY": str(place)})
        assert done.code == 2
        assert done.errors.decode().count("\n") == 1


def test_a43_a_summary_is_added_whole_or_not_at_all(incident, tmp_path):
    file = tmp_path / "summary.md"
    file.write_text("# before\n")
    done = process(
        *("report", incident, "--format", "github"),
        environment={"GITHUB_STEP_SUMMARY": str(file)},
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),
    )
    assert (done.code, done.errors.decode()) == (2, f"forensics: cannot write {file}: File too large\n")
    assert file.read_text() == "# before\n"


def test_a43_no_half_file_stays_where_the_disk_is_full(incident, tmp_path):
    done = process(
        *("report", incident, "--output", tmp_path / "report.txt", "--also", f"html={tmp_path / 'report.html'}"),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
    )
    assert (done.code, b"report.html: File too large" in done.errors) == (2, True)
    assert [each.name for each in tmp_path.iterdir()] == ["report.txt"]


def test_a44_a_file_that_is_named_in_two_ways_is_found_out_before_the_work(incident, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "there")
    for other in (tmp_path / "there" / ".." / "a", tmp_path / "linked" / ".." / "a"):
        done = command("report", incident, "--also", f"json={tmp_path / 'a'}", "--also", f"html={other}", "--overwrite")
        assert done.code == 2
        assert "is named for two formats" in done.error_line
    assert not (tmp_path / "a").exists()


@pytest.mark.slow
def test_a01_a02_a04_a_report_starts_nothing_asks_nobody_and_writes_nothing(incident):
    """In a process of its own, since what watches it stays."""
    words = [["report", str(incident), "--format", name] for name in EVERY_FORMAT]
    words.append(["check", "--staged", "-C", str(incident)])
    done = subprocess.run(
        [sys.executable, "-c", WATCHED, json.dumps(words)], env=process_environment(), capture_output=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


WATCHED = """
import json, sys
from forensics.cli.app import run
EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.remove", "os.rename",
          "os.mkdir", "os.utime", "os.chmod", "os.truncate", "os.link", "os.symlink")
def watch(event, arguments):
    written = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if event.startswith(EVENTS) or (written and "__pycache__" not in str(arguments[0])):
        if not any("__pycache__" in str(each) for each in arguments):
            print(event, arguments, file=sys.stderr)
sys.addaudithook(watch)
for words in json.loads(sys.argv[1]):
    code = run(words)
    if code > 1:
        print(words, code, file=sys.stderr)
"""


def test_a40_no_error_and_no_warning_is_a_command_for_a_runner(incident, tmp_path):
    config = tmp_path / "forensics.toml"
    config.write_text('[[ignore]]\nrule = "residue"\nreason = "::error::x ##[add-mask]x"\npath = "##[error]y"\n')
    done = command("report", incident, "--format", "github", "--config", config)
    assert done.errors.startswith(b"forensics: warning: ")
    for outcome in (
        done,
        command("report", tmp_path / "##[error]x"),
        command("report", incident, "--rev", "##[error]"),
    ):
        assert b"##[" not in outcome.errors
        assert b"\\x23#[" in outcome.errors
        assert outcome.errors.startswith(b"forensics: ")
        assert outcome.errors.count(b"\n") == 1


# what is not there is never clean


def shallow(tmp_path, *trees):
    path = tmp_path / "shallow.git"
    ids = write_line(new_repository(path), trees)
    (path / "shallow").write_text(f"{ids[-1]}\n")
    return path


@pytest.mark.parametrize("name", EVERY_FORMAT)
def test_a_shallow_clone_names_the_remedy_in_every_format(name, tmp_path):
    done = command("report", shallow(tmp_path, CLEAN, SHADOWED, CLEAN), "--format", name)
    text = " ".join(done.text.split())
    for word in ("git fetch --unshallow", "fetch-depth: 0", "GIT_DEPTH: 0"):
        assert word in text.replace("%3A", ":"), word


def test_where_a_shallow_clone_is_cut_off_changes_no_finding(tmp_path):
    path = shallow(tmp_path, CLEAN, CLEAN, CLEAN)
    baseline = tmp_path / "baseline.json"
    command("report", path, "--format", "json", "--output", baseline)
    ids = command("report", path, "--format", "json").document["evidence"]["gaps"]
    assert len(ids) == 1
    done = command("report", path, "--baseline", baseline, "--fail-on", "any")
    assert done.code == 0


def test_a_repository_without_a_file_that_could_declare_something_is_not_clean(tmp_path):
    path = tmp_path / "r.git"
    write_line(new_repository(path), [{"roles/README.md": "roles go here", "environments/.keep": ""}])
    for name in ("scan", "report", "shadows"):
        done = command(name, path)
        assert done.code == 4
        assert "nothing in environments, roles is Chef's" in done.error_line


def test_a_container_that_holds_nothing_is_not_clean(tmp_path):
    path = tmp_path / "r.git"
    write_line(new_repository(path), [{**CLEAN, "old/roles/README.md": "moved"}])
    assert command("report", path).code == 0
    assert command("report", path, "--container", "old").code == 4
    assert command("report", path, "--container", "nowhere").code == 4


@pytest.mark.parametrize("name", EVERY_FORMAT)
def test_a_time_without_commits_is_told_in_every_format(name, line):
    path, _ = line
    done = command("report", path, "--since", "2030-01-01", "--format", name)
    assert done.code == 0
    if name in {"text", "html", "markdown", "json", "sarif", "junit"}:
        assert "no commit lies within the time asked for" in " ".join(done.text.split())


def test_a_shadow_at_the_tip_has_not_ended_before_any_date(line):
    path, commit = line
    commit({**CLEAN, "roles/base-copy.json": role("base", "recipe[a]")})
    commit({**CLEAN, "roles/base-copy.json": role("base", "recipe[a]"), "README": "x"})
    assert command("report", path, "--since", "2030-01-01", "--fail-on", "shadow").code == 1
    assert len(command("shadows", path, "--since", "2030-01-01", "--format", "json").document["shadows"]) == 1


@pytest.mark.slow
def test_a42_two_reports_have_the_same_bytes(incident):
    surroundings = ({"PYTHONHASHSEED": "0", "TZ": "UTC"}, {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "C"})
    commands = [["report", incident, "--format", name] for name in EVERY_FORMAT]
    one, other = [in_one_process(commands, each) for each in surroundings]
    assert (one.code, one.errors) == (0, b"")
    for name in EVERY_FORMAT:
        assert f"\n1 report {incident} --format {name}\n" in one.text
    assert one == other


def test_written_files_have_the_rights_of_others(incident, tmp_path):
    file = tmp_path / "report.sarif"
    command("report", incident, "--also", f"sarif={file}")
    probe = tmp_path / "probe"
    probe.touch()
    assert stat.S_IMODE(file.stat().st_mode) == stat.S_IMODE(probe.stat().st_mode)

"""The Python interface gives what the command line prints."""

from __future__ import annotations

import inspect
import json
from datetime import UTC, date, datetime

import pytest
from building import new_repository, role, write_line
from commandline import command

import forensics
import sample_repos
from forensics.cli.app import COMMANDS
from forensics.report.formats import FORMATS


@pytest.fixture(scope="module")
def incident(tmp_path_factory):
    return sample_repos.build("opsmatic-2014", tmp_path_factory.mktemp("api") / "incident").directory


@pytest.fixture(scope="module")
def repository(incident):
    return forensics.open(incident)


@pytest.mark.parametrize(
    ("words", "ask"),
    [
        (["scan"], lambda repository: repository.scan()),
        (["scan", "--since", "2014-09-01", "--scenario", "glob"],
         lambda repository: repository.scan(since=date(2014, 9, 1), scenarios="glob")),
        (["report", "--no-redact"], lambda repository: repository.report(redact=False)),
        (["scan", "--history", "full"], lambda repository: repository.scan(history="full")),
        (["shadows"], lambda repository: repository.shadows()),
        (["timeline", "role[base]"], lambda repository: repository.timeline("role[base]")),
        (["timeline", "--kind", "role", "--until", "2014-08-31"],
         lambda repository: repository.timeline(kinds=["role"], until="2014-08-31")),
        (["show", "node[web01]", "--at", "2014-08-31", "--why", "ntp.servers"],
         lambda repository: repository.show("node[web01]", at="2014-08-31", why=["ntp.servers"])),
        (["log", "base"], lambda repository: repository.log("base")),
        (["trace", "recipe[base::remove_default_users]"],
         lambda repository: repository.trace("recipe[base::remove_default_users]")),
        (["fingerprint", "--container", "roles"], lambda repository: repository.fingerprint(containers="roles")),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)  # fmt: skip
def test_each_command_is_one_call(repository, incident, words, ask):
    result = ask(repository)
    assert command(*words, "-C", incident).text == result.to_text()
    assert command(*words, "-C", incident, "--format", "json").text == result.to_json()
    assert str(result) == result.to_text()


def test_every_command_that_asks_a_repository_has_a_method():
    repository = inspect.getmembers(forensics.api.repository.Repository, inspect.isfunction)
    assert set(COMMANDS) - {name for name, _ in repository} <= {"scenarios", "check"}


def test_what_one_scenario_had_live(repository):
    state = repository.live("role[base]", at="2014-08-31", scenario="glob")
    assert state.source.path == "roles/base-original.json"
    assert "recipe[base::remove_default_users]" in state.content["run_list"]
    same = repository.live("role[base]", at=datetime(2014, 8, 31, 23, 59, 59, tzinfo=UTC), scenario="glob")
    assert same == state


def test_an_object_on_two_servers_has_no_single_state(tmp_path):
    files = {"a/roles/base.json": role("base"), "b/roles/base.json": role("base")}
    write_line(new_repository(tmp_path / "r.git"), [files])
    with pytest.raises(forensics.UsageError, match=r"several containers \(a/roles, b/roles\)"):
        forensics.open(tmp_path / "r.git").live("base")


def test_the_history_is_walked_and_the_files_are_parsed_once(repository):
    assert repository.scan(since="2014-09-01").value.evidence == repository.scan().value.evidence
    assert repository.examination(forensics.api.narrowing.Selection()) is repository.examination(
        forensics.api.narrowing.Selection()
    )


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda repository: repository.scan(since="yesterday"), "'yesterday' is no date"),
        (lambda repository: repository.scan(scenarios=["globe"]), "globe"),
        (lambda repository: repository.timeline("role[nobody]"), r"no commit declares role\[nobody\]"),
        (lambda repository: repository.show("base", at="0000000000"), "neither a date nor a commit"),
        (lambda repository: repository.scan(containers=["nowhere"]), "no container lies at or below nowhere"),
        (lambda repository: repository.fingerprint("?"), "no content hash"),
        (lambda repository: repository.scan(sinc="2014"), "there is no 'sinc' to ask for; there are since"),
        (lambda repository: repository.scan(history="all"), "history is one of first-parent, full, not 'all'"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(repository, ask, message):
    with pytest.raises(forensics.ForensicsError, match=message):
        ask(repository)


def test_a_repository_opened_where_one_stands_is_told_by_its_name(incident, monkeypatch):
    monkeypatch.chdir(incident)
    assert forensics.open().scan().to_text().startswith("forensics scan of incident\n")
    monkeypatch.chdir(incident / "roles")
    assert forensics.open("..").scan().evidence.provenance.repository == "incident"
    assert forensics.open("../../incident").scan().evidence.provenance.repository == "../../incident"


def test_what_cannot_be_opened_says_why(tmp_path):
    with pytest.raises(forensics.ForensicsError, match="is not a git repository"):
        forensics.open(tmp_path)


@pytest.mark.parametrize("name", ["text", *FORMATS])
def test_a_report_renders_every_format(repository, incident, name):
    assert repository.report().render(name) == command("report", incident, "--format", name).text


def test_a_report_in_a_format_that_is_none_says_which_there_are(repository):
    with pytest.raises(forensics.UsageError, match="there is no format 'pdf'; there are html"):
        repository.report().render("pdf")


def test_what_the_configuration_lets_pass_and_what_of_it_is_of_no_use(repository, tmp_path):
    config = tmp_path / "forensics.toml"
    config.write_text(
        '[[ignore]]\nreason = "known"\nobject = "role[base]"\n[[ignore]]\nreason = "old"\npath = "gone"\n'
    )
    scan = forensics.open(repository.path, config=config).scan()
    assert {each.finding.object for each in scan.suppressed} == {"role[base]"}
    assert [each.path for each in scan.stale_ignores] == ["gone"]


def test_whether_something_fails_is_asked_as_on_the_command_line(repository, tmp_path):
    found = repository.report()
    assert (found.failed(), found.failed("never"), found.scan.failed("any", history=True)) == (True, False, True)
    baseline = tmp_path / "baseline.json"
    baseline.write_text(found.to_json())
    assert not repository.report(baseline=baseline).failed("any")
    assert (found.baseline, repository.report(baseline=baseline).baseline.new) == (None, frozenset())
    assert repository.report(since_last=baseline).failed()
    assert repository.report(since_last=baseline).changes() == ""
    assert repository.report(since_last=tmp_path / "none.json").changes().startswith("forensics report of")
    with pytest.raises(forensics.UsageError, match="give one of them"):
        repository.report(baseline=baseline, since_last=baseline)


def test_what_a_redacted_report_tells_of_an_earlier_one_is_redacted(repository, tmp_path):
    document = repository.report(redact=False).to_document()
    document["findings"].append({
        **document["findings"][0],
        "fingerprint": "f" * 20,
        "message": "depends on what lies outside the file: ENV['hunter2']",
    })  # fmt: skip
    (tmp_path / "earlier.json").write_text(json.dumps(document))
    assert "hunter2" not in repository.report(since_last=tmp_path / "earlier.json").to_text()
    assert "hunter2" in repository.report(since_last=tmp_path / "earlier.json", redact=False).to_text()

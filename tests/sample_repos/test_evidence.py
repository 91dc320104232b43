"""The evidence of the sample incident tells the story that it was worked out from, and nothing else."""

import pytest
from support import PROJECT

import forensics
import sample_repos
from sample_repos import evidence
from sample_repos.__main__ import main
from sample_repos.evidence.account import load
from sample_repos.evidence.server import loaded

pytestmark = pytest.mark.slow

NAME = "opsmatic-2014"
RECIPE = "base::remove_default_users"
BASE, COPY = "roles/base.json", "roles/base-original.json"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    directory = tmp_path_factory.mktemp("incident")
    sample_repos.build(NAME, directory / "repository")
    assert evidence.write(NAME, directory / "evidence")
    return directory


@pytest.fixture(scope="module")
def repository(place):
    return forensics.open(place / "repository", progress=False)


@pytest.fixture(scope="module")
def proven(repository, place):
    return repository.evidence(str(place / "evidence/complete/access.log"))


@pytest.fixture(scope="module")
def with_gaps(repository, place):
    logs = sorted(place.joinpath("evidence/gaps").glob("access.log*"))
    return repository.evidence(*map(str, logs))


def sent():
    """Every file that somebody sent: who, the file, and the story's name of the commit."""
    return [(typed.by, path, typed.commit) for typed in load(NAME).typed for path in typed.sends]


def test_every_request_that_changed_something_is_matched_to_the_file_and_the_commit_that_it_was_of(proven, place):
    commits = sample_repos.build(NAME, place / "repository").commits
    assert len(proven.uploads) == len(sent())
    for upload, (who, path, commit) in zip(proven.uploads, sent(), strict=True):
        assert (upload.user, upload.client, upload.proof) == (who, "Chef Knife/11.16.0", "hash")
        assert [match.path for match in upload.matches] == [path]
        assert commits[commit] in {upload.matches[0].first_commit, upload.matches[0].last_commit}


def test_the_log_proves_the_incident(proven):
    stretches = proven.timelines()["acme", "role[base]"]
    assert [(each.begun[:16], [file.path for file in each.files]) for each in stretches] == [
        ("2014-09-01T03:21", [BASE]),
        ("2014-09-01T03:22", [COPY]),
        ("2014-09-11T18:37", [BASE]),
        ("2014-10-14T20:26", [BASE]),
        ("2014-10-14T20:26", [COPY]),
        ("2014-10-16T17:05", [BASE]),
    ]
    assert not proven.value.uncovered
    assert not proven.value.unseen


def test_nodes_ran_the_recipe_from_31_august_on_and_could_not_find_it_on_14_october(repository, place):
    logs = sorted(place.joinpath("evidence/complete/client").iterdir())
    runs = repository.evidence(*map(str, logs)).value.runs
    assert {each.node for each in runs} == set(load(NAME).logged)
    for node in load(NAME).logged:
        own = [each for each in runs if each.node == node]
        with_recipe = [each.start[:10] for each in own if RECIPE in each.expanded and each.failure is None]
        assert (with_recipe[0], with_recipe[-1], len(with_recipe)) == ("2014-09-01", "2014-09-11", 11)
        failed = [each for each in own if each.failure is not None]
        assert {(each.failure.kind, each.failure.name) for each in failed} == {("missing-recipe", RECIPE)}
        assert {each.start[:10] for each in failed} <= {"2014-10-14", "2014-10-15", "2014-10-16"}
    assert any(each.failure is not None and each.start.startswith("2014-10-14") for each in runs)


def test_histories_show_the_commands_that_the_log_has(repository, place):
    histories = sorted(place.joinpath("evidence/complete/history").iterdir())
    found = repository.evidence(*map(str, histories)).value
    told = {(each.user, path) for each in found.commands for path in each.argv[3:]}
    assert told == {(who, path) for who, path, _ in sent()}
    assert all(each.certain and len(each.possible) <= 1 for each in found.commands)
    assert not found.unclear


def test_what_is_left_of_the_log_claims_nothing_that_the_whole_log_does_not(proven, with_gaps):
    whole = {(each.time, each.object, each.user): each.matches for each in proven.uploads}
    assert all(whole[each.time, each.object, each.user] == each.matches for each in with_gaps.uploads)
    lost = set(whole) - {(each.time, each.object, each.user) for each in with_gaps.uploads}
    assert lost == {("2014-09-11T18:37:17+00:00", "role[base]", "luis")}


def test_the_lost_week_is_named_and_what_happened_in_it_is_told_by_lengths(with_gaps):
    missing = [each for each in with_gaps.value.uncovered if each.missing]
    assert [(each.first_time[:10], each.last_time[:10], each.missing) for each in missing] == [
        ("2014-09-08", "2014-09-15", ("access.log.5",))
    ]
    (change,) = with_gaps.value.unseen
    assert (change.object, [match.path for match in change.matches]) == ("role[base]", [BASE])
    assert change.after[:10] == "2014-09-08"
    cut = next(each for each in with_gaps.value.sources if each.file.endswith("access.log"))
    assert any("ends within line" in gap for gap in cut.gaps)


@pytest.mark.parametrize(
    ("day", "commit", "state", "path"),
    [
        ("2014-08-30", "practice-notes", "same", BASE),
        ("2014-10-15", "cassandra-heap", "other-file", COPY),
        ("2014-10-17", "cassandra-heap", "same", BASE),
    ],
)
def test_a_backup_before_and_after_tells_which_file_the_role_was_of(place, day, commit, state, path):
    commits = sample_repos.build(NAME, place / "repository").commits
    repository = forensics.open(place / "repository", rev=commits[commit], progress=False)
    found = repository.drift(str(place / f"evidence/complete/backup/{day}")).value
    states = {each.object: each for each in found.objects}
    assert states["role[base]"].state == state
    assert path in {match.path for match in states["role[base]"].matches}
    assert {each.state for name, each in states.items() if name != "role[base]"} <= {"same", "older"}


def test_with_the_log_the_story_of_the_facts_is_proven(repository, place):
    observed = [
        f"2014-08-31 node[*] ran recipe[{RECIPE}]",
        f"2014-09-25 role[base] lacks recipe[{RECIPE}]",
        f"2014-10-14 node[*] failed missing recipe[{RECIPE}]",
    ]
    logs = [str(place / "evidence/complete/access.log")]
    found = repository.explain("role[base]", observed=observed, evidence=logs).value
    (story,) = found.stories
    assert story.cost == 0
    assert not any(act.assumed for act in story.acts)
    acts = [act for act in story.acts if {"F1", "F2", "F3"}.intersection(act.meets)]
    assert [(act.from_[:10], act.uploads[-1].path) for act in acts] == [
        ("2014-09-01", COPY),
        ("2014-09-11", BASE),
        ("2014-10-14", COPY),
    ]
    assert ["tom with Chef Knife/11.16.0" in act.why for act in acts] == [True, False, True]
    assert "F2" in {each.name: each.refuted_by for each in found.scenarios}["glob"]


def test_the_text_tells_which_runs_of_a_node_were_otherwise_than_the_one_before(repository, place):
    text = repository.evidence(str(place / "evidence/complete/client/stack02.log")).to_text()
    told = text.partition("stack02: 55 runs, ")[2].splitlines()[1:]
    assert [line.split()[:2] for line in told if "stack02.log:" in line] == [
        ["2014-09-01", "04:01:21"],
        ["2014-09-12", "04:01:21"],
        ["2014-10-14", "20:31:13"],
        ["2014-10-16", "17:08:34"],
    ]
    assert told[1].strip() == f"+ {RECIPE}"
    assert f"! failed: missing recipe {RECIPE}, and 2 more times" in text


def test_the_text_names_the_lost_log_and_counts_the_pauses_of_rotation(with_gaps):
    text = " ".join(with_gaps.to_text().split())
    assert "between access.log.6.gz and access.log.4.gz; not among the files: access.log.5" in text
    assert "and 3 more times between two logs, of 15 minutes at most" in text
    assert "* no log covers all the time since" in text


def test_the_evidence_is_the_same_every_time():
    again = evidence.files.__wrapped__(NAME)
    assert again == evidence.files(NAME)
    assert evidence.names() == (NAME,)


def test_every_file_that_was_sent_is_one_that_the_commit_has():
    files = sample_repos.builder.worked_out(NAME)[0].files
    for _, path, commit in sent():
        assert loaded(path, files[commit][path])[0]


def test_the_command_puts_it_beside_the_repository_and_refuses_other_directories(tmp_path, capsys):
    arguments = [NAME, str(tmp_path / "r"), "--evidence", str(tmp_path / "e")]
    assert main(arguments) == 0
    assert "evidence written to" in capsys.readouterr().out
    assert main(arguments) == 0
    assert "evidence stands already" in capsys.readouterr().out
    (tmp_path / "e" / "notes.txt").write_text("mine")
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("error: ")
    assert main(["look-alikes", str(tmp_path / "l"), "--evidence", str(tmp_path / "f")]) == 2
    assert "there is no evidence for 'look-alikes'" in capsys.readouterr().err


def test_the_line_that_the_reference_shows_is_one_of_the_log():
    page = (PROJECT / "docs" / "reference" / "commands" / "evidence.md").read_text("utf-8")
    shown = page.partition("<!-- file: access.log -->\n```text\n")[2].partition("\n")[0]
    assert f"{shown}\n".encode() in evidence.files(NAME)["complete/access.log"]

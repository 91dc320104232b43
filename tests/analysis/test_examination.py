"""An examination replays only the objects that more than one file declared; that must leave nothing out."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pygit2
import pytest
from building import history_at, new_repository, role, set_main, write_commit, write_line
from support import clone

import forensics
import sample_repos
from forensics.analysis import objects
from forensics.analysis import replays as replays_module
from forensics.analysis import shared as shared_module
from forensics.analysis.examination import Examination
from forensics.analysis.further_requests import further_requests
from forensics.analysis.scanning import scan
from forensics.analysis.trace import trace
from forensics.analysis.trace_subject import Subject
from forensics.errors import ForensicsError
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads import replay as replay_module
from forensics.uploads.declarations import Declarations

if TYPE_CHECKING:
    from pathlib import Path


def examine(path: Path) -> Examination:
    history = History(open_evidence(path))
    return Examination(history, Declarations(history.blob))


def assert_nothing_is_left_out(path: Path) -> None:
    brief, whole = examine(path), examine(path)
    whole.every_replay.contested = whole.replays
    expected, found = scan(whole), scan(brief)
    assert found.divergences == expected.divergences
    assert found.findings == expected.findings
    assert all(timeline.only is None for replayed in whole.contested_replays for timeline in replayed.timelines)


@pytest.mark.parametrize("name", sample_repos.names())
def test_the_contested_objects_are_all_that_a_scan_of_a_story_needs(name, tmp_path):
    sample_repos.build(name, tmp_path / name)
    assert_nothing_is_left_out(tmp_path / name)


@pytest.mark.parametrize("name", ["mguterl/chef-repo", "10xEngineer/chef_repo", "openstack-archive/openstack-chef"])
def test_the_contested_objects_are_all_that_a_scan_of_a_real_history_needs(name):
    assert_nothing_is_left_out(clone(name))


def test_listing_shadows_replays_nothing(tmp_path):
    sample_repos.build("opsmatic-2014", tmp_path / "repo")
    examination = examine(tmp_path / "repo")
    assert [shadow.object for shadow in examination.shadows] == ["role[base]"]
    assert "_replays" not in vars(examination)


def opened_counting(path, monkeypatch):
    """A repository, and how often its history was surveyed, replayed along its steps, and searched for divergences."""
    counts = dict.fromkeys(("survey", "follow", "divergences"), 0)

    def counted(module, name):
        real = getattr(module, name)

        def wrapper(*given, **options):
            counts[name] += 1
            return real(*given, **options)

        monkeypatch.setattr(module, name, wrapper)

    counted(shared_module, "survey")
    counted(replay_module, "follow")
    counted(replays_module, "divergences")
    return forensics.open(path), counts


def test_questions_that_report_another_part_of_the_same_replays_share_them(tmp_path, monkeypatch):
    sample_repos.build("opsmatic-2014", tmp_path / "repo")
    repository, counts = opened_counting(tmp_path / "repo", monkeypatch)
    whole = repository.scan()
    first = dict(counts)
    narrowed = repository.scan(since="2014-10-01", scenarios=["glob", "changed"])
    report = repository.report(until="2014-09-01")
    assert counts == first
    assert (
        {each.scenario for each in narrowed.divergences}
        <= {"glob", "changed"}
        < {each.scenario for each in whole.divergences} | {"changed"}
    )
    assert len(report.divergences) < len(whole.divergences)
    repository.timeline("role[base]")
    second = dict(counts)
    assert second["follow"] > first["follow"]
    repository.timeline("role[base]", scenarios=["glob-sh"])
    repository.show("role[base]", at="2014-09-02")
    assert counts == second


def test_questions_about_other_replays_make_their_own(tmp_path, monkeypatch):
    sample_repos.build("opsmatic-2014", tmp_path / "repo")
    repository, counts = opened_counting(tmp_path / "repo", monkeypatch)
    middle = repository.scan().divergences[0].from_commit
    for question in ({"history": "full"}, {"replay_from": middle}, {"containers": ["roles"]}):
        before = dict(counts)
        assert repository.scan(**question).to_json() == forensics.open(tmp_path / "repo").scan(**question).to_json()
        assert counts["follow"] > before["follow"], question


@pytest.mark.parametrize("name", sample_repos.names())
@pytest.mark.slow
def test_an_answer_is_the_same_whatever_was_asked_before(name, tmp_path):
    path = sample_repos.build(name, tmp_path / name).directory
    asked = forensics.open(path)
    questions = (
        lambda repository: repository.timeline(kinds=["role"]).to_json(),
        lambda repository: repository.scan(scenarios=["glob"]).to_json(),
        lambda repository: repository.report(since="2014-01-01").to_json(),
        lambda repository: repository.trace("recipe[base::remove_default_users]").to_json(),
        lambda repository: repository.scan().to_json(),
        lambda repository: repository.shadows(until="2014-06-01").to_json(),
        lambda repository: repository.timeline(scenarios=["knife-upload"], history="full").to_json(),
    )
    for question in questions:
        try:
            expected = question(forensics.open(path))
        except ForensicsError as error:
            with pytest.raises(type(error)):
                question(asked)
        else:
            assert question(asked) == expected


QUESTIONS = {
    "gaps": lambda asked: asked.gaps,
    "evidence": lambda asked: asked.evidence(),
    "shadows": lambda asked: asked.shadows,
    "divergences": lambda asked: asked.divergences,
    "timeline": objects.timeline,
    "problems": lambda asked: asked.problems(),
    "scan": scan,
    "trace of a recipe": lambda asked: trace(asked, Subject("recipe", "web::default")),
    "trace of a role": lambda asked: trace(asked, Subject("role", "base")),
    "lookup": lambda asked: list(further_requests(asked)),
    "stops": lambda asked: [timeline.aborts for _, timelines in asked.tracked() for timeline in timelines],
}


def damaged_history(path):
    """A name that no collation knows beside its shadow, a file that stops uploads, and files that were lost."""
    repository = new_repository(path)
    shadow = {
        "roles/base.json": role("base", "recipe[web]", "recipe[gone]"),
        "roles/\u1324\u1293.json": role("base", "b"),
        "cookbooks/web/recipes/default.rb": "include_recipe 'gone'",
        "cookbooks/web/metadata.rb": "name 'web'",
    }
    gone = {"cookbooks/gone/recipes/default.rb": "# lost", "cookbooks/gone/metadata.rb": "name 'gone' # lost"}
    first, second = write_line(repository, [shadow | gone, shadow | {"roles/m.rb": "("}])
    lost = write_commit(repository, shadow | {"roles/lost.json": role("lost"), "lost.json": "[]"}, [first])
    tip = write_commit(repository, shadow, [second, lost])
    set_main(repository, tip)
    tree = repository[lost].tree
    cookbooks = repository[first].tree["cookbooks"]
    for blob in (
        tree["roles"]["lost.json"],
        tree["lost.json"],
        cookbooks["web"]["recipes"]["default.rb"],
        cookbooks["gone"]["metadata.rb"],
        cookbooks["gone"]["recipes"]["default.rb"],
    ):
        (path / "objects" / str(blob.id)[:2] / str(blob.id)[2:]).unlink()
    return lambda: Examination(history := history_at(pygit2.Repository(str(path)), tip), Declarations(history.blob))


def test_the_answers_of_one_examination_do_not_depend_on_their_order(tmp_path):
    fresh = damaged_history(tmp_path / "r.git")
    expected = {name: ask(fresh()) for name, ask in QUESTIONS.items()}
    assert [gap.path for gap in expected["gaps"]] == ["roles/lost.json", "roles/\u1324\u1293.json"]
    of_cookbooks = {
        name: len(expected[name].evidence.gaps) - 2 for name in ("scan", "trace of a recipe", "trace of a role")
    }
    assert of_cookbooks == {"scan": 2, "trace of a recipe": 3, "trace of a role": 0}
    for pair in permutations(QUESTIONS, 2):
        asked = fresh()
        for name in (*pair, *QUESTIONS):
            assert QUESTIONS[name](asked) == expected[name], (name, pair)

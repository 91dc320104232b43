"""``forensics trace``, first of all on the outage that it has to explain."""

from __future__ import annotations

import pytest
from commandline import command

import sample_repos

RECIPE = "recipe[base::remove_default_users]"
COPY = "roles/base-original.json"


@pytest.fixture(scope="module")
def incident(tmp_path_factory):
    """Where the sample repository of the outage is."""
    return tmp_path_factory.mktemp("stories") / "opsmatic-2014"


@pytest.fixture(scope="module", autouse=True)
def built(incident):
    """The repository, with the names of its commits."""
    return sample_repos.build("opsmatic-2014", incident)


def said_of(*words):
    done = command("trace", *words)
    assert done.code == 0, done.errors
    return " ".join(done.text.split())


def test_who_removed_that_user(incident, built):
    said = said_of(RECIPE, "-C", incident)
    dropped, deleted = built.commits["drop-default-users"][:12], built.commits["recipe-deleted"][:12]
    assert f"today only {COPY} names it, a copy that shadows another file" in said
    assert f"no other file has since 2013-10-15 ({dropped}" in said
    assert "live at the tip under glob, changed-locale, changed-reversed not under glob-sh" in said
    assert f"cookbooks/base/recipes/remove_default_users.rb was deleted on 2014-09-29 ({deleted}" in said
    assert f"{COPY} still refers to it" in said


def test_when_it_would_have_come_to_which_nodes(incident, built):
    document = command("trace", RECIPE, "-C", incident, "--format", "json").document
    commits = {oid: name for name, oid in built.commits.items()} | {None: None}
    found = [
        (each["scenario"], commits[each["from_commit"]], commits[each["until_commit"]], len(each["reach"]["nodes"]))
        for each in document["live"]
        if each["path"] == COPY and each["object"] == "role[base]" and each["from_date"] > "2014"
    ]
    assert found == [
        ("changed-locale", "both-edited", "fail2ban", 14),
        ("changed-locale", "refactoring", None, 15),
        ("changed-reversed", "both-edited", "fail2ban", 14),
        ("changed-reversed", "refactoring", None, 15),
    ]
    glob = [each for each in document["live"] if each["scenario"] == "glob" and each["path"] == COPY]
    assert [(commits[each["from_commit"]], each["until_commit"]) for each in glob] == [("copy", None)]
    assert len(glob[0]["reach"]["nodes"]) == 15
    assert document["at_head"]["named_in"] == [COPY]
    assert document["at_head"]["visible"] is False
    assert [commits[each["commit"]] for each in document["recipe"]["removals"]] == ["recipe-deleted"]


def test_only_the_scenarios_that_are_asked_for(incident):
    document = command("trace", RECIPE, "-C", incident, "--scenario", "changed", "--format", "json").document
    assert document["scenarios"] == ["changed"]
    assert {each["scenario"] for each in document["live"]} == {"changed"}
    assert document["at_head"]["live_under"] == []


def test_since_leaves_out_what_was_over(incident):
    said = said_of(RECIPE, "-C", incident, "--since", "2014-01-01")
    assert COPY in said
    assert "roles/kafka.json" not in said


def test_verbose_names_every_node(incident):
    assert "nodes/kafka01.json" in said_of(RECIPE, "-C", incident, "--verbose")


def test_what_nothing_ever_carried_is_unknown(incident):
    done = command("trace", "remove_default_users", "-C", incident)
    assert done.code == command("timeline", "role[nobody]", "-C", incident).code == 2
    assert "no such recipe: in any of the 50 commits no run list names it" in done.error_line
    assert done.error_line.endswith("did you mean 'recipe[base::remove_default_users]'?")


def test_what_cannot_be_traced_is_wrong_usage(incident):
    done = command("trace", "recipe[", "-C", incident)
    assert done.code == 2
    assert "attribute[PATH.TO.KEY]" in done.error_line

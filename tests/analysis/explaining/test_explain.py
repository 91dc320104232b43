"""What ``explain`` says of the sample of the outage, and of facts that are odd."""

from __future__ import annotations

import pytest
from building import DAY, START, examine, role
from commandline import command

import sample_repos
from forensics.analysis.dates import iso
from forensics.analysis.explain import explain
from forensics.analysis.objects import ObjectName, UnknownObjectError
from forensics.chef.objects import Kind
from forensics.evidence.observed import FactError, parse_fact

RECIPE = "recipe[base::remove_default_users]"
OUTAGE = (
    f"2014-08-31 node[*] ran {RECIPE}",
    f"2014-09-25 role[base] lacks {RECIPE}",
    f"2014-10-14 node[*] failed missing {RECIPE}",
)
BASE = ObjectName(Kind.ROLE, "base")


def day(number):
    return iso(START + number * DAY)[:10]


def explained(tmp_path, *trees, facts, skew=120, **options):
    examination, _ = examine(tmp_path, *trees, **options)
    return explain(examination, BASE, [parse_fact(each, n) for n, each in enumerate(facts, 1)], skew)


def sent(story):
    return [[each.path for each in act.uploads] for act in story.acts]


@pytest.fixture(scope="module")
def outage(tmp_path_factory):
    repository = sample_repos.build("opsmatic-2014", tmp_path_factory.mktemp("outage") / "r").directory
    words = [word for fact in OUTAGE for word in ("--observed", fact)]
    return command("explain", "role[base]", "-C", repository, *words, "--format", "json").document


def test_the_outage_is_told_as_it_was(outage):
    (story,) = outage["stories"]
    assert [[each["path"] for each in act["uploads"]] for act in story["acts"]] == [
        ["roles/base.json", "roles/base-original.json"],
        ["roles/base.json"],
        ["roles/base.json", "roles/base-original.json"],
    ]
    august, september, october = story["acts"]
    assert august["from"][:10] == august["until"][:10] == "2014-08-31"
    assert "2014-09-01" <= september["from"] <= september["until"] < "2014-09-26"
    assert october["from"][:10] == october["until"][:10] == "2014-10-14"
    assert [act["meets"] for act in story["acts"]] == [["F1"], ["F2"], ["F3"]]
    assert all(act["assumed"] for act in story["acts"])
    assert outage["contradiction"] is None


def test_the_shells_order_is_refuted_by_what_was_seen_in_september(outage):
    verdicts = {each["name"]: each for each in outage["scenarios"]}
    assert verdicts["glob"]["fits"] is False
    assert verdicts["glob"]["refuted_by"] == ["F2"]
    assert [name for name, each in verdicts.items() if each["fits"]] == ["changed-locale", "changed-reversed"]
    assert verdicts["knife-upload"]["refuted_by"] == ["F1", "F3"]


ONE = {"roles/base.json": role("base", "recipe[a]")}
TWO = {"roles/base.json": role("base", "recipe[b]")}


def test_without_facts_it_says_what_would_help(tmp_path):
    found = explained(tmp_path, ONE, facts=())
    assert not found.stories
    assert not found.scenarios
    assert "--observed" in found.would_decide[0].text


def test_what_was_seen_at_one_moment_contradicts_itself(tmp_path):
    at = iso(START + DAY)
    facts = (f"{day(1)} role[base] has recipe[a]", f"{at} role[base] has recipe[a]", f"{at} role[base] lacks recipe[a]")
    found = explained(tmp_path, ONE, facts=facts, skew=0)
    assert found.contradiction == ("F2", "F3")
    assert not found.stories


def test_clocks_that_may_differ_are_named_where_they_decide(tmp_path):
    at = iso(START + DAY)
    found = explained(tmp_path, ONE, facts=(f"{at} role[base] has recipe[a]", f"{at} role[base] absent"))
    assert found.contradiction is None
    assert any("clocks" in note and "no story fits" in note for note in found.notes)


def test_a_fact_before_the_history_refutes_nothing(tmp_path):
    found = explained(tmp_path, ONE, facts=("2001-01-01 role[base] has recipe[z]",))
    assert found.facts[0].bearing == "before-history"
    assert found.contradiction is None
    assert any("begins" in note for note in found.notes)


def test_a_fact_about_another_object_says_nothing_here(tmp_path):
    found = explained(
        tmp_path, {**ONE, "roles/web.json": role("web", "recipe[w]")}, facts=(f"{day(0)} role[web] absent",)
    )
    assert found.facts[0].bearing == "elsewhere"


def test_a_value_that_only_running_the_file_could_tell_is_undecided_and_never_refuted(tmp_path):
    files = {"roles/base.rb": 'name "base"\nrun_list(*ENV["ITEMS"].split(","))\n'}
    found = explained(tmp_path, files, facts=(f"{day(2)} role[base] has recipe[a]",))
    assert not any(each.refuted_by for each in found.scenarios)
    assert all(each.fits is None for each in found.scenarios if each.name == "glob")
    assert "undecided" in [act.kind for act in found.stories[0].acts]


def test_content_that_no_commit_has_is_the_last_resort(tmp_path):
    found = explained(tmp_path, ONE, facts=(f"{day(2)} role[base] has recipe[nowhere]",))
    assert [act.kind for act in found.stories[0].acts] == ["outside"]
    assert all(each.refuted_by == ("F1",) for each in found.scenarios)


def test_a_repository_without_nodes_takes_nodes_to_run_the_role(tmp_path):
    found = explained(tmp_path, ONE, TWO, facts=(f"{day(1)} node[*] ran recipe[b]",))
    assert sent(found.stories[0]) == [["roles/base.json"]]
    assert "no nodes are kept here" in found.facts[0].note


def test_a_nodes_role_may_lead_there_through_another(tmp_path):
    node = '{"name": "web01", "run_list": ["role[web]"]}'
    files = {"nodes/web01.json": node, "roles/web.json": role("web", "role[base]")}
    copy = {"roles/copy.json": role("base", "recipe[b]")}
    found = explained(
        tmp_path, {**files, **ONE}, {**files, **ONE, **copy}, facts=(f"{day(2)} node[web01] ran recipe[b]",)
    )
    assert sent(found.stories[0]) == [["roles/copy.json"]]
    assert found.stories[0].cost == 0


def test_a_fact_that_no_role_can_lead_to_is_told_as_impossible(tmp_path):
    files = {"nodes/web01.json": '{"name": "web01", "run_list": ["recipe[w]"]}', **ONE}
    found = explained(tmp_path, files, facts=(f"{day(1)} node[web01] ran recipe[a]",))
    assert found.contradiction == ("F1",)
    assert "node[web01]" in found.facts[0].note


@pytest.mark.parametrize(
    ("fact", "error"),
    [
        ("2014-08-31 role[bse] has recipe[a]", UnknownObjectError),
        ("2014-08-31 role[base] is roles/base.json@00000000", FactError),
        ("2014-08-31 role[base] is roles/none.json@HEAD", FactError),
        ("yesterday role[base] absent", FactError),
        ("2014-08-31 rule[base] absent", FactError),
        ("2014-08-31 role[base] ran recipe[x]", FactError),
        ("2014-08-31 node[*] absent", FactError),
        ("2014-08-31 node[*] has a.b=1", FactError),
        ("2014-08-31 role[base] holds nothing", FactError),
        ("2014-08-31 role[base] has recipe[", FactError),
        ("2014-09-01..2014-08-31 role[base] absent", FactError),
        ("2014-08-31 role[base]", FactError),
        ("2014-08-31 data_bag_item[users] absent", FactError),
        ("2014-08-31 node[*] failed recipe[x]", FactError),
    ],
)
def test_a_fact_that_is_none_is_refused_in_one_line(tmp_path, fact, error):
    with pytest.raises(error) as refused:
        explained(tmp_path, ONE, facts=(fact,))
    assert "\n" not in str(refused.value)


def test_times_are_days_moments_and_ranges():
    assert parse_fact("2014-08-31 role[a] absent").last - parse_fact("2014-08-31 role[a] absent").first == 86399
    moment = parse_fact("2014-08-31T10:00:00-07:00 role[a] absent")
    assert moment.first == moment.last == 1409504400
    assert parse_fact("before 2014-08-31 role[a] absent").first is None
    assert parse_fact("2014-08-30..2014-08-31 role[a] absent").last == 1409529599


def test_attributes_hashes_and_files_are_looked_for(tmp_path):
    files = {"roles/base.json": role("base", default_attributes={"app": {"port": 80, "on": True}})}
    examination, ids = examine(tmp_path, files)
    blob = next(seen.file for seen in examination.survey.sightings).hex()
    said = [
        "app.port=80",
        "app.port=81",
        "app.on=true",
        "app.on=1",
    ]
    facts = [f"{day(1)} role[base] has {each}" for each in said]
    facts += [f"{day(1)} role[base] holds {blob[:12]}", f"{day(1)} role[base] is roles/base.json@{ids[0][:8]}"]
    for fact, expected in zip(facts, ["routine", "outside", "routine", "outside", "routine", "routine"], strict=True):
        found = explain(examination, BASE, [parse_fact(fact)])
        assert [act.kind for act in found.stories[0].acts] == [expected], fact

"""The report of a scan: the most dangerous first, what to do about it, and nothing that a terminal obeys."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inert import obeyed
from made_up_results import FIRST, divergence, phase, scan, shadow
from trying import examples

from forensics.analysis.policy_results import Ignore, Suppression
from forensics.analysis.report_results import Scan
from forensics.analysis.results import (
    CommitNote,
    Divergence,
    EvidenceSummary,
    Finding,
    Phase,
    Reach,
    Shadow,
    Source,
    ValueChange,
)
from forensics.analysis.rules import live_divergence, stale_after_removal
from forensics.chef.objects import Unresolved
from forensics.history.model import Gap, Provenance
from forensics.report.cases import cases
from forensics.report.text.scan import scan_text
from forensics.report.text.shadows import shadows_text
from forensics.report.text.style import Style
from forensics.uploads.scenario import SHIPPED

PLAIN = Style()
EVERYTHING = Style(verbose=True)


def order_of(result):
    return [case.name for case in cases(result)]


def test_the_most_dangerous_comes_first():
    found = scan(
        shadows=[
            shadow("harmless", at_head=False),
            shadow("past", at_head=False),
            shadow("waiting"),
            shadow("exposed"),
            shadow("exposed-and-adding"),
            shadow("exposed-though-gone", at_head=False),
        ],
        divergences=[
            divergence("past", is_open=False),
            divergence("exposed"),
            divergence("exposed-and-adding", phase(added=["evil"])),
            divergence("exposed-though-gone"),
        ],
    )
    assert order_of(found) == ["exposed-and-adding", "exposed", "exposed-though-gone", "waiting", "past", "harmless"]


def test_one_block_for_each_object_and_container():
    found = scan(
        shadows=[shadow(), shadow(paths=("roles/a.json", "roles/base.json")), shadow(container="x/roles")],
        divergences=[divergence(), divergence(scenario="changed")],
    )
    assert [(case.container, len(case.shadows), len(case.divergences)) for case in cases(found)] == [
        ("roles", 2, 2),
        ("x/roles", 1, 0),
    ]


def test_the_headline_says_under_what_and_what_it_adds_to_how_many():
    found = scan(
        shadows=[shadow()],
        divergences=[
            divergence("base", phase(added=["old"]), phase(added=["evil", "worse"]), nodes=("web01", "web02")),
            divergence("base", phase(added=["evil"]), scenario="changed", nodes=("web02", "db01")),
            divergence("base", phase(added=["over"]), scenario="glob-sh", is_open=False, nodes=("gone",)),
        ],
    )
    assert (
        "EXPOSED at the tip: YES\n"
        "   role[base]: another file's content would be live under glob, changed; it adds recipe[evil],\n"
        "   recipe[worse] on 3 nodes.\n"
    ) in scan_text(found, PLAIN)


def test_what_special_scenarios_alone_give_is_told_after_as_an_only_if():
    found = scan(
        shadows=[shadow("web"), shadow("db", at_head=False), shadow("base")],
        divergences=[
            divergence("web", scenario="chef-solo"),
            divergence("db", phase(removed=["ntp"], name="db"), scenario="grocery-delivery", nodes=("db01",)),
            divergence("base"),
            divergence("base", scenario="glob-c"),
        ],
    )
    text = scan_text(found, PLAIN)
    told = [line for line in text.split("\n") if line.startswith("   ") and "content would be live" in line]
    assert told == [
        "   role[base]: another file's content would be live under glob.",
        "   only if you use chef-solo: role[web]: another file's content would be live.",
        "   only if you use grocery-delivery: role[db]: another file's content would be live; it removes",
    ]
    assert [str(case.status) for case in cases(found)] == [
        "EXPOSED NOW",
        "shadowed at the tip",
        "only under special scenarios",
    ]
    assert "Still declared by several files" not in text  # none of them ends well under each scenario


def test_of_what_is_chosen_everything_decides():
    found = replace(scan(shadows=[shadow()], divergences=[divergence(scenario="chef-solo")]), deciding=("chef-solo",))
    assert "EXPOSED at the tip: YES" in scan_text(found, PLAIN)


def test_what_one_file_alone_declares_is_left_behind():
    found = scan(
        shadows=[shadow(at_head=False)],
        divergences=[divergence("base", phase(added=["x"])), divergence(scenario="chef-solo")],
    )
    text = scan_text(found, Style(color=True))
    assert "\x1b[32mExposed at the tip: no\x1b[0m\n\x1b[35mLeft behind: 1 object, declared by one file" in text
    assert (
        "role[base]: what roles/base-copy.json said was left behind, live since 2014-08-31 under glob, unless somebody "
        "uploaded roles/base.json since; it adds recipe[x]."
    ) in " ".join(text.split())
    (case,) = cases(found)
    assert str(case.status) == "left behind"
    assert (case.advice.do, case.advice.remove) == ("knife role from file roles/base.json", None)


@pytest.mark.parametrize(
    ("at_head", "scenario", "fingerprint"),
    [
        (False, "glob", stale_after_removal.fingerprint_of(divergence())),
        (False, "glob", live_divergence.fingerprint_of(divergence())),
        (True, "chef-solo", live_divergence.fingerprint_of(divergence(), only_if=True)),
        (False, "chef-solo", stale_after_removal.fingerprint_of(divergence(), only_if=True)),
    ],
)
def test_what_is_let_pass_is_neither_left_behind_nor_an_only_if(at_head, scenario, fingerprint):
    found = scan(shadows=[shadow(at_head=at_head)], divergences=[divergence(scenario=scenario)])
    let_pass = Finding("residue", "note", "role[base]", (), None, "said", fingerprint)
    passed = replace(found, suppressed=(Suppression(let_pass, Ignore("known")),))
    assert [case.lasting for case in cases(found)] != [()]
    assert [case.lasting for case in cases(passed)] == [()]


@pytest.mark.parametrize(
    ("at_head", "rule"), [(True, live_divergence), (True, stale_after_removal), (False, live_divergence)]
)
def test_an_only_if_that_is_let_pass_hides_nothing_that_counts(at_head, rule):
    found = scan(shadows=[shadow(at_head=at_head)], divergences=[divergence()])
    let_pass = Finding("residue", "note", None, (), None, "said", rule.fingerprint_of(divergence(), only_if=True))
    passed = replace(found, suppressed=(Suppression(let_pass, Ignore("known")),))
    assert [case.status for case in cases(passed)] == [case.status for case in cases(found)]


def test_recipes_on_known_nodes_come_first_then_recipes_then_attributes():
    names = ["attributes", "recipes", "nodes", "removed"]
    kinds = {
        "attributes": {},
        "recipes": {"added": ["x"]},
        "nodes": {"added": ["x"]},
        "removed": {"removed": ["x"]},
    }
    for at_head in (True, False):
        found = scan(
            shadows=[shadow(name, at_head=at_head) for name in names],
            divergences=[
                divergence(name, phase(name=name, **kinds[name]), nodes=("web01",) if name != "recipes" else None)
                for name in names
            ],
        )
        assert order_of(found) == ["nodes", "removed", "recipes", "attributes"]


def test_nothing_found_is_said_so():
    text = scan_text(scan(), PLAIN)
    assert "Exposed at the tip: no: every object is declared by one file only" in text
    assert "The evidence is complete" in text


def test_the_first_lines_say_what_was_replayed():
    assert "50 commits examined, the 42 of the first-parent line replayed" in scan_text(scan(), PLAIN)
    full = dataclasses.replace(scan(), evidence=dataclasses.replace(scan().evidence, full=True))
    assert "50 commits examined and replayed" in scan_text(full, PLAIN)


def test_the_past_is_counted():
    found = scan(
        shadows=[shadow("a", at_head=False), shadow("b", at_head=False)], divergences=[divergence("a", is_open=False)]
    )
    text = scan_text(found, PLAIN)
    assert "Exposed at the tip: no" in text
    assert "2 shadowed objects, 1 of which would have changed something live" in text
    assert "\n   do " not in text  # there is nothing to do about the past
    one = [shadow("a", at_head=False)]
    harmful = scan_text(scan(shadows=one, divergences=[divergence("a", is_open=False)]), PLAIN)
    assert "1 shadowed object, which would have changed something live." in harmful
    harmless = scan_text(scan(shadows=one), PLAIN)
    assert "1 shadowed object, without effect." in harmless


def test_what_is_past_and_had_no_effect_is_one_line_with_names():
    found = scan(shadows=[shadow(name, at_head=False) for name in ("a", "b")])
    text = scan_text(found, PLAIN)
    files = "({0}-copy.json, {0}.json)".format
    assert f"Without effect, as --verbose tells: role[a] {files('roles/a')}, role[b]" in " ".join(text.split())
    assert "1. role[a]" not in text
    assert "Next:" not in text  # there is nothing to go on with
    assert "2. role[b]   past, without effect" in scan_text(found, EVERYTHING)


def test_what_no_file_declares_any_more_is_said_with_how_to_look_it_up():
    shadows = [shadow("a", at_head=False), shadow("b", at_head=False)]
    found = replace(
        scan(shadows=shadows, divergences=[divergence(name, is_open=False) for name in "ab"]),
        gone=frozenset({("role", "roles", "a")}),
    )
    of_a, of_b = scan_text(found, PLAIN).split("\n2. role[b]")
    assert "today       no file declares it; a server that had it still does (knife role show a tells)" in of_a
    assert "today" not in of_b


def test_a_heading_names_the_directories_of_the_files_where_they_are_not_the_usual_one():
    def heading(kind, container, *paths):
        found = scan(shadows=[shadow(kind=kind, container=container, paths=paths or None)])
        return next(line for line in scan_text(found, PLAIN).split("\n") if line.startswith("1. "))

    assert heading("role", "roles").startswith("1. role[base]   ")
    assert heading("environment", "environments").startswith("1. environment[base]   ")
    assert heading("data_bag_item", "data_bags/users").startswith("1. data_bag_item[users/base]   ")
    assert heading("role", "x/roles").startswith("1. role[base] in x/roles   ")
    shared = "shared/roles/base-old.json", "shared/roles/base.json"
    assert heading("role", "production/roles", *shared).startswith("1. role[base] in shared/roles   ")
    both = "production/roles/a/base.json", "shared/roles/base.json"
    assert heading("role", "production/roles", *both).startswith("1. role[base] in production/roles, shared/roles   ")


def test_the_scenarios_are_explained_with_the_command_for_what_is_told():
    items = {"kind": "data_bag_item", "container": "data_bags/users"}
    bag = scan(shadows=[shadow(**items)], divergences=[divergence(**items)])
    assert "glob  knife data bag from file users data_bags/users/* typed in bash" in scan_text(bag, PLAIN)
    both = scan(shadows=[*bag.shadows, shadow()], divergences=[*bag.divergences, divergence()])
    assert "glob  knife ... from file DIR/* typed in bash" in scan_text(both, PLAIN)
    assert "glob  knife role from file roles/* typed in bash" in scan_text(
        scan(shadows=[shadow()], divergences=[divergence()]), PLAIN
    )


def found_in(path, message, rule="unreadable-declaration", *, severity="warning", object_=None):
    return Finding(rule, severity, object_, (path,), None, message, f"{rule} {path}")


def also(result, style=PLAIN):
    text = scan_text(result, style).partition("Also found\n")[2].partition("\n\n")[0]
    return " ".join(text.split())


def test_what_is_alike_is_one_line_with_a_count():
    nameless = [found_in(f"nodes/{each}.json", f"nodes/{each}.json: no name inside") for each in "abcd"]
    other = found_in("nodes/e.json", "nodes/e.json:3: parse error")
    found = scan(findings=[*nameless, other])
    assert also(found) == (
        "unreadable-declaration 4 files (nodes/a.json, nodes/b.json, nodes/c.json and 1 more): no name inside "
        "unreadable-declaration nodes/e.json:3: parse error"
    )
    assert also(found, EVERYTHING).count("no name inside") == 4
    undecided = [
        found_in(
            f"r/{x}.rb",
            f"r/{x}.rb:1: what it declares, perhaps role[{x}], could not be told: why",
            "undecided-declaration",
        )
        for x in "ab"
    ]
    assert also(scan(findings=undecided)).endswith("2 files (r/a.rb, r/b.rb): what it declares could not be told: why")


def test_that_a_file_cannot_be_loaded_is_told_once():
    refused = found_in("roles/x.rb", "roles/x.rb:6: SyntaxError: bad")
    stops = found_in("roles/x.rb", "roles/x.rb stops the upload (SyntaxError: bad, line 6)", "upload-aborted")
    assert also(scan(findings=[stops, refused])) == f"upload-aborted {stops.message}"
    past = replace(stops, at_tip=False)
    assert also(scan(findings=[past, refused])).startswith(f"unreadable-declaration {refused.message}")


def test_what_the_block_of_an_object_tells_is_not_told_again():
    left = found_in("roles/base-copy.json", "it stayed live", "stale-after-removal", object_="role[base]")
    told = scan(shadows=[shadow()], divergences=[divergence()], findings=[left])
    assert also(told) == ""
    assert "it stayed live" in also(told, EVERYTHING)
    elsewhere = replace(left, paths=("roles/other.json",), message="the other one stayed live")
    assert "the other one" in also(replace(told, findings=(elsewhere,)))


def test_what_waits_to_happen_is_said_and_what_to_do():
    text = scan_text(scan(shadows=[shadow("base")]), PLAIN)
    assert "Still declared by several files at the tip" in text
    assert "knife role from file roles/base.json\n" not in text  # it is live
    assert "   do          git rm roles/base-copy.json " in text
    assert "avoid" not in text  # no replay shows a command that would do harm


def test_without_a_canonical_file_somebody_must_decide():
    text = scan_text(scan(shadows=[shadow("base", paths=("roles/a.json", "roles/b.json"), canonical=False)]), PLAIN)
    assert "none of them is called after the object" in text
    assert "decide which file is meant" in text


def test_paths_with_blanks_are_quoted_where_they_are_to_be_copied():
    text = scan_text(scan(shadows=[shadow("base", paths=("roles/a; reboot.json", "roles/base.json"))]), PLAIN)
    assert "git rm 'roles/a; reboot.json'" in text


def test_gaps_make_the_result_a_lower_bound():
    text = scan_text(
        scan(gaps=[Gap("shallow", "history is cut off"), Gap("missing-blob", "x")], notes=["a note"]), PLAIN
    )
    assert "The evidence is incomplete (2 gaps" in text
    assert "lower bound" in text
    assert "The evidence is complete" not in text
    assert "Note: a note" in text


def test_long_lists_are_cut_unless_everything_is_wanted():
    changes = [ValueChange("add", f"/default_attributes/a{number}", after=number) for number in range(20)]
    found = scan(
        shadows=[shadow()], divergences=[divergence("base", phase(*changes), nodes=tuple(map(str, range(40))))]
    )
    short, long = scan_text(found, PLAIN), scan_text(found, EVERYTHING)
    assert "and 14 more (--verbose lists them)" in short
    assert "default_attributes.a19" not in short
    assert "default_attributes.a19" in long
    assert "more" not in long.replace("evermore", "")


def test_findings_of_no_danger_are_counted_only():
    finding = Finding("look-alike-names", "note", None, (), None, "role[A] and role[a]", "0" * 20)
    told = dataclasses.replace(finding, rule="upload-aborted", severity="warning", message="stops the upload")
    over = dataclasses.replace(told, message="stopped the upload", at_tip=False)
    short = scan_text(scan(findings=[finding, told, over]), PLAIN)
    assert "stops the upload" in short
    assert "stopped the upload" not in short
    assert "2 more findings" in short
    long = scan_text(scan(findings=[finding, told, over]), EVERYTHING)
    assert "role[A] and role[a]" in long
    assert "stopped the upload" in long


def test_only_the_scenarios_that_are_named_are_explained():
    found = scan(shadows=[shadow()], divergences=[divergence(scenario="changed")])
    legend = scan_text(found, PLAIN).partition("The scenarios named above")[2]
    assert "   changed  knife role from file" in legend
    assert "json-then-rb" not in legend


def test_colours_change_nothing_but_colours():
    found = scan(shadows=[shadow()], divergences=[divergence("base", phase(added=["evil"]), nodes=("web01",))])
    painted = scan_text(found, Style(color=True))
    assert "\x1b[1;31m" in painted
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted).split() == scan_text(found, PLAIN).split()


any_text = st.text(st.characters(exclude_categories=()), max_size=12)
names = st.lists(any_text, max_size=4).map(tuple)
commits = st.sampled_from([FIRST, "b2" * 20, "c3" * 20])
dates = st.sampled_from(["2014-08-31T10:00:00-07:00", "@-99999999999999"])
values = st.recursive(
    st.none() | st.integers() | any_text | st.builds(Unresolved, any_text, st.just(1)),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(any_text, inner, max_size=2),
    max_leaves=4,
)
kinds = st.sampled_from(["role", "environment", "data_bag_item", "node"])
paths = st.lists(any_text, min_size=1, max_size=3).map(tuple)
changes = st.builds(
    ValueChange, st.sampled_from(["add", "remove", "replace"]), any_text.map(lambda text: f"/{text}"), values, values
)
sources = st.none() | st.builds(Source, st.none() | any_text, st.none() | commits, commits)
recipes = st.dictionaries(any_text, names, max_size=2)
shadows = st.builds(
    Shadow, id=any_text, kind=kinds, container=any_text, name=any_text, paths=paths, canonical=st.none() | any_text,
    first_commit=commits, first_date=dates, last_commit=commits, last_date=dates, commits=st.integers(1),
    first_parent_commits=st.integers(0), at_head=st.booleans(), contents_differ=st.none() | st.booleans(),
    possible=st.just(()),
)  # fmt: skip
phases = st.builds(Phase, commits, dates, sources, sources, st.lists(changes, max_size=3).map(tuple), recipes, recipes)
divergences = st.builds(
    Divergence, shadow=any_text, scenario=st.sampled_from([one.name for one in SHIPPED]), kind=kinds,
    container=any_text, name=any_text, from_commit=commits, from_date=dates, until_commit=st.none() | commits,
    until_date=st.none() | dates, certainty=st.sampled_from(["exact", "race"]),
    reach=st.builds(Reach, names, st.none() | names, names), phases=st.lists(phases, min_size=1, max_size=2).map(tuple),
)  # fmt: skip
evidence = st.builds(
    EvidenceSummary, st.builds(Provenance, any_text, any_text, commits, any_text, names), st.just(5), st.just(3),
    st.lists(st.builds(Gap, any_text, any_text), max_size=2).map(tuple),
)  # fmt: skip
findings = st.builds(
    Finding, st.sampled_from(["upload-aborted", "live-divergence"]), st.sampled_from(["error", "warning", "note"]),
    st.none() | any_text, names, st.none() | commits, any_text, any_text, st.booleans(),
)  # fmt: skip
subjects = st.dictionaries(commits, st.builds(CommitNote, dates, dates, any_text, any_text))
scans = st.builds(
    Scan, evidence, dates, st.just(SHIPPED), st.just(("glob", "changed")), st.lists(shadows, max_size=3).map(tuple),
    st.lists(divergences, max_size=3).map(tuple), st.lists(findings, max_size=2).map(tuple), st.just(()), subjects,
)  # fmt: skip


@examples(75)
@given(scans, st.booleans(), st.integers(20, 200))
def test_a35_no_result_breaks_the_report_or_gets_through_to_the_terminal(result, verbose, width):
    for text in (
        scan_text(result, Style(width=width, verbose=verbose)),
        shadows_text(result, Style(width=width, verbose=verbose)),
    ):
        assert text.endswith("\n")
        text.encode("utf-8")
        assert obeyed(text) <= {"\n"}

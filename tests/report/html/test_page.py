"""The page: what stands in it, and that it needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from functools import cache

import pytest
from commandline import process
from inert import obeyed
from made_up_results import divergence, scan, shadow
from pages import Page, words
from reporting import report_at, story_report, story_reports, with_findings
from support import clone

import sample_repos
from forensics.analysis.policy_results import Ignore, Suppression
from forensics.analysis.report_results import Comparison
from forensics.analysis.rules.catalogue import ALL
from forensics.history.model import Gap
from forensics.report.html import report_html

EVERY_STORY = pytest.mark.parametrize("story", sample_repos.names())


@cache
def page_of(story):
    return Page(report_html(story_report(story)))


@pytest.fixture
def incident():
    return page_of("opsmatic-2014")


@EVERY_STORY
def test_it_is_valid_html_of_one_file(story):
    page = page_of(story)
    assert page.text.startswith("<!doctype html>")
    assert obeyed(page.text) == {"\n"}
    assert not page.all("link", rel="stylesheet")
    assert not page.all("img")
    assert not page.all("iframe")


@EVERY_STORY
def test_a37_nothing_is_loaded_from_anywhere(story):
    page = page_of(story)
    for element in page.elements:
        for name in ("href", "src", "srcset", "action", "data", "poster", "background"):
            target = element.get(name)
            assert target is None or target.startswith(("#", "data:image/svg+xml,")), target
    style = page.one("style").text
    assert set(re.findall(r"url\(([^)]*)\)", style)) <= {"#race", *(f"#file-{number}" for number in range(1, 6))}
    assert "@import" not in style
    assert not re.search(r"\b(fetch|XMLHttpRequest|import|WebSocket|eval|innerHTML)\b", page.all("script")[-1].text)


@EVERY_STORY
def test_a37_the_policy_names_this_style_and_this_script_alone(story):
    page = page_of(story)
    policy = page.one("meta", **{"http-equiv": "Content-Security-Policy"}).get("content")
    data, script = page.all("script")
    assert data.get("type") == "application/json"
    assert policy == (
        f"default-src 'none'; style-src '{source(page.one('style').text)}'; script-src '{source(script.text)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def source(text):
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@EVERY_STORY
def test_a37_no_style_and_no_script_stands_in_an_attribute(story):
    for element in page_of(story).elements:
        assert not [name for name in map(str, element.attrib) if name == "style" or name.startswith("on")]


@EVERY_STORY
def test_every_link_leads_to_a_place_on_the_page(story):
    page = page_of(story)
    places = [each.get("id") for each in page.elements if each.get("id") is not None]
    assert len(places) == len(set(places))
    for link in page.all("a"):
        assert link.get("href")[1:] in places
        assert words(link)
    for element in page.elements:
        for name in ("aria-labelledby", "for"):
            assert element.get(name) is None or element.get(name) in places


@EVERY_STORY
def test_every_picture_and_every_part_has_words(story):
    page = page_of(story)
    for element in page.elements:
        if element.get("role") in {"img", "group", "region"}:
            assert element.get("aria-label") or words(element.find("*"))
    for lane in page.all("svg"):
        assert lane.get("aria-label") or lane.get("aria-hidden") or lane.get("role") == "img"
    for cell in page.all("th"):
        assert cell.get("scope")


@EVERY_STORY
def test_a42_the_same_report_gives_the_same_bytes(story):
    report = story_report(story)
    assert report_html(report).encode() == report_html(report).encode()


@pytest.mark.slow
def test_a42_nothing_around_it_changes_the_bytes(tmp_path):
    directory = sample_repos.build("environment-and-data-bag", tmp_path / "repository").directory
    done = [
        process("report", directory, "--format", "html", environment=environment)
        for environment in (
            {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C", "PYTHONUTF8": "0"},
            {"PYTHONHASHSEED": "1", "TZ": "Asia/Kolkata", "LC_ALL": "en_US.UTF-8"},
        )
    ]
    assert done[0].output.startswith(b"<!doctype html>")
    assert done[0] == done[1]


def test_the_answer_stands_on_top(incident):
    answer = incident.one("section", id="answer")
    main = incident.one("main")
    assert next(iter(main)) is answer
    told = words(answer)
    assert told.startswith("Exposed at the tip: yes After 3 of 11 ways to upload this repository, the server holds")
    for fact in (
        "roles/base-original.json is live if uploads were made like this: knife role from file",
        "knife role from file roles/* typed in bash, zsh or ksh under en_US.UTF-8",
        "recipe[base::remove_default_users]",
        "recipe[fail2ban]",
        "15 nodes: bastion01 cassandra01",
        "Put it right knife role from file roles/base.json",
        "git rm roles/base-original.json",
        "Keep away from knife role from file roles/base-original.json knife role from file roles/*",
        "What is a shadow? A second file that declares the same object",
    ):
        assert fact in told


@pytest.mark.parametrize(
    ("story", "told"),
    [
        ("deleted-still-live", "Another file's content is live today only under ways of uploading that are special."),
        ("environment-and-data-bag", "knife data bag from file users data_bags/users/* typed in bash"),
        (
            "broken-middle",
            "Exposed at the tip: no Under none of the ways of uploading that were replayed is another file's",
        ),
        ("broken-middle", "Make sure that it stays so git rm"),
        ("rb-json-twins", "In the past, 1 object was shadowed: some ways of uploading would have left"),
        ("side-branch-three-way", "1 object was shadowed, without any effect"),
        ("look-alikes", "Every object is declared by one file only, in all of the history examined"),
    ],
)
def test_the_answer_of_other_stories(story, told):
    assert told in words(page_of(story).one("section", id="answer"))


def test_an_answer_from_incomplete_evidence_says_so():
    report = story_report("rb-json-twins")
    gap = Gap("missing-blob", "is not there", "a" * 40, "roles/base.json", "b" * 40)
    evidence = replace(report.evidence, gaps=(gap,))
    page = Page(report_html(replace(report, evidence=evidence)))
    assert words(page.one("h2", id="answer-title")) == "Exposed at the tip: not known"
    link = Gap("dangling-symlink", "leads nowhere", path="roles/x.json")
    page = Page(report_html(replace(report, evidence=replace(evidence, gaps=(link,)))))
    assert words(page.one("h2", id="answer-title")) == "Exposed at the tip: no, as far as could be read"
    page = Page(report_html(replace(report, evidence=replace(evidence, gaps=(gap,)))))
    assert "missing-blob" in words(page.one("section", id="evidence"))


def test_the_timeline_has_a_lane_for_each_group_of_scenarios_and_a_row_for_each_file(incident):
    lanes = [words(each) for each in incident.all("div") if (each.get("class") or "").startswith("row")]
    assert [lane.partition(" B:")[0].partition(" A:")[0] for lane in lanes[:6]] == [
        "glob",
        "changed-locale, changed-reversed",
        "glob-sh, glob-c, json-then-rb, knife-upload, chef-solo, chef-solo-legacy",
        "changed, grocery-delivery",
        "A roles/base.json",
        "B roles/base-original.json",
    ]
    assert "B: roles/base-original.json was live from 2013-10-08 until 2014-08-31 (c4eff3feed95)" in lanes[0]
    assert "not what the canonical file says: from 2013-10-15 to the tip" in lanes[0]
    assert "B: roles/base-original.json changed on 2014-08-31 (6b9da3347652)" in lanes[5]
    assert lanes[6].startswith("2013-07-16 2013-10")
    assert lanes[6].endswith("2014-11-04 (tip)")


def test_what_logs_prove_has_room_and_is_not_drawn_while_there_is_none(incident):
    assert not [each for each in incident.all("div") if "proven" in (each.get("class") or "")]


def test_contents_stand_side_by_side(incident):
    table = next(each for each in incident.all("table") if "lists" in (each.get("class") or ""))
    rows = [(row.get("class"), *map(words, row)) for row in table.find("tbody")]
    assert rows[0] == ("same", "recipe[ntp]", "recipe[ntp]")
    assert ("removed", "\N{MINUS SIGN} recipe[fail2ban]", "") in rows
    assert ("added", "", "+ recipe[base::remove_default_users]") in rows
    values = next(each for each in incident.all("table") if "values" in (each.get("class") or ""))
    assert words(values.find("tbody")) == 'default sysctl {"net.core.somaxconn": 1024} not there'


def test_findings_have_their_rules_and_lead_to_the_timeline(incident):
    told = words(incident.one("section", id="findings"))
    for rule in ALL:
        found = rule.id in {row.rule for row in story_report("opsmatic-2014").findings}
        assert (rule.meaning in told) == found
        assert (rule.help in told) == found
    link = next(each for each in incident.all("a") if each.get("data-show"))
    assert link.get("href") == "#object-1-timeline"
    commits = json.loads(incident.one("script", id="commits").text)
    assert commits[int(link.get("data-show"))][0] == "7a529af17e5d"


def test_the_foot_says_where_it_comes_from(incident):
    told = words(incident.one("section", id="evidence"))
    for fact in (
        "afdf4c753139d9b100df43d567902283ff0ffb94",
        "libgit2",
        "50 commits",
        "the 42 of the first-parent",
        "yes",
    ):
        assert fact in told
    ways = words(incident.one("section", id="ways"))
    assert all(scenario.description in ways for scenario in story_report("opsmatic-2014").scenarios)


def test_options_and_what_the_configuration_lets_pass_are_told():
    report = story_report("opsmatic-2014")
    finding, *rest = report.findings
    ignore = Ignore("known since May", rule=finding.rule, object=finding.object, expires="2014-12-31")
    scan = replace(
        report,
        findings=tuple(rest),
        suppressed=(Suppression(finding, ignore),),
        asked={"--since": "2014-08-01"},
    )
    page = Page(report_html(scan))
    told = words(page.one("section", id="findings"))
    assert f"known since May (rule {finding.rule}, object role[base], until 2014-12-31)" in told
    assert finding.message in told
    assert "--since 2014-08-01" in words(page.one("section", id="evidence"))


def test_a_comparison_with_an_earlier_report_is_told():
    report = story_report("opsmatic-2014")
    first, second, third, fourth = report.findings
    baseline = Comparison(
        "c" * 40,
        "2014-08-01T10:00:00+00:00",
        frozenset({first.fingerprint}),
        frozenset({second.fingerprint}),
        (replace(third, message="it is gone", fingerprint="0" * 20),),
        7,
        ("The history was rewritten.",),
    )
    page = Page(report_html(replace(report, baseline=baseline)))
    told = words(page.one("section", id="news"))
    assert "examined cccccccccccc of 2014-08-01; 7 commits came since" in told
    assert f"new {first.message}" in told
    assert f"worse {second.message}" in told
    assert "gone as of 2014-08-01: it is gone" in told
    assert "The history was rewritten." in told
    assert fourth.message not in told
    first_report = Page(report_html(replace(report, first=True)))
    assert "this is the first" in words(first_report.one("section", id="news"))


def test_a_report_without_anything_says_so():
    page = Page(report_html(with_findings()))
    assert "Every object is declared by one file only" in words(page.one("section", id="answer"))
    assert words(page.one("section", id="findings")) == "Findings None."


@pytest.mark.parametrize("story", [report.evidence.provenance.repository for report in story_reports()])
def test_sample_stories_are_small(story):
    assert len(report_html(story_report(story)).encode()) < 250_000


@pytest.mark.slow
def test_a_long_public_history_stays_far_below_three_megabytes():
    report = report_at(clone("openstreetmap/chef"))
    assert len(report_html(report).encode()) < 500_000


def test_a26_what_is_gone_is_told_up_to_a_number():
    report = story_report("opsmatic-2014")
    gone = tuple(replace(report.findings[0], fingerprint=f"{each:020x}") for each in range(5_000))
    compared = Comparison("a" * 40, None, frozenset(), frozenset(), gone)
    page = report_html(replace(report, baseline=compared))
    assert page.count('<span class="badge good">gone</span>') == 200
    assert "and 4800 more that are gone" in page


def test_what_no_file_declares_any_more_is_said_with_how_to_look_it_up():
    item = {"kind": "data_bag_item", "container": "data_bags/users", "name": "ada"}
    found = scan(shadows=[shadow(at_head=False, **item)], divergences=[divergence(is_open=False, **item)])
    assert "A server that had it still does" not in report_html(found)
    gone = report_html(replace(found, gone=frozenset({("data_bag_item", "data_bags/users", "ada")})))
    assert "A server that had it still does" in gone
    assert "knife data bag show users ada" in gone


def test_a_section_names_the_directories_of_the_files_of_a_server():
    paths = "shared/roles/base-old.json", "shared/roles/base.json"
    page = Page(report_html(scan(shadows=[shadow(container="production/roles", paths=paths)])))
    assert "role in shared/roles" in words(page.one("section", id="answer"))
    assert "production/roles" not in page.text.partition('id="objects"')[2].partition("<script")[0]

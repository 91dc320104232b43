"""The story of each shadowed object: what was live when, and which commits touched its files."""

from __future__ import annotations

import json

from building import examine, role

from forensics.analysis.objects import parse_object, timeline
from forensics.analysis.redaction import Redaction, redact_scan
from forensics.analysis.stories import report
from forensics.uploads.scenario import choose

BASE = {"roles/base.json": role("base", "ntp")}
EDITED = {"roles/base.json": role("base", "ntp", "sudo")}
IMPOSTOR = {"roles/base-original.json": role("base", "old")}
OTHER = {"roles/other.json": role("other")}


def story_of(tmp_path, *trees, **options):
    """The only story of these commits, and a way to number them."""
    examination, ids = examine(tmp_path, *trees, **options)
    (story,) = report(examination).stories
    return story, {oid: number for number, oid in enumerate(ids)} | {None: None}


def spans(story, numbers, scenario):
    lane = next(lane for lane in story.lanes if lane.scenario == scenario)
    return [
        (
            numbers[span.from_commit],
            numbers[span.until_commit],
            span.path and span.path.removeprefix("roles/"),
            span.diverges,
        )
        for span in lane.spans
    ]


def test_a_lane_tells_which_file_was_live_from_when_until_when_and_where_it_diverged(tmp_path):
    story, numbers = story_of(tmp_path, BASE | OTHER, BASE | IMPOSTOR | OTHER, EDITED | IMPOSTOR | OTHER, EDITED)
    assert story.object == "role[base]"
    assert spans(story, numbers, "glob") == [(0, 1, "base.json", False), (1, 3, "base-original.json", True),
                                             (3, None, "base.json", False)]  # fmt: skip
    assert spans(story, numbers, "glob-sh") == [(0, 2, "base.json", False), (2, None, "base.json", False)]


def test_the_lanes_are_those_of_the_scenarios_asked_for_and_agree_with_the_timeline(tmp_path):
    asked = choose(["changed", "glob"])
    examination, _ = examine(tmp_path, BASE, BASE | IMPOSTOR, EDITED | IMPOSTOR, EDITED, scenarios=asked)
    (story,) = report(examination).stories
    entries = timeline(examination, [parse_object("base")])
    assert [lane.scenario for lane in story.lanes] == ["glob", "changed"]
    for lane in story.lanes:
        of_lane = [entry for entry in entries if entry.scenario == lane.scenario]
        assert [(span.from_commit, span.path, span.blob) for span in lane.spans] == [
            (entry.from_commit, entry.path, entry.blob) for entry in of_lane
        ]


def test_an_object_that_an_uploader_deletes_is_not_live(tmp_path):
    story, numbers = story_of(tmp_path, BASE | IMPOSTOR, IMPOSTOR)
    (lane,) = [lane for lane in story.lanes if lane.scenario == "grocery-delivery"]
    assert spans(story, numbers, "grocery-delivery")[-1] == (1, None, None, False)
    assert [span.live for span in lane.spans][-1] is False


def test_touches_are_the_commits_at_which_a_file_began_changed_or_ceased_to_declare_the_object(tmp_path):
    renamed = {"roles/base-original.json": role("base-original", "old")}
    story, numbers = story_of(tmp_path, BASE, BASE | IMPOSTOR, EDITED | IMPOSTOR, EDITED | renamed, renamed)
    assert [(numbers[touch.commit], touch.path, touch.event) for touch in story.touches] == [
        (0, "roles/base.json", "added"),
        (1, "roles/base-original.json", "added"),
        (2, "roles/base.json", "changed"),
        (3, "roles/base-original.json", "removed"),
        (4, "roles/base.json", "removed"),
    ]
    assert story.paths == ("roles/base-original.json", "roles/base.json")
    assert story.canonical == "roles/base.json"
    assert story.at_tip == ()


def test_a_file_that_cannot_be_loaded_any_more_has_not_been_removed(tmp_path):
    broken = {"roles/base.json": "{"}
    story, numbers = story_of(tmp_path, BASE | IMPOSTOR, broken | IMPOSTOR, EDITED | IMPOSTOR)
    assert [(numbers[each.commit], each.event) for each in story.touches if each.path == "roles/base.json"] == [
        (0, "added"),
        (1, "unloadable"),
        (2, "added"),
    ]


def test_every_version_that_is_spoken_of_has_its_content_once(tmp_path):
    story, _ = story_of(tmp_path, BASE, BASE | IMPOSTOR, EDITED | IMPOSTOR)
    assert sorted((each.path, tuple(each.content["run_list"])) for each in story.contents) == [
        ("roles/base-original.json", ("recipe[old]",)),
        ("roles/base.json", ("recipe[ntp]",)),
        ("roles/base.json", ("recipe[ntp]", "recipe[sudo]")),
    ]


def test_every_commit_of_a_story_has_its_note(tmp_path):
    examination, ids = examine(tmp_path, BASE, OTHER | BASE, BASE | IMPOSTOR, EDITED | IMPOSTOR)
    found = report(examination, {"since": "2014"})
    assert set(found.notes) == {ids[0], ids[2], ids[3]}
    assert found.notes[ids[2]].subject == "Commit 2"
    assert found.asked == {"since": "2014"}


def test_a34_a_report_shows_no_secret_of_a_story(tmp_path):
    secret = {
        "roles/base.json": role("base", default_attributes={"db": {"password": "hunter2", "port": 1}}),
        "roles/copy.json": role("base", default_attributes={"db": {"password": "hunter3", "port": 2}}),
    }
    examination, _ = examine(tmp_path, secret)
    found = report(examination)
    assert "hunter2" in str(found)
    shown = redact_scan(found, Redaction.SECRETS)
    assert "hunter" not in str(shown)
    assert [each.content["default_attributes"]["db"]["port"] for each in shown.stories[0].contents] == [1, 2]


def test_a34_a_report_shows_nothing_that_a_data_bag_holds(tmp_path):
    item = {"data_bags/users/a.json": json.dumps({"id": "alice", "shell": "/opt/nosuchshell"})}
    examination, _ = examine(tmp_path, item | {"data_bags/users/b.json": json.dumps({"id": "alice", "shell": "x"})})
    shown = redact_scan(report(examination), Redaction.DATA_BAGS)
    assert shown.stories[0].object == "data_bag_item[users/alice]"
    assert "nosuchshell" not in str(shown)

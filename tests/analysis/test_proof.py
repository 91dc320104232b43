"""Which file of which commit a logged request was of: recorded logs with their truth, and what no truth could tell."""

from __future__ import annotations

import base64
import json
from datetime import datetime

import pytest
from building import DAY, START, examine, new_repository, role, write_line
from recorded import imported, stories, told
from server_logs import line, log, sha1
from support import json_lines, vectors

import forensics
from forensics.analysis.ground_results import HASH, LENGTH, PATH
from forensics.analysis.proof import prove
from forensics.analysis.proof_results import SeenUpload
from forensics.evidence.reading import read
from forensics.uploads.target import SharedServer

TOOK_EFFECT = range(200, 300)
GAVE_UP = 499


def asked(story, folder, *files, **keywords):
    """The answer of a recorded story's repository, all of whose branches count."""
    repository = forensics.open(imported(story, folder), every_ref=True)
    return repository.evidence(*map(str, files), **keywords)


def recorded_logs():
    """The recorded stories of which there is a server's log, each with it."""
    found = [(each, vectors() / "logs" / each.name) for each in stories("e2e")]
    return [(story, folder) for story, folder in found if (folder / "access.log").is_file()]


def test_every_recorded_request_has_its_file_among_its_matches(tmp_path):
    checked = 0
    for story, folder in recorded_logs():
        answer = asked(story, tmp_path, folder / "access.log")
        by_line = {each.source.line: each for each in answer.uploads}
        for truth in json_lines(folder / "truth.jsonl"):
            applied = truth["status"] in TOOK_EFFECT or truth["status"] == GAVE_UP
            if truth["method"] not in {"PUT", "POST", "DELETE"} or not applied:
                continue
            upload = by_line[truth["line"]]
            assert upload.action == truth["method"].lower()
            assert upload.applied is (truth["status"] in TOOK_EFFECT)
            where = f"{story.name}:{truth['line']}"
            if truth.get("file"):
                paths = {match.path for match in upload.matches}
                assert paths & {truth["file"], *(truth.get("file_candidates") or ())}, where
                assert upload.proof == HASH, where
            elif truth["method"] == "DELETE":
                assert upload.note.startswith("deletes "), where
            elif truth["path"].endswith("/data"):
                name = json.loads(base64.b64decode(truth["body_b64"]))["name"]
                assert (upload.object, upload.note) == (f"data_bag[{name}]", "makes a data bag"), where
            elif not upload.matches:
                assert upload.note.startswith("matches nothing in this repository"), where
            if upload.object is not None and truth.get("body_b64") and upload.kind is not None:
                body = json.loads(base64.b64decode(truth["body_b64"]))
                name = body.get("raw_data", {}).get("id") or body["name"]
                assert upload.object.rpartition("[")[2].rpartition("/")[2] == f"{name}]", where
            checked += 1
        assert not answer.value.unseen, story.name
    assert checked >= len(recorded_logs())


def long_stories():
    found = [each for each in stories("evidence") if (each / "complete" / "access.log").is_file()]
    return found or pytest.skip("no recorded evidence here")


def test_the_whole_log_of_a_long_story_proves_each_applied_file_and_what_was_live(tmp_path):
    for story in long_stories():
        answer = asked(story, tmp_path, story / "complete" / "access.log")
        by_line = {each.source.line: each for each in answer.uploads}
        edited = {
            (each["step"], each["file"])
            for each in json.loads((story / "live.json").read_text("utf-8"))
            if each.get("locally_edited")
        }
        for command in json.loads((story / "uploads.json").read_text("utf-8")):
            for file in command["files"]:
                if file["outcome"] != "applied":
                    continue
                upload = by_line[file["log_lines"][-1]]
                if (command["step"], file["path"]) in edited:
                    assert not upload.matches
                    continue
                found = [match for match in upload.matches if (match.path, match.blob) == (file["path"], file["blob"])]
                assert found, file
                clone = datetime.fromtimestamp(commit_time(story, command["clone_head"])).astimezone()
                assert any(datetime.fromisoformat(match.first_date) <= clone for match in found)
                assert upload.user == command["user"]
        hold_to_live(story, answer)
        assert not answer.value.unseen


def commit_time(story, oid):
    return next(each["time"] for each in told(story)["commits"] if each["oid"] == oid)


def hold_to_live(story, answer):
    """The timelines are what was made live, in that order, by uploads, edits on the server and deletions."""
    kinds = {"roles": "role", "environments": "environment", "nodes": "node"}
    expected = {}
    for each in json.loads((story / "live.json").read_text("utf-8")):
        directory, _, name = each["object"].rpartition("/")
        bag = directory.rpartition("/")[2]
        object_ = f"{kinds[directory]}[{name}]" if directory in kinds else f"data_bag_item[{bag}/{name}]"
        expected.setdefault(object_, []).append(each)
    timelines = answer.timelines()
    assert {object_ for _, object_ in timelines} == expected.keys()
    for (_, object_), stretches in timelines.items():
        for stretch, truth in zip(stretches, expected[object_], strict=True):
            assert 0 <= stretch.since - truth["time"] < 60, truth
            from_repository = truth["file"] is not None and not truth["locally_edited"]
            assert stretch.gone is (truth["file"] is None and "edited_on_server" not in truth), truth
            found = {(each.path, each.blob) for each in stretch.files}
            assert (truth["file"], truth["blob"]) in found if from_repository else not found, truth


def test_rotated_logs_with_gaps_claim_nothing_false_and_name_what_is_lost(tmp_path):
    for story in long_stories():
        logs = sorted((story / "gaps").glob("access.log*"))
        answer = asked(story, tmp_path, *logs)
        truth = json.loads((story / "gaps" / "truth.json").read_text("utf-8"))
        whole = asked(story, tmp_path, story / "complete" / "access.log")
        for upload in answer.uploads:
            others = [
                each
                for each in whole.uploads
                if (each.at, each.object, each.action) == (upload.at, upload.object, upload.action)
                and upload.content_hash in {each.content_hash, ""}
            ]
            assert len(others) == 1
            if upload.proof == HASH:
                assert upload.matches == others[0].matches
            elif upload.action != "delete":
                assert {match.blob for match in others[0].matches} <= {match.blob for match in upload.matches}
        lost = [each["time"] for each in truth["uploads"] if each["visible"] == ["lost"]]
        periods = [each.bounds for each in answer.value.uncovered]
        assert lost
        for time in lost:
            assert any(first <= time <= last for first, last in periods), time
        for change in answer.value.unseen:
            after, by = (datetime.fromisoformat(each).timestamp() for each in (change.after, change.by))
            assert any(
                after < each.at <= by and each.object == change.object and each.source.line for each in whole.uploads
            )
        cut = [each for each in answer.value.sources if each.gaps]
        assert [each.file for each in cut] == [str(each) for each in logs if not whole_lines(each)]


def whole_lines(path):
    return path.suffix == ".gz" or path.read_bytes().endswith(b"\n")


BASE = {"roles/base.json": role("base", "recipe[a]")}
COPIED = {**BASE, "roles/base-original.json": role("base", "recipe[b]")}
CHANGED = {**COPIED, "roles/base.json": role("base", "recipe[c]")}
PUT = "PUT /roles/base"
GET = "GET /roles/base"


def body(*run_list):
    listed = ",".join(f'"{each}"' for each in run_list)
    return (
        '{"name":"base","description":"","json_class":"Chef::Role","default_attributes":{},"override_attributes":{},'
        f'"chef_type":"role","run_list":[{listed}],"env_run_lists":{{}}}}'
    ).encode()


def proven(tmp_path, *lines, trees=(BASE, COPIED, CHANGED), **options):
    examination, _ = examine(tmp_path, *trees, **options)
    return prove(examination, read([log(tmp_path / "access.log", *lines)]))


def paths(upload):
    return {match.path for match in upload.matches}


def test_only_what_a_commit_held_by_then_matches_and_clocks_may_differ(tmp_path):
    sent = sha1(body("recipe[c]"))  # committed on the third day
    early, close, late = proven(
        tmp_path,
        *[line(PUT, time=START + 2 * DAY + at, content_hash=sent) for at in (-600, -100, 600)],
    ).uploads
    assert (paths(early), paths(close), paths(late)) == (set(), {"roles/base.json"}, {"roles/base.json"})
    assert early.note.startswith("committed only afterwards")
    assert [match.path for match in early.committed_later] == ["roles/base.json"]


def test_two_files_of_one_content_are_both_named(tmp_path):
    same = {**BASE, "roles/base-copy.json": BASE["roles/base.json"]}
    found = proven(tmp_path, line(PUT, time=START + 3 * DAY, content_hash=sha1(body("recipe[a]"))), trees=[same])
    assert paths(found.uploads[0]) == {"roles/base.json", "roles/base-copy.json"}


def test_a_post_is_named_by_the_body_that_it_sent(tmp_path):
    (upload,) = proven(tmp_path, line("POST /roles", time=START + DAY, content_hash=sha1(body("recipe[b]")))).uploads
    assert (upload.object, paths(upload)) == ("role[base]", {"roles/base-original.json"})


def indented(*run_list):
    """How long chef-zero's answer is: it writes each member on a line of its own."""
    value = json.loads(body(*run_list))
    empty = 4 * sum(not each for each in value.values() if isinstance(each, dict))
    return len(json.dumps(value, indent=2)) + empty + 1


@pytest.mark.parametrize("size", [lambda *items: len(body(*items)), indented], ids=["erchef", "chef-zero"])
def test_without_a_hash_the_next_answer_tells_what_was_sent_if_sizes_can_be_told(tmp_path, size):
    trees = [{**COPIED, "roles/base-original.json": role("base", "recipe[long]")}]
    at = START + 5 * DAY
    found = proven(
        tmp_path,
        line(PUT, time=at, content_hash=sha1(body("recipe[a]"))),
        line(GET, time=at + 1, size=size("recipe[a]")),
        line(PUT, time=at + 2, content_hash="-"),
        line(GET, time=at + 3, size=size("recipe[long]")),
        line(PUT, time=at + 4, content_hash="-"),
        line(GET, time=at + 5, size=7),
        trees=trees,
    )
    _, second, third = found.uploads
    assert [each.proof for each in found.uploads] == [HASH, LENGTH, PATH]
    assert paths(second) == {"roles/base-original.json"}
    assert paths(third) == {"roles/base.json", "roles/base-original.json"}  # nothing tells which
    assert not found.unseen


def test_an_answer_of_another_size_shows_a_change_that_no_request_tells_of(tmp_path):
    at = START + 5 * DAY
    lines = [
        line(PUT, time=at, content_hash=sha1(body("recipe[a]"))),
        line(GET, time=at + 5, size=len(body("recipe[a]"))),
        line(GET, time=at + 9, size=len(body("recipe[long]"))),
        line(GET, time=at + 12, status=404),
    ]
    other, gone = proven(tmp_path, *lines, trees=[{**BASE, "roles/x.json": role("base", "recipe[long]")}]).unseen
    assert [match.path for match in other.matches] == ["roles/x.json"]
    assert (other.after[-14:-6], other.by[-14:-6]) < (gone.after[-14:-6], gone.by[-14:-6])
    assert gone.absent


@pytest.mark.parametrize("apart", [1, 90])
def test_what_was_answered_and_logged_in_another_order_shows_no_change(tmp_path, apart):
    at = START + 5 * DAY
    old, new = (len(body(each)) for each in ("recipe[a]", "recipe[long]"))
    first = [
        line(PUT, time=at, content_hash=sha1(body("recipe[a]"))),
        line(GET, time=at + 5, size=old),
        line(GET, time=at + 300 - apart, size=new),
        line(GET, time=at + 300 + apart, size=old),
        line(GET, time=at + 600, size=new),
    ]
    sent = line(PUT, time=at + 300, content_hash=sha1(body("recipe[long]")))
    examination, _ = examine(tmp_path, {**BASE, "roles/x.json": role("base", "recipe[long]")})
    # the clocks of two servers differ by more than one second
    names = [log(tmp_path / "access.log", *first, *([sent] if apart == 1 else []))]
    names += [log(tmp_path / "other-access.log", sent)] if apart > 1 else []
    assert not prove(examination, read(names)).unseen
    assert prove(examination, read(names[:1]), skew=0).unseen or apart == 1


def test_nothing_is_concluded_from_sizes_that_fit_no_way_of_writing(tmp_path):
    at = START + 5 * DAY
    found = proven(
        tmp_path,
        line(PUT, time=at, content_hash=sha1(body("recipe[a]"))),
        line(GET, time=at + 5, size=61),
        line(GET, time=at + 9, size=80),  # compressed for one client, and not for the other
        line(PUT, time=at + 10, content_hash="-"),
        line(GET, time=at + 11, size=len(body("recipe[b]"))),
    )
    assert not found.unseen
    assert found.uploads[-1].proof == PATH


def test_organizations_have_their_own_files_where_the_configuration_says_which(tmp_path):
    trees = [{f"{org}/roles/base.json": role("base", "recipe[a]") for org in ("one", "two")}]
    servers = tuple(SharedServer((each,), organization=f"org-{each}") for each in ("one", "two"))
    sent = sha1(body("recipe[a]"))
    lines = [
        line(f"PUT /organizations/{each}/roles/base", time=START + DAY, content_hash=sent)
        for each in ("org-one", "org-two", "third")
    ]
    found = proven(tmp_path, *lines, trees=trees, servers=servers)
    assert [paths(each) for each in found.uploads] == [{"one/roles/base.json"}, {"two/roles/base.json"}, set()]


def test_a_row_of_ones_own_table_names_the_file_or_the_commit(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    ids = write_line(repository, [BASE, COPIED, CHANGED])
    at = datetime.fromtimestamp(START + 10 * DAY).astimezone().isoformat()
    rows = [
        {"time": at, "action": "upload", "path": "roles/base.json", "commit": ids[0][:12]},
        {"time": at, "action": "upload", "path": "roles/base.json"},
        {"time": at, "action": "upload", "object": "role[base]"},
        {"time": at, "action": "upload", "path": "roles/nowhere.json"},
    ]
    named = log(tmp_path / "own.jsonl", *map(json.dumps, rows))
    one, file, object_, nowhere = forensics.open(tmp_path / "r.git").evidence(named).uploads
    assert (one.object, len(one.matches), paths(one)) == ("role[base]", 1, {"roles/base.json"})
    assert (file.object, len(file.matches), paths(file)) == ("role[base]", 2, {"roles/base.json"})
    assert (len(object_.matches), paths(object_)) == (3, {"roles/base.json", "roles/base-original.json"})
    assert (nowhere.object, nowhere.matches) == (None, ())
    assert all(isinstance(each, SeenUpload) and each.proof == PATH for each in (one, file, object_, nowhere))

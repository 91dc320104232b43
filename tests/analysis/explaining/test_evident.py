"""What logs, client runs, backups and shell histories leave to be assumed: recorded evidence with its truth."""

from __future__ import annotations

import json

import pygit2
import pytest
from building import DAY, START, examine, role
from recorded import imported, long_stories
from server_logs import line, log, sha1

import forensics
from forensics.analysis.dates import iso
from forensics.analysis.explain import explain
from forensics.analysis.objects import ObjectName
from forensics.chef.objects import Kind
from forensics.chef.wire import encode
from forensics.evidence.observed import parse_fact
from forensics.evidence.reading import read

BASE = ObjectName(Kind.ROLE, "base")
WEEK = ("2014-09-10", "2014-09-18")


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Asks of the role that went wrong in a recorded story of several weeks, with some of its evidence."""
    folder = tmp_path_factory.mktemp("long")
    (folder / "aliases.toml").write_text('[evidence]\naliases = {krf = "knife role from file"}\n', "utf-8")
    (story, *_) = long_stories()
    path = imported(story, folder)
    written = pygit2.Repository(str(path))
    written.set_head(next(each for each in written.references if each.startswith("refs/heads/")))
    repository = forensics.open(path, config=folder / "aliases.toml")

    def ask(*patterns):
        files = [str(path) for pattern in patterns for path in sorted(story.glob(pattern))]
        return repository.explain("role[base]", evidence=files).value

    return story, ask


def test_with_the_whole_log_everything_is_proven_and_every_way_of_uploading_is_refuted(asked):
    story, ask = asked
    found = ask("complete/access.log", "client/*", "backups/*/download")
    assert found.contradiction is None
    (told,) = found.stories
    assert (found.stories_in_all, told.cost) == (1, 0)
    assert not any(act.assumed for act in told.acts)
    acts = [act for act in told.acts if act.uploads and act.uploads[-1].object == "role[base]"]
    truth = [each for each in json.loads((story / "live.json").read_text("utf-8")) if each["object"] == "roles/base"]
    after = [each["time"] for each in truth[1:]]
    last = [each for each, then in zip(truth, [*after, 1 << 40], strict=True) if then - each["time"] >= 3600]
    changes = [
        each["file"]
        for before, each in zip([{}, *last], last, strict=False)
        if each["file"] is None or (each["file"], each["blob"]) != (before.get("file"), before.get("blob"))
    ]
    assert [act.uploads[-1].path for act in acts] == changes  # what was sent again changed nothing
    assert not any(each.fits for each in found.scenarios)
    runs = [fact for fact in found.facts if fact.text.startswith("node[")]
    assert len(runs) == len(json.loads((story / "story.json").read_text("utf-8"))["client_runs"])
    assert all(fact.bearing == "decides" for fact in found.facts)


def test_assumptions_lie_in_the_week_that_no_log_covers(asked):
    _, ask = asked
    found = ask("gaps/access.log*", "client/*")
    (told,) = found.stories
    assumed = [act for act in told.acts if act.assumed]
    assert [act.kind for act in assumed] == ["routine", "outside"]
    assert all(WEEK[0] <= act.from_[:10] and act.until[:10] <= "2014-09-20" for act in assumed)
    assert assumed[0].uploads[-1].path == "roles/base.json"


def test_what_the_log_lost_is_found_again_in_histories(asked):
    _, ask = asked
    found = ask("gaps/access.log*", "client/*", "history/*")
    (told,) = found.stories
    assert told.cost == 0
    assert [act.kind for act in told.acts if act.assumed] == ["tried", "tried"]
    for act in told.acts:
        if act.assumed:
            assert WEEK[0] <= act.from_[:10] == act.until[:10] < WEEK[1]
            assert "_history:" in act.why


ONE = role("base", "recipe[a]")
TWO = role("base", "recipe[b]")
TREES = ({"roles/base.json": ONE}, {"roles/base.json": TWO})


def put(at, content, **keywords):
    body = encode({**json.loads(content), "description": ""})
    return line("PUT /organizations/acme/roles/base", time=at, content_hash=sha1(body), **keywords)


def explained(tmp_path, *facts, files=(), trees=TREES):
    examination, _ = examine(tmp_path, *trees)
    return explain(examination, BASE, [parse_fact(each, n) for n, each in enumerate(facts, 1)], 0, read(files))


def history(path, *typed):
    path.write_text("".join(f"#{at}\n{text}\n" for at, text in typed), "utf-8")
    return str(path)


def test_a_typed_command_need_not_have_had_any_effect(tmp_path):
    at = START + DAY + 60
    typed = history(tmp_path / ".bash_history", (at, "git pull -q"), (at, "knife role from file roles/base.json"))
    facts = (f"{iso(START + DAY + 90)} role[base] has recipe[a]",)
    found = explained(tmp_path / "r", f"{iso(START + 60)} role[base] has recipe[a]", *facts, files=[typed])
    assert found.contradiction is None
    assert [act.kind for act in found.stories[0].acts if act.kind != "routine"] == ["no-effect"]
    assert found.stories[0].cost == 1


def test_a_request_without_a_hash_leaves_open_what_was_sent_then_and_nothing_else(tmp_path):
    at = START + DAY + 3600
    logged = log(
        tmp_path / "access.log",
        line("GET /organizations/acme/roles/base", time=START - DAY, status=404),
        put(at, TWO).replace(sha1(encode({**json.loads(TWO), "description": ""})), "-"),
        line("GET /organizations/acme/nodes/x", time=at + DAY),
    )
    found = explained(tmp_path / "r", f"{iso(at + 60)} role[base] has recipe[b]", files=[logged])
    (act,) = found.stories[0].acts
    assert (act.kind, act.from_) == ("routine", iso(at))
    found = explained(tmp_path / "s", f"{iso(at - 60)} role[base] has recipe[b]", files=[logged])
    assert found.contradiction == ("F1",)


def test_a_backup_tells_what_was_held_and_what_was_not(tmp_path):
    for name, content in (("held", TWO), ("none", None)):
        folder = tmp_path / name / "roles"
        folder.mkdir(parents=True)
        (folder / "web.json").write_text(json.dumps({"name": "web", "json_class": "Chef::Role"}), "utf-8")
        if content:
            whole = {**json.loads(content), "json_class": "Chef::Role", "chef_type": "role"}
            (folder / "base.json").write_text(json.dumps(whole), "utf-8")
    days = [iso(START + number * DAY)[:10] for number in range(4)]
    found = explained(tmp_path / "r", files=[f"{tmp_path / 'held'}@{days[2]}", f"{tmp_path / 'none'}@{days[3]}"])
    assert [fact.text for fact in found.facts] == ["role[base] was as the backup has it", "role[base] was not there"]
    assert [act.kind for act in found.stories[0].acts] == ["routine", "deleted"]
    assert found.stories[0].acts[0].uploads[-1].blob == found.common[0].content.blob


def test_a_run_tells_which_contents_of_all_roles_led_to_it(tmp_path):
    node = {"nodes/web01.json": '{"name": "web01", "run_list": ["role[web]"]}'}
    trees = (
        {**node, "roles/base.json": ONE, "roles/web.json": role("web", "role[base]", "recipe[w]")},
        {**node, "roles/base.json": TWO, "roles/web.json": role("web", "recipe[w]", "role[base]")},
    )
    stamp = iso(START + DAY + 3600)
    lines = (
        "INFO: *** Chef 12.0.3 ***",
        "INFO: Run List is [role[web]]",
        "INFO: Run List expands to [b, w]",
        "INFO: Starting Chef Run for web01",
        "INFO: Chef Run complete in 2.0 seconds",
    )
    path = tmp_path / "client.log"
    path.write_text("".join(f"[{stamp}] {each}\n" for each in lines), "utf-8")
    found = explained(tmp_path / "r", files=[str(path)], trees=trees)
    (fact,) = found.facts
    assert fact.text == "node[web01] ran role[web]: b, w"
    (told,) = found.stories
    assert {(each.object, each.commit) for act in told.acts for each in act.uploads} == {
        ("role[base]", found.common[0].content.commit),
        ("role[web]", found.common[1].content.commit),
    }
    assert found.common[0].content.commit != found.common[1].content.commit

"""erchef's own log, tables of one's own, and Timesketch's: read with what they tell, and nothing guessed."""

from __future__ import annotations

import json

import pytest
from server_logs import START, line, log, sha1

from forensics.chef.objects import Kind
from forensics.evidence.reading import read
from forensics.evidence.records import Action

ERCHEF = (
    "2014-08-31T15:46:{:02}Z erchef@127.0.0.1 method={}; path={}; status={}; req_id=g3IAA2QAEGVyY2hl; org_name=acme; "
    "msg=[]; req_time=12; user={};"
)


def test_erchefs_log_has_who_and_when_but_no_hash(tmp_path):
    found = read(
        [
            log(
                tmp_path / "requests.log.1",
                ERCHEF.format(40, "PUT", "/organizations/acme/roles/base", 200, "alice"),
                ERCHEF.format(41, "PUT", "/organizations/acme/roles/base", 403, "mallory; status=200"),
                ERCHEF.format(42, "GET", "/organizations/acme/roles/base", 200, "alice"),
                ERCHEF.format(43, "PUT", "/organizations/acme/nodes/web01", 200, "web01"),
                "no request",
            )
        ]
    )
    (request,) = found.requests
    assert (request.time, request.name, request.user, request.content_hash) == (START, "base", "alice", "")
    assert [each.name for each in found.saves] == ["web01"]
    assert (found.sources[0].format, found.sources[0].refused, found.sources[0].bad.count) == ("requests-log", 1, 1)


def test_a_request_in_both_logs_counts_once_with_its_hash(tmp_path):
    both = [
        log(tmp_path / "requests.log.1", ERCHEF.format(41, "PUT", "/organizations/acme/roles/base", 200, "alice")),
        log(tmp_path / "access.log", line("PUT /organizations/acme/roles/base", content_hash=sha1(b"x"))),
    ]
    assert [each.content_hash for each in read(both).requests] == [sha1(b"x")]


ROWS = [
    {"time": "2014-08-31T15:46:40Z", "action": "upload", "object": "role[base]", "user": "alice", "commit": "abc"},
    {"time": START, "action": "DELETE", "object": "data_bag_item[users/bob]"},
    {"time": "2014-08-31 15:46:40", "action": "put", "path": "roles/base.json", "content_hash": sha1(b"x")},
    {"time": "whenever", "action": "put", "object": "role[base]"},
    {"time": START, "action": "sneezed", "object": "role[base]"},
    {"time": START, "action": "put", "object": "cookbook[base]"},
]


def csv_text():
    names = ["time", "action", "object", "path", "user", "commit", "content_hash"]
    return [",".join(names), *[",".join(f'"{row.get(name, "")}"' for name in names) for row in ROWS]]


@pytest.mark.parametrize("lines", [[json.dumps(row) for row in ROWS], csv_text()], ids=["json-lines", "csv"])
def test_tables_are_read_alike(tmp_path, lines):
    found = read([log(tmp_path / "uploads", *lines)])
    first, deleted, third = sorted(found.requests, key=lambda each: each.place.line)
    assert (first.time, first.action, first.kind, first.name) == (START, Action.PUT, Kind.ROLE, "base")
    assert (first.user, first.commit) == ("alice", "abc")
    assert (deleted.time, deleted.action, deleted.bag, deleted.name) == (START, Action.DELETE, "users", "bob")
    assert (third.path, third.content_hash, third.kind) == ("roles/base.json", sha1(b"x"), None)
    source = found.sources[0]
    assert (source.used, source.bad.count) == (3, 3)
    assert "since nothing tells" in source.zone


def test_a_timeline_of_timesketch_gives_what_it_names(tmp_path):
    event = {"message": "m", "datetime": "2014-08-31T15:46:40+00:00", "timestamp_desc": "x"}
    found = read([log(tmp_path / "t.jsonl", json.dumps(event), json.dumps({**event, **ROWS[0]}), "[]", "{")])
    assert [(each.time, each.name) for each in found.requests] == [(START, "base")]
    assert (found.sources[0].format, found.sources[0].bad.count) == ("timesketch", 2)

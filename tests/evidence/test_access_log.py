"""The access log of a Chef server: every form of it is read, and nothing that stands in it does any harm."""

from __future__ import annotations

import bz2
import gzip
import lzma
import random
import tracemalloc

import pytest
from effort import cpu_seconds
from server_logs import CLIENT, KNIFE, NOTHING, START, line, log, sha1, sha256, zone

from forensics.chef.objects import Kind
from forensics.evidence import files
from forensics.evidence.files import EvidenceFileError
from forensics.evidence.merging import uncovered
from forensics.evidence.reading import read
from forensics.evidence.records import Action

HASH = sha1(b"a role")
PUT = "PUT /organizations/acme/roles/base"


def requests(tmp_path, *lines):
    return read([log(tmp_path / "access.log", *lines)]).requests


@pytest.mark.parametrize(
    "written",
    [
        line(PUT, content_hash=HASH),
        line(PUT, content_hash=HASH, length=' "1435"'),
        line(PUT, content_hash=HASH, length=""),
        line(PUT, content_hash=HASH, length=' 1435 "remote-request-7"'),
        line(PUT, content_hash=HASH, before=" 192.0.2.1, 198.51.100.7- "),
        line(PUT, content_hash=HASH, stamp="2014-08-31T15:46:40+00:00"),
        line(PUT, content_hash=HASH, stamp="2014-08-31T08:46:40-07:00"),
        line(PUT, content_hash=HASH, stamp="1409500000.417"),
        line(PUT, content_hash=HASH, zone=zone(-7)),
        line(PUT.replace("base", "b%61se"), content_hash=HASH),
        line(PUT.replace("/roles", "//roles"), content_hash=HASH),
        line(f"{PUT}?x=/nodes/y", content_hash=HASH),
        line(PUT, content_hash=HASH, remote_user="[04/Aug/2014:11:20:02 -0700]"),
    ],
)
def test_every_form_of_a_line_is_read(tmp_path, written):
    (found,) = requests(tmp_path, written)
    assert (found.time, found.action, found.kind, found.name) == (START, Action.PUT, Kind.ROLE, "base")
    assert (found.organization, found.user, found.content_hash) == ("acme", "alice", HASH)
    assert (found.client, found.status) == ("Chef Infra Client Knife/18.4.12", 200)


def test_paths_name_objects_with_and_without_an_organization(tmp_path):
    found = requests(
        tmp_path,
        line("PUT /roles/base"),
        line("DELETE /environments/prod"),
        line("PUT /nodes/web01"),
        line("PUT /organizations/acme/data/users/al%20ice"),
        line("POST /organizations/acme/data/users"),
        line("DELETE /organizations/acme/data/users"),
        line("POST /data"),
        line("POST /roles"),
    )
    assert [(each.action.value, each.kind, each.name, each.bag, each.organization) for each in found] == [
        ("put", Kind.ROLE, "base", "", ""),
        ("delete", Kind.ENVIRONMENT, "prod", "", ""),
        ("put", Kind.NODE, "web01", "", ""),
        ("put", Kind.DATA_BAG_ITEM, "al ice", "users", "acme"),
        ("post", Kind.DATA_BAG_ITEM, None, "users", "acme"),
        ("delete", None, None, "users", "acme"),
        ("post", None, None, "", ""),
        ("post", Kind.ROLE, None, "", ""),
    ]


def test_what_concerns_no_object_says_nothing(tmp_path):
    found = read(
        [
            log(
                tmp_path / "access.log",
                line("GET /organizations/acme/file_store/checksums/ff"),
                line("POST /organizations/acme/environments/prod/cookbook_versions"),
                line("POST /organizations/acme/reports/nodes/web01/runs", status=404),
                line("PUT /organizations/acme/roles/base/_acl/read"),
                line("PUT /organizations/acme/data-collector/users"),
                line("HEAD /organizations/acme/roles/base"),
            )
        ]
    )
    assert (found.requests, found.sizes, found.sources[0].lines, found.sources[0].used) == ([], [], 6, 0)


def test_what_the_server_refused_counts_and_took_no_effect(tmp_path):
    found = read([log(tmp_path / "access.log", line(PUT, status=404), line(PUT, status=412), line(PUT, status=500))])
    assert found.requests == []
    assert found.sources[0].refused == 3


def test_where_nobody_waited_for_the_answer_it_is_not_known_whether_it_took_effect(tmp_path):
    assert [each.applied for each in requests(tmp_path, line(PUT, status=499), line(PUT, status=200))] == [False, True]


def test_a_post_has_the_name_of_the_put_that_was_refused_before_it(tmp_path):
    found = requests(
        tmp_path,
        line(PUT, status=404, content_hash=HASH),
        line("POST /organizations/acme/roles", status=201, content_hash=HASH),
        line("POST /organizations/acme/roles", status=201, content_hash=sha1(b"another")),
    )
    assert [each.name for each in found] == ["base", None]


def test_both_hashes_are_kept_and_nothing_else_is_one(tmp_path):
    hashes = [sha1(b""), sha256(b""), "-", "not a hash", "x" * 44]
    found = requests(tmp_path, *[line(PUT, time=START + at, content_hash=each) for at, each in enumerate(hashes)])
    assert [each.content_hash for each in found] == [sha1(b""), sha256(b""), "", "", ""]


def test_answers_of_one_size_are_one_stretch_until_something_is_sent(tmp_path):
    get = "GET /organizations/acme/roles/base"
    found = read(
        [
            log(
                tmp_path / "access.log",
                line(get, status=404, size=98),
                line(get, time=START + 10),
                line(get, time=START + 20),
                line(PUT, time=START + 30),
                line(get, time=START + 40),
                line(get, time=START + 50, size=101),
                line(get, time=START + 60, status=500, size=7),
            )
        ]
    )
    assert [(each.first - START, each.last - START, each.length, each.answers) for each in found.sizes] == [
        (0, 0, None, 1),
        (10, 20, 100, 2),
        (40, 40, 100, 1),
        (50, 50, 101, 1),
    ]


def test_a_node_that_its_client_saves_is_told_once(tmp_path):
    put = "PUT /organizations/acme/nodes/web01"
    found = read(
        [
            log(
                tmp_path / "access.log",
                *[line(put, time=START + at, user="web01", agent=CLIENT) for at in range(5)],
                line(put, user="alice"),
                line(put, time=START + 9, user="web01", agent=KNIFE),
            )
        ]
    )
    assert [(each.name, each.first - START, each.last - START, each.saves) for each in found.saves] == [
        ("web01", 0, 4, 5)
    ]
    assert [each.user for each in found.requests] == ["alice", "web01"]


def test_who_read_the_object_just_before_sending_it_is_known(tmp_path):
    get = "GET /organizations/acme/roles/base"
    found = requests(
        tmp_path,
        line(get, user="bob"),
        line(PUT, time=START + 3, user="bob"),
        line(PUT, time=START + 4, user="bob"),
        line(get, time=START + 5, user="carol"),
        line(PUT, time=START + 6, user="bob"),
    )
    assert [each.read_before for each in found] == [3, None, None]


def test_hostile_text_is_taken_for_what_it_is(tmp_path):
    escape = "\x1b[31m"
    agent = rf"x\x22 200 \x220.1\x22 {escape} PUT /roles/other HTTP/1.1"
    (found,) = requests(tmp_path, line(PUT, agent=agent, user=f"mallory{escape}", content_hash=HASH))
    assert (found.name, found.content_hash, found.user) == ("base", HASH, f"mallory{escape}")
    assert found.client == "18.4.12"  # what calls itself by no product's name has the version of the header


@pytest.mark.parametrize("open_", [gzip.open, bz2.open, lzma.open])
def test_compressed_logs_are_read_and_damaged_ones_as_far_as_they_go(tmp_path, open_):
    lines = [line(PUT, time=START + at, content_hash=sha1(str(at).encode())) for at in range(4000)]
    path = tmp_path / "access.log.2.gz"
    with open_(path, "wb") as file:
        file.write("\n".join(lines).encode() + b"\n")
    whole = read([str(path)])
    assert (len(whole.requests), whole.sources[0].gaps) == (4000, [])
    path.write_bytes(path.read_bytes()[:-200])
    cut = read([str(path)])
    assert "damaged or cut" in cut.sources[0].gaps[0]
    assert len(cut.requests) > 2000 or open_ is gzip.open
    assert cut.requests[:-1] == whole.requests[: len(cut.requests) - 1]  # the last line may be a part of one


def test_a_file_that_ends_within_a_line_says_so_and_what_is_whole_of_it_counts(tmp_path):
    whole = line(PUT, content_hash=HASH)
    found = read([log(tmp_path / "access.log", f"{whole}\n".encode(), whole[:150].encode())])
    assert found.sources[0].gaps == ["ends within line 2: it is cut, or was copied without the end"]
    assert [(each.place.line, each.content_hash) for each in found.requests] == [(1, HASH)]
    assert found.sources[0].repeated == 1  # the beginning of the line that stands above


@pytest.mark.parametrize("cut", [40, 70, 90])
def test_a_line_that_is_cut_before_its_status_tells_nothing(tmp_path, cut):
    found = read([log(tmp_path / "access.log", line("GET /x"), line(PUT)[:cut].encode())])
    assert found.requests == []


def test_a_line_without_end_is_counted_and_takes_no_memory(tmp_path):
    path = tmp_path / "access.log"
    with path.open("wb") as file:
        file.write(f"{line(PUT)}\n".encode())
        for _ in range(24):
            file.write(b"x" * (1 << 20))
        file.write(f"\n{line(PUT, time=START + 1)}\n".encode())
    tracemalloc.start()
    found = read([str(path)])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 12 << 20
    assert (found.sources[0].lines, found.sources[0].bad.count) == (3, 1)
    assert [each.place.line for each in found.requests] == [1, 3]


def test_a_bomb_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "_LARGE", 4 << 20)
    path = tmp_path / "access.log.gz"
    with gzip.open(path, "wb") as file:
        file.write(f"{line(PUT)}\n".encode())
        for _ in range(32):
            file.write(b"\0" * (1 << 20))
    found = read([str(path)])
    assert len(found.requests) == 1
    assert "expand to more than" in found.sources[0].gaps[0]


def test_bad_lines_are_counted_with_the_first_few(tmp_path):
    bad = ["\x1b[2J", 'nothing "at all', line(PUT, stamp="99/Foo/2014:00:00:00 +0000"), "\xff\xfe", "5", "6", "7"]
    found = read([log(tmp_path / "access.log", line(PUT), *bad, "", line(PUT, time=START + 1))])
    source = found.sources[0]
    assert (source.lines, source.bad.count, len(source.bad.examples)) == (10, 7, 5)
    assert len(found.requests) == 2
    assert [(place.line, reason) for place, reason in source.bad.examples][1:3] == [
        (3, 'holds no request: "nothing "at all"'),
        (4, source.bad.examples[2][1]),
    ]
    assert max(len(reason) for _, reason in source.bad.examples) < 100


def test_a_bad_line_is_quoted_without_secrets(tmp_path):
    lines = ["export KNIFE_PASSWORD=\"hunter2 x\" api_token: abc123 Key='k' --secret s3cret ok", '{"password": "p4"}']
    lines += ["mysql -pp5", "curl https://bob:p6@x", "Authorization: Basic p7"]
    found = read([log(tmp_path / "access.log", line(PUT), *lines)])
    told = " ".join(reason for _, reason in found.sources[0].bad.examples)
    assert "KNIFE_PASSWORD" in told
    assert not any(each in told for each in ("hunter2", "abc123", "s3cret", "p4", "p5", "p6", "p7"))


@pytest.mark.parametrize("unit", [b"\0", b"[", b"a:", b"erchef ", b"x y erchef@ ", b'[x] "GET /'])
def test_recognising_takes_time_by_the_length_of_the_beginning(tmp_path, unit):
    path = tmp_path / "f"
    path.write_bytes(unit * (65536 // len(unit)))
    with cpu_seconds(2), pytest.raises(EvidenceFileError, match="in no format"):
        read([str(path)])


def test_files_in_any_order_give_the_same_requests_each_once(tmp_path):
    lines = [line(PUT, time=START + at // 2, content_hash=sha1(str(at).encode())) for at in range(60)]
    old = log(tmp_path / "access.log.1", *lines[:40])
    new = log(tmp_path / "access.log", *lines[30:])  # copied while it was written
    one, other = read([old, new]), read([new, old])
    assert [each.content_hash for each in one.requests] == [sha1(str(at).encode()) for at in range(60)]
    assert [each.content_hash for each in other.requests] == [each.content_hash for each in one.requests]
    assert sum(each.repeated for each in one.sources) == 10


def test_shuffled_and_doubled_lines_of_mixed_zones_are_put_in_order(tmp_path):
    lines = [line(PUT, time=START + at, zone=zone(at % 5 - 2), content_hash=sha1(str(at).encode())) for at in range(50)]
    shuffled = [*lines, *lines]
    random.Random(5).shuffle(shuffled)  # noqa: S311 (any order will do)
    found = read([log(tmp_path / "access.log", *shuffled)])
    assert [each.content_hash for each in found.requests] == [sha1(str(at).encode()) for at in range(50)]
    assert found.sources[0].repeated == 50
    assert set(found.sources[0].zone.split(", ")) == {"-0200", "-0100", "+0000", "+0100", "+0200"}


def test_what_was_sent_again_after_something_else_counts_again(tmp_path):
    sent = [sha1(b"a"), sha1(b"b"), sha1(b"a"), sha1(b"a")]
    found = requests(tmp_path, *[line(PUT, content_hash=each) for each in sent])
    assert [each.content_hash for each in found] == [sha1(b"a"), sha1(b"b"), sha1(b"a")]


def test_a_period_between_two_logs_is_told_with_the_files_that_are_missing(tmp_path):
    old = log(tmp_path / "access.log.4.gz", line(PUT), line(PUT, time=START + 10))
    new = log(tmp_path / "access.log.1", line(PUT, time=START + 1000))
    (lost,) = uncovered(read([new, old]).sources)
    assert (lost.first, lost.last, lost.after, lost.before) == (START + 10, START + 1000, old, new)
    assert lost.missing == ("access.log.3", "access.log.2")


def test_an_empty_log_is_one_and_an_unknown_file_is_none(tmp_path):
    assert read([log(tmp_path / "access.log")]).sources[0].lines == 0
    with pytest.raises(EvidenceFileError, match="in no format that is known"):
        read([log(tmp_path / "notes.txt", "dear diary")])


def test_times_without_zone_are_in_the_zone_that_is_named(tmp_path):
    name = log(tmp_path / "access.log", line(PUT, stamp="2014-08-31T15:46:40"))
    assert read([name]).requests[0].time == START
    assert read([f"{name}@-07:00"]).requests[0].time == START + 7 * 3600


def test_a_long_log_takes_time_by_its_length_and_memory_by_what_it_says(tmp_path):
    path = tmp_path / "access.log"
    others = [line(f"GET /organizations/acme/file_store/checksums/{at:032x}") for at in range(100)]
    others += [line("GET /organizations/acme/roles/base", content_hash=NOTHING)] * 40
    block = "".join(f"{each}\n" for each in others).encode()
    with path.open("wb") as file:
        for _ in range(100):  # 5 MB
            file.write(block)
    tracemalloc.start()
    with cpu_seconds(10):
        found = read([str(path)])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.sources[0].lines == 14_000
    assert found.sizes[0].answers == 4_000
    assert peak < 5 << 20

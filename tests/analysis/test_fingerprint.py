"""Content hashes of declarations: what they are made of, and that they are those that real knife sent."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter

import pytest
from building import Link, examine, examine_at, new_repository, role, ruby_role, set_main, write_commit
from support import clones, corpus, json_lines, vectors

from forensics.analysis.examination import Examination
from forensics.analysis.fingerprint import fingerprints, redact_fingerprints
from forensics.analysis.redaction import Redaction
from forensics.history.repository import open_evidence
from forensics.history.walk import History
from forensics.uploads.declarations import Declarations


def found(tmp_path, *trees):
    return fingerprints(examine(tmp_path, *trees)[0])


def hashes_of(text):
    data = text.encode()
    return (
        base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode(),
        base64.b64encode(hashlib.sha256(data).digest()).decode(),
        len(data),
    )


def values(hashes):
    return hashes and (hashes.sha1, hashes.sha256, hashes.length)


FROM_FILE = (
    '{"name":"base","description":"","json_class":"Chef::Role","default_attributes":{},"override_attributes":{},'
    '"chef_type":"role","run_list":["recipe[a]","recipe[a]"],"env_run_lists":{}}'
)
UPLOADED = (
    '{"name":"base","description":"","json_class":"Chef::Role","chef_type":"role","default_attributes":{},'
    '"override_attributes":{},"run_list":["recipe[a]"],"env_run_lists":{}}'
)


def test_each_command_has_its_own_hashes(tmp_path):
    (only,) = found(tmp_path, {"roles/base.json": role("base", "a", "recipe[a]")}).declarations
    assert only.object == "role[base]"
    assert only.paths == only.upload_paths == ("roles/base.json",)
    assert values(only.sent) == hashes_of(FROM_FILE)
    assert values(only.upload) == hashes_of(UPLOADED)


def test_one_content_is_one_entry_with_all_of_its_paths(tmp_path):
    content = role("base", "a", "recipe[a]")
    (only,) = found(tmp_path, {"roles/base.json": content}, {"roles/base-original.json": content}).declarations
    assert only.paths == ("roles/base-original.json", "roles/base.json")
    assert only.upload_paths == ("roles/base.json",)
    assert values(only.upload) == hashes_of(UPLOADED)


def test_upload_sends_nothing_where_the_stem_is_another_name(tmp_path):
    (json_copy, ruby_copy) = found(
        tmp_path, {"roles/copy.json": role("base"), "roles/other.rb": ruby_role("base")}
    ).declarations
    assert json_copy.upload is ruby_copy.upload is None
    assert json_copy.sent is not None
    assert ruby_copy.sent is not None


def test_upload_looks_neither_below_the_directory_nor_at_js(tmp_path):
    nested, script = found(tmp_path, {"roles/x/base.json": role("base"), "roles/y.js": role("y")}).declarations
    assert (nested.upload, script.upload) == (None, None)


def test_every_content_of_every_commit_counts_side_branches_too(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    root = write_commit(repository, {"roles/a.json": role("a")})
    side = write_commit(repository, {"roles/a.json": role("a", "side")}, [root])
    line = write_commit(repository, {"roles/a.json": role("a", "line")}, [root])
    merge = write_commit(repository, {"roles/a.json": role("a", "line")}, [line, side])
    assert len(fingerprints(examine_at(repository, merge)).declarations) == 3
    assert len(fingerprints(examine_at(repository, line)).declarations) == 2
    set_main(repository, line)
    repository.references.create("refs/tags/kept", repository[side].id)
    history = History(open_evidence(tmp_path / "r.git", every_ref=True))
    assert len(fingerprints(Examination(history, Declarations(history.blob))).declarations) == 3


def test_an_item_has_other_hashes_in_another_bag(tmp_path):
    item = json.dumps({"id": "bob"})
    apps, users = found(tmp_path, {"data_bags/users/bob.json": item, "data_bags/apps/bob.json": item}).declarations
    assert (apps.object, users.object) == ("data_bag_item[apps/bob]", "data_bag_item[users/bob]")
    assert apps.blob == users.blob
    assert apps.sent != users.sent


def test_upload_refuses_bags_that_are_called_like_a_kind(tmp_path):
    (only,) = found(tmp_path, {"data_bags/role/bob.json": json.dumps({"id": "bob"})}).declarations
    assert only.sent is not None
    assert only.upload is None


def test_one_content_as_two_kinds_is_two_entries(tmp_path):
    content = json.dumps({"name": "same"})
    declared = found(tmp_path, {"roles/same.json": content, "environments/same.json": content}).declarations
    assert [each.object for each in declared] == ["environment[same]", "role[same]"]
    assert len({each.blob for each in declared}) == 1


def test_a_link_has_the_hashes_of_what_it_leads_to(tmp_path):
    (only,) = found(tmp_path, {"roles/base.json": role("base"), "roles/alias.json": Link("base.json")}).declarations
    assert only.paths == ("roles/alias.json", "roles/base.json")
    assert only.upload_paths == ("roles/base.json",)


def test_what_only_upload_takes_stands_apart(tmp_path):
    result = found(tmp_path, {"roles/base.json": json.dumps({"run_list": ["recipe[a]"]})})
    assert result.declarations == ()
    (only,) = result.upload_only
    assert (only.object, only.paths, only.sent) == ("role[base]", ("roles/base.json",), None)
    assert values(only.upload) == hashes_of(UPLOADED)
    assert [each.kind for each in result.problems] == ["name-missing"]


def test_what_only_running_the_file_could_tell_has_no_hash(tmp_path):
    source = 'name "a"\ndescription "x"\ndefault_attributes "h" => ENV["HOST"]\n'
    result = found(tmp_path, {"roles/a.rb": source, "roles/b.rb": "name ENV['N']\n"})
    assert result.declarations == ()
    assert result.problems == ()
    assert [(each.paths, each.line, each.command) for each in result.unresolved] == [
        (("roles/a.rb",), 3, "from file"),
        (("roles/b.rb",), 1, "from file"),
    ]
    assert 'ENV["HOST"]' in result.unresolved[0].source


def test_a_ruby_file_that_asks_for_its_own_path_has_a_hash_for_each(tmp_path):
    source = 'name "a"\ndescription File.basename(__FILE__)\n'
    result = found(tmp_path, {"roles/a.rb": source, "roles/b.rb": source})
    assert [each.paths for each in result.declarations] == [("roles/a.rb",), ("roles/b.rb",)]
    assert len({each.sent for each in result.declarations}) == 2


def test_what_chef_refuses_is_a_problem(tmp_path):
    result = found(tmp_path, {"roles/a.json": '{"name": "a",}', "roles/b.json": role("b"), "roles/c.rb": "name 'c\n"})
    assert [each.object for each in result.declarations] == ["role[b]"]
    assert [(each.path, each.kind) for each in result.problems] == [
        ("roles/a.json", "json-syntax"),
        ("roles/c.rb", "ruby-syntax"),
    ]


def test_contents_of_one_path_stand_in_the_order_of_history(tmp_path):
    trees = [{"roles/a.json": role("a", str(number))} for number in range(5)]
    result = found(tmp_path, *trees)
    expected = [
        hashes_of(FROM_FILE.replace("base", "a").replace('"recipe[a]","recipe[a]"', f'"recipe[{number}]"'))
        for number in range(5)
    ]
    assert [values(each.sent) for each in result.declarations] == expected


def test_a34_sources_are_hashed_where_they_may_be_secret(tmp_path):
    number = "7" * 30_000
    result = found(
        tmp_path,
        {"data_bags/x/n.json": f'{{"id": "n", "x": {number}}}', "roles/a.rb": "name 'a'\ndescription ENV['canary']\n"},
    )
    by_default = redact_fingerprints(result, Redaction.DATA_BAGS)
    assert "canary" in repr(by_default.unresolved)
    assert "7777777" not in repr(by_default)
    assert "canary" not in repr(redact_fingerprints(result, Redaction.SECRETS).unresolved)
    assert redact_fingerprints(result, Redaction.NOTHING) == result


def recorded_hashes(line):
    return line["wire_sha1_b64"], line["wire_sha256_b64"], line["wire_length"]


def examined(path):
    history = History(open_evidence(path, every_ref=True))
    return Examination(history, Declarations(history.blob))


RESOLVED_RUBY = {"openstreetmap+chef": 0.99}
"""The least share of Ruby roles whose hash must be known in one history; over all of them it is 0.97."""


@pytest.mark.slow
def test_every_hash_of_public_histories_is_what_chef_sent():
    compared: Counter[str] = Counter()
    known: Counter[str] = Counter()
    failures = []
    for file in sorted((corpus() / "history").glob("*.jsonl")):
        path = clones() / file.stem / "repo"
        if not path.exists():
            continue
        examination = examined(path)
        result = fingerprints(examination)
        told = {}
        for each in result.declarations:
            if each.kind == "role":
                told.setdefault(each.blob.hex(), set()).add(values(each.sent))
        unresolved = {each.blob.hex() for each in result.unresolved}
        present = {seen.file.hex() for seen in examination.survey.sightings if isinstance(seen.file, bytes)}
        for line in json_lines(file):
            blob = line["blob"]
            if blob not in present:  # on a branch that this clone does not have
                continue
            ruby = line["path"].endswith(".rb")
            # an empty name loads, but no server takes it: it declares nothing
            expected = {recorded_hashes(line)} if line["ok"] and line["name"] != "" else set()
            answered = told.get(blob, set())
            compared[file.stem, ruby] += 1
            known[file.stem, ruby] += blob not in unresolved
            if answered != expected and not (ruby and blob in unresolved and not answered):
                failures.append(f"{file.stem} {line['path']} {blob}: {answered}, not {expected}")
    if not compared:
        pytest.skip("no clones of the public histories here")
    for key, number in compared.items():
        print(f"{key}: {known[key]} of {number} hashes known")
    assert not failures, "\n".join(failures[:50])
    for name, least in RESOLVED_RUBY.items():
        assert known[name, True] >= least * compared[name, True]
    ruby = [key for key in compared if key[1]]
    assert sum(known[key] for key in ruby) >= 0.97 * sum(compared[key] for key in ruby)


UPLOADS = "knife-upload"


def recorded_files(*, uploads):
    """The recorded files, each in a chef-repo of its own so that all can lie in one tree."""
    files = {}
    for file in sorted((vectors() / "roles").glob("*.jsonl")):
        if (file.stem == UPLOADS) is not uploads:
            continue
        for number, line in enumerate(json_lines(file)):
            path = line["path"] if uploads else f"{line.get('kind', 'role')}s/{line['path']}"
            files[f"{file.stem}-{number}/{path}"] = line
    return files


def told_by_path(tmp_path, files):
    known = {f"{path.rpartition('/')[0]}/known.json": '{"chef_type": "any"}' for path in files}  # a container of Chef's
    result = found(tmp_path, known | {path: base64.b64decode(line["source_b64"]) for path, line in files.items()})
    sent = {path: values(each.sent) for each in result.declarations for path in each.paths}
    uploaded = {
        path: values(each.upload) for each in (*result.declarations, *result.upload_only) for path in each.upload_paths
    }
    unresolved = {path for each in result.unresolved for path in each.paths}
    return sent, uploaded, unresolved, {each.path: each for each in result.problems}


def wire_of(line):
    wire = line["wire"]
    return wire and (wire["sha1_b64"], wire["sha256_b64"], wire["length"])


def test_the_hashes_of_recorded_files_are_those_that_knife_sent(tmp_path):
    files = recorded_files(uploads=False)
    sent, _, unresolved, problems = told_by_path(tmp_path, files)
    failures = []
    for path, line in files.items():
        if path in unresolved:
            if path.endswith(".json"):
                failures.append(f"{path}: not resolved")
        elif path in problems and problems[path].kind in NOT_TAKEN:
            continue  # loaded, and perhaps written into a request, but it can never be live
        elif sent.get(path) != wire_of(line):
            failures.append(f"{path}: {sent.get(path)}, not {wire_of(line)}")
    assert len(sent) > 0.5 * len(files)
    assert len(unresolved) < 0.1 * len(files)
    assert not failures, "\n".join(failures)


NOT_TAKEN = {"name-missing", "name-default", "send"}


def test_the_hashes_of_recorded_uploads_are_those_that_knife_sent(tmp_path):
    files = recorded_files(uploads=True)
    _, uploaded, unresolved, _ = told_by_path(tmp_path, files)
    failures = [
        f"{path}: {uploaded.get(path)}, not {wire_of(line)}"
        for path, line in files.items()
        if uploaded.get(path) != wire_of(line) and path not in unresolved
    ]
    assert len(uploaded) > 0.5 * len(files)
    assert not failures, "\n".join(failures)

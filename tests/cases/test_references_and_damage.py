"""What people struggled with: names that lead nowhere, and files that nothing can read."""

from __future__ import annotations

from case_repositories import case, document, findings
from commandline import command


def messages(repository, *rules):
    return [each["message"] for each in findings(repository, *rules)]


def test_a_role_that_was_renamed_away_and_one_that_never_was(tmp_path):
    never, renamed = findings(case("14", tmp_path), "missing-reference")
    assert never["message"] == (
        f"nodes/c1.json names role[tomcatserver.json] since 2015-03-02 ({never['commit'][:12]}), which no file "
        "declares: chef-client fails with MissingRole on node[c1], unless the server has it from elsewhere"
    )
    assert (never["object"], never["severity"]) == ("node[c1]", "warning")
    assert renamed["message"] == (
        "roles/controller.rb names role[keystone], which no file declares since 2015-03-03 "
        f"({renamed['commit'][:12]}); until then roles/keystone.rb did. Once the server has it no more, chef-client "
        "fails with MissingRole on node[c1]"
    )
    assert never["commit"] != renamed["commit"]


def test_a_role_whose_file_cannot_be_loaded_is_not_missing(tmp_path):
    assert findings(case("25", tmp_path), "missing-reference") == []


def test_what_is_only_staged_is_not_at_the_tip(tmp_path):
    assert findings(case("40", tmp_path), "missing-reference") == []


def test_a_pin_to_a_version_that_never_was(tmp_path):
    (message,) = messages(case("41", tmp_path), "missing-reference")
    assert "pins" in message
    assert "shop = 2.1.0 (it had 2.0.0)" in message
    assert "shoop" not in message
    assert "apache" not in message


def test_byte_order_marks_and_utf_16_are_named_and_the_files_have_not_ceased_to_exist(tmp_path):
    repository = case("06", tmp_path)
    told = " ".join(messages(repository, "unreadable-declaration"))
    assert "environments/ci.json:1: FFI_Yajl::ParseError: starts with a byte order mark" in told
    assert "roles/win.json:1: FFI_Yajl::ParseError: is UTF-16 text" in told
    for name, reason in (("environment[ci]", "starts with a byte order mark"), ("role[win]", "is UTF-16 text")):
        first, last = document("log", name, "-C", repository)["log"]
        assert (first["event"], first["reason"]) == ("added", None)
        assert (last["event"], last["reason"]) == ("unloadable", f"FFI_Yajl::ParseError: {reason}")
        assert last["blob"]


def test_conflict_markers_are_named_with_what_stays_behind(tmp_path):
    repository = case("19", tmp_path)
    (finding,) = findings(repository, "conflict-markers")
    assert (finding["severity"], finding["paths"], finding["line"]) == ("error", ["roles/app.rb"], 2)
    aborted, stuck = messages(repository, "upload-aborted")
    assert "holds conflict markers from line 2 on" in aborted
    assert stuck.startswith("only if you use grocery-delivery: ")
    assert "1 file behind it" in aborted
    assert document("log", "role[app]", "-C", repository)["log"][-1]["event"] == "unloadable"


def test_keys_that_a_merge_doubled(tmp_path):
    json, ruby = findings(case("29", tmp_path), "doubled-key")
    assert (json["paths"], json["line"]) == (["roles/app.json"], 5)
    assert (ruby["paths"], ruby["line"]) == (["roles/db.rb"], 4)
    for each in (json, ruby):
        assert "default_attributes twice" in each["message"]
        assert "run_list twice" in each["message"]


def test_what_the_real_server_refuses_of_environments(tmp_path):
    repository = case("47", tmp_path)
    assert command("scan", repository).text.count("server-would-refuse") == 2
    key, value = messages(repository, "server-would-refuse")
    assert "400 Invalid key 'bad name' for cookbook_versions" in key
    assert "400 Invalid value '>=1.0.0' for cookbook_versions" in value
    (repository / "forensics.toml").write_text('server = "erchef"\n', encoding="utf-8")
    (stopped,) = [each for each in findings(repository, "upload-aborted") if each["at_tip"]]
    assert (stopped["paths"], stopped["severity"]) == (["environments/ok.json"], "warning")
    assert "up to 1 file behind it stayed as they were" in stopped["message"]
    assert findings(repository, "unreadable-declaration") == []  # server-would-refuse tells it
    told = command("scan", repository).text
    assert told.count("server-would-refuse") == 2
    assert "though chef-zero takes it" not in told
    live = {each["scenario"] for each in document("timeline", "-C", repository)["timeline"]}
    assert live <= {"chef-solo", "chef-solo-legacy"}  # which ask no server

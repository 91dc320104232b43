"""What people asked of histories: which commit changed an object, and what a merge made of it."""

from __future__ import annotations

from case_repositories import case, document
from commandline import command


def logged(repository, name, *options):
    return document("log", name, "-C", repository, *options)["log"]


def test_a_merge_that_lost_what_one_parent_had(tmp_path):
    repository = case("11", tmp_path)
    *_, merge = logged(repository, "environment[production]")
    shop, openssl = sorted(merge["changes"], key=lambda each: each["op"], reverse=True)
    assert (shop["op"], shop["after"], openssl["op"]) == ("replace", "= 2.1.0", "remove")
    (brought,) = merge["brought_by"]
    assert (brought["author"], brought["subject"]) == ("Ana Reyes", "promote shop 2.1.0")
    (lost,) = merge["merge"]
    assert (lost["did"], lost["change"]["pointer"]) == ("dropped", "/cookbook_versions/openssl")
    assert lost["origin"]["subject"] == "pin openssl"

    start, shop, openssl, last = logged(repository, "environment[production]", "--history", "full")
    assert [each["event"] for each in (start, shop, openssl, last)] == ["added", "changed", "changed", "merged"]
    assert [each["op"] for each in (*shop["changes"], *openssl["changes"])] == ["replace", "add"]
    assert (last["changes"], last["merge"]) == ([], merge["merge"])


def test_a_merge_whose_first_parent_is_the_own_branch(tmp_path):
    repository = case("12", tmp_path)
    for options in ((), ("--history", "full")):
        *_, merge = logged(repository, "role[web]", *options)
        (lost,) = merge["merge"]
        assert (merge["event"], merge["changes"], lost["did"]) == ("merged", [], "dropped")
        assert (lost["change"]["before"], lost["origin"]["author"]) == ("recipe[fail2ban]", "Ana Reyes")
    told = command("log", "role[web]", "-C", repository).text
    assert (
        "this merge drops what a parent had:\n      - run list: recipe[fail2ban]  (of 458f8fc8cfd2 (2015-03-05" in told
    )


def test_the_default_list_that_takes_the_place_of_the_run_list(tmp_path):
    repository = case("13", tmp_path)
    _, last = logged(repository, "role[app]")
    assert (last["changes"], last["default_list"]) == ([], "env_run_lists._default")
    assert [(each["op"], each["after"]) for each in last["overridden"]] == [("add", "recipe[backup]")]
    told = command("log", "role[app]", "-C", repository).text
    assert "its run_list counts nowhere, since env_run_lists._default takes its place:" in told


def test_moves_of_a_directory_and_of_a_file(tmp_path):
    repository = case("26", tmp_path)
    start, directory, file = logged(repository, "role[base]")
    assert [each["event"] for each in (start, directory, file)] == ["added", "moved", "moved"]
    assert (directory["path"], directory["moved_from"]) == ("chef/roles/base.rb", "roles/base.rb")
    assert (file["path"], file["moved_from"], file["changes"]) == (
        "chef/roles/base-linux.rb",
        "chef/roles/base.rb",
        [],
    )
    assert "moved from roles/base.rb, unchanged" in command("log", "role[base]", "-C", repository).text


def test_a_file_in_place_of_an_object(tmp_path):
    repository = case("26", tmp_path)
    for text in ("base-linux", "chef/roles/base-linux.rb", "./roles/base.rb"):
        found = document("log", text, "-C", repository)
        assert (found["object"], len(found["log"])) == ("role[base]", 3)
    assert found["file"] == "roles/base.rb"
    told = command("log", "base-linux", "-C", repository).text
    assert told.startswith("chef/roles/base-linux.rb declares role[base]. ")
    assert "file" not in document("log", "base", "-C", repository)
    assert document("show", "roles/web.rb", "-C", repository)["object"] == "role[web]"


def test_an_entry_of_the_run_list_that_moved(tmp_path):
    repository = case("36", tmp_path)
    told = command("log", "role[app]", "-C", repository).text
    assert "~ run list: recipe[monit] moved from place 3 to 1\n" in told


def traced(repository, subject):
    return document("trace", subject, "-C", repository)


def test_each_value_of_an_attribute_with_its_commit(tmp_path):
    repository = case("33", tmp_path)
    stretches = [
        (stretch["from_commit"], stretch["until_commit"], each["values"])
        for each in traced(repository, "attribute[apache.port]")["carriers"]
        for stretch in each["stretches"]
    ]
    following = {begin: (end, values) for begin, end, values in stretches}
    begin = next(begin for begin, _, _ in stretches if begin not in {end for _, end, _ in stretches})
    told = []
    while begin is not None:
        begin, values = following.pop(begin)
        told += values
    assert told == [443, 80, 8080, 443]
    assert not following
    text = command("trace", "attribute[apache.port]", "-C", repository).text
    rows = [line.split() for line in text.splitlines() if "default_attributes" in line]
    assert [row[3] for row in rows] == ["443", "80", "8080", "443"]
    assert all(" ".join(row[-4:]) == f"Robin Vale: port {row[3]}" for row in rows)
    assert "only roles/web.json names it; no other file has since 2015-03-02" in text


def test_a_value_that_one_environment_alone_was_meant_for(tmp_path):
    found = traced(case("09", tmp_path), "attribute[apache.listen_ports]")
    assert sorted((each["values"], each["at_head"]) for each in found["carriers"] if each["values"]) == [
        ([80], True),
        ([443], False),
    ]
    assert {each["node"] for each in found["nodes"] if each["until_commit"] is None} == {"p1", "t1"}


def test_a_node_that_dropped_the_role(tmp_path):
    repository = case("10", tmp_path)
    found = traced(repository, "recipe[quiet]")
    assert found["at_head"]["live_under"] == []
    assert {(each["node"], each["until_date"][:10]) for each in found["nodes"]} == {("builder", "2023-01-13")}
    text = " ".join(command("trace", "recipe[quiet]", "-C", repository).text.split())
    assert "nothing leads a node there; the last node was builder, until 2023-01-13 (430712ac3e2a, Cron Job:" in text
    never = traced(repository, "recipe[cdn]")
    assert (never["at_head"]["live_under"], never["nodes"]) == ([], [])


def test_a_node_that_follows_a_policy_gets_nothing_from_roles(tmp_path):
    repository = case("17", tmp_path)
    found = traced(repository, "recipe[ntp]")
    assert found["at_head"]["live_under"] == []
    assert {(each["node"], each["until_date"][:10]) for each in found["nodes"]} == {("p1", "2015-03-03")}
    by_environment = traced(repository, "attribute[ntp.servers]")["nodes"]
    assert all(each["until_date"][:10] == "2015-03-03" for each in by_environment)


def test_what_became_of_the_file_of_a_role(tmp_path):
    repository = case("14", tmp_path)
    (end,) = traced(repository, "role[keystone]")["role"]["ends"]
    assert (end["path"], end["instead"], end["declares"]) == (
        "roles/keystone.rb",
        "roles/keystone-api.rb",
        "keystone-api",
    )
    text = command("trace", "role[keystone]", "-C", repository).text
    assert "roles/keystone.rb declared it until 2015-03-03 (e0a4a546c602, Robin Vale: split" in text


def test_pins_of_a_cookbook_over_time(tmp_path):
    repository = case("11", tmp_path)
    pins = {each["values"][0]: each["at_head"] for each in traced(repository, "cookbook[shop]")["carriers"]}
    assert pins == {"= 2.0.0": False, "= 2.1.0": True}
    assert "Ana Reyes: promote shop 2.1.0 (445534fb047e)" in command("trace", "cookbook[shop]", "-C", repository).text
    (dropped,) = traced(repository, "cookbook[openssl]")["carriers"]
    assert (dropped["at_head"], dropped["where"]) == (False, "cookbook_versions")


def test_what_nothing_ever_carried_is_unknown(tmp_path):
    repository = case("26", tmp_path)
    unknown = command("timeline", "role[nosuch]", "-C", repository)
    asked = command("trace", "recipe[ngnix]", "-C", repository)
    assert (asked.code, unknown.code) == (2, 2)
    assert asked.error_line.startswith("forensics: no such recipe: ")
    assert asked.error_line.endswith("did you mean 'recipe[nginx::default]'?")


def mentioned(repository, subject):
    return [
        (each["path"], each["line"], each["reason"], each["by"], each["by_line"], each["at_head"])
        for each in traced(repository, subject)["mentions"]
    ]


def today(repository, subject):
    text = command("trace", subject, "-C", repository).text
    return " ".join(text.partition("today")[2].split())


def test_an_item_of_a_run_list_that_another_list_takes_the_place_of(tmp_path):
    repository = case("13", tmp_path)
    expected = [("roles/app.json", 1, "replaced", "env_run_lists._default", 1, True)]
    for recipe, since in (("backup", "2015-03-03"), ("monitoring", "2015-03-02")):
        assert mentioned(repository, f"recipe[{recipe}]") == expected
        (mention,) = traced(repository, f"recipe[{recipe}]")["mentions"]
        assert (mention["object"], mention["where"], mention["item"]) == ("role[app]", "run_list", f"recipe[{recipe}]")
        assert mention["first_date"].startswith(since)
        assert today(repository, f"recipe[{recipe}]").startswith(
            f"no run list of a role or node that counts names it roles/app.json, line 1, names recipe[{recipe}] in "
            "run_list, without effect: env_run_lists._default (line 1) takes its place"
        )
    assert mentioned(repository, "recipe[app]") == [], "the list that counts has it, too"
    first, last = logged(repository, "role[app]")
    assert [each["after"] for each in first["overridden"]] == ["recipe[app]", "recipe[monitoring]", "recipe[backup]"][
        :2
    ]
    assert "changed, without effect:" in command("log", "role[app]", "-C", repository).text
    assert last["event"] == "changed"


def test_text_that_a_later_value_in_the_same_file_replaces(tmp_path):
    repository = case("29", tmp_path)
    assert mentioned(repository, "recipe[backup]") == [
        ("roles/app.json", 4, "replaced", "run_list", 6, True),
        ("roles/db.rb", 3, "replaced", "run_list", 5, True),
    ]
    assert mentioned(repository, "attribute[db.port]") == [
        ("roles/db.rb", 2, "replaced", "default_attributes", 4, True)
    ]
    (mention,) = traced(repository, "attribute[app.port]")["mentions"]
    assert (mention["values"], mention["line"], mention["by_line"]) == ([80], 3, 5)
    assert today(repository, "attribute[app.port]").startswith(
        "nothing that counts gives it a value roles/app.json, line 3, gives it 80 in default_attributes, without "
        "effect: default_attributes comes again on line 5"
    )
    assert mentioned(repository, "recipe[app]") == []
    assert mentioned(repository, "attribute[app.workers]") == []


def test_a_run_list_that_a_policy_takes_the_place_of_and_the_policies_themselves(tmp_path):
    repository = case("17", tmp_path)
    assert mentioned(repository, "role[base]") == [("nodes/p1.json", 1, "policy-node", None, None, True)]
    told = today(repository, "role[base]")
    assert "names role[base] in run_list, without effect: node[p1] follows a policy" in told
    assert "nothing else at the tip names it" in told
    found = [("Policyfile.rb", 2, "policy", None, None, True), ("policies/base.rb", 2, "policy", None, None, True)]
    assert mentioned(repository, "recipe[chrony]") == found
    assert "that is for the nodes that follow the policy, which no scenario replays" in today(
        repository, "recipe[hardening]"
    )


def test_what_only_fixtures_name(tmp_path):
    repository = case("07", tmp_path)
    paths = [f"test/integration/{each}.json" for each in ("nodes/db", "roles/web", "roles/web_ssl")]
    assert [each[:3] for each in mentioned(repository, "role[web]")] == [(path, None, "fixture") for path in paths]
    assert today(repository, "role[web]").startswith(f"only fixtures of tests name it: {', '.join(paths)}")
    assert [each[0] for each in mentioned(repository, "recipe[shop::ssl]")] == [paths[2]]


def test_what_a_merge_left_out_ends_with_the_merge(tmp_path):
    repository = case("12", tmp_path)
    found = next(each for each in traced(repository, "recipe[fail2ban]")["carriers"] if each["carriage"] == "direct")
    assert (found["first_date"][:10], found["stretches"]) == ("2015-03-05", [])
    merge = logged(repository, "role[web]")[-1]
    assert found["dropped_by"] == merge["commit"]
    text = command("trace", "recipe[fail2ban]", "-C", repository).text
    assert (
        f"2015-03-05 ({found['first_commit'][:12]})  2015-03-07 ({merge['commit'][:12]}), on side branches only" in text
    )


def test_versions_that_no_commit_has(tmp_path):
    repository = case("41", tmp_path)
    assert traced(repository, "cookbook[shop]")["versions"] == {
        "name": "shop",
        "versions": ["2.0.0"],
        "unmet": ["= 2.1.0"],
    }
    assert traced(repository, "recipe[shop@1.2.3]")["versions"]["unmet"] == ["= 1.2.3"]
    assert traced(repository, "cookbook[shoop]")["versions"] == {"name": "shoop", "versions": [], "unmet": []}
    assert "the repository had shop 2.0.0; no commit has = 2.1.0, which is pinned at the tip" in today(
        repository, "cookbook[shop]"
    )
    assert "no commit has a cookbook shoop: it comes from elsewhere" in today(repository, "cookbook[shoop]")
    assert "versions" in traced(case("07", tmp_path), "cookbook[shop]"), "that nothing pins it does not make it unknown"

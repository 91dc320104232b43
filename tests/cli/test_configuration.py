"""``forensics.toml``: scenarios and servers of one's own, and what is said of one that cannot be used."""

from __future__ import annotations

import json
import shutil

import pytest
from building import new_repository, role, ruby_role, write_line
from commandline import command

from forensics.cli.options import ReportFormat

TEXTS = [each for each in ReportFormat if each is not ReportFormat.SQLITE]
TREE = {"roles/base.json": role("base", "recipe[a]"), "roles/base-copy.json": role("base", "recipe[b]")}


@pytest.fixture
def repository(tmp_path):
    write_line(new_repository(tmp_path / "repository.git"), [TREE])
    return tmp_path / "repository.git"


def configured(tmp_path, text):
    file = tmp_path / "forensics.toml"
    file.write_text(text, encoding="utf-8")
    return ["--config", file]


def test_a_scenario_of_ones_own_is_replayed(repository, tmp_path):
    text = '[[scenario]]\nname = "nightly"\norder = "reverse-byte"\ndescription = "what our cron job does"\n'
    options = configured(tmp_path, text)
    found = command("scan", repository, *options, "--scenario", "nightly", "--format", "json").document
    assert found["scenarios"] == [
        {
            "name": "nightly",
            "uploader": "from-file",
            "scope": "all",
            "order": "reverse-byte",
            "description": "what our cron job does",
            "standing": "usual",
        }
    ]
    assert [(each["scenario"], each["live"]["path"]) for each in found["divergences"]] == [
        ("nightly", "roles/base-copy.json")
    ]
    listed = command("scenarios", *options)
    assert "nightly" in listed.text
    assert "what our cron job does" in listed.text


def test_the_configuration_beside_the_files_is_found(tmp_path, story):
    copy = tmp_path / "copy"
    shutil.copytree(story("two-servers"), copy)
    (copy / "forensics.toml").write_text('[[scenario]]\nname = "mine"\n')
    assert "mine" in command("scenarios", "-C", copy).text
    assert command("scan", copy, "--scenario", "mine").code in {0, 1}


def test_a_server_whose_directory_nobody_finds_is_told_of(repository, tmp_path):
    options = configured(tmp_path, '[[server]]\ndirectories = ["roles", "nowhere"]\n')
    note = "a [[server]] names the directory nowhere, where no commit has a container: is it misspelt?"
    assert note in " ".join(command("scan", repository, *options).text.split())
    assert note in " ".join(command("shadows", repository, *options).text.split())
    assert command("shadows", repository, *options, "--format", "json").document["evidence"]["notes"] == [note]


def test_directories_that_share_a_server_are_one_target(tmp_path):
    tree = {"a/roles/base.json": role("base", "recipe[a]"), "b/roles/base.json": role("base", "recipe[b]")}
    path = tmp_path / "repository.git"
    write_line(new_repository(path), [tree])
    assert command("shadows", path, "--format", "json").document["shadows"] == []
    options = configured(tmp_path, '[[server]]\nname = "production"\ndirectories = ["a", "b/"]\n')
    shadow = command("shadows", path, *options, "--format", "json").document["shadows"][0]
    assert shadow["paths"] == ["a/roles/base.json", "b/roles/base.json"]


def test_the_version_of_chef_is_read_and_overruled(repository, tmp_path):
    options = configured(tmp_path, 'chef_version = "12.22.6"\n')
    assert command("scan", repository, *options).code in {0, 1}
    refused = command("scan", repository, *configured(tmp_path, 'chef_version = "99"\n'))
    assert (refused.code, "99" in refused.error_line) == (2, True)
    assert command("scan", repository, *options, "--chef-version", "18").code in {0, 1}


def test_pushed_commits_stand_in_a_file_beside_the_configuration(tmp_path):
    ids = write_line(new_repository(tmp_path / "repository.git"), [TREE, TREE, {**TREE, "roles/z.json": role("z")}])
    (tmp_path / "pushes").write_text(f"{ids[0]}\n\n{ids[2].upper()}\n", encoding="ascii")
    options = configured(tmp_path, '[[scenario]]\nname = "ci"\nscope = "push"\npushes = "pushes"\n')
    told = command("timeline", "-C", tmp_path / "repository.git", *options, "--scenario", "ci", "--format", "json")
    found = [(each["object"], each["from_commit"]) for each in told.document["timeline"]]
    assert found == [("role[base]", ids[0]), ("role[z]", ids[2])]


@pytest.mark.parametrize(
    ("text", "options", "code"),
    [
        ("", (), 0),
        ("", ("--fail-on", "any"), 1),  # of the shadow and of what unlike contents can do
        ('scenarios = ["glob", "chef-solo-legacy"]', (), 1),
        ('scenarios = ["glob"]', (), 0),
        ('scenarios = ["glob"]', ("--scenario", "chef-solo-legacy"), 1),
        ('scenarios = ["chef-solo-legacy"]', ("--scenario", "glob"), 0),
        ("", ("--scenario", "all"), 1),
        ('[[scenario]]\nname = "ours"\nuploader = "chef-solo-legacy"', (), 1),
    ],
)
def test_exactly_those_count_of_which_somebody_says_that_they_are_used(tmp_path, text, options, code):
    # .json and .rb of one role: knife sends .rb last, Chef before 12.11 without a server reads .json
    json_file, ruby = {"roles/base.json": role("base", "recipe[a]")}, {"roles/base.rb": ruby_role("base", "recipe[b]")}
    write_line(new_repository(tmp_path / "repository.git"), [json_file, json_file | ruby])
    asked = [tmp_path / "repository.git", *configured(tmp_path, text), *options, "--format", "json"]
    told = command("scan", *asked)
    assert told.code == code
    exposed = "--fail-on" not in options and code == 1
    divergences = [each for each in told.document["findings"] if each["rule"] == "live-divergence"]
    assert [each["only_if"] for each in divergences if each["severity"] == "error"] == ([[]] if exposed else [])
    assert set(told.document["deciding"]) <= {each["name"] for each in told.document["scenarios"]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("scenario = [", "forensics.toml"),
        ("colour = 1", "'colour' is not known"),
        ("chef_version = 18", 'chef_version = "18"'),
        ("scenario = 1", "[[scenario]]"),
        ("server = {}", "[[server]]"),
        ("[scenario]\nname = 'x'", "[[scenario]]"),
        ("[[scenario]]", "needs a name"),
        ("[[scenario]]\nname = 1", "needs a name"),
        ("[[scenario]]\nname = ''", "needs a name"),
        ("[[scenario]]\nname = '\\e[2J'".replace("'", '"').replace("\\e", "\\u001b"), "needs a name"),
        ("[[scenario]]\nname = 'glob'", "shipped"),
        ("[[scenario]]\nname = 'commands'", "shipped"),
        ("[[scenario]]\nname = 'x'\n[[scenario]]\nname = 'x'", "two scenarios are called 'x'"),
        ("[[scenario]]\nname = 'x'\nspeed = 1", "'speed' is not known"),
        ("[[scenario]]\nname = 'x'\norder = 'random'", "order is one of byte"),
        ("[[scenario]]\nname = 'x'\nscope = []", "scope is one of all, tree, changed, push"),
        (
            "[[scenario]]\nname = 'x'\nuploader = 'chef-solo'\nscope = 'tree'",
            "scope is one of all, changed, not 'tree'",
        ),
        ("[[scenario]]\nname = 'x'\nscope = 'push'", "pushes, the file of the pushed commits, go together"),
        ("[[scenario]]\nname = 'x'\npushes = 'p'", "pushes, the file of the pushed commits, go together"),
        ("[[scenario]]\nname = 'x'\nscope = 'push'\npushes = 'p'", "p cannot be read: No such file or directory"),
        ('[[scenario]]\nname = "x"\nscope = "push"\npushes = "\\u0000"', "cannot be read: its name is impossible"),
        ("[[scenario]]\nname = 'x'\nscope = 'push'\npushes = 1", "pushes names a file"),
        ("[[scenario]]\nname = 'x'\nscope = 'push'\npushes = 'forensics.toml'", "forensics.toml:1 is no commit id"),
        ("[[scenario]]\nname = 'x'\nuploader = 'commands'", "uploader is one of"),
        ("[[scenario]]\nname = 'x'\nrole_type = 'js'", "role_type is rb or json"),
        ("[[scenario]]\nname = 'x'\nrole_type = ['rb']", "role_type is rb or json"),
        ("[[scenario]]\nname = 'x'\nascii_ruby = 'yes'", "ascii_ruby is true or false"),
        ("[[server]]", "needs directories"),
        ("[[server]]\ndirectories = 'a'", "needs directories"),
        ("[[server]]\ndirectories = [1]", "needs directories"),
        ("[[server]]\ndirectories = ['a']\nport = 1", "'port' is not known"),
        ("fail_on = 'sometimes'", "fail_on is one of never, divergence, shadow, any, not 'sometimes'"),
        ("fail_on = true", "fail_on is one of"),
        ("scenarios = 'glob'", 'scenarios = ["glob", "changed"]'),
        ("scenarios = [1]", 'scenarios = ["glob", "changed"]'),
        ("scenarios = ['globe']", "forensics.toml: no scenario is called 'globe'"),
        ("[[scenario]]\nname = 'all'", "shipped"),
        ("severity = 'error'", "severity is a table"),
        ("[severity]\nshadow = 'error'", "severity: no rule is called 'shadow'; there are live-divergence"),
        ("[severity]\nresidue = 'fatal'", "residue is one of error, warning, note, not 'fatal'"),
        ("[severity]\nresidue = []", "residue is one of error, warning, note"),
        ("[ignore]\nrule = 'residue'", "[[ignore]]"),
        ("[[ignore]]\nrule = 'residue'", "ignore 1 needs a reason"),
        ("[[ignore]]\nrule = 'residue'\nreason = ' '", "ignore 1: reason must be text"),
        ("[[ignore]]\nrule = 'residue'\nreason = 1", "ignore 1: reason must be text"),
        ("[[ignore]]\nreason = 'all of it'", "ignore 1 would let everything pass"),
        ("[[ignore]]\nreason = 'x'\nexpires = 2030-01-01", "ignore 1 would let everything pass"),
        ("[[ignore]]\nreason = 'x'\nrule = 'shadow'", "ignore 1: no rule is called 'shadow'"),
        ("[[ignore]]\nreason = 'x'\npath = ''", "ignore 1: path must be text"),
        ("[[ignore]]\nreason = 'x'\nobject = ['role[base]']", "ignore 1: object must be text"),
        (
            "[[ignore]]\nreason = 'x'\nobject = 'base'",
            'ignore 1: an object is written with its kind, as in object = "role[base]"',
        ),
        ("[[ignore]]\nreason = 'x'\nrole = 'base'", "'role' is not known"),
        ("[[ignore]]\nreason = 'x'\npath = 'a'\nexpires = 'soon'", "ignore 1: expires is the last day"),
        ("[[ignore]]\nreason = 'x'\npath = 'a'\nexpires = 2030", "ignore 1: expires is the last day"),
        ("[[ignore]]\nreason = 'x'\npath = 'a'\nexpires = 2030-01-01T00:00:00Z", "ignore 1: expires is the last day"),
        ("x = " + "[" * 5000, "nested too deep"),
        ("x = " + "9" * 5000, "forensics.toml"),
        ("# " + "x" * (1 << 20), "larger than a configuration"),
    ],
)
def test_what_is_wrong_with_a_configuration(text, said, repository, tmp_path):
    done = command("scan", repository, *configured(tmp_path, text))
    assert done.code == 2
    assert said in done.error_line
    listed = command("scenarios", *configured(tmp_path, text))
    assert (listed.code, listed.error_line) == (2, done.error_line)


def test_a_configuration_that_is_no_text(repository, tmp_path):
    file = tmp_path / "forensics.toml"
    file.write_bytes(b"\xff")
    done = command("scan", repository, "--config", file)
    assert (done.code, str(file) in done.error_line) == (2, True)
    done = command("scan", repository, "--config", tmp_path)
    assert (done.code, "directory" in done.error_line) == (2, True)


# what may pass, and what counts

IGNORE = '[[ignore]]\nobject = "role[base]"\nreason = "goes in June"\n'


def told(repository, options, name="scan"):
    return command(name, repository, *options, "--format", "json")


def test_what_the_configuration_lets_pass_counts_for_nobody_and_is_told(repository, tmp_path):
    options = configured(tmp_path, IGNORE)
    for name in ("scan", "report"):
        for word in ("divergence", "shadow", "any"):
            assert command(name, repository, *options, "--fail-on", word, "--fail-on-history").code == 0
        document = told(repository, options, name).document
        assert [each for each in document["findings"] if each["object"] == "role[base]"] == []
        assert {each["finding"]["rule"] for each in document["suppressed"]} >= {"live-divergence", "shadowed-object"}
        assert {each["ignore"]["reason"] for each in document["suppressed"]} == {"goes in June"}
        assert document["shadows"]
        assert document["divergences"]
        text = " ".join(command(name, repository, *options).text.split())
        assert "Exposed at the tip: no, but for what the configuration lets pass (see below)" in text
        assert "Let pass by the configuration because goes in June" in text


@pytest.mark.parametrize("name", [each.value for each in TEXTS])
def test_every_format_tells_what_is_let_pass(name, repository, tmp_path):
    done = command("report", repository, *configured(tmp_path, IGNORE), "--format", name)
    assert done.code == 0
    if name in {"github", "gitlab"}:  # which know findings only, and these are none
        assert "role[base]" not in done.text
    else:
        assert "goes in June" in done.text


def test_a_divergence_alone_may_pass(repository, tmp_path):
    options = configured(tmp_path, IGNORE + 'rule = "live-divergence"\n')
    assert command("scan", repository, *options).code == 0
    assert command("scan", repository, *options, "--fail-on", "shadow").code == 1
    text = " ".join(command("scan", repository, *options).text.split())
    assert "1. role[base] shadowed at the tip" in text
    assert "effect let pass by the configuration, with its reason below" in text


def test_an_entry_that_has_expired_counts_again_and_is_warned_of(repository, tmp_path):
    options = configured(tmp_path, IGNORE + "expires = 2014-05-12\n")  # the commit is of the 13th
    done = command("scan", repository, *options)
    assert done.code == 1
    assert done.errors.decode() == (
        "forensics: warning: the [[ignore]] entry for object role[base] (goes in June) expired on 2014-05-12; "
        "what it let pass counts again\n"
    )
    assert "Entries of the configuration to be removed or renewed" in done.text
    assert "expired on 2014-05-12" in " ".join(done.text.split())
    assert command("scan", repository, *options, "--quiet").errors == b""
    for name in TEXTS:
        if name not in {"gitlab", "github"}:
            text = " ".join(command("report", repository, *options, "--format", name.value).text.split())
            assert "2014-05-12" in text, name
    assert command("scan", repository, *configured(tmp_path, IGNORE + 'expires = "2014-05-13"\n')).code == 0


def test_an_entry_that_matches_nothing_is_warned_of_unless_the_question_was_narrow(repository, tmp_path):
    options = configured(tmp_path, IGNORE.replace("base", "gone"))
    done = command("scan", repository, *options)
    assert b"matches nothing any more" in done.errors
    assert [each["rule"] for each in json.loads(told(repository, options).output)["findings"]].count(
        "stale-ignore"
    ) == 1
    for narrow in (["--scenario", "glob"], ["--container", "roles"], ["--since", "2014-01-01"]):
        assert command("scan", repository, *options, *narrow).errors == b""


def test_the_clock_expires_nothing(repository, tmp_path):
    options = configured(tmp_path, IGNORE + "expires = 2014-12-31\n")
    assert command("scan", repository, *options).code == 0


def test_severities_are_ones_own(repository, tmp_path):
    options = configured(tmp_path, '[severity]\nshadowed-object = "error"\nlive-divergence = "note"\n')
    findings = told(repository, options).document["findings"]
    severities = {each["rule"]: each["severity"] for each in findings}
    assert (severities["shadowed-object"], severities["live-divergence"]) == ("error", "note")
    assert command("scan", repository, *options).code == 1


def test_what_counts_is_the_configurations_unless_somebody_says_otherwise(tmp_path):
    path = tmp_path / "harmless.git"
    tree = {"roles/base.json": role("base"), "roles/base-copy.json": role("base")}
    write_line(new_repository(path), [tree])
    for name in ("scan", "report"):
        assert command(name, path).code == 0
        assert command(name, path, *configured(tmp_path, 'fail_on = "shadow"')).code == 1
        assert command(name, path, *configured(tmp_path, 'fail_on = "shadow"'), "--fail-on", "divergence").code == 0


def test_the_scenarios_told_of_are_the_configurations_unless_somebody_names_some(repository, tmp_path):
    own = '[[scenario]]\nname = "nightly"\norder = "reverse-byte"\n'
    options = configured(tmp_path, 'scenarios = ["knife-upload", "nightly"]\n' + own)

    def names(*further):
        return [each["name"] for each in told(repository, [*options, *further]).document["scenarios"]]

    assert names() == ["knife-upload", "nightly"]
    assert names("--scenario", "glob") == ["glob"]
    assert len(names("--scenario", "all")) == 12
    timeline = command("timeline", "-C", repository, *options, "--format", "json").document["timeline"]
    assert {each["scenario"] for each in timeline} == {"knife-upload", "nightly"}
    asked = command("report", repository, *options, "--format", "json").document["asked"]
    assert asked == {"scenario": "knife-upload, nightly"}


def test_hostile_words_of_a_configuration_are_inert(repository, tmp_path):
    text = IGNORE.replace("goes in June", "\\u001b[2J</script>|`@you`\\n::error::x")
    for name in TEXTS:
        done = command("report", repository, *configured(tmp_path, text), "--format", name.value)
        assert done.code == 0
        assert b"\x1b" not in done.output
        assert b"\n::error::x" not in done.output
    stale = configured(tmp_path, text.replace("base", "gone"))
    done = command("scan", repository, *stale)
    assert b"\x1b" not in done.errors
    assert done.errors.count(b"\n") == 1


def test_a26_a_configuration_without_end_is_not_read_to_it(repository):
    done = command("scan", repository, "--config", "/dev/zero")
    assert (done.code, done.error_line) == (2, "forensics: /dev/zero is larger than a configuration can be")


def test_without_a_configuration_the_repository_excuses_nothing(incident, tmp_path):
    repository = tmp_path / "chef-repo"
    shutil.copytree(incident, repository)
    (repository / "forensics.toml").write_text('fail_on = "never"\n')
    assert command("scan", repository).code == 0
    assert command("scan", repository, "--no-config").code == 1
    both = command("scan", repository, "--no-config", "--config", repository / "forensics.toml")
    assert (both.code, "--no-config wants none" in both.error_line) == (2, True)


def test_a_configuration_that_is_a_link_is_not_followed(incident, tmp_path):
    repository = tmp_path / "chef-repo"
    shutil.copytree(incident, repository)
    (tmp_path / "elsewhere").write_text('fail_on = "never"\n')
    (repository / "forensics.toml").symlink_to(tmp_path / "elsewhere")
    refused = command("scan", repository)
    assert (refused.code, "is a symbolic link" in refused.error_line) == (2, True)
    assert command("scan", repository, "--no-config").code == 1


def test_scenarios_without_end_are_refused_at_once(incident, tmp_path):
    config = tmp_path / "many.toml"
    config.write_text("".join(f"[[scenario]]\nname = 'x{number}'\n" for number in range(20_000)))
    refused = command("scan", incident, "--config", config)
    assert (refused.code, "20000 scenarios are more than the 100" in refused.error_line) == (2, True)

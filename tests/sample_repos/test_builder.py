"""The builder makes the same repository every time, and refuses to overwrite any other."""

import json
import re
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pygit2
import pytest

import sample_repos
from sample_repos.history import work_out
from sample_repos.story import read

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
HEADS = {
    "broken-middle": "e668c2eeb91a581190fc2997195cf71e6fcf4a7b",
    "deleted-still-live": "fbc40c219bc7088fadc4dc8fd98f8768cdd4a8b4",
    "environment-and-data-bag": "5ab2b42ed5fe4e12ff407afd6212dc8197d79266",
    "look-alikes": "fd331304781b0e3d07a9c1f807e6c9f48ff22701",
    "opsmatic-2014": "afdf4c753139d9b100df43d567902283ff0ffb94",
    "rb-json-twins": "ba169be946b206e876c0a91fb5ad82325910cf4b",
    "side-branch-three-way": "8510eff0023e6606ff59dee70670a5a19ebb0047",
    "two-servers": "88309f54bb0651c3e1bd80af7f8cbf38efaddd18",
}
EVERY_STORY = pytest.mark.parametrize("name", HEADS)
SMALLEST = """
title = "t"
summary = "s"
[people]
dana = "Dana Whitfield <dana@example.com>"
[[commit]]
id = "start"
date = 2013-02-11T09:42:00-08:00
author = "dana"
message = "Start"
files = { "roles/base.json" = "one two" }
"""


class BuiltRepository:
    """A built story with its commits under the names that the story gives them."""

    def __init__(self, name, directory):
        self.story = sample_repos.load(name)
        self.built = sample_repos.build(name, directory)
        self.repository = pygit2.Repository(str(self.built.directory))
        self.identifiers = dict(self.built.commits)
        self.names = {identifier: commit for commit, identifier in self.identifiers.items()}

    def files(self, commit):
        """Blob ids by path."""
        index = pygit2.Index()
        index.read_tree(self.repository[self.identifiers[commit]].tree)
        return {entry.path: str(entry.id) for entry in index}

    def content(self, commit, path):
        return self.repository[self.files(commit)[path]].data.decode()

    def text(self, commit, path):
        """What the file holds, or nothing if it is not there."""
        return self.content(commit, path) if path in self.files(commit) else ""

    def first_parents(self):
        """The commits of main's first-parent line, oldest first."""
        commit = self.repository[self.built.head]
        line = [self.names[str(commit.id)]]
        while commit.parents:
            commit = commit.parents[0]
            line.append(self.names[str(commit.id)])
        return line[::-1]

    def touching(self, path):
        """The commits of that line that add the file or change what it holds."""
        blobs = [(commit, self.files(commit).get(path)) for commit in self.first_parents()]
        before = [None, *(blob for _, blob in blobs)]
        return [commit for (commit, blob), old in zip(blobs, before, strict=False) if blob not in (None, old)]


@pytest.fixture(scope="module")
def incident(tmp_path_factory):
    return BuiltRepository("opsmatic-2014", tmp_path_factory.mktemp("incident") / "repository")


def run(*arguments):
    command = [sys.executable, "-m", "sample_repos", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


# ------------------------------------------------------------------------------------------------ determinism


def test_every_story_has_a_recorded_head():
    assert tuple(sorted(HEADS)) == sample_repos.names()


@EVERY_STORY
def test_a_story_has_the_same_head_on_every_machine(name, tmp_path):
    assert sample_repos.build(name, tmp_path / "repository").head == HEADS[name]


@EVERY_STORY
def test_git_agrees_with_every_object_of_a_story(name, tmp_path):
    built = sample_repos.build(name, tmp_path / "repository")
    objects = work_out(sample_repos.load(name)).objects
    database = pygit2.Repository(str(built.directory)).odb
    assert {str(each) for each in database} == set(objects)
    for identifier, (_, data) in objects.items():
        assert database.read(identifier)[1] == data  # refused where the id is another
    assert set(built.commits) == {commit.id for commit in sample_repos.load(name).commits}


@EVERY_STORY
def test_a_built_story_is_a_normal_repository_on_main_with_a_clean_working_tree(name, tmp_path):
    built = sample_repos.build(name, tmp_path / "repository")
    repository = pygit2.Repository(str(built.directory))
    assert repository.lookup_reference("HEAD").target == "refs/heads/main"
    assert repository.status() == {}
    assert not repository.is_bare
    assert str(repository.head.target) == built.head
    assert [entry.name for entry in tmp_path.iterdir()] == ["repository"]


@EVERY_STORY
def test_no_two_paths_of_a_tree_collide_where_file_names_ignore_case_or_unicode_form(name, tmp_path):
    story = BuiltRepository(name, tmp_path / "repository")
    for commit in story.identifiers:
        paths = list(story.files(commit))
        assert len({path.casefold() for path in paths}) == len(paths)
        assert all(path.isascii() for path in paths)


@EVERY_STORY
def test_commits_stand_in_the_order_of_their_dates(name):
    dates = [commit.committed for commit in sample_repos.load(name).commits]
    assert dates == sorted(dates)


def test_the_dates_of_the_incident_have_the_offset_of_the_pacific_coast():
    for commit in sample_repos.load("opsmatic-2014").commits:
        assert commit.date.utcoffset() == pacific_offset(commit.date), commit.id


def pacific_offset(moment):
    """Daylight saving from the second Sunday of March to the first of November, at two o'clock."""
    march, november = datetime(moment.year, 3, 8, 2), datetime(moment.year, 11, 1, 2)  # noqa: DTZ001 - wall clock
    begin, end = (day + timedelta(days=(6 - day.weekday()) % 7) for day in (march, november))
    return timedelta(hours=-7 if begin <= moment.replace(tzinfo=None) < end else -8)


# ------------------------------------------------------------------------------------------------ the command


def test_the_list_names_every_story_with_its_title():
    lines = run("--list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == list(sample_repos.names())
    assert all(sample_repos.load(line.split()[0]).title in line for line in lines)


def test_building_twice_says_that_the_story_stands_already(tmp_path):
    first = run("opsmatic-2014", tmp_path / "repository")
    second = run("opsmatic-2014", tmp_path / "repository")
    assert (first.returncode, second.returncode) == (0, 0)
    assert "built in" in first.stdout
    assert "stands already" in second.stdout


def test_a_missing_parent_directory_is_made(tmp_path):
    assert sample_repos.build("opsmatic-2014", tmp_path / "demo" / "deep").created


def test_an_empty_directory_is_used(tmp_path):
    assert sample_repos.build("opsmatic-2014", tmp_path).created


@pytest.mark.parametrize("spoil", ["a stranger's file", "an edit", "another commit", "no directory"])
def test_anything_else_in_the_directory_is_refused_in_one_line_and_left_alone(spoil, tmp_path):
    target = tmp_path / "repository"
    if spoil == "a stranger's file":
        target.mkdir()
        (target / "notes.txt").write_text("mine")
    elif spoil == "no directory":
        target.write_text("mine")
    else:
        built = sample_repos.build("opsmatic-2014", target)
        if spoil == "an edit":
            (target / "roles" / "base.json").write_text("mine")
        else:
            repository = pygit2.Repository(str(target))
            parent = repository[built.head].parent_ids[0]
            repository.references.create("refs/heads/main", parent, force=True)
            repository.checkout_head(strategy=pygit2.enums.CheckoutStrategy.FORCE)
    before = contents(tmp_path)
    outcome = run("opsmatic-2014", target)
    assert outcome.returncode == 2
    assert outcome.stdout == ""
    assert re.fullmatch(r"error: [^\n]+\n", outcome.stderr)
    assert contents(tmp_path) == before


def contents(directory):
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_an_unknown_story_is_refused_with_the_names_to_choose_from(tmp_path):
    outcome = run("opsmatic-2015", tmp_path / "repository")
    assert outcome.returncode == 2
    assert "opsmatic-2014" in outcome.stderr
    assert not (tmp_path / "repository").exists()


def test_half_a_command_is_refused():
    assert run("opsmatic-2014").returncode == 2
    assert run().returncode == 2


def test_the_builder_needs_nothing_but_pygit2():
    script = "import sample_repos, sys; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "pygit2" in loaded.split()
    assert not {"forensics", "pandas", "typer", "rich", "tree_sitter"}.intersection(loaded.split())


# ------------------------------------------------------------------------------------------------ the format


@pytest.mark.parametrize(
    ("spoiled", "complaint"),
    [
        (SMALLEST.replace("files =", "flies ="), "unknown key flies"),
        (SMALLEST.replace('author = "dana"', 'author = "nobody"'), "nobody called 'nobody'"),
        (SMALLEST.replace("T09:42:00-08:00", "T09:42:00"), "offset"),
        (SMALLEST.replace('message = "Start"', ""), "missing message"),
        (SMALLEST.replace("roles/base.json", "roles/../base.json"), "no path for a file"),
        (SMALLEST + 'edit = { "roles/base.json" = [["three", "3"]] }', "stands 0 times"),
        (SMALLEST + 'copy = { "roles/b.json" = "roles/a.json" }', "there is no roles/a.json"),
        (SMALLEST + 'delete = ["roles/a.json"]', "there is no roles/a.json"),
        (SMALLEST + 'merge = ["other"]', "neither a branch nor an earlier commit"),
        (SMALLEST + SMALLEST[SMALLEST.index("[[commit]]") :], "commit ids repeat: start"),
        (SMALLEST + "[expect]\nshadow = [{ kind = 'role' }]", "expect"),
    ],
)
def test_a_story_that_makes_no_sense_is_refused_with_the_reason(spoiled, complaint):
    with pytest.raises(sample_repos.StoryError, match=re.escape(complaint)):
        work_out(read("spoiled", spoiled))


def test_a_merge_that_both_sides_changed_must_be_written_out():
    def commit(name, rest):
        head = f'[[commit]]\nid = "{name}"\ndate = 2013-02-11T09:42:00-08:00\nauthor = "dana"\nmessage = "x"\n'
        return head + rest + "\n"

    story = SMALLEST
    story += commit("side", 'branch = "side"\nfrom = "start"\nfiles = { "roles/base.json" = "theirs" }')
    story += commit("ours", 'files = { "roles/base.json" = "ours" }')
    with pytest.raises(sample_repos.StoryError, match=r"both sides changed roles/base\.json"):
        work_out(read("conflict", story + commit("merge", 'merge = ["side"]')))
    settled = commit("merge", 'merge = ["side"]\nfiles = { "roles/base.json" = "both" }')
    assert set(work_out(read("conflict", story + settled)).branches) == {"main"}


# ------------------------------------------------------------------------------------------------ the expectations


CONTAINER = re.compile(r"((?:.*?/)??(?:roles|environments|nodes|data_bags/[^/]+))/")


@EVERY_STORY
def test_the_expected_shadows_are_those_that_a_plain_reading_of_the_names_finds(name, tmp_path):
    story = BuiltRepository(name, tmp_path / "repository")
    found = {}
    for commit in story.identifiers:
        for declared, paths in declarations(story, commit).items():
            if len(paths) > 1:
                found.setdefault((*declared, tuple(sorted(paths))), []).append(commit)
    expected = {(shadow.container, shadow.name, shadow.paths): shadow for shadow in story.story.expect.shadows}
    assert found.keys() == expected.keys()
    for key, commits in found.items():
        assert (commits[0], commits[-1], len(commits)) == (
            expected[key].first,
            expected[key].last,
            expected[key].commits,
        )
        assert expected[key].at_head == (story.names[story.built.head] in commits)


def declarations(story, commit):
    """Paths by container and name: good enough for what stories hold."""
    found = {}
    for path in story.files(commit):
        container = CONTAINER.match(path)
        said = plain_name(path, story.content(commit, path)) if container else None  # a link's text declares nothing
        if said is not None:
            found.setdefault((container[1], said), []).append(path)
    return found


def plain_name(path, text):
    if path.endswith(".rb"):
        return re.search(r"^name ['\"](.*)['\"]$", text, re.MULTILINE)[1]
    try:
        document = json.loads(re.sub(r"^\s*//.*", "", text, flags=re.MULTILINE)) if path.endswith(".json") else {}
    except ValueError:
        return None
    return document.get("name", document.get("id"))


@EVERY_STORY
def test_expected_divergences_begin_and_end_on_the_first_parent_line(name, tmp_path):
    story = BuiltRepository(name, tmp_path / "repository")
    line = story.first_parents()
    for divergence in story.story.expect.divergences:
        assert divergence.start in line
        assert divergence.until is None or line.index(divergence.start) < line.index(divergence.until)
        assert divergence.live.startswith(f"{divergence.container}/")


@EVERY_STORY
def test_the_readme_tells_every_shadow_and_divergence_with_its_days(name):
    story = sample_repos.load(name)
    readme = (ROOT / "sample_repos" / "README.md").read_text(encoding="utf-8")
    section = readme.partition(f"### {name}\n")[2].partition("\n##")[0]
    days = {commit.id: commit.date.date().isoformat() for commit in story.commits}
    for divergence in story.expect.divergences:
        assert f"`{divergence.scenario}`" in section
        assert f"`{divergence.start}` {days[divergence.start]}" in section
        end = "the tip" if divergence.until is None else f"`{divergence.until}` {days[divergence.until]}"
        assert end in section
    for shadow in story.expect.shadows:
        assert f"`{shadow.first}`" in section
        assert all(Path(path).name in section for path in shadow.paths)


# ------------------------------------------------------------------------------------------------ the incident


def test_the_copy_equals_the_role_at_parity(incident):
    assert incident.content("copy", "roles/base-original.json") == incident.content("parity", "roles/base.json")
    assert json.loads(incident.content("copy", "roles/base-original.json"))["name"] == "base"


def test_the_copy_is_touched_three_times_and_with_base_but_for_the_first(incident):
    assert incident.touching("roles/base-original.json") == ["copy", "both-edited", "refactoring"]
    assert {"both-edited", "refactoring"} < set(incident.touching("roles/base.json"))


def test_the_edits_of_base_stand_where_the_incident_needs_them(incident):
    edits = incident.touching("roles/base.json")
    after = edits[edits.index("parity") + 1 :]
    assert after[0] == "drop-default-users"
    assert after[-3:] == ["both-edited", "fail2ban", "refactoring"]
    assert len(after) >= 8


def test_only_the_copy_keeps_the_recipe(incident):
    recipe = "recipe[base::remove_default_users]"
    line = incident.first_parents()
    holding = [commit for commit in line if recipe in incident.text(commit, "roles/base.json")]
    assert holding == ["parity", "copy"]
    kept = [commit for commit in line if recipe in incident.text(commit, "roles/base-original.json")]
    assert kept == line[line.index("copy") :]


def test_the_recipe_is_deleted_between_the_outage_and_the_refactoring(incident):
    path = "cookbooks/base/recipes/remove_default_users.rb"
    line = incident.first_parents()
    holding = [commit for commit in line if path in incident.files(commit)]
    assert (holding[0], line[line.index(holding[-1]) + 1]) == ("bootstrap-experiment", "recipe-deleted")
    assert line.index("stack01-back") < line.index("recipe-deleted") < line.index("refactoring")


@pytest.mark.parametrize(
    ("commit", "day"),
    [
        ("practice", "2014-08-28"),
        ("both-edited", "2014-08-31"),
        ("fail2ban", "2014-09-11"),
        ("replace-stack01", "2014-09-25"),
        ("recipe-deleted", "2014-09-29"),
        ("refactoring", "2014-10-14"),
    ],
)
def test_the_days_of_the_incident(incident, commit, day):
    assert next(entry for entry in incident.story.commits if entry.id == commit).date.date().isoformat() == day


def test_both_files_stand_at_the_tip(incident):
    assert {"roles/base.json", "roles/base-original.json"} < incident.files("cassandra-heap").keys()


def test_every_node_reaches_the_role_base(incident):
    tip = incident.first_parents()[-1]
    documents = {path: json.loads(incident.content(tip, path)) for path in incident.files(tip) if path.endswith("json")}
    roles = {value["name"]: value["run_list"] for path, value in documents.items() if path.startswith("roles/")}
    nodes = {value["name"]: value["run_list"] for path, value in documents.items() if path.startswith("nodes/")}

    def reaches(run_list):
        return "role[base]" in run_list or any(reaches(roles.get(item[5:-1], [])) for item in run_list)

    assert len(roles) >= 8
    assert [name for name, run_list in nodes.items() if not reaches(run_list)] == []


# ------------------------------------------------------------------------------------------------ the other stories


@pytest.fixture
def story(request, tmp_path):
    return BuiltRepository(request.param, tmp_path / "repository")


@pytest.mark.parametrize("story", ["side-branch-three-way"], indirect=True)
def test_main_never_held_the_mistake_of_the_side_branch(story):
    held = set(story.story.expect.shadows[0].paths)
    assert len(held) == 3
    for commit in story.first_parents():
        said = declarations(story, commit)
        assert all(len(paths) == 1 for paths in said.values())
    assert held < story.files("merge").keys()


@pytest.mark.parametrize("story", ["rb-json-twins"], indirect=True)
def test_the_twins_are_edited_in_turns(story):
    assert story.touching("roles/queue.rb") == ["start", "ruby-edited", "both-edited", "one-file"]
    assert story.touching("roles/queue.json") == ["twin", "json-edited", "json-edited-again", "both-edited"]


@pytest.mark.parametrize("story", ["broken-middle"], indirect=True)
def test_the_file_in_the_middle_is_broken_for_three_commits(story):
    broken = []
    for commit in story.first_parents():
        try:
            json.loads(story.content(commit, "roles/cache.json"))
        except ValueError:
            broken.append(commit)
    assert broken == ["broken", "web-tls", "base-edited"]


@pytest.mark.parametrize("story", ["deleted-still-live"], indirect=True)
def test_the_rightful_file_is_edited_only_after_the_copy_is_gone(story):
    line = story.first_parents()
    assert story.touching("roles/db.json") == ["start", "db-edited"]
    assert "roles/db-tuned.json" not in story.files("deleted")
    assert line.index("tuned") < line.index("deleted") < line.index("db-edited")


@pytest.mark.parametrize("story", ["two-servers"], indirect=True)
def test_both_servers_have_roles_of_the_same_names_and_share_one_by_a_link(story):
    assert {"production/roles/app.json", "staging/roles/app.json"} < story.files("staging").keys()
    assert story.content("staging", "staging/roles/base.json") == "../../production/roles/base.json"
    assert (story.built.directory / "staging" / "roles" / "base.json").is_symlink()


@pytest.mark.parametrize("story", ["look-alikes"], indirect=True)
def test_nothing_is_expected_of_look_alikes(story):
    assert story.story.expect.shadows == ()
    assert story.story.expect.divergences == ()

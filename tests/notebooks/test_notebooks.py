"""The notebooks tell what is so: their kept outputs are those of a new run, and state the facts of the story."""

from __future__ import annotations

import html
import json
import re
import xml.etree.ElementTree as ET

import html5lib
import nbformat
import pytest
from notebook_running import NOTEBOOKS, executed, outputs_here, settled, written
from server_logs import line
from server_logs import log as server_log
from support import PROJECT, clone

import sample_repos

pytestmark = pytest.mark.slow

INCIDENT = PROJECT / "notebooks" / "01-the-incident.ipynb"
YOUR_OWN = PROJECT / "notebooks" / "02-your-own-repository.ipynb"
EVIDENCE = PROJECT / "notebooks" / "03-your-own-evidence.ipynb"
NAMES = [path.name for path in NOTEBOOKS]


def kept(name):
    return nbformat.read(PROJECT / "notebooks" / name, as_version=4)


def outputs(notebook):
    return [output for cell in notebook.cells for output in cell.get("outputs", ())]


def lines_drawn(drawing):
    """The words of a drawing, line by line; where they stand depends on the library that draws."""
    elements = ET.fromstring(drawing).iter()  # noqa: S314 (drawn by ourselves)
    return [each.text for each in elements if each.tag.rpartition("}")[2] in {"text", "tspan"} and each.text]


def plain(kind, text):
    """What an output says, without what another version of a library may do differently: its markup, its layout."""
    if kind == "image/svg+xml":
        return " ".join(lines_drawn(text))
    if kind == "text/html":
        text = html.unescape(re.sub(r"(?s)<style.*?</style>|<[^>]+>", " ", text))
    return re.sub(r"\s+", " ", text).strip()


def told(output):
    """An output in its own words."""
    if output.output_type == "stream":
        return {"stream": plain("text/plain", output.text)}
    return {kind: plain(kind, text) for kind, text in output.get("data", {}).items()}


def words(notebook, shown=None):
    """Everything that a notebook says, as plain text; what its cells show may come from elsewhere."""
    said = [plain("text/plain", cell.source) for cell in notebook.cells]
    shown = outputs(notebook) if shown is None else shown
    return " ".join([*said, *(text for output in shown for text in told(output).values())])


def test_there_are_three_notebooks():
    assert [INCIDENT.name, YOUR_OWN.name, EVIDENCE.name] == NAMES


@pytest.fixture(scope="module")
def new_runs():
    return dict(zip(NAMES, executed(*NOTEBOOKS), strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_the_kept_outputs_are_those_of_a_new_run(name, new_runs):
    before, now = kept(name), new_runs[name]
    assert [cell.source for cell in before.cells] == [cell.source for cell in now.cells]
    for old, new in zip(before.cells, now.cells, strict=True):
        shown = [told(output) for output in new.get("outputs", ())]
        assert [told(output) for output in old.get("outputs", ())] == shown, new.source
    assert outputs(before)


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_notebook_is_written_as_a_new_run_writes_it(name):
    text = (PROJECT / "notebooks" / name).read_text(encoding="utf-8")
    assert written(settled(kept(name))) == text
    counts = [cell.execution_count for cell in kept(name).cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.parametrize("name", NAMES)
def test_a_kept_notebook_holds_nothing_of_the_machine_that_ran_it(name):
    text = (PROJECT / "notebooks" / name).read_text(encoding="utf-8")
    assert not re.search(r"/(tmp|home|root|Users|work)\b|site-packages|0x[0-9a-f]{8}", text)
    assert "Traceback" not in text
    for cell in json.loads(text)["cells"]:
        assert "execution" not in cell["metadata"]


@pytest.mark.parametrize("name", NAMES)
def test_a37_a_kept_notebook_runs_and_loads_nothing(name):
    for output in outputs(kept(name)):
        assert set(output.get("data", {})) <= {"text/plain", "text/html", "image/svg+xml"}
        for kind in ("text/html", "image/svg+xml"):
            tree = html5lib.parse(output.get("data", {}).get(kind, ""), namespaceHTMLElements=False)
            for element in tree.iter():
                assert element.tag not in {"script", "iframe", "img", "link"}
                assert not [each for each in element.attrib if str(each).startswith("on") or str(each).endswith("href")]


@pytest.mark.parametrize(
    "fact",
    [
        "50 commits, 4 containers",
        "recipe[base::remove_default_users]: named today by roles/base-original.json, a copy that shadows another file",
        "another file's content of role[base] would be live under glob, changed-locale, changed-reversed.",
        "role[base] would have run base-original.json under glob since 15 October 2013",
        "2014-08-31T19:48:00-07:00 Tom Becker base and base-original: drop idle SSH sessions after ten minutes",
        "added _default base::remove_default_users removed _default sysctl, openssl::upgrade, sudo, collectd",
        "would have reached 15 nodes under glob",
        "glob-sh openssh.server.client_alive_interval 600 role[base] roles/base.json",
        "changed-locale openssh.server.client_alive_interval 600 role[base] roles/base-original.json",
        "glob True True True False",
        "changed-locale True False True True",
        "changed-reversed True False True True",
        "chef-solo-legacy False False False False",
        "commit `6b9da3347652`",
        "VxwgoZH4F23JmeR9SZVI5xeblV3CfsvGRZXPTXjjLP8=",
        "2014-09-01 03:22:14+00:00 tom Chef Knife/11.16.0 roles/base-original.json hash 1200",
        "2014-09-11 18:37:17+00:00 luis Chef Knife/11.16.0 roles/base.json hash",
        "role[base] other-file roles/base-original.json",
        "do knife role from file roles/base.json then git rm roles/base-original.json",
    ],
)
def test_the_story_of_the_incident_states_this(fact):
    assert fact in words(kept(INCIDENT.name))


def test_what_the_story_says_in_prose_is_what_the_sample_holds():
    story = sample_repos.load("opsmatic-2014")
    prose = words(kept(INCIDENT.name))
    dates = {commit.id: commit.date for commit in story.commits}
    for name, said in (
        ("copy", "8 October 2013"),
        ("both-edited", "31 August 2014"),
        ("fail2ban", "11 September"),
        ("replace-stack01", "25 September 2014"),
        ("refactoring", "14 October"),
    ):
        assert f"{dates[name].day} {dates[name]:%B}" in said
        assert said in prose


def with_parameters(path, **values):
    """A notebook with parameters, asked of another repository."""
    notebook = nbformat.read(path, as_version=4)
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
    for name, value in values.items():
        cell.source, found = re.subn(rf"(?m)^{name} = [^#\n]+", f"{name} = {value!r}  ", cell.source)
        assert found == 1, name
    return notebook


def run_with(path=YOUR_OWN, **values):
    notebook = with_parameters(path, **values)
    return words(notebook, outputs_here(notebook))


@pytest.mark.parametrize("name", ["look-alikes", "two-servers", "environment-and-data-bag", "side-branch-three-way"])
def test_the_second_notebook_works_on_other_repositories(tmp_path, name):
    directory = sample_repos.build(name, tmp_path / name).directory
    assert f"{name} at HEAD" in run_with(REPOSITORY=str(directory))


def test_the_second_notebook_takes_its_parameters(tmp_path):
    directory = sample_repos.build("opsmatic-2014", tmp_path / "r").directory
    told = run_with(
        REPOSITORY=str(directory), SCENARIOS=("changed-locale",), OBJECT="base", SINCE="2014-09-01",
        RECIPE="recipe[sudo]",
    )  # fmt: skip
    assert "role[base] would have run base-original.json under changed-locale since 14 October 2014" in told
    assert "recipe[sudo::default]: named today by roles/base.json; live at the tip under no scenario." in told


def test_the_third_notebook_takes_its_parameters(tmp_path):
    directory = sample_repos.build("opsmatic-2014", tmp_path / "r").directory
    log = server_log(tmp_path / "access.log", line("PUT /roles/base", time=1_412_000_000, user="mallory"))
    told = run_with(EVIDENCE, REPOSITORY=str(directory), EVIDENCE=(log,))
    assert "mallory" in told
    assert "matches nothing in this repository" in told


def test_the_second_notebook_works_on_a_public_history():
    assert "256 commits" in run_with(REPOSITORY=str(clone("10xEngineer/chef_repo")))

"""What an interactive session shows of answers: one line, a small table, the stage at work; and errors that help."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import html5lib
import pytest
from building import new_repository, role, set_main, write_commit, write_line
from commandline import process_environment
from inert import obeyed
from made_up_results import scan, shadow

import forensics
import sample_repos
from forensics.analysis.check_results import Check, StagedShadow
from forensics.analysis.results import Finding
from forensics.api.notebook_progress import notebook_stage
from forensics.api.questions import scenarios
from forensics.api.questions.check import CheckResult
from forensics.report.snippet import MOST_ROWS, Gist, snippet

HOSTILE = "</table></script><script>alert(1)</script><img src=x onerror=alert(1)> \x1b[31m \u202e javascript:x"


@pytest.fixture(scope="module")
def incident(tmp_path_factory):
    return forensics.open(sample_repos.build("opsmatic-2014", tmp_path_factory.mktemp("i") / "r").directory)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A repository in which every name and message tries to break out."""
    path = tmp_path_factory.mktemp("h") / "r.git"
    repository = new_repository(path)
    evil = HOSTILE.replace("/", "\\")
    files = {f"{evil}/roles/{evil}.json": role("base", "recipe[a]"), f"{evil}/roles/zz.json": role("base", "recipe[b]")}
    set_main(repository, write_commit(repository, files, message=HOSTILE))
    return forensics.open(path)


def answers(repository):
    name = repository.shadows().shadows[0].name
    return [
        repository,
        repository.scan(),
        repository.report(),
        repository.shadows(),
        repository.timeline(name),
        repository.show(name),
        repository.log(name),
        repository.trace(f"role[{name}]"),
        repository.fingerprint(),
        repository.fingerprint("xesra4/Rgywe3IN3RbYOUfzdI6A="),
        scenarios.ask(repository.path),
    ]


@pytest.mark.parametrize("which", ["incident", "hostile"])
def test_a35_the_line_that_stands_for_an_answer_is_one_line_that_no_terminal_obeys(which, request):
    for answer in answers(request.getfixturevalue(which)):
        line = repr(answer)
        assert line.startswith(f"<{type(answer).__name__}: ")
        assert not obeyed(line)
        assert len(line) < 200


@pytest.mark.parametrize("which", ["incident", "hostile"])
def test_a37_the_table_that_a_notebook_shows_does_nothing(which, request):
    for answer in answers(request.getfixturevalue(which)):
        html = answer._repr_html_()
        assert not obeyed(html.replace("\n", ""))
        tree = html5lib.parse(html, namespaceHTMLElements=False)
        elements = {element.tag: set(element.keys()) for element in tree.iter() if isinstance(element.tag, str)}
        body = {tag: attributes for tag, attributes in elements.items() if tag not in {"html", "head", "body"}}
        assert set(body) <= {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
        assert set().union(*body.values()) <= {"style"}


def test_the_incident_is_told_in_a_sentence(incident):
    assert "role[base] would be live under glob, changed-locale, changed-reversed" in repr(incident.scan())
    assert "roles/base-original.json, roles/base.json" in incident.scan()._repr_html_()
    assert "named today by roles/base-original.json" in repr(incident.trace("recipe[base::remove_default_users]"))
    assert "50 commits, 4 containers" in repr(incident)


def test_a_check_says_what_the_commit_would_bring():
    finding = Finding("shadowed-object", "warning", "role[base]", (), None, "message", "f" * 20)
    staged = StagedShadow(shadow(), ("roles/base-copy.json",), (), finding)
    answer = CheckResult(Check(scan().evidence, (staged,), (staged,), (), 2))
    assert repr(answer) == "<CheckResult: This commit would introduce 1 shadow. 1 shadow stood before.>"
    assert "roles/base-copy.json, roles/base.json" in answer._repr_html_()
    assert (
        repr(CheckResult(Check(scan().evidence, (), (), (), 2))) == "<CheckResult: This commit introduces no shadow.>"
    )


def test_nothing_found_is_said_in_words(tmp_path):
    clean = forensics.open(sample_repos.build("look-alikes", tmp_path / "r").directory)
    assert "Nothing is shadowed at the tip." in repr(clean.scan())
    assert "<table>" not in clean.scan()._repr_html_()


def test_a_long_table_is_cut_and_says_so():
    shown = snippet(Gist("Many.", ("n",), tuple((str(number),) for number in range(MOST_ROWS + 3))))
    assert f'<td style="text-align: left; vertical-align: top">{MOST_ROWS - 1}</td>' in shown
    assert f">{MOST_ROWS}</td>" not in shown
    assert "3 more rows" in shown


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda each: each.timeline("role[bse]"), r"no commit declares role\[bse\]; did you mean 'role\[base\]'\?"),
        (lambda each: each.log("stak"), r"did you mean 'role\[stack\]'"),
        (lambda each: each.show("node[wbe01]"), r"did you mean 'node\[web01\]'"),
        (lambda each: each.scan(scenarios="globb"), r"no scenario is called 'globb'.*did you mean 'glob'"),
        (lambda each: each.scan().to_frame("shadow"), r"no frame 'shadow'; there are .*did you mean 'shadows'"),
        (lambda each: each.scan().to_frame("xyz"), r"no frame 'xyz'; there are divergences, .*, gaps$"),
    ],
)
def test_an_error_names_what_may_have_been_meant(incident, ask, message):
    with pytest.raises(forensics.UsageError, match=message):
        ask(incident)


class Kernel:
    """A notebook's IPython, as far as progress asks for it."""

    def __init__(self, **attributes):
        self.shell = SimpleNamespace(**attributes)
        self.shown = []
        self.lines = 0

    def install(self, monkeypatch):
        handle = SimpleNamespace(update=lambda data, **_: self.shown.append(data["text/plain"]))

        def display(data, **_):
            self.lines += 1
            assert data == {"text/plain": ""}
            return handle

        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: self.shell))
        monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))


def test_a_notebook_shows_the_stage_at_work_and_wipes_it(monkeypatch, incident):
    kernel = Kernel(kernel=object(), execution_count=1)
    kernel.install(monkeypatch)
    repository = forensics.open(incident.path)
    repository.scan()
    assert kernel.shown == ["reading the history ...", "", "replaying the uploads ...", ""]
    assert kernel.lines == 1
    kernel.shell.execution_count = 2
    repository.shadows()
    assert kernel.shown[-2:] == ["looking for shadows ...", ""]
    assert kernel.lines == 2


def test_the_stage_is_wiped_if_it_fails(monkeypatch):
    kernel = Kernel(kernel=object(), execution_count=1)
    kernel.install(monkeypatch)
    with pytest.raises(ValueError, match="no"), notebook_stage("anything"):
        raise ValueError("no")
    assert kernel.shown == ["anything ...", ""]


def test_progress_can_be_silenced(monkeypatch, incident):
    kernel = Kernel(kernel=object(), execution_count=1)
    kernel.install(monkeypatch)
    forensics.open(incident.path, progress=False).scan()
    assert kernel.shown == []


def test_a_terminal_is_no_notebook(monkeypatch):
    kernel = Kernel()
    kernel.install(monkeypatch)
    with notebook_stage("anything"):
        pass
    assert kernel.shown == []


def test_a_script_is_told_nothing_and_pays_for_nothing_of_a_notebook(incident):
    code = (
        "import sys, forensics\n"
        f"scan = forensics.open({str(incident.path)!r}).scan()\n"
        "assert scan.divergences\n"
        "heavy = {'pandas', 'numpy', 'altair', 'vl_convert', 'IPython', 'jinja2'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env=process_environment(), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_object_in_two_places_has_one_row_for_each(tmp_path):
    files = {"a/roles/base.json": role("base"), "b/roles/base.json": role("base")}
    write_line(new_repository(tmp_path / "r.git"), [files])
    assert (
        forensics.open(tmp_path / "r.git").timeline("base", scenarios="glob")._repr_html_().count("role[base]</td>")
        == 2
    )

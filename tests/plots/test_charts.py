"""Charts say the finding in their titles, show it with marks that all can tell apart, and do nothing else."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import altair as alt
import html5lib
import pandas as pd
import pytest
from building import Link, new_repository, role, set_main, write_commit, write_line
from commandline import process_environment
from inert import obeyed

import forensics
import forensics.plots
import sample_repos
from forensics.errors import ForensicsError, UsageError
from forensics.plots import look
from forensics.plots.figure import html, png, svg
from forensics.plots.timeline import timeline_plot
from forensics.plots.words import SUBTITLE_LINE, TITLE_LINE, cut, day, file_name, several
from forensics.uploads.scenario import SHIPPED

KINDS = ("plot_timeline", "plot_churn", "plot_shadows", "plot_reach", "plot_possible")
EVIL = "</script><script>alert(1)</script><svg onload=alert(1)>&#x3c;\x1b[31m\u202e\n]]> --> {{7*7}} ${x} javascript:x "


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    return forensics.open(sample_repos.build("opsmatic-2014", tmp_path_factory.mktemp("c") / "r").directory)


@pytest.fixture(scope="module")
def incident(repository):
    return repository.scan()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A history whose every name and message tries to break out, told by clocks that went wrong."""
    path = tmp_path_factory.mktemp("h") / "r.git"
    repository = new_repository(path)
    place = EVIL.replace("/", "\\") + "long " * 40
    mine, other = f"{place}/roles/base.json", f"{place}/roles/{place}.json"
    ids = []
    for number, time in enumerate((1_400_000_000, -5_000_000_000, 99_999_999_999_999, 1_300_000_000)):
        node = json.dumps({"name": "web01", "run_list": ["role[base]"]})
        files = {mine: role("base", "recipe[a]"), f"{place}/nodes/web01.json": node}
        files |= {other: role("base", f"recipe[b{number}]")} if number else {}
        ids.append(write_commit(repository, files, ids[-1:], time=time, message=EVIL * 3))
    set_main(repository, ids[-1])
    return forensics.open(path).scan()


@pytest.fixture(scope="module")
def drawn(incident, hostile):
    """A function that gives a chart and its drawing, drawn once."""

    @functools.cache
    def chart_and_drawing(which, draw):
        chart = getattr({"incident": incident, "hostile": hostile}[which], draw)()
        return chart, svg(chart)

    return chart_and_drawing


def titles(chart):
    return " ".join(chart.title.text)


def elements(drawing):
    return ET.fromstring(drawing).iter()  # noqa: S314 (drawn a moment ago)


def texts(drawing):
    """Every line of text, as it is drawn."""
    return [each.text or "" for each in elements(drawing) if each.tag.rpartition("}")[2] in {"text", "tspan"}]


def data(chart):
    return [each for values in chart.to_dict()["datasets"].values() for each in values]


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        ("plot_timeline", "role[base] would have run base-original.json under glob since 15 October 2013"),
        ("plot_churn", "2 files of 1 shadowed object changed in 13 commits"),
        ("plot_shadows", "role[base] is shadowed at the tip, since 8 October 2013"),
        (
            "plot_reach",
            "Another file's content of role[base] would have reached 15 nodes under glob, changed-locale and "  # noqa: ISC004
            "changed-reversed, and still does",
        ),
        (
            "plot_possible",
            "2 contents of role[base] could be live today: under glob, changed-locale and changed-reversed it is "  # noqa: ISC004
            "not the canonical file's",
        ),
    ],
)
def test_the_title_says_the_finding(incident, draw, words):
    assert titles(getattr(incident, draw)()) == words


def test_shadows_alone_are_drawn_as_those_of_the_scan(repository, incident):
    assert svg(repository.shadows().plot_shadows()) == svg(incident.plot_shadows())


def test_an_object_is_named_as_on_the_command_line(incident):
    assert (
        titles(incident.plot_churn("base")) == "role[base]: base.json changed in 12 commits and base-original.json in 3"
    )
    for name in ("base", "role[base]"):
        assert titles(incident.plot_timeline(name)) == titles(incident.plot_timeline())


def test_a_divergence_that_is_over_says_from_when_to_when(tmp_path):
    tree = {"roles/a.json": role("a", "recipe[x]")}
    copy = {**tree, "roles/a-copy.json": role("a", "recipe[y]")}
    write_line(new_repository(tmp_path / "r.git"), [tree, copy, tree, {"roles/a.json": role("a", "recipe[z]")}])
    scan = forensics.open(tmp_path / "r.git").scan(scenarios="changed")
    assert (
        titles(scan.plot_timeline())
        == "role[a] would have run a-copy.json under changed from 14 May 2014 to 16 May 2014"
    )


def test_of_several_divergences_that_are_over_the_longest_is_told(tmp_path):
    right, wrong = {"roles/a.json": role("a", "recipe[x]")}, {"roles/a-copy.json": role("a", "recipe[y]")}
    fixed = [{"roles/a.json": role("a", f"recipe[{number}]")} for number in range(2)]
    trees = [right, {**right, **wrong}, fixed[0], {**fixed[0], **wrong}, fixed[0], fixed[0], fixed[0], fixed[1]]
    write_line(new_repository(tmp_path / "r.git"), trees)
    scan = forensics.open(tmp_path / "r.git").scan(scenarios="changed")
    assert scan.to_frame()["from_date"].str[:10].tolist() == ["2014-05-14", "2014-05-16"]
    assert (
        titles(scan.plot_timeline())
        == "role[a] would have run a-copy.json under changed from 16 May 2014 to 20 May 2014"
    )


def test_a_file_has_one_letter_in_every_chart_of_its_object(tmp_path):
    tree = {f"roles/{name}.json": role("a", f"recipe[{name}]") for name in ("a", "b", "c")}
    edited = {**tree, "roles/c.json": role("a", "recipe[d]")}
    write_line(new_repository(tmp_path / "r.git"), [tree, edited])
    scan = forensics.open(tmp_path / "r.git").scan()
    drawn = [texts(svg(draw("a"))) for draw in (scan.plot_timeline, scan.plot_churn, scan.plot_possible)]
    for lines in drawn:
        for name in ("A   roles/a.json", "B   roles/b.json", "C   roles/c.json"):
            assert any(line.startswith(name) for line in lines), name


def test_a_shadow_without_effect_says_so(tmp_path):
    tree = {"roles/a.json": role("a"), "roles/a-copy.json": role("a")}
    write_line(new_repository(tmp_path / "r.git"), [tree])
    scan = forensics.open(tmp_path / "r.git").scan()
    assert titles(scan.plot_timeline()) == "role[a]: no way of uploading would have changed what was live"


def test_where_nothing_is_shadowed_there_is_nothing_to_draw(tmp_path):
    write_line(new_repository(tmp_path / "r.git"), [{"roles/a.json": role("a")}])
    scan = forensics.open(tmp_path / "r.git").scan()
    with pytest.raises(UsageError, match="nothing was ever shadowed"):
        scan.plot_timeline()
    assert titles(scan.plot_shadows()) == "No object was ever declared by several files"
    assert titles(scan.plot_churn()) == "No commit on the replayed line touched a file of a shadowed object"
    assert svg(scan.plot_shadows())
    assert svg(scan.plot_churn())


def test_an_unknown_object_is_answered_with_a_close_one(incident):
    with pytest.raises(
        UsageError, match=r"no shadow or divergence of role\[bse\] was found; did you mean 'role\[base\]'"
    ):
        incident.plot_timeline("bse")


def test_objects_of_one_name_on_two_servers_are_told_apart(tmp_path):
    files = {}
    for server in ("a", "b"):
        files |= {f"{server}/roles/base.json": role("base", "recipe[x]"), f"{server}/roles/copy.json": role("base")}
    write_line(new_repository(tmp_path / "r.git"), [files])
    scan = forensics.open(tmp_path / "r.git").scan()
    with pytest.raises(UsageError, match=r"in several containers \(a/roles, b/roles\); name one with container="):
        scan.plot_timeline("base")
    assert {each["scenario"] for each in data(scan.plot_timeline("base", container="b/roles")) if "scenario" in each}
    assert scan.plot_reach() is not None


def test_the_lanes_of_the_incident_are_those_of_the_replay(incident):
    bars = [each for each in data(incident.plot_timeline()) if "letter" in each]
    lanes = {}
    for bar in sorted(bars, key=lambda each: each["start"]):
        lanes.setdefault(bar["scenario"], []).append(bar["file"][0])
    assert lanes["glob"] == ["A", "B"]
    assert lanes["glob-sh"] == ["A"]
    assert lanes["changed-reversed"] == ["A", "B", "A", "B", "A", "B"]
    assert set(lanes) == {scenario.name for scenario in SHIPPED}
    drawn = [text for text in texts(svg(incident.plot_timeline())) if text in lanes]
    assert drawn == [scenario.name for scenario in SHIPPED]
    assert {each["author"] for each in bars if each["file"].startswith("B")} >= {"Dana Whitfield", "Tom Becker"}


def test_a_raced_stretch_is_paler(tmp_path):
    scan = forensics.open(sample_repos.build("broken-middle", tmp_path / "r").directory).scan()
    certainties = {row["certainty"] for row in scan.to_frame("spans").to_dict("records")}
    drawn = {
        each.get("certainty") for name in scan.to_frame("shadows")["object"] for each in data(scan.plot_timeline(name))
    }
    assert certainties <= drawn


@pytest.mark.slow
def test_many_rows_are_gathered_and_never_refused():
    days = pd.date_range("2000-01-01", periods=5400, freq="D", tz="UTC")
    spans = pd.DataFrame(
        {
            "object": "role[a]", "kind": "role", "container": "roles", "name": "a",
            "scenario": pd.Categorical(["glob"] * 5400), "number": range(5400), "from_time": days, "until_time": days,
            "from_date": [str(each) for each in days], "until_date": None, "from_commit": "c" * 40,
            "live": True, "path": ["roles/a.json", "roles/b.json"] * 2700, "blob": "b" * 40,
            "canonical": [True, False] * 2700, "certainty": "exact", "diverges": False, "author": "Ada", "subject": "S",
        }
    )  # fmt: skip
    touches = spans.assign(time=days, date=spans["from_date"], commit="c" * 40, event="changed")
    empty = pd.DataFrame(columns=["object", "container", "live_path", "open", "scenario", "from_time", "until_time"])
    empty = empty.astype({"from_time": "datetime64[us, UTC]", "until_time": "datetime64[us, UTC]"})
    chart = timeline_plot(spans, touches, empty, "role[a]", "2019-12-31T00:00:00Z")
    assert len([each for each in data(chart) if "letter" in each]) == 5400


@pytest.mark.parametrize("draw", KINDS)
def test_a42_the_same_chart_gives_the_same_bytes(incident, drawn, draw):
    assert svg(getattr(incident, draw)()) == drawn("incident", draw)[1]


@pytest.mark.slow
def test_a42_nothing_of_the_machine_gets_into_a_chart(incident, tmp_path):
    code = (
        "import sys, forensics\n"
        "from forensics.plots.figure import svg\n"
        f"print(svg(forensics.open({incident.evidence.provenance.repository!r}).scan().plot_timeline()), end='')\n"
    )
    environment = process_environment({"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LANG": "de_DE.UTF-8"})
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, cwd=tmp_path, check=True)
    assert done.stdout.decode("utf-8") == svg(incident.plot_timeline())


@pytest.mark.parametrize("draw", KINDS)
@pytest.mark.parametrize("which", ["incident", "hostile"])
@pytest.mark.slow
def test_a37_a_chart_has_nothing_that_runs_or_loads(drawn, which, draw):
    chart, drawing = drawn(which, draw)
    assert "<" not in json.dumps(chart.to_dict(), ensure_ascii=False)
    for element in elements(drawing):
        assert element.tag.rpartition("}")[2] not in {"script", "foreignObject", "a", "image", "use", "iframe"}
        assert not [name for name in element.attrib if name.startswith("on") or name.endswith("href")]
    assert not obeyed("".join(texts(drawing)))
    page = html(chart)
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    assert not [each for each in tree.iter() if each.tag in {"script", "iframe", "img", "link"}]
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http://www.w3.org", "").replace("http-equiv", "")


@pytest.mark.parametrize("draw", KINDS)
@pytest.mark.parametrize("which", ["incident", "hostile"])
@pytest.mark.slow
def test_long_names_are_cut_before_they_overlap(drawn, which, draw):
    chart, drawing = drawn(which, draw)
    assert all(len(line) <= TITLE_LINE for line in chart.title.text)
    assert all(len(line) <= SUBTITLE_LINE for line in chart.title.subtitle)
    assert all(len(text) <= SUBTITLE_LINE for text in texts(drawing))
    assert png(chart).startswith(b"\x89PNG")


def test_a_chart_in_a_notebook_is_an_image(incident):
    bundle = incident.plot_timeline()._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "application/vnd.vegalite.v6+json", "text/plain"}
    assert "text/html" not in bundle
    assert bundle["text/plain"].startswith("<Plot: role[base] would have run")


def test_a_chart_is_one_of_altairs(incident):
    chart = incident.plot_timeline()
    assert isinstance(chart, alt.VConcatChart)
    changed = chart.properties(title="Mine")
    assert changed.to_dict()["title"] == "Mine"
    assert "image/svg+xml" in changed._repr_mimebundle_()


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_a_chart_is_written_as_its_name_ends(incident, tmp_path, ending):
    forensics.plots.save(incident.plot_shadows(), tmp_path / f"a.{ending}")
    incident.plot_shadows().save(str(tmp_path / f"b.{ending}"))
    assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()
    assert (tmp_path / f"a.{ending}").stat().st_size > 1000


def test_a_chart_with_another_title_can_be_written_too(incident, tmp_path):
    incident.plot_shadows().properties(title="<b>Mine</b>").save(tmp_path / "a.html")
    assert "<title>&lt;b&gt;Mine&lt;/b&gt;</title>" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_a44_a_file_is_written_whole_or_the_error_says_why(incident, tmp_path):
    chart = incident.plot_shadows()
    (tmp_path / "there.svg").mkdir()
    for path in (tmp_path / "there.svg", tmp_path / "nowhere" / "a.svg"):
        with pytest.raises(UsageError, match="cannot be written: "):
            chart.save(path)
    (tmp_path / "precious").write_text("kept", encoding="utf-8")
    (tmp_path / "link.svg").symlink_to(tmp_path / "precious")
    chart.save(tmp_path / "link.svg")
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "kept"
    assert {path.name for path in tmp_path.iterdir()} == {"there.svg", "precious", "link.svg"}


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_a44_no_link_that_lies_in_wait_is_written_through(incident, tmp_path, ending):
    precious = tmp_path / "precious"
    precious.write_text("kept", encoding="utf-8")
    for name in (f".a.{ending}.partial", f".a.{ending}", f"a.{ending}.partial", f".a.{ending}.tmp"):
        (tmp_path / name).symlink_to(precious)
    incident.plot_shadows().save(tmp_path / f"a.{ending}")
    assert precious.read_text(encoding="utf-8") == "kept"
    assert (tmp_path / f"a.{ending}").stat().st_size > 1000


def test_a43_an_interrupted_writing_leaves_no_half_chart(incident, tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    chart = incident.plot_shadows()
    monkeypatch.setattr("forensics.plots.figure.Path.replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        chart.save(tmp_path / "a.svg")
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_refused(incident, tmp_path):
    with pytest.raises(UsageError, match="can be written as svg, png, html"):
        forensics.plots.save(incident.plot_shadows(), tmp_path / "a.docx")
    with pytest.raises(UsageError, match="can be written as svg, png, html"):
        incident.plot_shadows().save(tmp_path / "a.gif")


def test_without_altair_the_error_says_what_to_install(monkeypatch, incident):
    for draw in KINDS:  # none of them is loaded
        monkeypatch.delattr(forensics.plots, draw.removeprefix("plot_"), raising=False)
    monkeypatch.setattr("forensics.extras.find_spec", lambda name: None if name == "altair" else object())
    for draw in KINDS:
        with pytest.raises(
            ForensicsError,
            match=r"charts need altair, which is not installed: pip install 'chef-forensics\[notebook\]'",
        ):
            getattr(incident, draw)()


def test_without_the_library_that_draws_files_the_error_says_what_to_install(monkeypatch, incident, tmp_path):
    chart = incident.plot_shadows()
    monkeypatch.setattr("forensics.extras.find_spec", lambda name: None if name == "vl_convert" else object())
    with pytest.raises(ForensicsError, match="charts as images need vl-convert-python"):
        chart.save(tmp_path / "a.svg")


def luminance(color):
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_colour_is_seen_on_white_and_every_letter_in_it_read():
    for color in (look.CANONICAL, *look.COPIES, look.NO_FILE, look.ALARM, look.INK, look.SOFT):
        assert contrast(color, look.PAPER) >= 4.5


def test_a_file_has_one_letter_and_colour_whatever_else_is_drawn():
    both = look.marks(["roles/b.json", "roles/a.json"], "roles/b.json")
    assert [(each.letter, each.color) for each in both.values()] == [("A", look.CANONICAL), ("B", look.COPIES[0])]
    assert look.marks(["roles/a.json"], None)["roles/a.json"].color == look.COPIES[0]
    many = look.marks([f"roles/{number}.json" for number in range(30)], None)
    assert len({each.letter for each in many.values()}) == 30


@pytest.mark.parametrize("name", sorted({*sample_repos.names()} - {"opsmatic-2014"}))
@pytest.mark.slow
def test_every_other_sample_can_be_drawn(name, tmp_path):
    scan = forensics.open(sample_repos.build(name, tmp_path / "r").directory).scan()
    objects = scan.to_frame("shadows")["object"].unique()
    for draw in KINDS:
        for each in objects if draw in {"plot_timeline", "plot_possible"} else [None]:
            if len(objects) and not (draw == "plot_reach" and not scan.divergences):
                assert svg(getattr(scan, draw)(*([each] if each else [])))


def test_a_link_that_leads_nowhere_does_no_harm(tmp_path):
    files = {
        "roles/a.json": role("a"),
        "roles/a-copy.json": role("a", "recipe[x]"),
        "roles/z.json": Link("../gone.json"),
    }
    write_line(new_repository(tmp_path / "r.git"), [files])
    assert svg(forensics.open(tmp_path / "r.git").scan().plot_timeline())


@pytest.mark.parametrize(
    ("text", "words"), [("2013-10-15T10:26:00-07:00", "15 October 2013"), ("@-5", "@-5"), ("@<", "@\u2039"), ("", "")]
)
def test_dates_are_told_in_words(text, words):
    assert day(text) == words


def test_names_that_are_too_long_keep_their_ends():
    assert cut("roles/a-very-long-name-of-a-file.json", 20) == "roles/a\u2026-a-file.json"
    assert len(cut("x" * 100, 20)) == 20
    assert cut("short", 20) == "short"
    assert file_name("roles/base.json", ["roles/base.json", "roles/old/base.json"]) == "roles/base.json"
    assert several(["a", "b", "c"]) == "a, b and c"
    assert several(["a", "b", "c", "d"]) == "a, b and 2 more"

"""What changed since an earlier report, read back from its own JSON."""

from __future__ import annotations

import dataclasses
import json

import pytest
from building import examine_at, new_repository, role, set_main, write_commit, write_line

from forensics.analysis.baseline import BaselineError, compare, earlier_report
from forensics.analysis.policy import Policy
from forensics.analysis.policy_results import Ignore
from forensics.analysis.report_results import SCAN
from forensics.analysis.scanning import scan
from forensics.analysis.stories import report
from forensics.report.documents import answer_document, render, report_json
from forensics.uploads.scenario import choose

CLEAN = {"roles/base.json": role("base", "recipe[a]"), "roles/web.json": role("web")}
SAME = {**CLEAN, "roles/base-copy.json": role("base", "recipe[a]")}
SHADOWED = {**CLEAN, "roles/base-copy.json": role("base", "recipe[b]")}
EDITED = {**SHADOWED, "roles/base.json": role("base", "recipe[c]")}
WEB = {**SHADOWED, "roles/web-copy.json": role("web", "recipe[x]")}


class Line:
    """A line of commits whose reports are compared with each other."""

    def __init__(self, tmp_path, *trees):
        self.repository = new_repository(tmp_path / "r.git")
        self.ids = write_line(self.repository, trees)

    def examination(self, number, **options):
        return examine_at(self.repository, self.ids[number], **options)

    def earlier(self, number, asked=None, **options):
        text = report_json(report(self.examination(number, **options), asked))
        return earlier_report(text.encode(), "last.json")

    def compared(self, before, now, asked=None, *, earlier=None, **options):
        examination = self.examination(now, **options)
        found = scan(examination, asked)
        made = compare(earlier or self.earlier(before), found, examination.history.graph)
        return made, found


def rules_of(found, fingerprints):
    return sorted({each.rule for each in found.findings if each.fingerprint in fingerprints})


def test_a_report_knows_all_of_itself(tmp_path):
    made, _ = Line(tmp_path, CLEAN, SHADOWED).compared(1, 1)
    assert (made.new, made.worse, made.gone, made.commits, made.remarks) == (frozenset(), frozenset(), (), 0, ())
    assert not made.changed


def test_what_came_since_is_new_and_the_rest_known(tmp_path):
    made, found = Line(tmp_path, CLEAN, SHADOWED, WEB).compared(1, 2)
    assert made.commits == 1
    new = [each for each in found.findings if each.fingerprint in made.new]
    assert {each.object for each in new} == {"role[web]"}
    assert {each.object for each in found.findings if made.mark(each.fingerprint) == "known"} == {"role[base]"}
    assert made.gone == ()


def test_what_is_over_is_gone_though_the_past_still_shows_it(tmp_path):
    # uploaded once more, the right file is live again; its copy is deleted
    again = {**CLEAN, "roles/base.json": role("base", "recipe[z]")}
    line = Line(tmp_path, CLEAN, SHADOWED, again)
    made, found = line.compared(1, 2)
    assert {"shadowed-object"} <= {each.rule for each in made.gone}
    assert all(each.at_tip for each in made.gone)
    assert "shadowed-object" in {each.rule for each in found.findings}


def test_what_was_of_the_past_and_is_back_is_worse(tmp_path):
    made, found = Line(tmp_path, SHADOWED, CLEAN, SHADOWED).compared(1, 2)
    assert "shadowed-object" in rules_of(found, made.worse)
    assert made.mark(next(iter(made.worse))) == "worse"


def test_the_same_file_live_under_one_more_scenario_is_worse(tmp_path):
    # the copy goes up with the glob only, then it is edited, and goes up with what changed, too
    line = Line(tmp_path, {**CLEAN, "roles/a.json": "{}"}, SHADOWED)
    scenarios = {"scenarios": choose(["glob", "changed"])}
    earlier = line.earlier(1, **scenarios)
    fewer = {key: under - {"changed"} for key, under in earlier.live.items()}
    assert fewer != earlier.live
    made, found = line.compared(1, 1, earlier=dataclasses.replace(earlier, live=fewer), **scenarios)
    assert rules_of(found, made.worse) == ["live-divergence"]
    not_asked = dataclasses.replace(earlier, live=fewer, scenarios=("glob",))
    assert line.compared(1, 1, earlier=not_asked, **scenarios)[0].worse == frozenset()


def test_a_scan_is_a_baseline_too(tmp_path):
    line = Line(tmp_path, CLEAN, SHADOWED)
    earlier = earlier_report(render(answer_document(scan(line.examination(1)), view=SCAN)).encode(), "scan.json")
    made, _ = line.compared(1, 1, earlier=earlier)
    assert (made.changed, made.head_date) == (False, None)


def test_what_the_configuration_lets_pass_is_not_gone(tmp_path):
    line = Line(tmp_path, CLEAN, SHADOWED)
    policy = Policy((Ignore("known", object="role[base]"),))
    made, found = line.compared(1, 1, policy=policy)
    assert found.suppressed
    assert made.gone == ()


def test_what_passed_before_and_no_longer_does_is_new(tmp_path):
    line = Line(tmp_path, CLEAN, SHADOWED)
    policy = Policy((Ignore("known", object="role[base]"),))
    made, found = line.compared(1, 1, earlier=line.earlier(1, policy=policy))
    assert "live-divergence" in rules_of(found, made.new)


def test_a_rebased_history_gives_the_same_findings_and_says_that_the_head_is_not_there(tmp_path):
    line = Line(tmp_path / "1", CLEAN, SHADOWED, EDITED)
    earlier = line.earlier(2)
    rebased = new_repository(tmp_path / "2.git")
    ids = write_line(rebased, [{**CLEAN, "README": "on top of this"}])
    for number, tree in enumerate((CLEAN, SHADOWED, EDITED)):
        ids.append(write_commit(rebased, tree, ids[-1:], time=1_500_000_000 + number, message="rebased"))
    examination = examine_at(rebased, ids[-1])
    made = compare(earlier, scan(examination), examination.history.graph)
    assert (made.new, made.worse, made.gone) == (frozenset(), frozenset(), ())
    assert made.commits is None
    (remark,) = made.remarks
    assert "not in the history examined now" in remark
    assert "may be of another repository" in remark


def test_a_rewritten_tip_is_told_from_another_repository(tmp_path):
    line = Line(tmp_path, CLEAN, SHADOWED, EDITED)
    earlier = line.earlier(2)
    amended = write_commit(line.repository, EDITED, [line.ids[1]], time=1_500_000_000, message="amended")
    set_main(line.repository, amended)
    examination = examine_at(line.repository, amended)
    (remark,) = compare(earlier, scan(examination), examination.history.graph).remarks
    assert "the history was rewritten since (a rebase, a squash), or that was another branch" in remark


def test_a_shallow_clone_may_not_reach_back(tmp_path):
    line = Line(tmp_path, CLEAN, SHADOWED, EDITED)
    earlier = line.earlier(0)
    (tmp_path / "r.git" / "shallow").write_text(f"{line.ids[2]}\n")
    examination = line.examination(2)
    (remark,) = compare(earlier, scan(examination), examination.history.graph).remarks
    assert "this shallow clone may not reach back to it" in remark


def test_side_branches_count_among_the_commits_that_came(tmp_path):
    line = Line(tmp_path, CLEAN, SHADOWED)
    side = write_commit(line.repository, SHADOWED, [line.ids[0]], time=1_400_100_000)
    merge = write_commit(line.repository, EDITED, [line.ids[1], side], time=1_400_200_000)
    examination = examine_at(line.repository, merge)
    assert compare(line.earlier(1), scan(examination), examination.history.graph).commits == 2


def test_other_scenarios_and_options_are_told(tmp_path):
    line = Line(tmp_path, CLEAN, SHADOWED)
    earlier = line.earlier(1, {"since": "2014-01-01"}, scenarios=choose(["glob"]))
    remarks = line.compared(1, 1, {"container": "roles"}, earlier=earlier)[0].remarks
    assert len(remarks) == 3
    assert "tells of other scenarios (glob), this one of glob, glob-sh" in remarks[0]
    assert "made with --since 2014-01-01, this one with no --since" in remarks[1]
    assert "made with no --container, this one with --container roles" in remarks[2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty; where the shell's > emptied it"),
        ("  \n", "is empty"),
        ("{", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("\udcff", "is no JSON"),
        ("[]", "is no report of this tool;"),
        ("{}", "is no report of this tool;"),
        ('{"schema": 1}', "is no report of this tool;"),
        ('{"schema": "forensics.timeline/1"}', "no report of this tool, but of forensics.timeline/1"),
        ('{"schema": "forensics.report/1"}', "says forensics.report/1 and is damaged"),
    ],
)
def test_a_file_that_is_no_report_says_so(text, said):
    with pytest.raises(BaselineError) as caught:
        earlier_report(text.encode("utf-8", "surrogateescape"), "last.json")
    assert str(caught.value).startswith("last.json")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("place", "evil"),
    [
        (("evidence", "head"), "ab " * 13 + "a"),
        (("evidence", "head"), "a" * 39 + "\n"),
        (("head_date",), "2014-05-13\x1b[2J"),
        (("head_date",), "</script>"),
        (("findings", 0, "rule"), "**x**"),
        (("findings", 0, "severity"), "fatal"),
        (("findings", 0, "fingerprint"), "::error::" + "0" * 11),
        (("findings", 0, "commit"), "\u202e" * 40),
    ],
)
def test_what_is_told_as_it_is_can_hold_nothing_else(place, evil, tmp_path):
    document = json.loads(report_json(report(Line(tmp_path, CLEAN, SHADOWED).examination(1))))
    owner = document
    for step in place[:-1]:
        owner = owner[step]
    owner[place[-1]] = evil
    with pytest.raises(BaselineError, match="is damaged"):
        earlier_report(json.dumps(document).encode(), "last.json")


def places(value, path=()):
    if isinstance(value, dict):
        for key, member in value.items():
            yield (*path, key)
            yield from places(member, (*path, key))
    elif isinstance(value, list) and value:
        yield (*path, 0)
        yield from places(value[0], (*path, 0))


def test_a_damaged_report_never_ends_in_a_traceback(tmp_path):
    document = json.loads(report_json(report(Line(tmp_path, CLEAN, SHADOWED).examination(1))))
    document.pop("stories")
    refused = 0
    for path in list(places(document)):
        for damage in (None, 7, "\x1b", [], {}):
            damaged = json.loads(json.dumps(document))
            owner = damaged
            for step in path[:-1]:
                owner = owner[step]
            owner[path[-1]] = damage
            try:
                earlier_report(json.dumps(damaged).encode(), "last.json")
            except BaselineError:
                refused += 1
    assert refused > 50


def test_a35_what_a_file_says_of_itself_is_told_in_short(tmp_path):
    line = Line(tmp_path, CLEAN, SHADOWED)
    text = report_json(report(line.examination(0), {"since": "x" * 100_000}))
    made, _ = line.compared(0, 1, earlier=earlier_report(text.encode(), "last.json"))
    assert len(made.remarks[0]) < 300
    document = json.loads(text)
    document["scenarios"] = [{"name": f"s{number}"} for number in range(10_000)]
    made, _ = line.compared(0, 1, earlier=earlier_report(json.dumps(document).encode(), "last.json"))
    assert all(len(remark) < 600 for remark in made.remarks)
    with pytest.raises(BaselineError) as raised:
        earlier_report(json.dumps({"schema": "x" * 100_000}).encode(), "last.json")
    assert len(str(raised.value)) < 300


@pytest.mark.parametrize("name", ["", "a b", "\x1b[2J", "x" * 10_000, "a, b"])
def test_a35_what_is_no_name_of_a_scenario_is_damage(name, tmp_path):
    document = json.loads(report_json(report(Line(tmp_path, CLEAN).examination(0))))
    document["scenarios"][0]["name"] = name
    with pytest.raises(BaselineError, match="is damaged"):
        earlier_report(json.dumps(document).encode(), "last.json")

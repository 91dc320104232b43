"""The text of a trace, on results that are made up."""

from __future__ import annotations

from dataclasses import replace

from made_up_results import DATES, FIRST, LAST, NOTES

from forensics.analysis.problem_results import UndecidedPath
from forensics.analysis.results import EvidenceSummary, ValueChange
from forensics.analysis.trace_results import (
    Carrier,
    LineStretch,
    LiveStretch,
    NodeStretch,
    RecipeFileLife,
    RecipeLife,
    RecipeRemoval,
    RoleEnd,
    RoleLife,
    Sole,
    Trace,
    Unknown,
)
from forensics.history.model import Gap, Provenance
from forensics.report.text.style import Style
from forensics.report.text.trace import trace_text

OPEN = LineStretch(FIRST, DATES[FIRST], None, None)
OVER = LineStretch(FIRST, DATES[FIRST], LAST, DATES[LAST])
CARRIER = Carrier(
    kind="role",
    container="roles",
    name="base",
    path="roles/base-copy.json",
    where="run_list",
    environment=None,
    item="recipe[users::gone]",
    carriage="direct",
    through=(),
    canonical=False,
    shadows=("0" * 12,),
    shadowed_at_head=True,
    commits=3,
    first_commit=FIRST,
    first_date=DATES[FIRST],
    last_commit=LAST,
    last_date=DATES[LAST],
    at_head=True,
    stretches=(OPEN,),
)
LIVE = LiveStretch(
    scenario="glob",
    kind="role",
    container="roles",
    name="base",
    path="roles/base-copy.json",
    items=("recipe[users::gone]",),
    certainty="exact",
    from_commit=FIRST,
    from_date=DATES[FIRST],
    until_commit=None,
    until_date=None,
    roles=(),
    nodes=("web01", "web02"),
    environments=("_default",),
)
GONE = RecipeLife(
    "users::gone",
    exists_at_head=False,
    cookbook_at_head=True,
    files=(RecipeFileLife("cookbooks/users/recipes/gone.rb", (OVER,)),),
    removals=(RecipeRemoval("cookbooks/users/recipes/gone.rb", LAST, DATES[LAST]),),
)


def trace(**changes):
    found = Trace(
        evidence=EvidenceSummary(Provenance("repo", "HEAD", LAST, "1.9"), 3, 3, ()),
        subject="recipe[users::gone]",
        scenarios=("glob", "changed"),
        carriers=(CARRIER,),
        live=(LIVE,),
        recipe=GONE,
        sole=Sole(CARRIER.path, LAST, DATES[LAST]),
        visible_at_head=False,
        live_at_head=("glob",),
        unresolved=(),
        notes=NOTES,
    )
    return replace(found, **changes)


def text(style=None, **changes):
    return " ".join(trace_text(trace(**changes), style or Style()).split())


def test_the_answer_for_today_comes_first():
    said = text()
    assert (
        "today only roles/base-copy.json names it, a copy that shadows another file; no other file has since 2014-10-14"
        in said
    )
    assert "live at the tip under glob not under changed" in said
    assert said.index("today") < said.index("Named in") < said.index("Would have been live")


def test_a_deleted_recipe_is_told_with_what_still_refers_to_it():
    said = text()
    assert "cookbooks/users/recipes/gone.rb was deleted on 2014-10-14 (b2b2b2b2b2b2, Dana Whitfield" in said
    assert "roles/base-copy.json still refers to it" in said
    assert "with all of its cookbook" in text(recipe=replace(GONE, cookbook_at_head=False))
    nobody = text(carriers=(replace(CARRIER, at_head=False, stretches=(OVER,)),), sole=None)
    assert "nothing at the tip refers to it any more" in nobody
    assert "today no file names it" in nobody


def test_a_recipe_that_is_there_and_one_that_never_was():
    there = replace(GONE, exists_at_head=True, files=(RecipeFileLife("cookbooks/users/recipes/gone.rb", (OPEN,)),))
    assert "recipe it is in cookbooks/users/recipes/gone.rb" in text(recipe=there)
    assert "no cookbook in this repository ever had it" in text(recipe=None)
    assert "recipe " not in text(recipe=None, subject="role[x]", carriers=(), live=()).split("today")[1]


def test_a_file_with_no_copy_is_not_called_one():
    own = replace(CARRIER, canonical=True, path="roles/base.json")
    said = text(carriers=(own,), visible_at_head=True, sole=Sole("roles/base.json", LAST, DATES[LAST]))
    assert "(a copy)" not in said
    assert "today only roles/base.json names it; no other file has" in said


def test_several_files_are_listed():
    other = replace(CARRIER, path="roles/web.json", name="web")
    assert "2 files name it, all of them copies that shadow another file" in text(carriers=(CARRIER, other), sole=None)


def test_what_a_row_says():
    included = replace(CARRIER, item="recipe[app]", carriage="include", through=("recipe[users::all]",))
    assert "recipe[app], which includes recipe[users::all] 2014-08-31 (a1a1a1a1a1a1) still so" in text(
        carriers=(included,)
    )
    assert "recipe[users::gone] for prod" in text(carriers=(replace(CARRIER, environment="prod"),))
    aside = text(carriers=(replace(CARRIER, stretches=()),))
    assert "2014-08-31 (a1a1a1a1a1a1) 2014-10-14 (b2b2b2b2b2b2), on side branches only" in aside
    value = ValueChange("add", "/default_attributes/a", None, ["b"])
    attribute = replace(CARRIER, where="default_attributes", values=(value,))
    assert 'default_attributes: ["b"]' in text(carriers=(attribute,))


def test_roles_and_nodes_that_lead_to_it_are_listed_shortly_and_told_in_full_when_asked():
    nested = replace(CARRIER, kind="node", name="web01", path="nodes/web01.json", carriage="nested", item="role[base]")
    past = replace(nested, name="web09", path="nodes/web09.json", at_head=False, stretches=(OVER,))
    short = text(carriers=(CARRIER, nested, past))
    assert "today by node[web01] once by node[web09]" in short
    assert "nodes/web01.json" not in short
    full = text(Style(verbose=True), carriers=(CARRIER, nested, past))
    assert "nodes/web01.json (a copy) role[base]" in full


def test_scenarios_that_agree_share_a_row():
    both = (LIVE, replace(LIVE, scenario="changed"))
    assert "still so every scenario 2" in text(live=both)
    apart = (LIVE, replace(LIVE, scenario="changed", until_commit=LAST, until_date=DATES[LAST], nodes=("web01",)))
    assert "still so glob 2" in text(live=apart)
    assert "2014-10-14 (b2b2b2b2b2b2) changed web01" in text(live=apart)


def test_certainty_and_nodes_that_are_not_known():
    assert "roles/base-copy.json (perhaps)" in text(live=(replace(LIVE, certainty="race"),))
    assert "(none in the repository)" in text(live=(replace(LIVE, nodes=None),))
    assert "(given on the command line)" in text(live=(replace(LIVE, path=None),))
    now = (NodeStretch("glob", "web01", FIRST, DATES[FIRST], None, None), NodeStretch("glob", "web02", *ENDED))
    assert "nodes at the tip 1: web01 until 2014-10-14 (b2b2b2b2b2b2, " in text(nodes=now)
    assert "): web02" in text(nodes=now)


ENDED = (FIRST, DATES[FIRST], LAST, DATES[LAST])


def test_where_nothing_leads_a_node_there_any_more():
    quiet = {"live": (replace(LIVE, nodes_at_tip=()),), "live_at_head": (), "carriers": (CARRIER,)}
    assert "live at the tip under no scenario: role[base] would be live, and nothing leads a node there" in text(
        **quiet
    )
    told = text(**quiet, nodes=(NodeStretch("glob", "web02", *ENDED),))
    assert "; the last node was web02, until 2014-10-14 (b2b2b2b2b2b2, " in told


def test_what_became_of_a_role():
    end = RoleEnd("roles/base.rb", LAST, DATES[LAST], None, None)
    assert "role it is in roles/base.rb" in text(role=RoleLife(("roles/base.rb",), (end,)), recipe=None)
    assert "role roles/base.rb declared it until 2014-10-14 (" in text(role=RoleLife((), (end,)), recipe=None)
    renamed = replace(end, instead="roles/core.rb", declares="core")
    told = text(role=RoleLife((), (renamed,)), recipe=None)
    assert "; from then on roles/core.rb declares role[core] still named in roles/base-copy.json" in told
    assert "files of side branches alone declare it" in text(role=RoleLife((), ()), recipe=None)


def test_nothing_at_all():
    said = text(carriers=(), live=(), recipe=None, sole=None, live_at_head=())
    assert "no file in any of the 3 commits carries it" in said
    assert "Named in" not in said


def test_what_only_running_the_code_could_tell():
    unknown = Unknown("roles/x.rb", "role", "ENV['X']", 3, FIRST, at_head=True)
    assert "roles/x.rb:3: ENV['X']" in text(unresolved=(unknown,))
    assert "ENV" not in text(unresolved=(replace(unknown, at_head=False),))


def test_long_tables_are_cut_unless_everything_is_asked_for():
    many = tuple(replace(CARRIER, name=f"r{n}", path=f"roles/r{n}.json") for n in range(30))
    assert "and 10 that began before (--verbose lists them)" in text(carriers=many)
    assert "that began before" not in text(Style(verbose=True), carriers=many)


def test_incomplete_evidence_is_mentioned():
    evidence = EvidenceSummary(Provenance("repo", "HEAD", LAST, "1.9"), 3, 3, (Gap("shallow", "x"),))
    assert "The evidence is incomplete (1 gap): shallow." in text(evidence=evidence)


def test_what_cannot_be_read_is_neither_deleted_nor_known_to_name_nothing():
    gap = Gap("missing-tree", "not in the object database", "a" * 40, "cookbooks/users", LAST)
    undecided = UndecidedPath("roles/x.rb", ("role[x]",), "unresolved-name", at_tip=True)
    provenance = Provenance("repo", "HEAD", LAST, "1.9")
    said = text(evidence=EvidenceSummary(provenance, 3, 3, (gap,), undecided=(undecided,)))
    assert "was deleted" not in said
    assert "is not in what could be read of the tip" in said
    assert "what roles/x.rb may name could not be told" in said

"""Where a recipe, a role or an attribute could have come from."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import replace

import pytest
from building import DAY, START, examine, examine_at, new_repository, role, ruby_role, set_main, write_commit

import forensics
import sample_repos
from forensics.analysis.cookbooks import CookbookIndex
from forensics.analysis.objects import UnknownObjectError
from forensics.analysis.redaction import Redaction
from forensics.analysis.trace import redacted, trace
from forensics.analysis.trace_subject import Subject, parse_subject
from forensics.api.narrowing import Selection
from forensics.chef.expansion import expand
from forensics.chef.objects import Kind
from forensics.chef.recipe_source import qualified
from forensics.uploads.scenario import choose

BASE = {"roles/base.json": role("base", "ntp")}
WITH = {"roles/base.json": role("base", "ntp", "recipe[users::gone]")}
COPY = {"roles/base-original.json": role("base", "recipe[users::gone]")}


def traced(tmp_path, text, *trees, scenarios=(), **options):
    if scenarios:
        options["scenarios"] = choose(list(scenarios))
    examination, ids = examine(tmp_path, *trees, **options)
    return trace(examination, parse_subject(text)), ids


def told(found, ids, *, carriage=None):
    """Each carrier in short: object, path, item, and the numbers of the commits of each stretch."""
    number = {oid: n for n, oid in enumerate(ids)} | {None: None}
    return [
        (
            each.object,
            each.path,
            each.item,
            [(number[s.from_commit], number[s.until_commit]) for s in each.stretches],
        )
        for each in found.carriers
        if carriage in {None, each.carriage}
    ]


def test_a_recipe_in_a_run_list_from_the_commit_that_names_it_to_the_one_that_does_not(tmp_path):
    found, ids = traced(tmp_path, "recipe[users::gone]", BASE, WITH, WITH | {"README": "x"}, BASE, WITH)
    assert told(found, ids) == [("role[base]", "roles/base.json", "recipe[users::gone]", [(1, 3), (4, None)])]
    (carrier,) = found.carriers
    assert (carrier.commits, carrier.first_commit, carrier.last_commit, carrier.at_head) == (3, ids[1], ids[4], True)


@pytest.mark.parametrize("spelled", ["x", "x::default", "recipe[x]", "recipe[x::default]", "recipe[x@1.0]"])
@pytest.mark.parametrize("asked", ["recipe[x]", "x", "recipe[x::default]"])
def test_a_recipe_and_its_default_are_the_same_file_and_keep_their_spelling(tmp_path, asked, spelled):
    found, _ = traced(tmp_path, asked, {"roles/a.json": role("a", spelled)})
    (carrier,) = found.carriers
    assert carrier.item == (spelled if spelled.startswith("recipe[") else f"recipe[{spelled}]")
    assert (carrier.carriage, found.subject) == ("direct", "recipe[x::default]")


def test_a_version_matches_only_what_is_pinned_to_it(tmp_path):
    tree = {"roles/a.json": role("a", "recipe[x@1.0]"), "roles/b.json": role("b", "recipe[x@2.0]")}
    found, ids = traced(tmp_path, "recipe[x@1.0]", tree)
    assert [each[0] for each in told(found, ids)] == ["role[a]"]


def test_run_lists_of_environments_ruby_roles_and_nodes(tmp_path):
    found, _ = traced(
        tmp_path,
        "recipe[x]",
        {
            "roles/a.json": role("a", env_run_lists={"prod": ["x"], "qa": []}),
            "roles/b.rb": ruby_role("b", "recipe[x]"),
            "nodes/n.json": '{"name": "n", "run_list": ["recipe[x]"]}',
        },
    )
    assert [(each.object, each.where, each.environment) for each in found.carriers] == [
        ("node[n]", "run_list", None),
        ("role[a]", "env_run_lists", "prod"),
        ("role[b]", "run_list", None),
    ]


def test_nested_roles_carry_it_as_long_as_the_inner_one_does(tmp_path):
    web = {"roles/web.json": role("web", "role[base]"), "roles/shop.json": role("shop", "role[web]")}
    node = {"nodes/n.json": '{"name": "n", "run_list": ["role[shop]"]}'}
    found, ids = traced(tmp_path, "recipe[users::gone]", BASE | web | node, WITH | web | node, BASE | web | node)
    assert told(found, ids, carriage="nested") == [
        ("node[n]", "nodes/n.json", "role[shop]", [(1, 2)]),
        ("role[shop]", "roles/shop.json", "role[web]", [(1, 2)]),
        ("role[web]", "roles/web.json", "role[base]", [(1, 2)]),
    ]
    by_name = {each.name: each for each in found.carriers}
    assert by_name["n"].through == ("role[web]", "role[base]")
    assert by_name["web"].through == ()


def test_a_nested_role_counts_only_in_the_environment_where_it_carries_it(tmp_path):
    tree = {
        "roles/base.json": role("base", env_run_lists={"prod": ["x"]}),
        "roles/web.json": role("web", "role[base]", env_run_lists={"qa": ["role[base]"]}),
        "roles/qa.json": role("qa", env_run_lists={"qa": ["role[base]"]}),
        "nodes/p.json": '{"name": "p", "chef_environment": "prod", "run_list": ["role[web]"]}',
        "nodes/q.json": '{"name": "q", "chef_environment": "qa", "run_list": ["role[web]"]}',
    }
    found, _ = traced(tmp_path, "recipe[x]", tree, scenarios=["glob"])
    assert [(each.object, each.environment) for each in found.carriers] == [
        ("role[base]", "prod"),
        ("node[p]", None),
        ("role[web]", None),
    ]
    (live,) = found.live
    assert (live.object, live.roles, live.nodes, live.environments) == ("role[base]", ("web",), ("p",), ("prod",))


def test_roles_that_lead_to_each_other_end(tmp_path):
    tree = {"roles/a.json": role("a", "role[b]", "x"), "roles/b.json": role("b", "role[a]")}
    found, ids = traced(tmp_path, "recipe[x]", tree)
    assert [(each[0], each[2]) for each in told(found, ids)] == [
        ("role[a]", "recipe[x]"),
        ("role[a]", "role[b]"),
        ("role[b]", "role[a]"),
    ]


def test_include_recipe_leads_to_it_while_the_recipe_says_so(tmp_path):
    users = {"cookbooks/users/recipes/gone.rb": "", "cookbooks/users/recipes/all.rb": "include_recipe '::gone'"}
    app = {"cookbooks/app/recipes/default.rb": "include_recipe 'users::all'"}
    names = {"roles/web.json": role("web", "app")}
    found, ids = traced(
        tmp_path,
        "recipe[users::gone]",
        users | names | {"cookbooks/app/recipes/default.rb": ""},
        users | names | app,
        users | app | {"roles/web.json": role("web")},
    )
    assert told(found, ids) == [
        ("role[web]", "roles/web.json", "recipe[app]", [(1, 2)]),
        ("recipe[users::all]", "cookbooks/users/recipes/all.rb", "::gone", [(0, None)]),
        ("recipe[app::default]", "cookbooks/app/recipes/default.rb", "users::all", [(1, None)]),
    ]
    assert found.carriers[0].through == ("recipe[users::all]",)
    assert (found.carriers[0].carriage, found.carriers[1].carriage) == ("include", "direct")


def test_a_cookbooks_name_is_what_its_metadata_says(tmp_path):
    tree = {
        "cookbooks/chef-users/metadata.rb": "name 'users'",
        "cookbooks/chef-users/recipes/gone.rb": "",
        "roles/a.json": role("a", "recipe[users::gone]"),
    }
    found, _ = traced(tmp_path, "recipe[users::gone]", tree)
    assert found.recipe.exists_at_head
    assert [file.path for file in found.recipe.files] == ["cookbooks/chef-users/recipes/gone.rb"]


def test_a_cookbook_of_one_chef_repo_leads_nowhere_in_another(tmp_path):
    tree = {
        "a/roles/x.json": role("x", "app"),
        "b/roles/y.json": role("y", "app"),
        "a/cookbooks/app/recipes/default.rb": "include_recipe 'users::gone'",
        "b/cookbooks/app/recipes/default.rb": "",
    }
    found, ids = traced(tmp_path, "recipe[users::gone]", tree)
    assert [each[0] for each in told(found, ids, carriage="include")] == ["role[x]"]


def test_a_computed_include_and_a_computed_run_list_may_lead_to_it(tmp_path):
    tree = {
        "roles/a.rb": 'name "a"\nrun_list ENV["LIST"]\n',
        "cookbooks/app/recipes/default.rb": '\ninclude_recipe "app::#{node[:kind]}"\n',
    }
    found, ids = traced(tmp_path, "recipe[x]", tree)
    assert [(each.path, each.kind, each.source, each.line, each.at_head) for each in found.unresolved] == [
        ("roles/a.rb", "role", 'run_list ENV["LIST"]', 2, True),
        ("cookbooks/app/recipes/default.rb", "recipe", '"app::#{node[:kind]}"', 2, True),
    ]
    assert found.unresolved[0].first_commit == ids[0]
    assert found.carriers == ()


def test_a_deleted_recipe_has_the_commit_that_deleted_it(tmp_path):
    recipe = {"cookbooks/users/recipes/gone.rb": "", "cookbooks/users/recipes/default.rb": ""}
    left = {"cookbooks/users/recipes/default.rb": ""}
    found, ids = traced(tmp_path, "recipe[users::gone]", WITH | recipe, WITH | left, WITH | recipe, WITH | left, WITH)
    life = found.recipe
    assert (life.exists_at_head, life.cookbook_at_head) == (False, False)
    assert [(s.from_commit, s.until_commit) for s in life.files[0].stretches] == [(ids[0], ids[1]), (ids[2], ids[3])]
    assert [(each.path, each.commit) for each in life.removals] == [
        ("cookbooks/users/recipes/gone.rb", ids[1]),
        ("cookbooks/users/recipes/gone.rb", ids[3]),
    ]


def test_a_recipe_removed_on_a_branch_was_removed_there_and_not_by_the_merge(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    recipe = {"cookbooks/users/recipes/gone.rb": ""}
    first = write_commit(repository, BASE | recipe, time=START)
    main = write_commit(repository, BASE | recipe | {"README": ""}, [first], time=START + DAY)
    branch = write_commit(repository, BASE, [first], time=START + DAY)
    merge = write_commit(repository, BASE | {"README": ""}, [main, branch], time=START + 2 * DAY)
    set_main(repository, merge)
    found = trace(examine_at(repository, merge), parse_subject("recipe[users::gone]"))
    assert [each.commit for each in found.recipe.removals] == [branch]


def test_what_is_on_a_side_branch_alone_has_commits_and_no_stretch(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    first = write_commit(repository, BASE, time=START)
    branch = write_commit(repository, WITH, [first], time=START + DAY)
    merge = write_commit(repository, BASE, [first, branch], time=START + 2 * DAY)
    set_main(repository, merge)
    (carrier,) = trace(examine_at(repository, merge), parse_subject("recipe[users::gone]")).carriers
    assert (carrier.commits, carrier.first_commit, carrier.stretches, carrier.at_head) == (1, branch, (), False)


def test_only_a_copy_names_it(tmp_path):
    found, ids = traced(tmp_path, "recipe[users::gone]", WITH, WITH | COPY, BASE | COPY, scenarios=["glob", "glob-c"])
    assert (found.sole.path, found.sole.since_commit) == ("roles/base-original.json", ids[2])
    assert not found.visible_at_head
    assert found.live_at_head == ("glob",)
    by_path = {each.path: each for each in found.carriers}
    copy, original = by_path["roles/base-original.json"], by_path["roles/base.json"]
    assert (copy.canonical, copy.shadowed_at_head, original.canonical) == (False, True, True)
    assert copy.shadows == original.shadows
    assert [(each.scenario, each.path, each.from_commit, each.until_commit) for each in found.live] == [
        ("glob", "roles/base.json", ids[0], ids[1]),
        ("glob", "roles/base-original.json", ids[1], None),
        ("glob-c", "roles/base.json", ids[0], ids[2]),
    ]


def test_a_file_that_several_name_has_no_sole_one(tmp_path):
    found, _ = traced(tmp_path, "ntp", BASE | {"roles/z.json": role("z", "ntp")})
    assert found.sole is None
    assert found.visible_at_head


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("recipe[nobody]", None),
        ("recipe[users]", "recipe[users::gone]"),
        ("gone", "recipe[users::gone]"),
        ("recipe[users::gnoe]", "recipe[users::gone]"),
        ("role[bsae]", "role[base]"),
        ("attribute[server.port]", "attribute[apache.server.port]"),
        ("attribute[apache.server.prot]", "attribute[apache.server.port]"),
        ("cookbook[shop]", None),
        ("cookbook[apche]", "cookbook[apache]"),
    ],
)
def test_what_nobody_ever_named_is_unknown(tmp_path, asked, meant):
    attributes = {"apache": {"server": {"port": 80}}}
    tree = WITH | {
        "roles/web.json": role("web", default_attributes=attributes),
        "environments/prod.json": '{"name": "prod", "cookbook_versions": {"apache": "= 1.0.0"}}',
    }
    with pytest.raises(UnknownObjectError) as error:
        traced(tmp_path, asked, tree)
    assert str(error.value).startswith(f"no such {parse_subject(asked).kind}: in the one commit no ")
    assert str(error.value).partition("; did you mean ")[2] == (f"{meant!r}?" if meant else "")


def test_what_only_running_the_code_could_tell_may_be_anything(tmp_path):
    found, _ = traced(tmp_path, "recipe[nobody]", BASE | {"roles/r.rb": 'name "r"\nrun_list ENV["X"]\n'})
    assert (found.carriers, found.live, found.recipe, found.sole) == ((), (), None, None)
    assert found.unresolved


def test_a_role_is_traced_through_those_that_include_it(tmp_path):
    tree = BASE | {"roles/web.json": role("web", "role[base]"), "roles/shop.json": role("shop", "role[web]")}
    found, ids = traced(tmp_path, "role[base]", tree, scenarios=["glob"])
    assert told(found, ids) == [
        ("role[web]", "roles/web.json", "role[base]", [(0, None)]),
        ("role[shop]", "roles/shop.json", "role[web]", [(0, None)]),
    ]
    (live,) = found.live
    assert (live.object, live.roles, live.nodes) == ("role[web]", ("shop",), None)


def test_an_attribute_in_roles_environments_and_nodes(tmp_path):
    ntp = {"ntp": {"servers": ["a"], "x.y": 1}}
    tree = {
        "roles/base.json": role("base", default_attributes=ntp, override_attributes={"ntp": {"servers": None}}),
        "roles/web.json": role("web", "role[base]"),
        "environments/prod.json": json.dumps({"name": "prod", "override_attributes": ntp}),
        "nodes/n.json": json.dumps({"name": "n", "chef_environment": "prod", "normal": ntp, "run_list": ["role[web]"]}),
    }
    found, _ = traced(tmp_path / "1", "attribute[ntp.servers]", tree, scenarios=["glob"])
    assert [(each.object, each.where, [v.after for v in each.values]) for each in found.carriers] == [
        ("environment[prod]", "override_attributes", [["a"]]),
        ("node[n]", "normal", [["a"]]),
        ("role[base]", "default_attributes", [["a"]]),
        ("role[base]", "override_attributes", [None]),
        ("node[n]", "run_list", []),
        ("role[web]", "run_list", []),
    ]
    assert [(each.object, each.nodes) for each in found.live] == [
        ("environment[prod]", ("n",)),
        ("node[n]", ("n",)),
        ("role[base]", ("n",)),
    ]
    dotted, _ = traced(tmp_path / "2", "attribute[ntp.x.y]", tree)
    assert len([each for each in dotted.carriers if each.carriage == "direct"]) == 3


def test_values_of_attributes_are_redacted_when_asked(tmp_path):
    tree = {"roles/db.json": role("db", default_attributes={"db": {"password": "hunter2"}})}
    found, _ = traced(tmp_path, "attribute[db.password]", tree)
    assert "hunter2" in repr(redacted(found, Redaction.DATA_BAGS))
    assert "hunter2" not in repr(redacted(found, Redaction.SECRETS))


def test_an_aborted_upload_leaves_it_open(tmp_path):
    # knife upload raises at a null run list, and whether the others got through is a race
    broken = {"roles/bad.json": '{"name": "bad", "run_list": null}'}
    found, ids = traced(tmp_path, "recipe[users::gone]", BASE, WITH | broken, scenarios=["knife-upload"])
    (live,) = found.live
    assert (live.certainty, live.path, live.from_commit) == ("race", "roles/base.json", ids[1])


def test_since_and_until_leave_out_what_is_not_in_between(tmp_path):
    trees = (WITH, BASE, BASE, COPY | BASE)
    all_of_it, _ = traced(tmp_path / "1", "recipe[users::gone]", *trees, scenarios=["glob"])
    late, _ = traced(tmp_path / "2", "recipe[users::gone]", *trees, scenarios=["glob"], since=START + 2 * DAY)
    early, _ = traced(tmp_path / "3", "recipe[users::gone]", *trees, scenarios=["glob"], until=START + DAY)
    assert {each.path for each in all_of_it.carriers} == {"roles/base.json", "roles/base-original.json"}
    assert {each.path for each in (*late.carriers, *late.live)} == {"roles/base-original.json"}
    assert {each.path for each in (*early.carriers, *early.live)} == {"roles/base.json"}
    assert late.sole == early.sole == all_of_it.sole


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("base::users", Subject("recipe", "base::users")),
        ("recipe[ntp]", Subject("recipe", "ntp::default")),
        ("recipe[ntp@1.2.3]", Subject("recipe", "ntp::default", "1.2.3")),
        ("role[base]", Subject("role", "base")),
        ("attribute[a.b]", Subject("attribute", "a.b")),
    ],
)
def test_what_can_be_traced(text, subject):
    assert parse_subject(text) == subject


@pytest.mark.parametrize("text", ["Recipe[x]", "recipe[]", "data_bag_item[a/b]", "", "role[x"])
def test_what_cannot_be_traced(text):
    with pytest.raises(UnknownObjectError):
        parse_subject(text)


@pytest.mark.parametrize(
    ("story", "texts"),
    [
        ("opsmatic-2014", ["recipe[base::remove_default_users]", "recipe[ntp]", "recipe[fail2ban]"]),
        ("broken-middle", ["ntp"]),
        ("deleted-still-live", ["ntp"]),
        ("rb-json-twins", ["ntp"]),
        ("side-branch-three-way", ["ntp"]),
        ("two-servers", ["ntp"]),
    ],
)
def test_what_was_live_is_what_a_whole_expansion_finds_at_every_commit(story, texts, tmp_path):
    sample_repos.build(story, tmp_path / story)
    examination = forensics.open(tmp_path / story).examination(Selection())
    index, graph = CookbookIndex(examination.history), examination.history.graph
    number = {graph.ids[commit].hex(): at for at, commit in enumerate(graph.line)} | {None: len(graph.line)}
    for text in texts:
        subject = parse_subject(text)
        found = trace(examination, subject)
        assert found.live
        for timeline in (one for each in examination.replays for one in each.timelines):
            if timeline.target.kind is not Kind.ROLE:
                continue
            stretches = [
                (each, number[each.from_commit], number[each.until_commit])
                for each in found.live
                if (each.scenario, each.container) == (timeline.scenario.name, timeline.target.label.path)
            ]
            for at, commit in enumerate(graph.line):
                now = [each for each, first, last in stretches if first <= at < last]
                roles, nodes = expanded(examination, index, subject, timeline, commit)
                where = (story, text, timeline.scenario.name, graph.ids[commit].hex())
                # a stretch's object led to it all the time, the roles and nodes at some time
                assert {each.name for each in now} <= roles, where
                assert roles <= {name for each in now for name in (each.name, *each.roles)}, where
                assert nodes <= {name for each in now for name in each.nodes or ()}, where


def expanded(examination, index, subject, timeline, commit):
    """The live roles and the nodes of a commit that come to the subject, by expanding every one of them."""
    step = bisect_right(timeline.steps, commit) - 1
    live = {name: each.body for name, each in timeline.live_at(step).items()}
    leading = index.leading_to(subject.name).at(commit, timeline.target.label.root)

    def comes_to_it(run_list, environment):
        return any(qualified(each) in leading for each in expand(run_list, environment, live.get).recipes)

    environments = {"_default"} | {each for body in live.values() for each in body.get("env_run_lists", {})}
    state = examination.history.state(commit)
    nodes = examination.nodes.run_lists(state, timeline.target) or ()
    return (
        {name for name in live if any(comes_to_it([f"role[{name}]"], each) for each in environments)},
        {
            node.name
            for node in nodes
            if comes_to_it([each for each in node.run_list if "role[" in each], node.environment)
        },
    )


def test_what_a_later_commit_ended_lasted_until_then(tmp_path):
    trees = [BASE, WITH, WITH | {"README": "x"}, BASE, BASE]
    examination, ids = examine(tmp_path, *trees)
    for since, found in ((START + 2.5 * DAY, 1), (START + 3 * DAY, 1), (START + 3.5 * DAY, 0)):
        narrowed = examination.with_options(replace(examination.options, since=int(since)))
        assert len(trace(narrowed, parse_subject("recipe[users::gone]")).carriers) == found
    (carrier,) = trace(examination, parse_subject("recipe[users::gone]")).carriers
    assert (carrier.last_commit, carrier.dropped_by) == (ids[2], ids[3])


def test_what_only_a_branch_had_ends_with_the_merge_that_left_it_out(tmp_path):
    repository = new_repository(tmp_path / "r.git")
    start = write_commit(repository, BASE)
    branch = write_commit(repository, WITH, [start], time=START + DAY)
    other = write_commit(repository, BASE | {"README": "x"}, [start], time=START + 2 * DAY)
    merge = write_commit(repository, BASE | {"README": "x"}, [other, branch], time=START + 9 * DAY)
    set_main(repository, merge)
    (carrier,) = trace(examine_at(repository, merge), parse_subject("recipe[users::gone]")).carriers
    assert (carrier.first_commit, carrier.last_commit, carrier.dropped_by) == (branch, branch, merge)
    assert carrier.stretches == ()


def test_what_stands_without_effect_is_redacted_like_what_counts(tmp_path):
    text = (
        '{"name": "a", "default_attributes": {"db": {"password": "s3cret"}},\n"default_attributes": {}, "run_list": []}'
    )
    found, _ = traced(tmp_path, "attribute[db.password]", {"roles/a.json": text})
    (mention,) = found.mentions
    assert (mention.given, mention.line, mention.by_line) == (("s3cret",), 1, 2)
    (shown,) = redacted(found, Redaction.SECRETS).mentions
    assert "s3cret" not in str(shown)

"""Where cookbooks are in a tree."""

from __future__ import annotations

from building import Link, history_at, new_repository, role, write_commit

from forensics.history.cookbooks import CookbookFinder

ROLE = {"roles/base.json": role("base")}


def finder(tmp_path, *trees):
    repository = new_repository(tmp_path / "repository.git")
    ids = []
    for number, files in enumerate(trees):
        ids.append(write_commit(repository, {**ROLE, **files}, ids[-1:], time=1_400_000_000 + number))
    return CookbookFinder(history_at(repository, ids[-1]))


def found(tmp_path, files):
    return {each.path: [name for name, _, _ in each.recipes] for each in finder(tmp_path, files).at(0)}


def test_cookbooks_lie_below_a_shelf_or_have_metadata(tmp_path):
    assert found(
        tmp_path,
        {
            "cookbooks/a/recipes/default.rb": "",
            "site-cookbooks/b/recipes/x.rb": "",
            "vendor/c/recipes/y.rb": "",
            "vendor/c/metadata.rb": "",
            "deep/er/cookbooks/d/recipes/default.rb": "",
            "cookbooks/group/e/recipes/z.rb": "",
            "app/recipes/no.rb": "",
            "cookbooks/empty/README.md": "",
        },
    ) == {
        "cookbooks/a": ["default"],
        "cookbooks/group/e": ["z"],
        "deep/er/cookbooks/d": ["default"],
        "site-cookbooks/b": ["x"],
        "vendor/c": ["y"],
    }


def test_a_repository_that_is_a_cookbook_itself(tmp_path):
    assert found(tmp_path, {"metadata.rb": "name 'x'", "recipes/default.rb": ""}) == {"": ["default"]}


def test_recipes_are_files_directly_in_recipes(tmp_path):
    assert found(
        tmp_path,
        {
            "cookbooks/a/recipes/one.rb": "",
            "cookbooks/a/recipes/two.yml": "",
            "cookbooks/a/recipes/README.md": "",
            "cookbooks/a/recipes/.rb": "",
            "cookbooks/a/recipes/sub/three.rb": "",
            "cookbooks/a/recipes/link.rb": Link("one.rb"),
            "cookbooks/a/recipe.rb": "",
        },
    ) == {"cookbooks/a": ["default", "one", "two"]}


def test_a_cookbook_within_a_cookbook_lies_in_its_tests(tmp_path):
    files = {
        "cookbooks/a/recipes/default.rb": "",
        "cookbooks/a/test/cookbooks/b/recipes/default.rb": "",
        "cookbooks/a/files/cookbooks/c/recipes/default.rb": "",
    }
    assert list(found(tmp_path, files)) == ["cookbooks/a", "cookbooks/a/test/cookbooks/b"]


def test_compiled_metadata_comes_first(tmp_path):
    files = {"cookbooks/a/recipes/x.rb": "", "cookbooks/a/metadata.rb": "", "cookbooks/a/metadata.json": "{}"}
    (cookbook,) = finder(tmp_path, files).at(0)
    assert cookbook.metadata[0] == "metadata.json"


def test_links_and_submodules_among_cookbooks_are_told(tmp_path):
    files = {"cookbooks/a": Link("../../elsewhere/a"), "cookbooks/b/recipes/x.rb": ""}
    assert finder(tmp_path, files).kept_elsewhere(0) == ("cookbooks/a",)


def test_equal_cookbooks_are_one_value_throughout_a_history(tmp_path):
    a, b = {"cookbooks/a/recipes/x.rb": ""}, {"cookbooks/b/recipes/x.rb": "new"}
    known = finder(tmp_path, a, {**a, "README": "x"}, {**a, **b})
    assert known.at(0) is known.at(1)
    assert known.at(2)[0] is known.at(0)[0]


def test_a_missing_tree_is_a_gap_and_the_rest_is_found(tmp_path):
    repository = new_repository(tmp_path / "repository.git")
    files = {"cookbooks/a/recipes/x.rb": "a", "cookbooks/b/recipes/y.rb": "b"}
    commit = write_commit(repository, {**ROLE, **files})
    lost = str(repository[commit].tree["cookbooks/a/recipes"].id)
    (tmp_path / "repository.git/objects" / lost[:2] / lost[2:]).unlink()
    history = history_at(repository, commit)
    assert [each.path for each in CookbookFinder(history).at(0)] == ["cookbooks/b"]
    assert [gap.oid for gap in history.gaps] == [lost]

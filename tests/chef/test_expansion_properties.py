"""Whatever roles include each other, a run list expands as the obvious depth-first recursion does."""

from __future__ import annotations

import naive_merge
from hypothesis import given
from hypothesis import strategies as st
from naive_merge import KnockoutRefusedError, written
from trying import examples

from forensics.chef.expansion import expand

ITEMS = {
    "a": ("recipe", "a", None),
    "recipe[a]": ("recipe", "a", None),
    "a::default": ("recipe", "a::default", None),
    "recipe[a::b]": ("recipe", "a::b", None),
    "recipe[c]": ("recipe", "c", None),
    "c@1.0": ("recipe", "c", "1.0"),
    "recipe[c@1.0.0]": ("recipe", "c", "1.0.0"),
    "recipe[c@1.1]": ("recipe", "c", "1.1"),
    "recipe[c::default@2.0]": ("recipe", "c::default", "2.0"),
    **{f"role[{name}]": ("role", name, None) for name in ("r0", "r1", "r2", "r3", "gone", "gone@1.0")},
}
ROLE_NAMES = ("r0", "r1", "r2", "r3")
ENVIRONMENTS = ("_default", "prod", "dev")
# pinned recipes are rare, so that most expansions reach their end
TEXTS = st.sampled_from([*(text for text in ITEMS if "@" not in text)] * 4 + [*ITEMS])
RUN_LISTS = st.lists(TEXTS, max_size=4)
VALUES = st.none() | st.booleans() | st.integers(0, 1) | st.lists(st.integers(0, 3), max_size=3) | st.just("!merge:x")
ATTRIBUTES = st.dictionaries(st.sampled_from("xy"), VALUES | st.dictionaries(st.sampled_from("xy"), VALUES), max_size=2)
ROLES = st.dictionaries(
    st.sampled_from(ROLE_NAMES),
    st.fixed_dictionaries(
        {"name": st.sampled_from(["r0", "r1", "another"])},
        optional={
            "run_list": RUN_LISTS,
            "recipes": RUN_LISTS,
            "env_run_lists": st.none()
            | st.dictionaries(st.sampled_from(ENVIRONMENTS), st.none() | RUN_LISTS, max_size=2),
            "default_attributes": ATTRIBUTES,
            "override_attributes": ATTRIBUTES,
        },
    ),
)


class StoppedError(Exception):
    """Chef gives up."""


class Naive:
    """The recursion as Chef's documentation tells it."""

    def __init__(self, roles, environment, chef):
        self.stored, self.environment, self.chef = roles, environment, chef
        self.recipes, self.versions, self.roles, self.missing, self.completed = [], {}, [], [], []
        self.default_attributes, self.override_attributes = {}, {}

    def expand(self, run_list, included_by):
        for text in run_list:
            kind, name, version = ITEMS[text]
            if kind == "recipe":
                self.pin(name, version)
                if name not in self.recipes:
                    self.recipes.append(name)
            elif name not in self.roles:
                self.roles.append(name)
                if name in self.stored:
                    self.apply(name, self.stored[name])
                else:
                    self.missing.append((name, included_by))

    def pin(self, name, version):
        if version is None:
            return
        pinned = self.versions.get(name, version)
        if numbers(pinned) != numbers(version):
            raise StoppedError(f"Run list requires {name} at versions {pinned} and {version}")
        self.versions[name] = version

    def apply(self, name, role):
        self.expand(self.run_list_of(role), f"role[{role['name']}]")
        self.completed.append(name)
        try:
            for level in ("default_attributes", "override_attributes"):
                setattr(self, level, naive_merge.merge_roles(getattr(self, level), role.get(level, {}), self.chef))
        except KnockoutRefusedError:
            raise StoppedError("subtractive merge with !merge is no longer supported") from None

    def run_list_of(self, role):
        everywhere = role["run_list"] if "run_list" in role else role.get("recipes", [])
        lists = {"_default": everywhere, **(role.get("env_run_lists") or {})}
        return lists.get(self.environment, lists["_default"]) or []


def numbers(version):
    return tuple(int(number) for number in (version + ".0").split(".")[:3])


@examples(200)
@given(RUN_LISTS, ROLES, st.sampled_from(ENVIRONMENTS), st.sampled_from(["11", "12", "16.4", "18"]))
def test_any_graph_of_roles_expands_as_the_obvious_recursion_does(run_list, roles, environment, chef):
    before = written([run_list, roles])
    expansion = expand(run_list, environment, roles.get, attributes=True, chef=chef)
    naive = Naive(roles, environment, chef)
    message = None
    try:
        naive.expand(run_list, "top level")
    except StoppedError as stopped:
        message = str(stopped)
    assert (expansion.error.message if expansion.error else None) == message
    assert (expansion.error is None) is (message is None)
    assert expansion.recipes == tuple(naive.recipes)
    assert expansion.versions == naive.versions
    assert expansion.roles == tuple(naive.roles)
    assert expansion.missing_roles == tuple(naive.missing)
    assert expansion.completed == tuple(naive.completed)
    assert written(expansion.default_attributes) == written(naive.default_attributes)
    assert written(expansion.override_attributes) == written(naive.override_attributes)
    assert written([run_list, roles]) == before

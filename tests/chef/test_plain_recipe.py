"""What is read of recipes without the parser is what the parser reads."""

from __future__ import annotations

import pytest

from forensics.chef import recipe_source
from forensics.chef.objects import Unresolved
from forensics.chef.plain_recipe import perhaps_included, plainly_included
from forensics.chef.recipe_source import cookbook_name, cookbook_version, included_recipes

PLAIN = [
    "# a comment with include_recipe 'no'\ninclude_recipe \"a\"\n\ninclude_recipe('b::c') if node['x'] == 'y'\n",
    "package 'x' do\n  action :install\n  not_if { node[:y].nil? }\nend\n\ninclude_recipe 'a' # why\n",
    'file "/srv/#{node[:name]["x"]}" do\n  include_recipe "a"\nend\n',
    "case node['platform']\nwhen 'debian'\n  include_recipe 'a'\nwhen 'x'\n  include_recipe 'b' unless x\nend\n",
    "include_recipe 'a'\nexecute <<-END\n  include nothing\nEND\n",
    "include_recipe 'a'\r\ninclude_recipe 'a'\r\n",
    "log 'include_recipe x'\n",
]
OTHERS = [
    "x = <<END\ninclude_recipe 'no'\nEND\n",
    "=begin\ninclude_recipe 'no'\n=end\n",
    "log \"\ninclude_recipe 'no'\n\"\n",
    "log %q(\ninclude_recipe 'no'\n)\n",
    "x = /'/\ninclude_recipe 'a'\ny = /'/\n",
    "x = ?'\ninclude_recipe 'a'\ny = ?'\n",
    "include_recipe 'a'\n  .to_s\n",
    "include_recipe 'a'\n  # between\n  .to_s\n",
    "include_recipe 'a' + x\n",
    "include_recipe 'a', 'b'\n",
    'include_recipe "a#{x}"\n',
    "include_recipe 'it\\'s'\n",
    "include_recipe name\n",
    "include_recipe %w(a b)\n",
    "other.\n  include_recipe 'no'\n",
    "other.include_recipe 'no'\n",
    "run_context.include_recipe 'a'\n",
    "def include_recipe(x)\nend\n",
    "def\n  include_recipe 'no'\nend\n",
    "x = 1 if y; include_recipe 'a'\n",
    "`\ninclude_recipe 'no'\n`\n",
    "log \"#{\ninclude_recipe 'a'\n}\"\n",
    'log "\n#{include_recipe x}"\n',
]


@pytest.fixture
def parsed(monkeypatch):
    """What the parser alone says."""
    with monkeypatch.context() as patch:
        patch.setattr(recipe_source, "plainly_included", lambda _: None)
        return {source: included_recipes(source.encode()) for source in [*PLAIN, *OTHERS]}


def test_what_is_plain_is_read_as_the_parser_reads_it(parsed):
    for source in PLAIN:
        plain = plainly_included(source.encode())
        assert plain is not None, source
        assert tuple(dict.fromkeys(plain)) == parsed[source], source


def test_of_all_other_ruby_the_parser_decides_and_what_may_be_included_leaves_nothing_out(parsed):
    for source, included in parsed.items():
        plain, perhaps = plainly_included(source.encode()), perhaps_included(source.encode())
        assert plain is None or tuple(dict.fromkeys(plain)) == included, source
        if perhaps is not None:
            assert not any(isinstance(each, Unresolved) for each in included), source
            assert perhaps.issuperset(included), source
        assert included_recipes(source.encode()) == included


@pytest.mark.parametrize(
    ("text", "name", "version"),
    [
        ("# x\nname 'a'\nversion \"1.2.3\"\n", "a", "1.2.3"),
        ("maintainer 'x'\ndepends 'y', '>= 1'\nname 'a'\nversion '1.0'\n", "a", "1.0"),
        ("name 'a'\n  .upcase\nversion '1.0'\n", Unresolved, "1.0"),
        ("name 'a'\nname 'b'\n", "b", "0.0.0"),
        ("description <<END\nname 'no'\nEND\nversion '2.0'\n", None, "2.0"),
        ("name 'a' + 'b'\nversion '1.' \\\n'2'\n", Unresolved, Unresolved),
        ("if x\n  name 'no'\nend\n", None, "0.0.0"),
    ],
)
def test_metadata_that_is_plain_says_what_the_parser_reads(text, name, version, monkeypatch):
    for _ in range(2):
        for said, wanted in (
            (cookbook_name(text.encode(), "metadata.rb"), name),
            (cookbook_version(text.encode(), "metadata.rb"), version),
        ):
            assert isinstance(said, Unresolved) if wanted is Unresolved else said == wanted
        monkeypatch.setattr(recipe_source, "_plain_metadata", lambda *_: None)

"""What is read of cookbooks without running them: names, and which recipes a recipe includes."""

from __future__ import annotations

import pytest
from effort import cpu_seconds

from forensics.chef.objects import Unresolved
from forensics.chef.recipe_source import cookbook_name, included_recipes, metadata_problem, qualified


@pytest.mark.parametrize(
    ("name", "cookbook", "expected"),
    [
        ("ntp", None, "ntp::default"),
        ("ntp::default", None, "ntp::default"),
        ("base::users", "other", "base::users"),
        ("::users", "base", "base::users"),
        ("a::b::c", None, "a::b::c"),
    ],
)
def test_a_recipes_name_with_its_cookbook_spelled_out(name, cookbook, expected):
    assert qualified(name, cookbook) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("include_recipe 'a'", ("a",)),
        ('include_recipe("a::b", "c")', ("a::b", "c")),
        ("include_recipe 'a' if node['x']", ("a",)),
        ("if x\n  include_recipe 'a'\nelse\n  include_recipe 'b'\nend", ("a", "b")),
        ("include_recipe %w(a b::c)", ("a", "b::c")),
        ("include_recipe ['a', ['b']]", ("a", "b")),
        ("include_recipe '::local'", ("::local",)),
        ("run_context.include_recipe 'a'", ("a",)),
        ("include_recipe 'a'\ninclude_recipe 'a'", ("a",)),
        ("ruby_block 'x' do\n  block { include_recipe 'a' }\nend", ("a",)),
        ("chef.include_recipe 'a'", ()),
        ("# include_recipe 'a'", ()),
        ("log \"include_recipe 'a'\"", ()),
        ("=begin\ninclude_recipe 'a'\n=end\n", ()),
        ("x = <<E\ninclude_recipe 'a'\nE\n", ()),
        ("include_recipe 'a'\n__END__\ninclude_recipe 'b'\n", ("a",)),
        ("package 'a'", ()),
    ],
)
def test_literal_names_are_read_wherever_they_are_called(source, expected):
    assert included_recipes(source.encode()) == expected


@pytest.mark.parametrize(
    ("argument", "line"),
    [('"a::#{node[:x]}"', 1), ("name", 1), ("'a' + x", 1), ('"a\\x41"', 1), ("*names", 1)],
)
def test_a_computed_name_is_unresolved(argument, line):
    assert included_recipes(f"include_recipe {argument}\n".encode()) == (Unresolved(argument, line),)


def test_an_unresolved_name_has_its_line():
    source = b"include_recipe 'a'\n%w(b c).each do |name|\n  include_recipe name\nend\n"
    assert included_recipes(source) == ("a", Unresolved("name", 3))


def test_bytes_that_are_no_utf_8_survive():
    assert included_recipes(b"include_recipe 'caf\xe9'") == ("caf\udce9",)


@pytest.mark.parametrize(
    ("filename", "data", "expected"),
    [
        ("metadata.rb", b"maintainer 'x'\nname    'base'\n", "base"),
        ("metadata.rb", b'name("base")', "base"),
        ("metadata.rb", b"name 'a'\nname 'b'\n", "b"),
        ("metadata.rb", b"maintainer 'x'\n", None),
        ("metadata.rb", b"# name 'x'\n", None),
        ("metadata.rb", b"name File.basename(__dir__)\n", Unresolved("File.basename(__dir__)", 1)),
        ("metadata.json", b'{"name": "base"}', "base"),
        ("metadata.json", b'{"name": null}', None),
        ("metadata.json", b'["name"]', None),
        ("metadata.json", b'{"name": ', None),
    ],
)
def test_the_name_that_metadata_gives(filename, data, expected):
    assert cookbook_name(data, filename) == expected


@pytest.mark.parametrize(
    "source",
    [
        b"include_recipe " + b"[" * 20_000 + b"]" * 20_000,
        b"include_recipe 'a'\n" + b"x do\n" * 20_000 + b"end\n" * 20_000,
        b"include_recipe(" * 20_000,
        b"x" + b".include_recipe" * 20_000,
        b"include_recipe " * 50_000,
    ],
    ids=["arrays", "blocks", "calls", "chain", "words"],
)
@pytest.mark.slow
def test_a27_deep_or_long_recipes_take_no_time(source):
    with cpu_seconds(5):
        included_recipes(source)


@pytest.mark.parametrize(
    ("data", "filename", "kind"),
    [
        (b"name 'apt'\nversion '1.2.3'\n", "metadata.rb", None),
        (b'version "1.2" # for now\n', "metadata.rb", None),
        (b"version IO.read('VERSION')\n", "metadata.rb", None),
        (b"chef_version '>= 12'\n", "metadata.rb", None),
        (b"name 'apt'\nversion 'x.y'\n", "metadata.rb", "cookbook-version"),
        (b"version '1.0'\nversion '1.0.0-rc1'\n", "metadata.rb", "cookbook-version"),
        (b"version 1\n", "metadata.rb", "cookbook-version"),
        (b"name 'apt'; version 'x.y'\n", "metadata.rb", "cookbook-version"),
        (b"\xef\xbb\xbfversion 'x.y'\n", "metadata.rb", "cookbook-version"),
        (b"attribute 'apt/version', default: 'x.y'\n", "metadata.rb", None),
        (b'{"name": "apt", "version": "1.0.0"}', "metadata.json", None),
        (b'{"name": "apt"}', "metadata.json", None),
        (b'{"name": "apt", "version": "1.0.0.0"}', "metadata.json", "cookbook-version"),
        (b'{"name": "apt",', "metadata.json", "json-syntax"),
    ],
)
def test_metadata_that_no_upload_survives(data, filename, kind):
    problem = metadata_problem(data, filename)
    assert (problem and problem.kind) == kind

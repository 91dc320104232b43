"""Which data bags a recipe asks for whatever happens."""

from __future__ import annotations

import pytest

from forensics.chef.data_bag_source import data_bags_asked_for


def bags(text):
    return [tuple(each) for each in data_bags_asked_for(text.encode())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('data_bag("users")', [("users", "data_bag", 1)]),
        ("x = 1\nkeys = data_bag_item('secrets', 'db')['keys']", [("secrets", "data_bag_item", 2)]),
        ('data_bag_item(:secrets, "db")', [("secrets", "data_bag_item", 1)]),
        ('search(:users, "groups:admin")', [("users", "search", 1)]),
        ('users = search("users", "*:*") + search(:node, "x")', []),
        ('search(:users, "*:*").each do |user|\n  data_bag(user)\nend', [("users", "search", 1)]),
        ('data_bag("a").each do |x|\n  data_bag("b")\nend', [("a", "data_bag", 1)]),
        ('y = data_bag("a") if x', []),
        ('y = data_bag("a") rescue nil', []),
        ('x ? data_bag("a") : 1', []),
        ('x || data_bag("a")', []),
        ("begin\n  data_bag('a')\nrescue\n  1\nend", []),
        ("return if solo\ndata_bag('a')", []),
        ("data_bag('a')\nreturn if solo\ndata_bag('b')", [("a", "data_bag", 1)]),
        ("raise 'no' unless x\ndata_bag('a')", []),
        ("__END__\ndata_bag('a')", []),
        ("def f\n  data_bag('a')\nend", []),
        ('other.search(:users, "x")', []),
        ("# data_bag('a')\n'data_bag(\"b\")'", []),
        ('data_bag("#{a}")', []),
        ("data_bag(node['bag'])", []),
        ("search(:role)\nsearch(:client, 'x')\nsearch('environment')", []),
    ],
)
def test_literal_calls_that_nothing_stands_around(text, expected):
    assert bags(text) == expected


def test_a_recipe_that_nobody_would_write_says_nothing_soon():
    assert bags('data_bag("a")\n' * 1000) == []
    assert bags("x" * (2 << 20) + '\ndata_bag("a")') == []

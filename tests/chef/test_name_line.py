"""The line on which a file gives its object the name."""

from __future__ import annotations

import pytest

from forensics.chef.name_line import name_line
from forensics.chef.objects import Kind


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ('{"name": "base"}', 1),
        ('{\n  "run_list": [],\n  "name": "base"\n}', 3),
        ('{\n "default_attributes": {\n  "name": "x"\n },\n "name": "base"\n}', 5),
        ('{\n "name": "a",\n "x": "name",\n "name": "base"\n}', 4),
        ('// a comment\n{ /* two\nlines */ "n\\u0061me": "base"}', 3),
        ('{"run_list": ["name"]}', None),
        ('["name", "base"]', None),
        ('{"name": "base"} junk', None),
        ("", None),
        ('{"name"', 1),
    ],
)
def test_in_json_it_is_that_of_the_last_key_of_the_object_itself(data, line):
    assert name_line(Kind.ROLE, "roles/base.json", data.encode()) == line


def test_a_data_bag_item_is_named_by_its_id():
    assert name_line(Kind.DATA_BAG_ITEM, "data_bags/users/a.json", b'{"name": "x",\n"id": "a"}') == 2


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ('name "base"\nrun_list "ntp"', 1),
        ('# name "no"\n\nname("base")\n', 3),
        ('description <<EOS\nname "no"\nEOS\nname "base"', 4),
        ('name "a"\nname "base"', 2),
        ('x.name "no"', None),
        ('if true\n  name "base"\nend', None),
        ("name = 1", None),
        ("", None),
    ],
)
def test_in_ruby_it_is_that_of_the_last_call_in_the_body_of_the_file(data, line):
    assert name_line(Kind.ROLE, "roles/base.rb", data.encode()) == line


@pytest.mark.parametrize("path", ["roles/x.json", "roles/x.rb", "roles/x.js"])
@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"{" * 5000, b"[" * 5000, b'{"name": ' * 3000, b"\xef\xbb\xbf{}"])
def test_any_bytes_are_read(path, data):
    found = name_line(Kind.ROLE, path, data)
    assert found is None or found >= 1

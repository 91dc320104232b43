"""What is a client's configuration, and no node."""

from __future__ import annotations

import pytest
from building import examine

from forensics.analysis.rules import unreadable_declaration
from forensics.chef.recognition import is_configuration

SOLO = """\
root = File.expand_path("..", __FILE__)
file_cache_path "/var/chef"
cookbook_path [root + "/cookbooks"]
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SOLO, True),
        ('log_level :info\nnode_name "x"\n', True),
        ('name "x"\nrun_list "role[a]"\n', False),
        ('cookbook_path "x"\nname "x"\n', False),
        ('cookbook_path "x"\ninstance_eval IO.read("y")\n', False),
        ('cookbook_path "x"\nfrom_file "y"\n', False),
        ('cookbook_path = "x"\n', False),
        ("", False),
    ],
)
def test_a_configuration_sets_what_a_client_goes_by_and_names_no_node(text, expected):
    assert is_configuration(text.encode()) is expected


def test_such_a_file_among_nodes_is_neither_undecided_nor_to_be_mended(tmp_path):
    examination, _ = examine(
        tmp_path,
        {"nodes/a/solo.rb": SOLO, "nodes/n.json": '{"name": "n", "run_list": []}', "nodes/b.rb": 'name "b"\n'},
    )
    assert [each.path for each in examination.undecided] == ["nodes/b.rb"]
    assert [each.path for each in examination.problems() if each.kind == "configuration"] == ["nodes/a/solo.rb"]
    assert list(unreadable_declaration.find(examination)) == []

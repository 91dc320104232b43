"""One file, as each command reads it."""

from __future__ import annotations

import pytest

from forensics.chef.objects import Kind, Problem, Unresolved
from forensics.uploads.loading import load_for_from_file, load_for_upload


def test_from_file_goes_by_the_name_inside_the_file():
    name, body = load_for_from_file(Kind.ROLE, "roles/base-original.json", b'{"name": "base", "run_list": ["a"]}')
    assert (name, body["run_list"]) == ("base", ["recipe[a]"])


def test_upload_refuses_a_name_that_is_not_the_stem_and_goes_on():
    problem = load_for_upload(Kind.ROLE, "roles/base-original.json", b'{"name": "base"}')
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.aborts) == ("name-mismatch", False)


def test_upload_fills_a_missing_name_in_where_from_file_is_refused():
    assert load_for_upload(Kind.ROLE, "roles/base.json", b"{}")["name"] == "base"
    problem = load_for_from_file(Kind.ROLE, "roles/base.json", b"{}")
    assert (problem.kind, problem.stage) == ("name-missing", "send")


@pytest.mark.parametrize(
    ("path", "data", "kind", "error_class"),
    [
        ("roles/a.JSON", b"{}", "extension", "SystemExit(30)"),
        ("roles/README", b"{}", "extension", "SystemExit(30)"),
        ("roles/a.json", b'{"name": "a",}', "json-syntax", "FFI_Yajl::ParseError"),
        ("roles/a.json", '{"name": "\u00e4"}'.encode(), "send", "URI::InvalidURIError"),
        ("roles/a.json", b'{"name": "a\\nb"}', "send", "URI::InvalidURIError"),
        ("roles/a.rb", b'run_list "x"\n', "name-missing", "Net::HTTPClientException"),
        ("environments/a.json", b'{"name": "_default"}', "name-default", "Net::HTTPClientException"),
        ("data_bags/users/a.json", b"{}", "name-missing", "Chef::Exceptions::InvalidDataBagItemID"),
        ("data_bags/users/a.rb", b"", "name-missing", "Chef::Exceptions::InvalidDataBagItemID"),
    ],
)
def test_what_from_file_refuses(path, data, kind, error_class):
    of_directory = {"roles": Kind.ROLE, "environments": Kind.ENVIRONMENT, "data_bags": Kind.DATA_BAG_ITEM}
    problem = load_for_from_file(of_directory[path.split("/")[0]], path, data)
    assert isinstance(problem, Problem)
    assert (problem.kind, problem.error_class) == (kind, error_class)
    assert problem.aborts


def test_the_extension_ends_a_line_not_the_name():
    assert load_for_from_file(Kind.ROLE, "roles/a.json\nb", b'{"name": "a"}')[0] == "a"


def test_a_name_that_is_no_text_goes_into_the_path_as_ruby_writes_it():
    assert load_for_from_file(Kind.ROLE, "roles/a.json", b'{"name": 5}')[0] == "5"


def test_a_data_bag_item_goes_to_the_bag_of_its_directory_unless_sentence():
    data = b'{"id": "bob"}'
    assert load_for_from_file(Kind.DATA_BAG_ITEM, "data_bags/users/bob.json", data)[1]["data_bag"] == "users"
    assert load_for_from_file(Kind.DATA_BAG_ITEM, "data_bags/users/bob.json", data, bag="apps")[1]["data_bag"] == "apps"
    assert load_for_upload(Kind.DATA_BAG_ITEM, "data_bags/users/bob.json", data)["data_bag"] == "users"


def test_a_name_that_cannot_be_told_is_unresolved():
    name, _ = load_for_from_file(Kind.NODE, "nodes/a.rb", b'name "a"')
    assert isinstance(name, Unresolved)


def test_upload_does_not_understand_a_node_or_an_item_in_ruby():
    assert load_for_upload(Kind.NODE, "nodes/a.rb", b'name "a"').kind == "ruby-error"
    assert load_for_upload(Kind.DATA_BAG_ITEM, "data_bags/users/a.rb", b"").kind == "name-missing"


def test_a_blank_in_the_stem_aborts_an_upload_whatever_the_file_says():
    problem = load_for_upload(Kind.ROLE, "roles/db copy.json", b"{")
    assert (problem.error_class, problem.aborts) == ("URI::InvalidURIError", True)

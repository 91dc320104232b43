"""The real Chef Infra Server refuses what its sources say that it refuses, and takes the rest."""

from __future__ import annotations

import pytest

from forensics.chef.erchef import LARGEST, REFUSED, refusal
from forensics.chef.objects import Kind, Unresolved
from forensics.chef.wire import encode

UNKNOWN = Unresolved("ENV['X']", 2)
ROLE = {
    "name": "base",
    "description": "",
    "json_class": "Chef::Role",
    "default_attributes": {},
    "override_attributes": {},
    "chef_type": "role",
    "run_list": ["recipe[ntp]", "recipe[a::b@1.2]", "role[web.1]", "bare", "bare::r@1.2.3"],
    "env_run_lists": {"prod": ["recipe[x]"]},
}
ENVIRONMENT = {"name": "prod", "cookbook_versions": {}, "json_class": "Chef::Environment", "chef_type": "environment"}
NODE = {"name": "a:b.c", "chef_environment": "prod", "run_list": [], "policy_name": "p"}


def message(kind, body, **options):
    problem = refusal(kind, body, **options)
    return None if problem is None else problem.message


def test_what_knife_ordinarily_sends_is_taken():
    assert message(Kind.ROLE, ROLE) is None
    assert message(Kind.ENVIRONMENT, ENVIRONMENT) is None
    assert message(Kind.NODE, NODE) is None
    assert message(Kind.DATA_BAG_ITEM, {"id": "a.b:c", "anything": 1}) is None


def test_a_refusal_is_an_answer_to_a_request():
    problem = refusal(Kind.ROLE, ROLE | {"owner": "x"}, aborts=False)
    assert (problem.kind, problem.error_class, problem.stage) == (REFUSED, "Net::HTTPClientException", "send")
    assert not problem.aborts
    assert refusal(Kind.ROLE, ROLE | {"owner": "x"}).aborts


@pytest.mark.parametrize(
    ("kind", "body"), [(Kind.ROLE, ROLE), (Kind.ENVIRONMENT, ENVIRONMENT), (Kind.NODE, NODE)], ids=str
)
def test_an_unknown_key_is_refused(kind, body):
    assert message(kind, body | {"owner": "x"}) == "400 Invalid key owner in request body"


@pytest.mark.parametrize("name", ["a@b", "a+b", "a b", "", 7, None])
def test_names_of_other_characters_are_refused(name):
    for kind, body in ((Kind.ROLE, ROLE), (Kind.ENVIRONMENT, ENVIRONMENT), (Kind.NODE, NODE)):
        assert "400 Field 'name' invalid" in message(kind, body | {"name": name})
    item = {"json_class": "Chef::DataBagItem", "data_bag": "bag", "raw_data": {"id": name}}
    assert "400 Field 'id' invalid" in message(Kind.DATA_BAG_ITEM, item)


def test_a_colon_is_well_in_a_role_and_not_in_an_environment():
    assert message(Kind.ROLE, ROLE | {"name": "a:b"}) is None
    assert "a:b" in message(Kind.ENVIRONMENT, ENVIRONMENT | {"name": "a:b"})
    assert "chef_environment" in message(Kind.NODE, NODE | {"chef_environment": "a:b"})
    assert "env_run_lists" in message(Kind.ROLE, ROLE | {"env_run_lists": {"a:b": []}})


@pytest.mark.parametrize("item", ["recipe[x@1]", "recipe[]", "role[a:b]", "role[a@1.0]", "recipe[a::b::c]", "a b", 7])
def test_run_list_items_of_another_form_are_refused(item):
    assert "400 Field 'run_list' is not a valid run list" in message(Kind.ROLE, ROLE | {"run_list": [item]})
    assert "env_run_lists" in message(Kind.ROLE, ROLE | {"env_run_lists": {"prod": [item]}})
    assert "run_list" in message(Kind.NODE, NODE | {"run_list": [item]})


def test_a_body_of_more_than_a_million_bytes_is_refused_and_one_of_a_million_is_not():
    def padded(length):
        return ROLE | {"description": "x" * (length - len(encode(ROLE)))}

    assert len(encode(padded(LARGEST))) == LARGEST
    assert message(Kind.ROLE, padded(LARGEST)) is None
    assert message(Kind.ROLE, padded(LARGEST + 1)) == "413 JSON must be no more than 1000000 bytes, and this is 1000001"


def test_what_is_unresolved_is_taken_to_be_well():
    assert message(Kind.ROLE, ROLE | {"run_list": UNKNOWN, "env_run_lists": UNKNOWN, "description": UNKNOWN}) is None
    assert message(Kind.ROLE, ROLE | {"run_list": ["recipe[a]", UNKNOWN]}) is None


@pytest.mark.parametrize(
    "constraint", ["= 1.0.0", ">= 1.0", "~> 1", "< 2.0.0", "> 0.1", "<= 1.2.3", "1.0.0", "1", UNKNOWN]
)
def test_constraints_of_cookbooks_that_it_knows(constraint):
    assert message(Kind.ENVIRONMENT, ENVIRONMENT | {"cookbook_versions": {"a.b_c-d": constraint}}) is None


@pytest.mark.parametrize(
    "constraint",
    [">=1.0.0", "=1.0", "=  1.0", " = 1.0", "=> 1.0", "!= 1.0", "1.0.0.0", "1.x", "-1.0", "", "= ", "1." + "9" * 30],
)
def test_constraints_of_cookbooks_that_it_does_not_know(constraint):
    body = ENVIRONMENT | {"cookbook_versions": {"shop": constraint}}
    assert message(Kind.ENVIRONMENT, body) == f"400 Invalid value '{constraint}' for cookbook_versions"


def test_what_else_is_wrong_with_the_versions_of_cookbooks():
    def answer(versions):
        return message(Kind.ENVIRONMENT, ENVIRONMENT | {"cookbook_versions": versions})

    assert answer({"bad name": "= 1.0.0"}) == "400 Invalid key 'bad name' for cookbook_versions"
    assert answer({"": "= 1.0.0"}) == "400 Invalid key '' for cookbook_versions"
    assert answer({"shop": None}) == "400 Invalid value 'what is no text' for cookbook_versions"
    assert answer("hello") == "400 Field 'cookbook_versions' is not a hash"
    assert answer(UNKNOWN) is None

"""What a report may not show becomes a hash; everything else stays as it is."""

from __future__ import annotations

import hashlib
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.analysis.object_results import LogEntry, State, TimelineEntry, TimelinePossibility
from forensics.analysis.redaction import (
    Redaction,
    hashed,
    redact_changes,
    redact_content,
    redact_log,
    redact_states,
    redact_timeline,
)
from forensics.analysis.results import CommitNote, Source, ValueChange
from forensics.analysis.secrets import is_secret, names_a_secret
from forensics.chef.objects import Unresolved

HASH = re.compile(r"sha256:[0-9a-f]{12}")
ITEM = {"id": "dana", "key": "s3cret", "nested": {"id": 7, "list": [True, None, {"deep": 1.5}]}, "empty": []}
ROLE = {
    "name": "base",
    "description": "token of esteem",
    "run_list": ["recipe[secret]"],
    "env_run_lists": {"private": ["recipe[key]"]},
    "default_attributes": {"db": {"password": "s3cret", "host": "db01"}, "tokens": {"a": ["s3cret", {"b": "s3cret"}]}},
    "override_attributes": {"list": [{"ssh_key": "s3cret"}, "plain"]},
    "unknown": {"privateKey": "s3cret"},
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def leaves(value):
    if isinstance(value, dict):
        return [leaf for member in value.values() for leaf in leaves(member)]
    if isinstance(value, list):
        return [leaf for member in value for leaf in leaves(member)]
    return [value]


def shape(value):
    if isinstance(value, dict):
        return {key: shape(member) for key, member in value.items()}
    return [shape(member) for member in value] if isinstance(value, list) else ...


def test_a_hash_is_that_of_the_canonical_json():
    digest = hashlib.sha256(b'"s3cret"').hexdigest()
    assert hashed("s3cret") == f"sha256:{digest[:12]}"
    assert hashed({"b": 1, "a": 2}) == hashed({"a": 2, "b": 1})
    assert len({hashed(value) for value in (1, 1.0, True, "1", None, [1])}) == 6
    assert HASH.fullmatch(hashed(Unresolved("9999...", 3)))
    assert HASH.fullmatch(hashed(10**10_000))
    assert HASH.fullmatch(hashed("\udcff"))


def test_what_the_option_asks_for():
    assert Redaction.of(asked=None) is Redaction.DATA_BAGS
    assert Redaction.of(asked=True) is Redaction.SECRETS
    assert Redaction.of(asked=False) is Redaction.NOTHING


@pytest.mark.parametrize(
    "key",
    ["password", "PASSWORD", "db_password", "dbpassword", "passwd", "secret", "client-secret", "secretKey", "apiKey",
     "APIKey", "APIKEY_key", "ssh_key", "key", "keys", "authorized_keys", "token", "tokens", "access.token",
     "credential", "credentials", "private", "privateKey", "password1", "key2", "x509_key", "Key"],
)  # fmt: skip
def test_keys_that_name_a_secret(key):
    assert names_a_secret(key)


@pytest.mark.parametrize(
    "key",
    ["monkey", "keyboard", "keystone", "tokenizer", "secretary", "privateer", "passport", "", "0", "compass", "hockey"],
)
def test_keys_that_do_not(key):
    assert not names_a_secret(key)


TELLING = (
    "pass dbpass db_pass pwd passphrase auth authorization apikey accesskey secretkey clientsecret rootpw cert pem "
    "creds connection_string connectionString aws_access_key_id salt dsn tlsCert API_TOKEN"
)
HARMLESS = (
    "max_connections connections author authors authority passenger passenger_ruby keyboard_layout keyserver keyspace "
    "keystone_url compass bypass_rules credit certainly secretary authorized_keys_file passive_ports hockey"
)


def test_a34_keys_are_told_by_their_parts():
    assert [key for key in TELLING.split(" ") if not names_a_secret(key)] == []
    assert [key for key in HARMLESS.split(" ") if names_a_secret(key)] == []


def test_a34_values_that_are_secrets_are_known_under_any_name():
    secret = {
        "pem file": "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----",
        "database": "postgres://app:hunter2@db01/app",
        "hook": "xoxb-2151A9dkqP0Zx81kLmVw37",
        "id": "AKIAIOSFODNN7EXAMPLEQ9Z1",
        "hex": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    }
    plain = {
        "checksum": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "url": "https://example.com/a/long/path/without-credentials",
        "path": "/var/lib/postgresql/9.1/main/pg_hba",
        "package": "libapache2-mod-auth-openidc",
        "word": "internationalization",
        "number": "20140831143000201408",
        "sentence": "one word after another, and so on",
        "host": "app01-production-frontend",
    }
    assert [key for key, value in secret.items() if not is_secret(value, key)] == []
    assert [key for key, value in plain.items() if is_secret(value, key)] == []
    role = {"name": "r", "default_attributes": {"urls": ["https://example.com", secret["database"]]}}
    assert "hunter2" not in json.dumps(redact_content("role", role, Redaction.SECRETS))


def test_a34_a_data_bag_item_keeps_its_id_its_keys_and_its_shape():
    for level in (Redaction.DATA_BAGS, Redaction.SECRETS):
        redacted = redact_content("data_bag_item", ITEM, level)
        assert redacted["id"] == "dana"
        assert shape(redacted) == shape(ITEM)
        assert all(HASH.fullmatch(leaf) for key, member in redacted.items() if key != "id" for leaf in leaves(member))
    assert redact_content("data_bag_item", ITEM, Redaction.NOTHING) == ITEM


@given(st.dictionaries(st.text(), json_values, max_size=5))
@pytest.mark.slow
def test_a34_of_any_data_bag_item_nothing_but_the_id_is_clear(item):
    redacted = redact_content("data_bag_item", {**item, "id": "known"}, Redaction.DATA_BAGS)
    assert redacted.pop("id") == "known"
    assert all(HASH.fullmatch(leaf) for leaf in leaves(redacted))


def test_a34_attributes_under_telling_keys_are_hashed_on_demand():
    redacted = redact_content("role", ROLE, Redaction.SECRETS)
    assert "s3cret" not in json.dumps(redacted)
    assert shape(redacted) == shape(ROLE)
    assert redacted["default_attributes"]["db"]["host"] == "db01"
    assert redacted["override_attributes"]["list"][1] == "plain"
    for field in ("name", "description", "run_list", "env_run_lists"):
        assert redacted[field] == ROLE[field]
    assert redact_content("role", ROLE, Redaction.DATA_BAGS) is ROLE


def test_a_cookbook_called_secret_keeps_its_version():
    environment = {"name": "prod", "cookbook_versions": {"secret": "= 1.0.0"}, "default_attributes": {"secret": 1}}
    redacted = redact_content("environment", environment, Redaction.SECRETS)
    assert redacted["cookbook_versions"] == {"secret": "= 1.0.0"}
    assert redacted["default_attributes"] == {"secret": hashed(1)}


def test_equal_values_stay_equal_and_different_ones_different():
    one = redact_content("data_bag_item", {"id": "x", "a": "v", "b": "v", "c": "w"}, Redaction.DATA_BAGS)
    assert one["a"] == one["b"] != one["c"]


def test_changes_of_data_bag_items():
    changes = (
        ValueChange("add", "/key", after={"deep": "s3cret"}),
        ValueChange("remove", "/old/part", before=["s3cret"]),
        ValueChange("replace", "/x", before="s3cret", after=None),
        ValueChange("replace", "/id", before="a", after="b"),
    )
    added, gone, replaced, identity = redact_changes("data_bag_item", changes, Redaction.DATA_BAGS)
    assert (added.before, added.after) == (None, {"deep": hashed("s3cret")})
    assert (gone.before, gone.after) == ([hashed("s3cret")], None)
    assert (replaced.before, replaced.after) == (hashed("s3cret"), hashed(None))
    assert identity == changes[3]
    assert redact_changes("data_bag_item", changes, Redaction.NOTHING) == changes


def test_changes_of_roles():
    changes = (
        ValueChange("add", "/run_list/0", after="recipe[key]"),
        ValueChange("add", "/default_attributes/db", after={"password": "s3cret", "host": "db01"}),
        ValueChange("replace", "/override_attributes/a~1token/list", before=["s3cret"], after=["other"]),
        ValueChange("replace", "/description", before="key", after="token"),
    )
    run_list, added, replaced, described = redact_changes("role", changes, Redaction.SECRETS)
    assert (run_list, described) == (changes[0], changes[3])
    assert added.after == {"password": hashed("s3cret"), "host": "db01"}
    assert (replaced.before, replaced.after) == ([hashed("s3cret")], [hashed("other")])
    assert redact_changes("role", changes, Redaction.DATA_BAGS) == changes


def test_timelines_and_what_a_race_may_have_left():
    entry = TimelineEntry(
        "data_bag_item[users/dana]", "data_bag_item", "data_bags/users", "dana", "knife-upload", "0" * 40, "2014",
        "a", "b", "c", ITEM, "race", (TimelinePossibility("a", "b", ITEM), TimelinePossibility(None, None, None)),
    )  # fmt: skip
    (redacted,) = redact_timeline([entry], Redaction.DATA_BAGS)
    assert "s3cret" not in repr(redacted)
    assert redacted.possible[1] == entry.possible[1]
    assert redact_timeline([entry], Redaction.NOTHING) == (entry,)


def test_states_and_what_their_run_lists_lead_to():
    expanded = {
        "recipes": ["secret"],
        "roles": ["base"],
        "default_attributes": {"token": "s3cret"},
        "override_attributes": {},
    }
    state = State("glob", "roles", Source("a", "b", "c"), ROLE, expanded)
    (redacted,) = redact_states("role", [state], Redaction.SECRETS)
    assert "s3cret" not in repr(redacted)
    assert redacted.expanded["recipes"] == ["secret"]
    assert redact_states("role", [state], Redaction.DATA_BAGS) == (state,)
    nothing = State("glob", "roles", None, None, None)
    assert redact_states("role", [nothing], Redaction.SECRETS) == (nothing,)


def test_logs():
    note = CommitNote("2014", "2014", "Ada", "A change")
    entry = LogEntry("c", note, "p", "b", "changed", (ValueChange("replace", "/key", before="s3cret", after="x"),))
    (redacted,) = redact_log("data_bag_item", [entry], Redaction.DATA_BAGS)
    assert "s3cret" not in repr(redacted)

"""What one blob declares depends on its path only where it does."""

from __future__ import annotations

import pytest

from forensics.chef.objects import Kind
from forensics.uploads.declarations import Declarations


class Blobs:
    """Contents by id; remembers what was read."""

    def __init__(self, *contents):
        self.contents = {bytes([number]) * 20: content for number, content in enumerate(contents)}
        self.read = []

    def __call__(self, blob, path):
        self.read.append(path)
        return self.contents.get(blob)


FIRST = bytes(20)


def test_one_item_in_two_data_bags_goes_to_each():
    declarations = Declarations(Blobs(b'{"id": "alice"}'))
    for bag in ("users", "admins", "users"):
        declared = declarations.from_file(Kind.DATA_BAG_ITEM, f"data_bags/{bag}/alice.json", FIRST)
        assert declared.body["data_bag"] == bag
        assert declarations.upload(Kind.DATA_BAG_ITEM, f"data_bags/{bag}/alice.json", FIRST)["data_bag"] == bag


@pytest.mark.parametrize(("ending", "content"), [("json", b'{"name": "base"}'), ("rb", b'name "base"\n')])
def test_a_role_that_does_not_ask_for_its_path_is_read_once_for_all_its_copies(ending, content):
    blobs = Blobs(content)
    declarations = Declarations(blobs)
    first, second = (declarations.from_file(Kind.ROLE, f"roles/{name}.{ending}", FIRST) for name in ("base", "copy"))
    assert first is second
    assert first.name == "base"
    assert len(blobs.read) == 1


def test_one_content_under_two_extensions_is_read_as_each():
    declarations = Declarations(Blobs(b'{"name": "base"}'))
    assert declarations.from_file(Kind.ROLE, "roles/base.json", FIRST).name == "base"
    assert declarations.from_file(Kind.ROLE, "roles/base.rb", FIRST).name is None


def test_a_role_that_asks_for_its_file_is_read_for_each_path():
    declarations = Declarations(Blobs(b'name File.basename(__FILE__, ".rb")\n'))
    names = [declarations.from_file(Kind.ROLE, f"roles/{name}.rb", FIRST) for name in ("base", "web")]
    assert names[0] is not names[1]


def test_a_content_that_the_evidence_lacks_declares_nothing():
    declared = Declarations(Blobs()).from_file(Kind.ROLE, "roles/base.json", FIRST)
    assert (declared.name, declared.body, declared.problem, declared.unresolved) == (None, None, None, None)
    assert Declarations(Blobs()).upload(Kind.ROLE, "roles/base.json", FIRST) is None

"""A tree of files answers as a working directory would."""

from __future__ import annotations

import pytest
from uploads.knife_support import FilesCheckout

from forensics.uploads.checkout import expand_path, joined

TREE = FilesCheckout({"roles/base.json": b"{}", "roles/dev/x.rb": b"", "README": b"text"})


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("roles", "directory"),
        ("", "directory"),
        (".", "directory"),
        ("roles/base.json", "file"),
        ("roles//./base.json", "file"),
        ("roles/../README", "file"),
        ("nosuch/../README", None),
        ("README/../roles", None),
        ("../README", None),
        ("roles/base.json/x", None),
        ("roles/base", None),
    ],
)
def test_paths_mean_what_they_mean_to_the_kernel(path, kind):
    assert TREE.kind(path) == kind


def test_names_and_contents():
    assert sorted(TREE.names("")) == ["README", "roles"]
    assert sorted(TREE.names("roles")) == ["base.json", "dev"]
    assert TREE.names("nosuch") == TREE.names("README") == []
    assert TREE.read("README") == b"text"
    for path in ("roles", "nosuch"):
        with pytest.raises(FileNotFoundError):
            TREE.read(path)


def test_an_argument_is_expanded_by_its_text_alone():
    assert expand_path("roles", "../nosuch/../README") == "README"
    assert expand_path(".", "./roles//base.json") == "roles/base.json"
    assert expand_path("roles", "../../x") is expand_path(".", "/etc/x") is expand_path(".", "~/x") is None
    assert joined(".", "roles", "", "x") == "roles/x"

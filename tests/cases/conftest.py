"""Cases that are only read are built once for all tests."""

from __future__ import annotations

import pytest
from case_repositories import case


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The repository of a case by its number; nothing may be written into it."""
    found = {}

    def of(number):
        if number not in found:
            found[number] = case(number, tmp_path_factory.mktemp("case"))
        return found[number]

    return of

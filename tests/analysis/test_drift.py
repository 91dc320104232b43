"""What a server holds against a revision: recorded backups with their origins, and every state that there is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from building import new_repository, role, ruby_role, set_main, write_line
from recorded import imported, stories, told

import forensics

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS = {"roles": "role", "environments": "environment", "data_bags": "data_bag_item", "nodes": "node"}
BASE = role("base", "recipe[a]")


def origins(backup: dict[str, Any]) -> Iterator[tuple[str, tuple[str, str] | None]]:
    """Each object of a recorded backup with the file and blob that it came from; None if it came from no commit."""
    for place, origin in backup["origin"].items():
        directory, _, name = place.partition("/")
        committed = origin["file"] is not None and not origin.get("locally_edited")
        yield f"{KINDS[directory]}[{name}]", (origin["file"], origin["blob"]) if committed else None


def test_where_every_object_of_a_recorded_backup_came_from(tmp_path):
    """Of each form: the file and blob of the origin is among the matches, and what no commit holds matches nothing."""
    compared = 0
    for story in stories("evidence"):
        repo = forensics.open(imported(story, tmp_path), rev="main")
        for backup in told(story)["backups"]:
            truth = dict(origins(backup))
            folder = story / "backups" / backup["name"]
            for form in [folder, *sorted(folder.iterdir())]:
                if form.suffix == ".out" or form.name.startswith("data-bag-show"):
                    continue  # what no reader can tell: a protocol, and an item without its bag
                found = repo.drift(form)
                for each in found.objects:
                    if each.kind == "node" or each.state == "repository-only":
                        continue
                    matches = {(match.path, match.blob) for match in each.matches}
                    origin = truth[each.object]
                    assert (origin in matches) if origin else not matches, (form, each.object)
                    assert (each.state == "unknown-content") is (origin is None), (form, each.object)
                    compared += 1
                if form.is_dir():
                    held = {each.object for each in found.objects if each.state != "repository-only"}
                    assert held == set(truth), form
    assert compared > 0

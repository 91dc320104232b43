"""Public histories, each asked once: what they answer fits as frames, as documents and as charts."""

from __future__ import annotations

import json

import pytest
from contracts import answers, hold_to_contracts, traces
from schemas import failures_of
from support import clone, corpus

import forensics
from forensics.plots.figure import svg

pytestmark = pytest.mark.slow

CLONES = (
    "openstreetmap/chef",
    "rcbops/chef-cookbooks",
    "bloomberg/chef-bcpc",
    "bloomberg/chef-bach",
    "ClusterLabs/hawk",
    "samuelsingh/chef-repo",
    "mguterl/chef-repo",
    "openstack-archive/openstack-chef",
    "10xEngineer/chef_repo",
    "att/inception-chef-repo",
)
SMALL = ("ClusterLabs/hawk", "att/inception-chef-repo", "mguterl/chef-repo", "10xEngineer/chef_repo")
"""Those whose documents are small enough to be checked whole."""
VAST = ("openstreetmap/chef", "bloomberg/chef-bach", "bloomberg/chef-bcpc")
"""Those with so many cookbooks and files that looking through all takes long: asked for what is found before that."""
DRAWN = ("samuelsingh/chef-repo", "rcbops/chef-cookbooks", "openstreetmap/chef")
CHARTS = ("plot_timeline", "plot_churn", "plot_shadows", "plot_reach", "plot_possible")


@pytest.mark.parametrize("name", CLONES)
def test_what_a_public_history_answers_fits_in_every_form(name):
    repository = forensics.open(clone(name))
    if name in VAST:
        known = next(each.sent for each in repository.fingerprint().value.declarations if each.sent)
        found = tuple(answers(repository, [], known.sha256))
    else:
        found = tuple(answers(repository))
    hold_to_contracts(found)
    if name in SMALL:
        for answer in (*found, *further(repository, found[0])):
            document = json.loads(answer.to_json())
            assert not failures_of(document["schema"].removeprefix("forensics.").partition("/")[0], document)
    if name in DRAWN:
        for draw in CHARTS:
            assert "</text>" in svg(getattr(found[0], draw)())


def further(repository, scan):
    """Answers about an object of each kind and those that diverged, and about what else can be traced."""
    timeline = repository.timeline()
    yield timeline
    objects = {entry.object.partition("[")[0]: entry.object for entry in reversed(timeline.entries)}
    for each in dict.fromkeys([*objects.values(), *(each.object for each in scan.divergences[:2])]):
        yield repository.show(each)
        yield repository.log(each)
    yield from traces(repository, "ntp", "attribute[ntp.servers]")


def test_every_public_history_with_known_shadows_is_asked():
    rows = [line.split("|") for line in (corpus() / "README.md").read_text(encoding="utf-8").splitlines()]
    assert {cells[1].strip() for cells in rows if len(cells) > 3 and "/" in cells[1]} == set(CLONES)

"""An entry of the configuration that lets findings pass has expired, or matches none any more."""

from __future__ import annotations

import pygit2
from building import Link, examine, examine_at
from rule_findings import BASE, IMPOSTOR

from forensics.analysis.policy import Policy
from forensics.analysis.policy_results import Ignore
from forensics.analysis.scanning import scan

USELESS = Ignore(reason="known", object="environment[prod]")


def scanned(tmp_path, *entries, trees=(BASE, BASE | IMPOSTOR), **options):
    return scan(examine(tmp_path, *trees, policy=Policy(entries), **options)[0])


def stale(result):
    """The entries that the rule holds against the configuration, as its findings have them."""
    return [each.message for each in result.findings if each.rule == "stale-ignore"]


def test_an_entry_that_matches_nothing_is_a_finding(tmp_path):
    found = scanned(tmp_path, USELESS)
    assert found.stale_ignores == (USELESS,)
    (message,) = stale(found)
    assert message == "the [[ignore]] entry for object environment[prod] (known) matches nothing any more"


def test_an_entry_that_has_expired_is_a_finding_although_it_would_match(tmp_path):
    entry = Ignore(reason="known", object="role[base]", expires="2014-05-13")
    found = scanned(tmp_path, entry)
    assert (found.stale_ignores, found.suppressed) == ((entry,), ())
    (message,) = stale(found)
    assert message.endswith("expired on 2014-05-13; what it let pass counts again")


def test_it_is_silent_about_an_entry_that_lets_something_pass(tmp_path):
    found = scanned(tmp_path, Ignore(reason="known", object="role[base]"))
    assert found.suppressed
    assert (found.stale_ignores, stale(found)) == ((), [])


def test_entries_that_differ_in_their_day_only_are_two_findings(tmp_path):
    entries = Ignore(reason="known", path="nowhere"), Ignore(reason="known", path="nowhere", expires="2014-01-01")
    found = scanned(tmp_path, *entries).findings
    assert len({each.fingerprint for each in found if each.rule == "stale-ignore"}) == 2


def test_it_is_silent_where_not_everything_was_examined(tmp_path):
    assert stale(scanned(tmp_path / "1", USELESS, narrowed=True)) == []
    examination, ids = examine(tmp_path / "2", BASE, BASE | IMPOSTOR, policy=Policy((USELESS,)))
    assert not examination.lacks_history
    (tmp_path / "2" / "repository.git" / "shallow").write_text(f"{ids[1]}\n")
    cut = examine_at(pygit2.Repository(str(tmp_path / "2" / "repository.git")), ids[1], policy=Policy((USELESS,)))
    assert cut.lacks_history
    assert stale(scan(cut)) == []


def test_a_link_that_leads_nowhere_hides_no_history(tmp_path):
    found = scanned(tmp_path, USELESS, trees=(BASE | {"roles/gone.json": Link("../nowhere.json")},))
    assert not found.evidence.complete
    assert found.stale_ignores == (USELESS,)

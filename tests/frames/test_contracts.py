"""Every frame has the columns, types and values that its schema promises, on samples and on public histories."""

from __future__ import annotations

import json

import pytest
from building import new_repository, write_line
from contracts import answers, contract, hold_to_contracts
from made_up_results import scan, shadow

import forensics
import sample_repos
from forensics.analysis.check_results import Check, StagedShadow
from forensics.analysis.policy_results import Ignore, Suppression
from forensics.analysis.results import Finding
from forensics.api.questions.check import CheckResult
from forensics.frames.catalogue import SCHEMAS


def test_frames_of_a_check_keep_their_contracts_with_and_without_rows():
    finding = Finding("shadowed-object", "warning", "role[base]", ("roles/base.json",), None, "message", "f" * 20)
    staged = StagedShadow(shadow(), ("roles/base-copy.json",), (), finding)
    ignore = Suppression(finding, Ignore("known", expires="2026-12-31"))
    for introduced, standing, suppressed in (((staged,), (staged,), (ignore,)), ((), (), ())):
        answer = CheckResult(Check(scan().evidence, introduced, standing, suppressed, 2))
        for name in answer.frames:
            contract(SCHEMAS[name]).validate(answer.to_frame(name), lazy=True)
        assert answer.to_frame()["introduced"].tolist() == [True] * len(introduced) + [False] * len(standing)
        assert answer.to_frame("suppressed")["reason"].tolist() == ["known"] * len(suppressed)


@pytest.mark.parametrize("name", sample_repos.names())
@pytest.mark.slow
def test_frames_of_the_sample_repositories_keep_their_contracts(name, tmp_path):
    hold_to_contracts(answers(forensics.open(sample_repos.build(name, tmp_path / "r").directory)))


def test_an_answer_without_rows_has_the_same_columns_and_types(tmp_path):
    full = forensics.open(sample_repos.build("opsmatic-2014", tmp_path / "full").directory).scan()
    empty = forensics.open(sample_repos.build("look-alikes", tmp_path / "empty").directory).scan()
    assert not empty.divergences
    for name in ("divergences", "phases", "changes", "recipes", "reach", "shadows", "files", "possible", "episodes"):
        assert empty.to_frame(name).empty
        assert not full.to_frame(name).empty
        assert list(empty.to_frame(name).dtypes.items()) == list(full.to_frame(name).dtypes.items())


def test_plain_columns_have_the_values_of_the_json_fields_that_they_are_called_after(tmp_path):
    repository = forensics.open(sample_repos.build("opsmatic-2014", tmp_path / "r").directory)
    scan = repository.scan()
    for name in ("shadows", "divergences", "findings", "problems", "scenarios"):
        rows = json.loads(scan.to_json())[name]
        frame = scan.to_frame(name)
        assert len(frame) == len(rows)
        plain = [field for field in frame if rows and field in rows[0] and not isinstance(rows[0][field], list | dict)]
        assert plain or not rows
        for field in plain:
            values = [
                None if missing else value for value, missing in zip(frame[field], frame[field].isna(), strict=True)
            ]
            assert values == [row[field] for row in rows]


def test_a34_what_a_data_bag_holds_is_in_no_frame_and_no_chart(tmp_path):
    item = {"id": "dana", "comment": "hunter2hunter2"}
    files = {
        "data_bags/users/dana.json": json.dumps(item),
        "data_bags/users/zoe.json": json.dumps({**item, "comment": "correcthorse"}),
    }
    write_line(new_repository(tmp_path / "r.git"), [files])
    repository = forensics.open(tmp_path / "r.git")
    shown = [
        repository.scan(),
        repository.report(),
        repository.timeline("data_bag_item[users/dana]"),
        repository.show("data_bag_item[users/dana]"),
        repository.log("data_bag_item[users/dana]"),
        repository.fingerprint(),
    ]
    texts = [answer.to_frame(name).to_csv() for answer in shown for name in answer.frames]
    texts += [answer._repr_html_() + repr(answer) for answer in shown]
    texts += [
        json.dumps(getattr(shown[0], draw)().to_dict()) for draw in ("plot_timeline", "plot_churn", "plot_possible")
    ]
    assert any("sha256:" in text for text in texts)
    for text in texts:
        assert "hunter2" not in text
        assert "correcthorse" not in text
    open_ = repository.timeline("data_bag_item[users/dana]", redact=False).to_frame()
    assert "hunter2" in open_.to_csv()


def test_commands_that_were_given_are_one_more_scenario(tmp_path):
    built = sample_repos.build("opsmatic-2014", tmp_path / "r")
    argv = ["knife", "role", "from", "file", "roles/base-original.json"]
    line = {"commit": built.commits["both-edited"], "cwd": ".", "argv": argv}
    (tmp_path / "c.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    scan = forensics.open(built.directory).scan(commands=tmp_path / "c.jsonl")
    assert "commands" in set(scan.to_frame("spans")["scenario"])
    assert scan.to_frame("spans")["scenario"].cat.categories[-1] == "commands"
    assert '"commands"' in json.dumps(scan.plot_timeline().to_dict())

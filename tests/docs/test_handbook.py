"""What keeps the documentation true notices when it is not."""

from __future__ import annotations

import json

import pytest

from handbook import field_types, interface, markdown, pages, regions, rules, transcripts
from handbook.errors import DefectError, NothingShownError, UnknownCommandError
from handbook.shell import Shell


def console(*lines):
    return "\n".join(["```console", *lines, "```", ""])


def test_what_a_command_printed_before_is_replaced():
    page = "# A\n\n" + console("$ forensics shadows demo/look-alikes", "something else") + "\nmore\n"
    new = transcripts.refreshed(page)
    assert "something else" not in new
    assert "no shadows in" in new or "0 shadows in" in new or "shadow" in new.split("$ forensics", 1)[1]
    assert new.endswith("```\n\nmore\n")
    assert transcripts.refreshed(new) == new


def test_blocks_of_a_page_share_a_directory_and_files():
    page = (
        "<!-- file: a/list.txt -->\n```text\none\ntwo\n```\n\n" + console("$ cd a") + "\n" + console("$ cat list.txt")
    )
    assert "$ cat list.txt\none\ntwo\n" in transcripts.refreshed(page)


def test_a_dialogue_with_python_is_held_again():
    page = "```pycon\n>>> total = 0\n>>> for each in (1, 2):\n...     total += each\n>>> total\n4\n```\n"
    assert transcripts.refreshed(page) == page.replace("\n4\n", "\n3\n")


def test_a_page_without_commands_stays_as_it_is():
    page = "# A\n\n```sh\nforensics scan\n```\n"
    assert transcripts.refreshed(page) is page


def test_an_unknown_command_is_refused(tmp_path):
    with pytest.raises(UnknownCommandError, match="knife"):
        Shell(tmp_path).run("knife role list")
    with pytest.raises(UnknownCommandError, match="push"):
        Shell(tmp_path).run("git push")
    with pytest.raises(UnknownCommandError, match="sort"):
        Shell(tmp_path).run("forensics scenarios | sort")


def test_a_filter_that_leaves_nothing_is_refused(tmp_path):
    with pytest.raises(NothingShownError):
        Shell(tmp_path).run("forensics scenarios | grep no-such-scenario")


def test_a_defect_is_never_shown(tmp_path, monkeypatch):
    monkeypatch.setattr("handbook.shell.run", lambda arguments: 70 if arguments else 0)
    with pytest.raises(DefectError):
        Shell(tmp_path).run("forensics scan")


def test_filters_do_what_they_do_in_a_shell(tmp_path):
    shell = Shell(tmp_path)
    shell.write("list", "a\nb\nc\nb\nd\n")
    assert shell.run("cat list | head -2") == "a\nb\n"
    assert shell.run("cat list | tail -2") == "b\nd\n"
    assert shell.run("cat list | grep b") == "b\nb\n"
    assert shell.run("cat list | grep -A 1 c") == "c\nb\n"
    assert shell.run("cat list | grep -B 1 d") == "b\nd\n"
    assert shell.run("cat list | grep -v b | tail -1") == "d\n"


def test_the_exit_code_of_a_pipe_is_that_of_its_end(tmp_path):
    shell = Shell(tmp_path)
    assert shell.run("forensics scan demo/opsmatic-2014 > /dev/null") == ""
    assert shell.run("echo $?") == "1\n"
    shell.run("forensics scan demo/opsmatic-2014 | head -1")
    assert shell.run("echo $?") == "0\n"


def test_what_surrounds_the_writer_changes_nothing(tmp_path, monkeypatch):
    shell = Shell(tmp_path)
    plain = shell.run("forensics"), shell.run("forensics report demo/opsmatic-2014 --format github")
    summary = tmp_path / "summary.md"
    for name, value in {"COLUMNS": "200", "FORCE_COLOR": "1", "GITHUB_STEP_SUMMARY": str(summary)}.items():
        monkeypatch.setenv(name, value)
    assert (shell.run("forensics"), shell.run("forensics report demo/opsmatic-2014 --format github")) == plain
    assert not summary.exists()


def test_commits_of_a_page_have_the_same_ids_everywhere(tmp_path):
    heads = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        shell = Shell(tmp_path / name)
        shell.write("shop/roles/app.json", '{"name": "app", "run_list": []}')
        for line in ("git init -q shop", "cd shop", "git add .", "git commit -qm First", "git commit -qm Second"):
            assert shell.run(line) == ""
        heads.append(json.loads(shell.run("forensics scan --format json"))["evidence"]["head"])
    assert heads[0] == heads[1]


def test_a_region_is_filled_and_stays_so():
    page = "a\n\n<!-- generated: formats -->\nold\n<!-- end -->\n\nb\n"
    new = regions.filled(page)
    assert "old" not in new
    assert "| `sarif` |" in new
    assert new.startswith("a\n\n<!-- generated: formats -->\n\n|")
    assert new.endswith("\n\n<!-- end -->\n\nb\n")
    assert regions.filled(new) == new


def test_a_claim_of_silence_is_checked():
    with pytest.raises(LookupError):
        rules.silent("shadowed-object", "opsmatic-2014")
    with pytest.raises(LookupError):
        rules.example("shadowed-object", "look-alikes")


def test_prose_keeps_what_it_says():
    assert markdown.prose("roles/* and <b> of _x_ in NO_COLOR, `a|b`") == (
        r"roles/\* and \<b\> of \_x\_ in NO_COLOR, `a|b`"
    )


def test_an_unknown_kind_of_field_is_no_guess():
    with pytest.raises(ValueError, match="no words"):
        field_types.type_of({"not": {}}, "field")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "array", "items": {"$ref": "#/$defs/path"}}, "list of ``path``"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "text or null"),
        ({"type": ["string", "null"]}, "text or null"),
        ({"enum": ["a", "b"]}, "``a``, ``b``"),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, "object of number"),
        (True, "anything"),
        ({}, "anything"),
    ],
)
def test_types_are_told_in_words(schema, words):
    assert field_types.type_of(schema, "field") == words


def test_what_a_function_raises_becomes_a_list():
    told = interface.documented(Shell.run)
    assert "- `DefectError`: the tool failed." in told
    assert "Raises:\n    " not in told


def test_members_that_a_class_takes_from_one_without_a_heading_are_told():
    told = interface.answers()
    of_scan = told.partition("### ScanResult")[2].partition("\n### ")[0]
    assert "**`divergences`** (tuple[Divergence, ...]): " in of_scan
    assert "**`shadows`** (tuple[Shadow, ...]): " in of_scan
    assert "to_json" not in of_scan
    assert "**`entries`** (tuple[TimelineEntry, ...])" in told


def test_the_pages_are_the_readme_and_docs():
    found = pages.pages()
    assert found[0].name == "README.md"
    assert len(found) > 40

"""Every command line that a page shows is one that the tool takes, and every option that it names exists."""

from __future__ import annotations

import re
import shlex

import pytest
import typer
from documentation import PAGES, SNIPPETS, blocks, inline_code, name_of

from forensics.cli.app import COMMANDS, application
from forensics.uploads.knife.command import VERBS
from handbook.commands import parameters, spelled

GROUP = typer.main.get_command(application(*COMMANDS))
OPTIONS = {name: {way for each in parameters(name) for way in spelled(each)} | {"--help", "-h"} for name in COMMANDS}
OF_KNIFE = {option.rstrip("=") for verb in VERBS.values() for option in verb.options.values()}
OF_OTHERS = {"--purge", "--force", "--check", "--depth", "--unshallow", "--version"} | OF_KNIFE
"""Options of knife, git and the project's own scripts that pages mention."""

SHELL = {"sh", "bash", "yaml", "yml", "ini", "make", "console"}
COMMAND_LINE = re.compile(rf"(?<![\w./-])forensics (?P<words>(?:{'|'.join(COMMANDS)})\b[^\n]*)")


def command_lines(text):
    """The command lines in a script: without what the shell does before and after them."""
    joined = re.sub(r"\\\n\s*(?:> )?", "", text)
    for found in COMMAND_LINE.finditer(joined):
        line = re.split(r"\s(?:\d?>|\||&&|#|;)|;|[`)](?:$|\s)", found["words"])[0]
        line = re.sub(r"\$\{?\{?[^}\s\"']*\}?\}?", "VALUE", line)
        yield line.rstrip("\"'") if line.count('"') % 2 or line.count("'") % 2 else line


def parse(line):
    """Read a command line as the tool does, without running it."""
    name, *words = shlex.split(line)
    GROUP.commands[name].make_context(name, words).close()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_line_of_a_page_is_understood(page):
    for block in blocks(page.read_text("utf-8")):
        if block.language in SHELL:
            body = block.body
            if block.language == "console":
                body = "\n".join(line for line in body.splitlines() if line.startswith(("$ ", "> ")))
            for line in command_lines(body):
                parse(line)


@pytest.mark.parametrize("path", SNIPPETS, ids=name_of)
def test_every_command_line_of_a_snippet_is_understood(path):
    for line in command_lines(path.read_text("utf-8")):
        parse(line)


def test_every_command_in_the_text_exists_and_has_the_options_named_with_it():
    for page in PAGES:
        for text in inline_code(page.read_text("utf-8")):
            found = re.match(r"forensics (\w+)(.*)", text)
            if found and found[1].islower() and found[1] != "report":
                assert found[1] in COMMANDS, (name_of(page), text)
                assert set(re.findall(r"(?<!\S)--[\w-]+", found[2])) <= OPTIONS[found[1]], (name_of(page), text)


def test_every_option_in_the_text_exists():
    for page in PAGES:
        known = set().union(*OPTIONS.values()) | OF_OTHERS
        for text in inline_code(page.read_text("utf-8")):
            if not text.startswith(("knife", "git", "python", "pip", "make")):
                assert set(re.findall(r"(?<!\S)--[a-z][\w-]+", text)) <= known, (name_of(page), text)


def test_a_wrong_command_line_would_be_found():
    with pytest.raises(typer.TyperException):
        parse("scan --no-such-option")


def test_command_lines_are_found_in_scripts():
    script = "- run: forensics scan . --fail-on shadow | tee log\n  forensics report --quiet \\\n    --output x && echo"
    assert list(command_lines(script)) == ["scan . --fail-on shadow", "report --quiet --output x"]

"""What the tests of the documentation read: the pages, their blocks, links, headings and inline code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handbook.pages import PROJECT, pages

PAGES = pages()
BLOCK = re.compile(r"^( *)```(?P<language>\w*)\n(?P<body>.*?)^\1```$", re.MULTILINE | re.DOTALL)
SNIPPETS = [
    PROJECT / "action.yml",
    PROJECT / ".pre-commit-hooks.yaml",
    *(path for path in sorted((PROJECT / "examples").rglob("*")) if path.is_file()),
]
"""Files that people copy: jobs, units, hooks."""


@dataclass(frozen=True)
class Block:
    """A fenced block of a page."""

    language: str
    body: str


def name_of(path):
    """A page as a test's id."""
    return str(path.relative_to(PROJECT))


def blocks(text):
    return [Block(found["language"], found["body"]) for found in BLOCK.finditer(text)]


def prose(text):
    """A page without its blocks and comments."""
    return re.sub(r"<!--.*?-->", "", BLOCK.sub("", text), flags=re.DOTALL)


def inline_code(text):
    return re.findall(r"`([^`\n]+)`", prose(text))


def links(text):
    """Where the links and pictures of a page lead."""
    without_code = re.sub(r"`[^`\n]*`", "", prose(text))
    return [target for _, target in re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", without_code)]


def headings(text):
    return re.findall(r"^#+ (.+)$", BLOCK.sub("", text), re.MULTILINE)


def anchor(heading):
    """The anchor of a heading, where git hosts and the site agree on it; None elsewhere."""
    plain = heading.replace("`", "").lower()
    return plain.replace(" ", "-") if re.fullmatch(r"[\w.-]+( [\w.-]+)*", plain) and "." not in plain else None

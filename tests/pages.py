"""Reading a page of HTML as a browser does."""

from __future__ import annotations

import re

import html5lib


class Page:
    """A page and its elements in the order of the text; every deviation from the standard is an error."""

    def __init__(self, text: str) -> None:
        self.text = text
        parser = html5lib.HTMLParser(html5lib.getTreeBuilder("etree"), strict=True, namespaceHTMLElements=False)
        self.root = parser.parse(text)
        self.elements = [each for each in self.root.iter() if isinstance(each.tag, str)]

    def all(self, tag: str, **attributes: str) -> list:
        """The elements with this tag and these attributes."""
        return [
            each
            for each in self.elements
            if each.tag.rpartition("}")[2] == tag and all(each.get(name) == value for name, value in attributes.items())
        ]

    def one(self, tag: str, **attributes: str):
        """The only one of these."""
        (found,) = self.all(tag, **attributes)
        return found

    @property
    def shape(self) -> list[tuple[str, ...]]:
        """Every element with the names of its attributes, in no order."""
        return sorted((str(each.tag), *sorted(map(str, each.attrib))) for each in self.elements)


def words(element) -> str:
    """All text in an element, with a single blank where an element or a line ends."""
    text = " ".join(" ".join(element.itertext()).split())
    return re.sub(r"\( ", "(", re.sub(r" (?=[,:;)]+(?: |$)|\.(?: |$))", "", text))

"""Tables of what the code lists: scenarios, formats, sample repositories."""

from __future__ import annotations

import sample_repos
from forensics.analysis.explaining.costs import TABLE
from forensics.chef.objects import Kind
from forensics.report.csv_table import COLUMNS
from forensics.report.formats import FORMATS
from forensics.uploads.knife.command import VERBS
from forensics.uploads.order import arrange
from forensics.uploads.scenario import ORDERS, SHIPPED
from forensics.uploads.uploaders import ALL
from handbook.markdown import code, prose, table
from sample_repos.story import load


def scenarios(width: str = "wide") -> str:
    """The ways of uploading; ``narrow`` leaves out what they are made of."""
    if width == "narrow":
        return table(("name", "what somebody did"), [(code(each.name), each.description) for each in SHIPPED])
    return table(
        ("name", "uploader", "scope", "order", "standing", "what somebody did"),
        [
            (
                *(code(text) for text in (each.name, each.uploader, each.scope, each.order, each.standing)),
                prose(each.description),
            )
            for each in SHIPPED
        ],
    )


def charges() -> str:
    """What a story of uploads is charged for."""
    rows = [(code(each.name), str(each.cost), prose(each.meaning)) for each in TABLE]
    return table(("act", "charge", "what it is"), rows)


def uploaders() -> str:
    """The uploaders that scenarios are made of."""
    return table(
        ("uploader", "what tells an object", "kinds of objects"),
        [
            (code(each.name), prose(each.identity), ", ".join(code(kind) for kind in Kind if kind in each.kinds))
            for each in ALL
        ],
    )


def formats() -> str:
    """The formats of a report."""
    return table(
        ("format", "file", "what it is"),
        [(code(each.name), code(each.suffix), prose(each.description)) for each in FORMATS.values()],
    )


def csv_columns() -> str:
    """The columns of the CSV of findings."""
    return table(("column", "what it holds"), [(code(each.name), prose(each.description)) for each in COLUMNS])


def verbs() -> str:
    """The knife commands that a list of commands may hold."""
    rows = [
        (code(f"knife {name}"), ", ".join(code(each.rstrip("=")) for each in dict.fromkeys(verb.options.values())))
        for name, verb in VERBS.items()
        if not verb.lenient
    ]
    harmless = ", ".join(code(name) for name, verb in VERBS.items() if verb.lenient)
    return f"{table(('command', 'options'), rows)}\n\nCommands that change nothing are passed over: {harmless}."


def orders(*names: str) -> str:
    """File names in each of the orders in which one command can send them."""
    return table(
        [code(order) for order in ORDERS], zip(*(map(code, arrange(names, each)) for each in ORDERS), strict=True)
    )


def stories() -> str:
    """The sample repositories."""
    return table(
        ("sample repository", "what it shows"), [(code(name), prose(load(name).title)) for name in sample_repos.names()]
    )

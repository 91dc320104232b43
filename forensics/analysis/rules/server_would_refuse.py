"""server-would-refuse: a file at the tip that chef-zero takes from knife, and the real Chef Infra Server refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from forensics.analysis.results import object_text
from forensics.analysis.rules.rule import Rule
from forensics.chef import layout
from forensics.chef.objects import Kind
from forensics.uploads.from_file import globbed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from forensics.analysis.examination import Examination
    from forensics.analysis.results import Finding

RULE: Final = Rule(
    "server-would-refuse",
    "warning",
    "The real Chef Infra Server refuses a file",
    "knife would send the file, and chef-zero, the small server that the replay follows, takes it; by its "
    "sources the real Chef Infra Server (erchef) does not, because of an unknown key, a name, a run-list item, "
    "a constraint of cookbook_versions or the size. On a real server the upload stops there, so that less may "
    "have been live than the replay says.",
    'Mend what the message names, or replay with server = "erchef" in forensics.toml if that is what was uploaded to.',
)


def find(examination: Examination) -> Iterator[Finding]:
    """One finding for each file at the tip whose upload erchef refuses, with what each command meets."""
    otherwise = "" if examination.declarations.strict else ", though chef-zero takes it"
    for target, files in examination.tip.files.items():
        if target.kind is Kind.NODE:
            continue  # nodes save themselves: their files are a copy, and hardly ever uploaded
        for path, file in files.items():
            refused = examination.declarations.refused_by_erchef(target.kind, path, file)
            container = target.container_of(path)
            if container is None or not globbed(container, path):
                refused.pop("knife upload", None)
            if not refused or layout.is_hidden(path):
                continue
            commands: dict[str, list[str]] = {}
            for command, problem in refused.items():
                commands.setdefault(problem.message, []).append(command)
            reasons = [f"{message} ({' and '.join(names)})" for message, names in commands.items()]
            name = examination.declarations.from_file(target.kind, path, file).name or layout.stem(path)
            found = RULE.finding(
                f"{path}: the real Chef Infra Server (erchef) refuses it{otherwise}: {'; '.join(reasons)}",
                object_=object_text(target.kind, target.label.path, name),
                paths=(path,),
                commit=examination.tip.brought_by(path),
            )
            # unknown keys go up with knife upload alone, which many never use; it passes over the file and goes on
            yield replace(found, severity="note") if list(refused) == ["knife upload"] else found

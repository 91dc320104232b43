"""What a shell that runs a line knows of variables, patterns and directories."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from forensics.evidence.records import Shell
from forensics.evidence.shell import builtins
from forensics.evidence.shell.state import Data
from forensics.evidence.shell.syntax import NotUnderstood, Redirection, Text
from forensics.evidence.shell.words import NoMatch, text_of
from forensics.evidence.shell.work_tree import WorkTree, arranged, location

if TYPE_CHECKING:
    from forensics.evidence.shell.state import Settings, ShellState
    from forensics.evidence.shell.syntax import Node


class Values(ABC):
    """The part of a shell that expansions ask."""

    def __init__(self, shell: Shell, state: ShellState, tree: WorkTree, settings: Settings, time: int | None) -> None:
        self.shell = shell
        self.state = state
        self.tree = tree
        self.settings = settings
        self.time = time
        self.order = ""

    @abstractmethod
    def printed(self, body: Node) -> str:
        """What commands print, without the line feeds at the end."""

    def value(self, name: str) -> tuple[str, ...]:
        """A variable's values."""
        if name in ("@", "*") or name.isdigit():
            arguments = self.state.arguments or ()
            if name.isdigit():
                return arguments[int(name) - 1 : int(name)] if name != "0" else self.state.variables.get("0") or ()
            return arguments
        if name == "HOME":
            return ("~",)
        if name in ("PWD", "OLDPWD"):
            known = self.directory("+" if name == "PWD" else "-")
            return self._unknown(name) if known is None else (known,)
        value = self.state.variables.get(name)
        return self._unknown(name) if value is None else value

    def _unknown(self, name: str) -> tuple[str, ...]:
        raise NotUnderstood(f"nobody knows the value of ${name}")

    def directory(self, sign: str) -> str | None:
        """The working directory, or the one before, as a word that means the same from here."""
        place = self.state.cwd if sign == "+" else self.state.previous
        if place is None or self.state.cwd is None:
            return None
        return place if place.startswith(("/", "~")) else builtins.from_here(self.state.cwd, place)

    def cwd(self) -> str:
        """The working directory.

        Raises:
            NotUnderstood: nobody knows it.
        """
        if self.state.cwd is None:
            raise NotUnderstood("nobody knows in which directory")
        return self.state.cwd

    def paths(self, pattern: Any, qualifiers: str) -> list[str] | None:
        """What a pattern matches, in the shell's order."""
        if set(qualifiers) - set("./N@onOD") or (set("oO") & set(qualifiers) and "n" not in qualifiers):
            raise NotUnderstood("a pattern with qualifiers that are not understood")
        deep = {Shell.ZSH: "zsh", Shell.FISH: "fish"}.get(self.shell, "bash" if self.has("globstar") else "")
        hidden = "D" in qualifiers or self.has("dotglob")
        found = self.tree.paths(self.cwd(), pattern, deep=deep, hidden=hidden)
        if set("./") & set(qualifiers):
            wanted = "file" if "." in qualifiers else "directory"
            found = [path for path in found if self._kind(path) == wanted]
        found = arranged(found, "fish" if self.shell is Shell.FISH else self.locale())
        return (found[::-1] if "O" in qualifiers else found) or None

    def _kind(self, path: str) -> str | None:
        place = self.tree.inside(location(self.cwd(), path))
        return None if place is None else self.tree.kind(place)

    def locale(self) -> str:
        """The order of names in the shell: ``C``, or the locale's."""
        for name in ("LC_ALL", "LC_COLLATE", "LANG"):
            value = self.state.variables.get(name)
            if value and value[0]:
                return builtins.order_of(value[0])
        return self.settings.order

    def has(self, option: str) -> bool:
        """Whether an option of the shell is set."""
        return option in self.state.options

    def redirected(self, redirection: Redirection) -> None:
        """Note where output goes."""
        try:
            self.writes(text_of(redirection.target, self))
        except (NotUnderstood, NoMatch):
            return

    def writes(self, path: str, how: str = "+") -> None:
        """Note that a file of the clone is written."""
        if self.state.cwd is None or path.startswith(("/dev/", "&")):
            return
        place = self.tree.inside(location(self.state.cwd, path))
        if place:
            there = self.tree.kind(place) == "file"
            self.state.changed(place, "~" if there and how == "+" else how)
            self.tree.changes = self.state.changes

    def input_of(self, redirection: Redirection) -> Data | None:
        """What comes in, if anybody knows."""
        try:
            if redirection.operator == "<":
                place = self.tree.inside(location(self.cwd(), text_of(redirection.target, self)))
                return None if place is None else Data(tuple(self.tree.read(place).splitlines()))
            if redirection.operator == "<<" and any(
                isinstance(part, Text) and not part.quoted and set("$`\\") & set(part.value)
                for part in redirection.target
            ):
                return None
            text = (
                "".join(part.value for part in redirection.target if isinstance(part, Text))
                if redirection.operator == "<<"
                else text_of(redirection.target, self)
            )
            return Data(tuple(text.splitlines()))
        except (NotUnderstood, NoMatch):
            return None

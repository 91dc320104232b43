"""``forensics.toml``: scenarios of one's own, servers that containers share, and the version of Chef."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from forensics.chef.erchef import CHEF_ZERO, SERVERS
from forensics.errors import UsageError
from forensics.uploads.scenario import ORDERS, SCOPES, SHIPPED, UPLOADERS, Scenario

if TYPE_CHECKING:
    from pathlib import Path

NAME: Final = "forensics.toml"
_SCENARIO_KEYS: Final = frozenset({"name", "uploader", "scope", "order", "description", "ascii_ruby", "role_type"})
_NAME_OF_SCENARIO: Final = re.compile(r"[A-Za-z0-9_.-]+")
_LARGEST: Final = 1 << 20


class ConfigError(UsageError):
    """A configuration that cannot be read or says something impossible."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the configuration says.

    ``servers`` lists the directories whose containers go to one server; ``server_software`` is what all servers run.
    """

    scenarios: tuple[Scenario, ...] = ()
    servers: tuple[tuple[str, ...], ...] = ()
    chef_version: str | None = None
    server_software: str = CHEF_ZERO


def load(path: Path | None, repository: Path) -> Config:
    """Read the named file, or the repository's own if there is one.

    Raises:
        ConfigError: it is missing although named, no TOML, or says what the tool does not know.
    """
    if path is None:
        path = repository / NAME
        if not path.is_file():
            return Config()
    try:
        if path.stat().st_size > _LARGEST:
            raise ConfigError(f"{path} is larger than a configuration can be")
        document = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except RecursionError:
        raise ConfigError(f"{path} is nested too deep") from None
    except ValueError as error:  # no TOML, no UTF-8, or a number beyond what Python reads
        raise ConfigError(f"{path}: {error}") from None
    _only(document, {"scenario", "server", "server_software", "chef_version"}, str(path))
    # TOML gives a key one meaning only: beside [[server]] the long name is needed
    if isinstance(document.get("server"), str):
        document.setdefault("server_software", document["server"])
        del document["server"]
    chef_version = document.get("chef_version")
    if chef_version is not None and not isinstance(chef_version, str):
        raise ConfigError(f'{path}: chef_version must be text, as in chef_version = "18"')
    scenarios = tuple(_scenario(entry, path) for entry in _entries(document, "scenario", path))
    names = [scenario.name for scenario in scenarios]
    for name in names:
        if names.count(name) > 1:
            raise ConfigError(f"{path}: two scenarios are called {name!r}")
    return Config(
        scenarios=scenarios,
        servers=tuple(_server(entry, path) for entry in _entries(document, "server", path)),
        chef_version=chef_version,
        server_software=_one_of(document, "server_software", SERVERS, CHEF_ZERO, str(path)),
    )


def _entries(document: dict[str, Any], key: str, path: Path) -> list[dict[str, Any]]:
    entries = document.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"{path}: write each {key} as [[{key}]]")
    return entries


def _scenario(entry: dict[str, Any], path: Path) -> Scenario:
    _only(entry, _SCENARIO_KEYS, f"{path}: scenario")
    name = entry.get("name")
    if not isinstance(name, str) or not _NAME_OF_SCENARIO.fullmatch(name):
        raise ConfigError(f"{path}: a scenario needs a name of letters, digits, dots, dashes and underscores")
    where = f"{path}: scenario {name!r}"
    if name in {shipped.name for shipped in SHIPPED} or name == "commands":
        raise ConfigError(f"{where}: a scenario of this name is shipped; choose another")
    uploader = _one_of(entry, "uploader", UPLOADERS, "from-file", where)
    role_type = entry.get("role_type")
    if role_type not in (None, "rb", "json"):
        raise ConfigError(f"{where}: role_type is rb or json")
    ascii_ruby = entry.get("ascii_ruby", False)
    if not isinstance(ascii_ruby, bool):
        raise ConfigError(f"{where}: ascii_ruby is true or false")
    return Scenario(
        name=name,
        uploader=uploader,
        scope=_one_of(entry, "scope", SCOPES, "all", where),
        order=_one_of(entry, "order", ORDERS, "byte", where),
        description=str(entry.get("description", f"defined in {NAME}")),
        ascii_ruby=ascii_ruby,
        role_type=role_type,
    )


def _server(entry: dict[str, Any], path: Path) -> tuple[str, ...]:
    _only(entry, {"name", "directories"}, f"{path}: server")
    directories = entry.get("directories")
    if not isinstance(directories, list) or not all(isinstance(each, str) for each in directories) or not directories:
        raise ConfigError(f"{path}: a server needs directories, a list of paths")
    return tuple(each.strip("/") for each in directories)


def _one_of(entry: dict[str, Any], key: str, allowed: tuple[str, ...], default: str, where: str) -> str:
    value = entry.get(key, default)
    if value not in allowed:
        raise ConfigError(f"{where}: {key} is one of {', '.join(allowed)}, not {value!r}")
    return str(value)


def _only(entry: dict[str, Any], known: set[str] | frozenset[str], where: str) -> None:
    unknown = sorted(set(entry) - known)
    if unknown:
        raise ConfigError(f"{where}: {unknown[0]!r} is not known; there are {', '.join(sorted(known))}")

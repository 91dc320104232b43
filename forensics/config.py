"""``forensics.toml``: scenarios of one's own, servers that containers share, the version of Chef, and what may pass."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from posixpath import normpath
from typing import TYPE_CHECKING, Any, Final

from forensics.analysis.policy import Policy
from forensics.analysis.policy_results import Ignore
from forensics.analysis.verdict import FAIL_ON
from forensics.chef.erchef import CHEF_ZERO, SERVERS
from forensics.chef.layout import Layout, at_or_below
from forensics.deferred import deferred
from forensics.errors import UsageError
from forensics.uploads.scenario import (
    COMMANDS,
    EVERY,
    EVIDENCE,
    ORDERS,
    PUSH,
    SHIPPED,
    Scenario,
    UnknownScenarioError,
    choose,
)
from forensics.uploads.target import SharedServer

if TYPE_CHECKING:
    import tomllib
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from forensics.analysis.rules import catalogue
    from forensics.analysis.verdict import FailOn
else:
    tomllib = deferred("tomllib")  # most repositories have no configuration
    catalogue = deferred("forensics.analysis.rules.catalogue")  # and few configurations name a rule

NAME: Final = "forensics.toml"
LOCALE: Final = "en_US.UTF-8"
_SCENARIO_KEYS: Final = frozenset(
    {"name", "uploader", "scope", "order", "description", "ascii_ruby", "role_type", "pushes"}
)
_KEYS: Final = frozenset(
    {
        "scenario",
        "scenarios",
        "server",
        "server_software",
        "chef_version",
        "ignore",
        "severity",
        "fail_on",
        "layout",
        "evidence",
    }
)
_EVIDENCE_KEYS: Final = frozenset({"aliases", "locale"})
_LAYOUT_KEYS: Final = frozenset({"roles", "environments", "nodes", "data_bags", "exclude"})
_FILTERS: Final = ("rule", "object", "path", "fingerprint")
_IGNORE_KEYS: Final = frozenset({"reason", "expires", *_FILTERS})
_SEVERITIES: Final = ("error", "warning", "note")
_NAME_OF_SCENARIO: Final = re.compile(r"[A-Za-z0-9_.-]+")
_MOST_SCENARIOS: Final = 100
_LARGEST: Final = 1 << 20
_MOST_PUSHES: Final = 1 << 18
_COMMIT: Final = re.compile(r"[0-9a-fA-F]{40}")


class ConfigError(UsageError):
    """A configuration that cannot be read or says something impossible."""


@dataclass(frozen=True, slots=True)
class Config:
    """What the configuration says.

    ``servers`` are those that several chef-repos go to; ``server_software`` is what all servers run. ``layout`` says
    where objects are beside the usual places.
    ``policy`` judges findings; ``fail_on`` is what ``--fail-on`` says where nobody says it, ``reported`` the names of
    the scenarios that are told of where nobody names any (all, if empty). ``aliases`` are those of people's shells that
    no history defines, ``locale`` is the one that shells run in where their history does not say.
    """

    scenarios: tuple[Scenario, ...] = ()
    servers: tuple[SharedServer, ...] = ()
    layout: Layout = field(default_factory=Layout)
    chef_version: str | None = None
    server_software: str = CHEF_ZERO
    policy: Policy = field(default_factory=Policy)
    fail_on: FailOn | None = None
    reported: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    locale: str = LOCALE


def load(path: Path | None, repository: Path) -> Config:
    """Read the named file, or the repository's own if there is one.

    Raises:
        ConfigError: it is missing although named, no TOML, or says what the tool does not know.
    """
    if path is None:
        path = repository / NAME
        if path.is_symlink():
            raise ConfigError(f"{path} is a symbolic link: name the file with --config, or go without (--no-config)")
        if not path.is_file():
            return Config()
    try:
        with path.open("rb") as file:
            content = file.read(_LARGEST + 1)  # of what never ends, too
        if len(content) > _LARGEST:
            raise ConfigError(f"{path} is larger than a configuration can be")
        document = tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from None
    except RecursionError:
        raise ConfigError(f"{path} is nested too deep") from None
    except ValueError as error:  # no TOML, no UTF-8, or a number beyond what Python reads
        raise ConfigError(f"{path}: {error}") from None
    _only(document, _KEYS, str(path))
    # TOML gives a key one meaning only: beside [[server]] the long name is needed
    if isinstance(document.get("server"), str):
        document.setdefault("server_software", document["server"])
        del document["server"]
    chef_version = document.get("chef_version")
    if chef_version is not None and not isinstance(chef_version, str):
        raise ConfigError(f'{path}: chef_version must be text, as in chef_version = "18"')
    scenarios = tuple(_scenario(entry, path) for entry in _entries(document, "scenario", path))
    names = Counter(scenario.name for scenario in scenarios)
    for name, count in names.items():
        if count > 1:
            raise ConfigError(f"{path}: two scenarios are called {name!r}")
    if len(names) > _MOST_SCENARIOS:
        raise ConfigError(f"{path}: {len(names)} scenarios are more than the {_MOST_SCENARIOS} that are replayed")
    return Config(
        scenarios=scenarios,
        servers=tuple(_server(entry, path) for entry in _entries(document, "server", path)),
        layout=_layout(document, path),
        chef_version=chef_version,
        server_software=_one_of(document, "server_software", SERVERS, CHEF_ZERO, str(path)),
        policy=_policy(document, path, repository),
        fail_on=_fail_on(document, path),
        reported=_reported(document, scenarios, path),
        **_evidence(document, path),
    )


def _evidence(document: dict[str, Any], path: Path) -> dict[str, Any]:
    table = document.get("evidence", {})
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: write evidence as [evidence]")
    _only(table, _EVIDENCE_KEYS, f"{path}: evidence")
    aliases, locale = table.get("aliases", {}), table.get("locale", LOCALE)
    if not isinstance(aliases, dict) or not all(isinstance(value, str) for value in aliases.values()):
        raise ConfigError(f'{path}: evidence: aliases are text, as in aliases = {{krf = "knife role from file"}}')
    if not isinstance(locale, str) or not locale:
        raise ConfigError(f'{path}: evidence: locale is text, as in locale = "C"')
    return {"aliases": aliases, "locale": locale}


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
    if name in {EVERY, COMMANDS.name, EVIDENCE.name, *(shipped.name for shipped in SHIPPED)}:
        raise ConfigError(f"{where}: a scenario of this name is shipped; choose another")
    # the uploaders are loaded for configurations that have a scenario only
    from forensics.uploads.uploaders import CONFIGURABLE  # noqa: PLC0415

    uploader = _one_of(entry, "uploader", tuple(CONFIGURABLE), "from-file", where)
    scope = _one_of(entry, "scope", CONFIGURABLE[uploader].scopes, "all", f"{where} of {uploader}")
    if (scope == PUSH) != ("pushes" in entry):
        raise ConfigError(f'{where}: scope = "push" and pushes, the file of the pushed commits, go together')
    role_type = entry.get("role_type")
    if role_type not in (None, "rb", "json"):
        raise ConfigError(f"{where}: role_type is rb or json")
    ascii_ruby = entry.get("ascii_ruby", False)
    if not isinstance(ascii_ruby, bool):
        raise ConfigError(f"{where}: ascii_ruby is true or false")
    return Scenario(
        name=name,
        uploader=uploader,
        scope=scope,
        order=_one_of(entry, "order", ORDERS, "byte", where),
        description=str(entry.get("description", f"defined in {NAME}")),
        ascii_ruby=ascii_ruby,
        role_type=role_type,
        pushes=_pushes(entry["pushes"], path, where) if scope == PUSH else (),
    )


def _pushes(name: object, path: Path, where: str) -> tuple[str, ...]:
    """The commits that a file lists, one a line; its name counts from the configuration's own directory."""
    if not isinstance(name, str) or not name:
        raise ConfigError(f"{where}: pushes names a file")
    listed: list[str] = []
    try:
        with (path.parent / name).open("rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(_LARGEST), b""), 1):
                commit = line.strip().decode("ascii", "replace")
                if commit and not _COMMIT.fullmatch(commit):
                    raise ConfigError(f"{where}: {name}:{number} is no commit id of 40 hexadecimal digits")
                if commit:
                    listed.append(commit.lower())
                if number > _MOST_PUSHES:
                    raise ConfigError(f"{where}: {name} lists more than {_MOST_PUSHES} commits")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name is impossible"
        raise ConfigError(f"{where}: {name} cannot be read: {reason}") from None
    if not listed:
        raise ConfigError(f"{where}: {name} lists no commit")
    return tuple(listed)


def _server(entry: dict[str, Any], path: Path) -> SharedServer:
    _only(entry, {"name", "directories", "canonical", "organization"}, f"{path}: server")
    directories = _paths(entry, "directories", f"{path}: a server needs directories, and")
    if not directories:
        raise ConfigError(f"{path}: a server needs directories, a list of paths")
    canonical = _paths(entry, "canonical", f"{path}: server")
    for each in canonical:
        if not at_or_below(each, *directories):
            raise ConfigError(f"{path}: server: {each!r} is canonical but lies in none of the server's directories")
    organization = entry.get("organization", "")
    if not isinstance(organization, str):
        raise ConfigError(f'{path}: server: organization is text, as in organization = "acme"')
    return SharedServer(directories, canonical, organization)


def _layout(document: dict[str, Any], path: Path) -> Layout:
    entry = document.get("layout", {})
    if not isinstance(entry, dict):
        raise ConfigError(f'{path}: layout is a table, as in [layout] roles = ["site-roles"]')
    _only(entry, _LAYOUT_KEYS, f"{path}: layout")
    named = {key: _paths(entry, key, f"{path}: layout") for key in sorted(_LAYOUT_KEYS)}
    every = [each for key, paths in named.items() if key != "exclude" for each in paths]
    for each in every:
        if every.count(each) > 1:
            raise ConfigError(f"{path}: layout names {each!r} twice")
    return Layout(**named)


def _paths(entry: dict[str, Any], key: str, where: str) -> tuple[str, ...]:
    """A list of directories, relative to the repository's root."""
    paths = entry.get(key, [])
    if not isinstance(paths, list) or not all(isinstance(each, str) and each.strip("/") for each in paths):
        raise ConfigError(f"{where}: {key} is a list of paths from the repository's root")
    return tuple(normpath(each.strip("/")) for each in paths)


def _fail_on(document: dict[str, Any], path: Path) -> FailOn | None:
    value = document.get("fail_on")
    for known in FAIL_ON:
        if value == known:
            return known
    if value is not None:
        raise ConfigError(f"{path}: fail_on is one of {', '.join(FAIL_ON)}, not {value!r}")
    return None


def _reported(document: dict[str, Any], defined: Sequence[Scenario], path: Path) -> tuple[str, ...]:
    names = document.get("scenarios", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ConfigError(f'{path}: scenarios is a list of names, as in scenarios = ["glob", "changed"]')
    try:
        choose(names, tuple(defined))
    except UnknownScenarioError as error:
        raise ConfigError(f"{path}: {error}") from None
    return tuple(dict.fromkeys(names))


def _policy(document: dict[str, Any], path: Path, repository: Path) -> Policy:
    severities = document.get("severity", {})
    if not isinstance(severities, dict):
        raise ConfigError(f'{path}: severity is a table of rules, as in [severity] shadowed-object = "error"')
    for rule in severities:
        _known_rule(rule, f"{path}: severity")
        _one_of(severities, rule, _SEVERITIES, "", f"{path}: severity")
    ignores = tuple(_ignore(entry, number, path) for number, entry in enumerate(_entries(document, "ignore", path), 1))
    source = path.relative_to(repository).as_posix() if path.is_relative_to(repository) else None
    return Policy(ignores=ignores, severities=severities, source=source)


def _ignore(entry: dict[str, Any], number: int, path: Path) -> Ignore:
    where = f"{path}: ignore {number}"
    _only(entry, _IGNORE_KEYS, where)
    for key in ("reason", *_FILTERS):
        if key in entry and (not isinstance(entry[key], str) or not entry[key].strip()):
            raise ConfigError(f"{where}: {key} must be text that says something")
    if "reason" not in entry:
        raise ConfigError(f'{where} needs a reason, as in reason = "kept for the old data centre"')
    if not any(key in entry for key in _FILTERS):
        raise ConfigError(f"{where} would let everything pass; say what it means by {', '.join(_FILTERS)}")
    if "rule" in entry:
        _known_rule(entry["rule"], where)
    if "object" in entry and "[" not in entry["object"]:
        # a bare name would match nothing, and be told of as something that is over
        raise ConfigError(f'{where}: an object is written with its kind, as in object = "role[{entry["object"]}]"')
    return Ignore(reason=entry["reason"], expires=_day(entry, where), **{key: entry.get(key) for key in _FILTERS})


def _day(entry: dict[str, Any], where: str) -> str | None:
    value = entry.get("expires")
    if value is None:
        return None
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ConfigError(f"{where}: expires is the last day on which it holds, as in expires = 2015-06-30")
    return value.isoformat()


def _known_rule(rule: object, where: str) -> None:
    names = [each.id for each in catalogue.ALL]
    if rule not in names:
        raise ConfigError(f"{where}: no rule is called {rule!r}; there are {', '.join(names)}")


def _one_of(entry: dict[str, Any], key: str, allowed: tuple[str, ...], default: str, where: str) -> str:
    value = entry.get(key, default)
    if value not in allowed:
        raise ConfigError(f"{where}: {key} is one of {', '.join(allowed)}, not {value!r}")
    return str(value)


def _only(entry: dict[str, Any], known: set[str] | frozenset[str], where: str) -> None:
    unknown = sorted(set(entry) - known)
    if unknown:
        raise ConfigError(f"{where}: {unknown[0]!r} is not known; there are {', '.join(sorted(known))}")

"""Lines of a Chef server's logs, written as its nginx and its erchef write them."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta, timezone

NOTHING = "2jmj7l5rSw0yVb/vlWAYkK/YBwk="
KNIFE = "Chef Infra Client Knife/18.4.12 (ruby-3.1.2-p20; ohai-16.13.0; x86_64-linux-gnu; +https://chef.io)"
CLIENT = "Chef Client/18.4.12 (ruby-3.1.2-p20; ohai-16.13.0; x86_64-linux-gnu; +https://chef.io)"
START = 1_409_500_000


def line(
    request,
    *,
    time=START,
    status=200,
    size=100,
    user="alice",
    content_hash=NOTHING,
    agent=KNIFE,
    remote_user="-",
    zone=UTC,
    stamp=None,
    before="",
    length=" 1435",
):
    """One line, without its end."""
    shown = stamp or datetime.fromtimestamp(time, zone).strftime("%d/%b/%Y:%H:%M:%S %z")
    return (
        f'{before}10.0.0.7 - {remote_user} [{shown}]  "{request} HTTP/1.1" {status} "0.015" {size} "-" "{agent}" '
        f'"127.0.0.1:8000" "{status}" "0.009" "18.4.12" "algorithm=sha1;version=1.0;" "{user}" '
        f'"2014-10-06T21:10:01Z" "{content_hash}"{length}'
    )


def log(path, *lines, end="\n"):
    """A log of these lines; give its name."""
    path.write_bytes(b"".join(each if isinstance(each, bytes) else f"{each}{end}".encode() for each in lines))
    return str(path)


def zone(hours):
    return timezone(timedelta(hours=hours))


def sha1(body):
    return base64.b64encode(hashlib.sha1(body, usedforsecurity=False).digest()).decode()


def sha256(body):
    return base64.b64encode(hashlib.sha256(body).digest()).decode()

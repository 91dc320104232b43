"""The libraries that come with Ruby or knife, so that requiring them raises nothing; a few of their values."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, InvalidOperation

from forensics.chef.ruby.failure import RubyRaisedError, UnmodelledError
from forensics.chef.ruby.values import Opaque
from forensics.chef.ruby.words import words

_SHIPPED = words(
    """
    English abbrev base64 benchmark bigdecimal bigdecimal/util bundler cgi cgi/util cgi/escape coverage csv date
    delegate digest digest/md5 digest/sha1 digest/sha2 digest/sha256 drb erb etc fcntl fiddle fileutils find
    forwardable getoptlong io/console io/wait ipaddr irb json json/add/core logger matrix monitor net/http net/https
    net/protocol nkf objspace observer open-uri open3 openssl optparse optionparser ostruct pathname pp prettyprint
    prime pstore psych pty random/formatter rbconfig readline reline resolv ripper rubygems securerandom set
    shellwords singleton socket stringio strscan syslog tempfile thread time timeout tmpdir tsort un uri weakref
    yaml zlib chef chef/role chef/environment chef/config chef/node chef/search/query chef/data_bag
    chef/data_bag_item chef/encrypted_data_bag_item chef/mixin/deep_merge chef/mixin/shell_out chef/log
    chef/run_list chef/mash chef/knife chef/rest chef/version chef/exceptions ohai ohai/system mixlib/shellout
    mixlib/config mixlib/log mixlib/cli mixlib/authentication ffi_yajl erubis highline
    """
)


def is_shipped(name: str) -> bool:
    """Whether ``require`` of this library finds it wherever knife runs."""
    return name.removesuffix(".rb") in _SHIPPED


def date(year: int, month: int, day: int) -> Opaque:
    """A Date."""
    try:
        value = dt.date(year, month, day)
    except ValueError:
        raise RubyRaisedError("Date::Error", "invalid date") from None
    return Opaque("Date", value.isoformat(), value.isoformat(), value)


def date_time(*parts: int) -> Opaque:
    """A DateTime at UTC."""
    value = dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]
    text = value.strftime("%Y-%m-%dT%H:%M:%S+00:00")
    return Opaque("DateTime", text, text, value)


def time_at(seconds: int) -> Opaque:
    """A Time at UTC: its text and what a request body holds differ."""
    value = dt.datetime.fromtimestamp(seconds, tz=dt.UTC)
    text = value.strftime("%Y-%m-%d %H:%M:%S")
    if value.year < 1000:  # noqa: PLR2004 - strftime does not pad years
        raise UnmodelledError
    return Opaque("Time", f"{text} UTC", f"{text} +0000", value)


def time_utc(*parts: int) -> Opaque:
    """A Time at UTC by year, month, day, hour, minute and second."""
    moment = dt.datetime(*parts, tzinfo=dt.UTC)  # type: ignore[misc,arg-type]
    return time_at(int(moment.timestamp()))


def big_decimal(text: str) -> Opaque:
    """A BigDecimal, which writes itself as ``0.11e1``."""
    if not re.fullmatch(r"\s*[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s*", text):
        raise UnmodelledError
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise UnmodelledError from None
    sign, digits, _ = number.as_tuple()
    if not any(digits):
        written = "-0.0" if sign else "0.0"
    else:
        stripped = "".join(map(str, digits)).strip("0")
        written = f"{'-' if sign else ''}0.{stripped}e{number.adjusted() + 1}"
    return Opaque("BigDecimal", written, written, number)

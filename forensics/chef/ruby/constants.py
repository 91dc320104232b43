"""Constants: the file's own, Ruby's, and those of libraries, which are not known."""

from __future__ import annotations

import math
import sys
from typing import TYPE_CHECKING, Any

from forensics.chef.ruby.classes import BUILTIN
from forensics.chef.ruby.unknown import Unknown
from forensics.chef.ruby.values import RubyObject
from forensics.chef.ruby.words import words

if TYPE_CHECKING:
    from forensics.chef.ruby.interpreter import Interpreter
    from forensics.chef.ruby.scope import Scope
    from forensics.chef.ruby.values import RubyClass

ABSENT = object()
"""There is no such constant."""

_OUTSIDE = Unknown("", 0)
"""There is such a constant; what it holds is not known."""

LIBRARY = words(
    """
    ARGF ARGV ENV DATA STDIN STDOUT STDERR RUBY_VERSION RUBY_PLATFORM RUBY_ENGINE RUBY_ENGINE_VERSION
    RUBY_PATCHLEVEL RUBY_RELEASE_DATE RUBY_REVISION RUBY_COPYRIGHT RUBY_DESCRIPTION TOPLEVEL_BINDING SCRIPT_LINES__
    File Dir IO Process Marshal Random Thread Mutex Queue SizedQueue ConditionVariable ThreadGroup Fiber Signal
    Binding UnboundMethod TracePoint RubyVM Ractor Warning Encoding FileTest Data DidYouMean ErrorHighlight
    SyntaxSuggest Monitor MonitorMixin Gem Bundler RbConfig Chef ChefConfig ChefUtils Mixlib Ohai JSON FFI_Yajl Yajl
    FFI Net OpenSSL URI YAML Psych ERB Erubis Erubi Logger Tempfile Tmpdir FileUtils Pathname Digest Base64 Zlib
    SecureRandom Socket TCPSocket UDPSocket UNIXSocket BasicSocket IPSocket TCPServer UNIXServer Addrinfo
    SocketError Timeout TimeoutError Etc Open3 OptionParser StringIO StringScanner Forwardable SingleForwardable
    Singleton Observable Delegator SimpleDelegator DelegateClass WeakRef OpenStruct Shellwords Benchmark PP
    PrettyPrint CSV Resolv IPAddr DRb REXML CGI Find Abbrev English Getoptlong HighLine TTY Pastel Plist Rack
    Sinatra WEBrick Mash Hashie Diff Uuidtools UUIDTools Rubyntlm WinRM Nokogiri Addressable Faraday Train InSpec
    Inspec LicenseAcceptance Wisper Tomlrb Concurrent Sys Syslog FFI_Libarchive Corefoundation Aws Net SSHKit SFTP
    Kitchen Cheffish ChefDK ChefCLI ChefZero Librarian Berkshelf Spice Fog Win32API Readline Reline IRB Ripper
    Coverage ObjectSpace GC Refinement Enumerator Comparable Rinda Racc Ractor Vault ProxyFetcher FuzzyMatch Fauxhai
    Proxifier Semverse Molinillo Artifactory UnicodeNormalize Unicode DateTime Bigdecimal JWT SSLContext Semantic
    Multipart Method Proc Errno Process MatchData Rational Complex Trie Random Exception2MessageMapper ChefResource
    ChefRestResource ExceptionForMatrix Matrix Vector Prime PStore RSS Scanf SDBM GDBM DBM Tracer XMLRPC Win32 Ohai
    RUBY_LIB Timeout ChefPowerShell Cabin Builder Dalli UNF Appbundler Iniparse IniParse Did ReadLine KNIFE_ROOT
    CROSS_COMPILING
    """
)
"""Constants that exist while knife runs, or may, from libraries that it loads."""

_NUMBERS: dict[str, dict[str, Any]] = {
    "Float": {
        "INFINITY": math.inf,
        "NAN": math.nan,
        "EPSILON": sys.float_info.epsilon,
        "MAX": sys.float_info.max,
        "MIN": sys.float_info.min,
        "DIG": sys.float_info.dig,
    },
    "Math": {"PI": math.pi, "E": math.e},
}


def constant_named(interpreter: Interpreter, name: str, scope: Scope) -> Any:
    """The constant of this name as code at this place sees it, or ``ABSENT``."""
    for module in scope.frame.nesting:
        if name in module.constants:
            return module.constants[name]
    for module in scope.frame.nesting[:1]:
        for ancestor in module.ancestors():
            if name in ancestor.constants:
                return ancestor.constants[name]
    if name in interpreter.constants:
        return interpreter.constants[name]
    return _ruby_constant(name)


def constant_within(interpreter: Interpreter, module: RubyClass | None, name: str) -> Any:
    """``module::name``, or ``::name`` for None."""
    if module is None:
        return _ruby_constant(name)
    if not module.builtin:
        for ancestor in module.ancestors():
            if name in ancestor.constants:
                return ancestor.constants[name]
        return ABSENT
    if name in _NUMBERS.get(module.name, {}):
        return _NUMBERS[module.name][name]
    if module.name == "Chef" and name == "VERSION":
        return _chef_version(interpreter)
    return BUILTIN.get(f"{module.name}::{name}", ABSENT)


def _ruby_constant(name: str) -> Any:
    found = BUILTIN.get(name)
    if found is not None:
        return found
    return _OUTSIDE if name in LIBRARY else ABSENT


def _chef_version(interpreter: Interpreter) -> Any:
    """The version of Chef that runs knife: its class is known, its text is not."""
    older = interpreter.chef.split(".")[0] in _PLAIN_VERSIONS
    return RubyObject(BUILTIN["String" if older else "ChefUtils::VersionString"])


_PLAIN_VERSIONS = frozenset({"10", "11", "12", "13", "14"})

"""The encodings that a magic comment can name (Ruby 3.1), and Python's codecs for them."""

from __future__ import annotations

import codecs

_NAMES = """
ASCII-8BIT UTF-8 US-ASCII UTF8-MAC EUC-JP Windows-31J Big5 Big5-HKSCS Big5-UAO CESU-8 CP949 Emacs-Mule EUC-KR EUC-TW
GB18030 GBK ISO-8859-1 ISO-8859-2 ISO-8859-3 ISO-8859-4 ISO-8859-5 ISO-8859-6 ISO-8859-7 ISO-8859-8 ISO-8859-9
ISO-8859-10 ISO-8859-11 ISO-8859-13 ISO-8859-14 ISO-8859-15 ISO-8859-16 KOI8-R KOI8-U Shift_JIS Windows-1250
Windows-1251 Windows-1252 Windows-1253 Windows-1254 Windows-1257 BINARY IBM437 CP437 IBM720 CP720 IBM737 CP737
IBM775 CP775 CP850 IBM850 IBM852 CP852 IBM855 CP855 IBM857 CP857 IBM860 CP860 IBM861 CP861 IBM862 CP862 IBM863 CP863
IBM864 CP864 IBM865 CP865 IBM866 CP866 IBM869 CP869 Windows-1258 CP1258 GB1988 macCentEuro macCroatian macCyrillic
macGreek macIceland macRoman macRomania macThai macTurkish macUkraine CP950 Big5-HKSCS:2008 CP951
stateless-ISO-2022-JP eucJP eucJP-ms euc-jp-ms CP51932 EUC-JIS-2004 EUC-JISX0213 eucKR eucTW GB2312 EUC-CN eucCN
GB12345 CP936 ISO8859-1 ISO8859-2 ISO8859-3 ISO8859-4 ISO8859-5 ISO8859-6 Windows-1256 CP1256 ISO8859-7 ISO8859-8
Windows-1255 CP1255 ISO8859-9 ISO8859-10 ISO8859-11 TIS-620 Windows-874 CP874 ISO8859-13 ISO8859-14 ISO8859-15
ISO8859-16 CP878 MacJapanese MacJapan ASCII ANSI_X3.4-1968 646 CP65001 UTF-8-MAC UTF-8-HFS CP932 csWindows31J SJIS
PCK CP1250 CP1251 CP1252 CP1253 CP1254 CP1257 UTF8-DoCoMo SJIS-DoCoMo UTF8-KDDI SJIS-KDDI stateless-ISO-2022-JP-KDDI
UTF8-SoftBank SJIS-SoftBank locale external filesystem
"""
_KNOWN = frozenset(name.upper() for name in _NAMES.split())
_CODECS = {
    "ASCII-8BIT": "latin-1",  # any byte stands for itself
    "BINARY": "latin-1",
    "US-ASCII": "ascii",
    "ASCII": "ascii",
    "ANSI_X3.4-1968": "ascii",
    "646": "ascii",
    "WINDOWS-31J": "shift_jis",
    "CP932": "shift_jis",
    "SJIS": "shift_jis",
    "CSWINDOWS31J": "shift_jis",
    "PCK": "shift_jis",
}
_SPLIT_OTHERWISE = ("MACJAPAN", "BIG5-HKSCS")  # Python's codecs take what Ruby does not, or there is none


def is_known(name: str) -> bool:
    """Whether a magic comment may name this encoding; Ruby raises ArgumentError for any other."""
    return name.upper() in _KNOWN


def python_codec(name: str) -> str | None:
    """Python's codec that splits text of this encoding into the same characters, if there is one."""
    upper = name.upper()
    if upper.startswith(_SPLIT_OTHERWISE):
        return None
    if upper.startswith(("ISO-8859-", "ISO8859-", "WINDOWS-125", "CP125", "KOI8", "MAC", "IBM", "CP8")):
        return "latin-1"  # single bytes: which character each is does not matter here
    if upper in _CODECS:
        return _CODECS[upper]
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None

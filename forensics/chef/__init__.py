"""The Chef domain, pure: bytes and values in, values out; no git, no terminal, no clock."""

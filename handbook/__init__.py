"""Keeps the documentation true: fills in what the code says, and runs every command that a page shows.

``python -m handbook`` rewrites README.md and the pages under ``docs/``; ``python -m handbook --check`` only says which
of them are out of date. Nothing of this is installed with ``forensics``.
"""

"""Git, read-only: the only package that knows pygit2."""

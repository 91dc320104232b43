"""One module per output format; pure functions of a result."""

"""What the tool reports: one rule a module, listed in ``catalogue``."""

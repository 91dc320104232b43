"""A static evaluator of the Ruby that role and environment files are written in. Nothing here runs Ruby."""

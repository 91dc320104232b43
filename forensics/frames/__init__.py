"""Results as pandas frames: one documented schema for each, which drives building, reference and contract."""

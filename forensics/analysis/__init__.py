"""Questions asked of a replay."""

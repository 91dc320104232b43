"""What people and CI jobs typed: shell histories and consoles, and what their lines ran."""

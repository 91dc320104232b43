"""What investigators have beside the repository: logs, shell histories, backups, memory. One module for each format."""

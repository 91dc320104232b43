"""``python -m forensics``."""

from forensics.cli import program

if __name__ == "__main__":
    program()

"""What a commit must not bring: ragged ends, large files, private keys, conflict marks."""

import sys
from pathlib import Path

LARGEST = 1024 * 1024
_LARGE_ALLOWED = (".ttf", ".otf", ".ttc", ".xlsx")
_TEXT = (
    ".py",
    ".html",
    ".css",
    ".js",
    ".md",
    ".toml",
    ".yml",
    ".yaml",
    ".json",
    ".csv",
    ".txt",
    ".sh",
)
# Written in two parts, so that this file is not found by itself.
_MARKS = {
    b"-----BEGIN " + part: "a private key"
    for part in (b"PRIVATE KEY", b"ENCRYPTED PRIVATE KEY", b"EC PRIVATE KEY", b"RSA PRIVATE KEY")
} | {b"<<<<" + b"<<< ": "a conflict mark"}


def faults(path: Path) -> list[str]:
    """What is wrong with one file."""
    data = path.read_bytes()
    found = [what for mark, what in _MARKS.items() if mark in data]
    if len(data) > LARGEST and path.suffix not in _LARGE_ALLOWED:
        found.append(f"{len(data) // 1024} kB: larger than {LARGEST // 1024} kB")
    if path.suffix in _TEXT and data and not data.endswith(b"\n"):
        found.append("no line feed at its end")
    return found


def main(names: list[str]) -> int:
    """1 where a file has a fault; each is printed."""
    code = 0
    for name in names:
        path = Path(name)
        if path.is_file():
            for fault in faults(path):
                print(f"{name}: {fault}")
                code = 1
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

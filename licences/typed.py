"""What people type, before anything else looks at it."""

NULL = "\x00"


def plain(text: str) -> str:
    """The text without null characters, which no database column can hold."""
    return text.replace(NULL, "")

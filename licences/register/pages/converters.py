"""How a licence identifier stands in an address: letters, digits and dots (GB/T 36904)."""


class IdentifierConverter:
    """A path part that may hold dots; whether such a licence is there, a selector says."""

    regex = r"[0-9A-Za-z.]{4,160}"

    def to_python(self, value: str) -> str:
        """As the register writes it: upper case."""
        return value.upper()

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value

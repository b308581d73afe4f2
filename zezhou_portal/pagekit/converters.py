"""Parts of addresses that are neither a key nor a number."""


class IdentifierConverter:
    """A licence identifier: letters, digits and dots (GB/T 36904).

    Whether such a licence is there, a selector says.
    """

    regex = r"[0-9A-Za-z.]{4,160}"

    def to_python(self, value: str) -> str:
        """As the register writes it: upper case."""
        return value.upper()

    def to_url(self, value: str) -> str:
        """As it stands."""
        return value

"""What is configured of an identity service: plain values, read by the settings."""

from dataclasses import dataclass, field

# What a service can tell; the settings say under which of its own names (dots reach inside).
CLAIMS = (
    "subject", "name", "identity_type", "identity_number", "level", "phone",
    "enterprise_name", "enterprise_code", "office",
)  # fmt: skip


@dataclass(frozen=True)
class Provider:
    """One identity service: how it is reached and how its words are read.

    `claims` gives the service's name of each of CLAIMS, `levels`, `identity_types` and `offices`
    its values of three of them. `subjects` is the name space of its subjects: two services that
    hand on the same one (the national network identity) share it.
    """

    key: str
    kind: str  # "openid" or "ticket"
    label: str
    secret: str = field(repr=False)
    subjects: str
    explain: str = ""
    is_sample: bool = False
    seconds: float = 8.0
    claims: dict[str, str] = field(default_factory=dict)
    levels: dict[str, str] = field(default_factory=dict)
    identity_types: dict[str, str] = field(default_factory=dict)
    offices: dict[str, str] = field(default_factory=dict)
    # OpenID Connect
    issuer: str = ""
    client: str = ""
    scope: str = ""
    # how many seconds ago the person may have proved themselves at the service; 0: as it likes
    max_age: int = 900
    # ticket-style single sign-on
    log_in: str = ""
    exchange: str = ""
    application: str = ""

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address of the service that the settings name."""
        return tuple(one for one in (self.issuer, self.log_in, self.exchange) if one)

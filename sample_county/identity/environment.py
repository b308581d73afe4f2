"""How the portal's environment names the stand-in identity service; standard library only."""


def named_in_environment(
    address: str,
    secret: str = "development-only-not-a-secret",  # noqa: S107
) -> dict[str, str]:
    """The variables that name the stand-in at an address as the portal's one identity service."""
    words = {
        "KIND": "ticket",
        "LABEL": "样例身份服务",
        "EXPLAIN": "演示用。里面的人和企业都是编的，不是真的认证。",
        "LOG_IN": f"{address}/log-in",
        "EXCHANGE": f"{address}/exchange",
        "APPLICATION": "zezhou-portal",
        "SECRET": secret,
        "SAMPLE": "yes",
    }
    return {
        "PORTAL_IDENTITY_PROVIDERS": "sample",
        **{f"PORTAL_IDENTITY_SAMPLE_{word}": value for word, value in words.items()},
    }

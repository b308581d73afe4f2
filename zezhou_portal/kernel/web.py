"""What every question to another service over the web has in common."""

import ssl
from functools import cache

import httpx


@cache
def trusted() -> ssl.SSLContext:
    """The authorities of the web, read once a process: reading them takes longer than an answer.

    The environment names none: it must not decide whom the portal believes.
    """
    return httpx.create_ssl_context(trust_env=False)

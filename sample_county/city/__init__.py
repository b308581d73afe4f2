"""A stand-in for the city's licence platform: a server of its own, for development and tests.

It decides from what a message says and nothing else; it shares with the portal only the
envelope and the published rules (identifiers, OFD, seals). It is not the city's platform and
says so in every answer.
"""

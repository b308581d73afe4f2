"""A stand-in for the province's identity service: a server of its own, for the sample county.

It lets whoever asks choose a sample holder, and so proves nothing about anybody. It says so on
its page and in every answer, and a portal with production settings does not start with it.
"""

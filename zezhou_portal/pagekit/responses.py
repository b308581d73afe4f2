"""The one answer for what is not there."""

from django.http import Http404


def not_found() -> Http404:
    """What is not there and what is a neighbour's look the same."""
    return Http404("没有找到这一件")

"""The interface of the use of licences."""

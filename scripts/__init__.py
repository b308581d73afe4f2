"""Set-up, services, demo and gate of this checkout."""

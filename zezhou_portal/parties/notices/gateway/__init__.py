"""Text messages to phones: the port, and what stands behind it (P.2.3.5)."""

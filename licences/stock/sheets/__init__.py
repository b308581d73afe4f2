"""Permit sheets (存量许可清单): reading, judging and giving back rows. Pure: no database."""

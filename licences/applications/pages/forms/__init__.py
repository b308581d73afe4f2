"""Forms of the licences' pages."""

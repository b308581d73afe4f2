"""Valid rows for tests, by situation."""

"""What the parties' pages and the other apps ask about people, holders and instruments."""

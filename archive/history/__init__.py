"""What records were, are, and can be again (docs/adr/0015)."""

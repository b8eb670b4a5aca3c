"""Files: masters in, derivatives out. Knows no item, no viewer, no request."""

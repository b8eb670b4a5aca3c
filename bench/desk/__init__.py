"""What the curator's desk costs over a hundred thousand items: queries and seconds of every page."""

"""The site for visitors and readers."""

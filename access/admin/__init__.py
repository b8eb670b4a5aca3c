"""The staff pages of this app."""

"""Exhibits: what of one its reader sees, and how one is kept and brought back."""

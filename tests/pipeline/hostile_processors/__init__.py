"""Processors as an enemy who has taken over a decoder would write them. They run only inside the sandbox."""

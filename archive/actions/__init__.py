"""Changes in several steps, one file each, named by its verb."""

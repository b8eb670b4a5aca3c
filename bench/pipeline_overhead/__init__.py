"""What the pipeline costs beside the tool itself: claim, sandbox, checks, publication and rows, in processor time."""

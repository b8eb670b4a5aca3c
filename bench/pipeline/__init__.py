"""What the pipeline's work costs beside the tools that it uses, and beside how others use them."""

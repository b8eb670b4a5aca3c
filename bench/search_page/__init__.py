"""The search page over a whole archive: what a page costs, how fast an edit is found, how long the index takes to build."""

"""From items to the rows of a table, which `archive.loading` reads back as what they were."""

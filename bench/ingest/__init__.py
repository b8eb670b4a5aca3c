"""How fast a table of new items is loaded, beside full_clean and bulk_create of the same rows, and how much memory that takes."""

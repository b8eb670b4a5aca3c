"""The index: sets of items as bitmaps (docs/adr/0018). Pure: knows neither Django nor a database."""

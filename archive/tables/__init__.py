"""Plain tables, CSV and XLSX: reading them into rows, and writing rows that read back the same. Pure: no database."""

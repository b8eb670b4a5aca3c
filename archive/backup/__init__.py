"""Everything that cannot be made again, carried to another machine: the database as text, masters as an OCFL root.

A backup needs none of this software to be read: tables are JSON lines, masters lie as OCFL 1.1 says, and SHA256SUMS
covers the rest. Derivatives, the search table and the queue are left out, since they are made from what is kept.
"""

# What the log calls a backup that was written to its end.
BACKUP = "backup"

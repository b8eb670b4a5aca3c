"""Who may see what: people, rules, the viewer, the audit log. Knows no item and no file."""

"""How soon a page shows its largest content on a phone of 360 px over a line of 400 kbit/s and 400 ms."""

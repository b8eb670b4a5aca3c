"""The second factor: an app that makes codes, a security key, or a printed sheet of codes that are good for one time each."""

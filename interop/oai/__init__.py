"""OAI-PMH 2.0: the door for harvesters. docs/adr/0019 says what is kept for them and why."""

"""What access announces to apps that it does not know. docs/reference/signals.md lists the receivers."""

from django.dispatch import Signal

# pid: of the protocol that is about to be opened, closed, locked, unlocked or given to other communities; now: the moment. Sent inside
# the transaction that changes it and before the change, so that a receiver still reads who saw what; receivers change rows and do
# nothing else.
protocol_changing = Signal()

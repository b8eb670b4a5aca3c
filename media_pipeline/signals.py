"""What the pipeline announces to apps that it does not know. docs/reference/signals.md lists the receivers."""

from django.dispatch import Signal

# intake: Intake, now stored (with its master) or refused (with a reason). Sent inside the transaction that settled it, so that a
# receiver's rows change with it or not at all; receivers change rows and do nothing else.
intake_settled = Signal()

# master: Master, now identified (kind, extension, format_name are its content's). Sent inside the transaction that says so, which holds
# the master's row; the same rule for receivers.
master_identified = Signal()

# now: the moment. Sent each hour, when what dead attempts left was tidied away, for others who tidy that seldom, too. A receiver
# that fails is written to the log and stops nothing.
tidied = Signal()

# master: Master, now ready or kept, whether for the first time or after work on it was done again; now: the moment. Sent inside the
# transaction that settled it, under the master's lock; receivers change rows and do nothing else.
master_settled = Signal()

"""What the pipeline announces to apps that it does not know. docs/reference/signals.md lists the receivers."""

from django.dispatch import Signal

# intake: Intake, now stored (with its master) or refused (with a reason). Sent inside the transaction that settled it, so that a
# receiver's rows change with it or not at all; receivers change rows and do nothing else.
intake_settled = Signal()

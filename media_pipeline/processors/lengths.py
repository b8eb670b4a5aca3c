"""Whether a recording or film is as long as it says it is."""

from media_pipeline.processors.av_probe import Probe

# Called cut short when what came out is so much shorter than what the header promises.
_PARTIAL_BELOW, _PARTIAL_SLACK_MS = 0.97, 1500


def is_partial(duration_ms: int, found: Probe) -> bool:
    """Return whether so much of the promised length (milliseconds) is missing that people should be told."""
    return duration_ms < max(found.duration_ms, found.duration_claimed_ms) * _PARTIAL_BELOW - _PARTIAL_SLACK_MS

"""Rows of the pipeline: what comes in, what is kept, what is made of it, and the work that does so."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """What a file is, by its content."""

    IMAGE = "image", _("image")
    AUDIO = "audio", _("sound")
    VIDEO = "video", _("film")
    PDF = "pdf", _("PDF document")
    EPUB = "epub", _("EPUB book")
    OFFICE = "office", _("office document")
    TEXT = "text", _("plain text")
    CAPTIONS = "captions", _("subtitles")
    OTHER = "other", _("other")


class Intake(models.Model):
    """One file on its way in. `pid` names it to the outside (an upload's address); `intakes.path_of` says where its bytes lie."""

    class State(models.TextChoices):
        RECEIVING = "receiving", _("being received")
        RECEIVED = "received", _("arrived, being checked")
        STORED = "stored", _("stored")
        REFUSED = "refused", _("refused")
        EXPIRED = "expired", _("never finished")

    pid = models.CharField(max_length=32, unique=True)
    original_name = models.CharField(max_length=255, help_text="as the sender named it; never part of a path of ours")
    size_bytes = models.BigIntegerField()
    offset_bytes = models.BigIntegerField(default=0)
    declared_sha256 = models.CharField(max_length=64, blank=True)
    source_path = models.TextField(
        blank=True, help_text="set when the file is read where it lies, by the ingest command on the same machine"
    )
    keep_only = models.BooleanField(
        default=False, help_text="a proof that is kept for good and shown to nobody: nothing is made of it"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVING)
    reason_code = models.CharField(max_length=40, blank=True)
    master = models.ForeignKey("Master", null=True, on_delete=models.PROTECT, related_name="intakes")
    created_at = models.DateTimeField()
    touched_at = models.DateTimeField()

    class Meta:
        verbose_name = _("file on its way in")
        verbose_name_plural = _("files on their way in")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["state", "touched_at"], name="intake_state_touched")]
        constraints = [
            # A client that sends more than it announced is refused before a byte is written.
            models.CheckConstraint(
                condition=Q(offset_bytes__lte=models.F("size_bytes")), name="intake_not_longer_than_said"
            ),
            models.CheckConstraint(
                condition=~Q(state="stored") | Q(master__isnull=False), name="intake_stored_has_master"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pid} ({self.get_state_display()})"


class Master(models.Model):
    """One file kept for good, once, however many items show it. The bytes are the OCFL object of this SHA-256."""

    class State(models.TextChoices):
        IDENTIFYING = "identifying", _("being identified")
        PROCESSING = "processing", _("being worked on")
        READY = "ready", _("ready")
        KEPT = "kept", _("kept without preview")

    sha256 = models.CharField(max_length=64, unique=True)
    sha512 = models.CharField(max_length=128)
    size_bytes = models.BigIntegerField()
    extension = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.OTHER)
    media_type = models.CharField(max_length=127, default="application/octet-stream")
    format_name = models.CharField(max_length=127, blank=True)
    puid = models.CharField(
        max_length=20,
        blank=True,
        help_text="the format's identifier in the PRONOM registry, such as fmt/43; empty when unknown",
    )
    embedded = models.JSONField(
        default=list,
        help_text="what the file says of itself (EXIF, XMP, IPTC, ID3, …), for staff: "
        'a list of {"source", "name", "value"}; never shown to the public',
    )
    technical = models.JSONField(
        default=dict, help_text="what identification read from the content; never shown to the public whole"
    )
    state = models.CharField(max_length=12, choices=State.choices, default=State.IDENTIFYING)
    reason_code = models.CharField(max_length=40, blank=True)
    identified_reason = models.CharField(
        max_length=40,
        blank=True,
        help_text="why identification found that the file cannot be shown; empty when it can, whatever became of the work on it",
    )
    stored_at = models.DateTimeField()
    verified_at = models.DateTimeField(help_text="when the stored bytes were last read back and found whole")
    damage = models.CharField(
        max_length=8,
        blank=True,
        choices=[("changed", _("changed")), ("missing", _("missing"))],
        help_text="what the last fixity check found wrong with the stored bytes; empty when they are whole",
    )

    class Meta:
        verbose_name = _("master file")
        verbose_name_plural = _("master files")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(size_bytes__gt=0), name="master_not_empty")]

    def __str__(self) -> str:
        return f"{self.sha256[:12]}… {self.format_name or self.media_type}"


class Job(models.Model):
    """One piece of work. This row is the truth; a Celery message about it is only a doorbell.

    `token` is the right to finish: who claims the row writes a new one, and only a finish that still finds its own token counts. `starts`
    is raised before the work begins, `lost` when a lease ran out, `errors` when the work itself failed. `put_off` counts how often the
    storage was away, which never ends a job.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")
        NEEDS_PERSON = "needs_person", _("needs a person")
        CANCELLED = "cancelled", _("cancelled")

    class Lane(models.TextChoices):
        QUICK = "quick", _("quick")
        HEAVY = "heavy", _("heavy")
        SOLO = "solo", _("alone")

    role = models.CharField(max_length=32)
    recipe_version = models.PositiveIntegerField(default=0)
    intake = models.ForeignKey(Intake, null=True, on_delete=models.CASCADE, related_name="jobs")
    master = models.ForeignKey(Master, null=True, on_delete=models.CASCADE, related_name="jobs")
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    lane = models.CharField(max_length=5, choices=Lane.choices, default=Lane.QUICK)
    priority = models.SmallIntegerField(
        default=0, help_text="higher is done first within a lane; what a person waits for is above 0, remaking below"
    )
    token = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField()
    starts = models.PositiveIntegerField(default=0)
    errors = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    put_off = models.PositiveIntegerField(
        default=0, help_text="how often it was put off because the storage was away or full"
    )
    percent = models.FloatField(default=0)
    reason_code = models.CharField(max_length=40, blank=True)
    reason_detail = models.TextField(blank=True, help_text="the tool's own words, for staff; bounded")
    created_at = models.DateTimeField()
    rung_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("piece of work")
        verbose_name_plural = _("pieces of work")
        ordering = ["pk"]
        indexes = [
            # With the order last, or SQLite would sort by it all that waits.
            models.Index(fields=["state"], name="job_state"),
            # The best job of a lane, asked for by each bell.
            models.Index(fields=["lane", "-priority", "id"], condition=Q(state="queued"), name="job_best_of_lane"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="job_lease"),
            # The health board: what was done within the last hours, and what failed of late.
            models.Index(fields=["-finished_at"], condition=Q(finished_at__isnull=False), name="job_finished"),
            # What an older version of a recipe made.
            models.Index(fields=["role", "recipe_version"], name="job_role_and_version"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(intake__isnull=False) ^ Q(master__isnull=False), name="job_of_one_intake_or_one_master"
            ),
            # The same work is never queued twice, whoever asks for it.
            models.UniqueConstraint(fields=["master", "role", "recipe_version"], name="job_once_per_master_and_recipe"),
            models.UniqueConstraint(fields=["intake", "role"], name="job_once_per_intake"),
            models.CheckConstraint(
                condition=~Q(state="running") | (Q(lease_until__isnull=False) & ~Q(token="")),
                name="job_running_has_lease",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.role} {self.get_state_display()}"

    @property
    def is_final(self) -> bool:
        return self.state in FINAL_STATES


FINAL_STATES = (Job.State.DONE, Job.State.FAILED, Job.State.NEEDS_PERSON, Job.State.CANCELLED)


class Derivative(models.Model):
    """One set of files made from a master by one recipe at one version. Its row is its publication: files without a row are rubbish.

    `files` is a list of {"name", "media_type", "size_bytes", "sha256", …facts of that file}; `facts` are those of the whole set.
    """

    master = models.ForeignKey(Master, on_delete=models.CASCADE, related_name="derivatives")
    role = models.CharField(max_length=32)
    version = models.PositiveIntegerField()
    prefix = models.CharField(max_length=200)
    files = models.JSONField(default=list)
    facts = models.JSONField(default=dict)
    size_bytes = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("derivative")
        verbose_name_plural = _("derivatives")
        ordering = ["pk"]
        indexes = [models.Index(fields=["role", "version"], name="derivative_role_and_version")]
        constraints = [
            models.UniqueConstraint(fields=["master", "role", "version"], name="derivative_once_per_recipe_version")
        ]

    def __str__(self) -> str:
        return f"{self.role} v{self.version} of {self.master_id}"


class ReplacedSet(models.Model):
    """A set of files that a newer one took the place of. It stays for a while: somebody may be reading it."""

    prefix = models.CharField(max_length=200, unique=True)
    replaced_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("replaced derivative")
        verbose_name_plural = _("replaced derivatives")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.prefix


class Worker(models.Model):
    """One process that hears bells. It writes this row while it lives and takes it away when it stops; killed, it leaves it behind."""

    name = models.CharField(max_length=200, unique=True)
    machine = models.CharField(max_length=100)
    lanes = models.CharField(max_length=100, help_text="what it listens to, separated by commas")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("worker process")
        verbose_name_plural = _("worker processes")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

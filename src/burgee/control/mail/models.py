"""Letters that are owed."""

from django.db import models


class Letter(models.Model):
    """One letter to one person: an outbox of its own, written in the transaction of what it is about.

    ``ciphertext`` holds the few facts from which the letter is composed when it is sent, and is emptied then: links
    that open something are made at that moment and stored nowhere. ``about`` says whose it is, to count by.
    """

    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=64, null=True)
    ciphertext = models.TextField(null=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    owner = models.CharField(max_length=64, null=True)
    lease_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    is_sent = models.BooleanField(default=False)
    last_error = models.CharField(max_length=200, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["done_at", "due_at"], name="letter_due"),
            models.Index(fields=["about", "kind", "created_at"], name="letter_about"),
        ]

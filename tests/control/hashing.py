from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The product's own takes a tenth of a second and a hundred megabytes for each password; this the least allowed."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1

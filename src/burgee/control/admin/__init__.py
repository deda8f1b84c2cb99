"""The operator's console at ``/admin/``: what is stored, for superusers; what can be edited goes through services."""

"""Reads about organisations."""

from django.db.models import Count, OuterRef, QuerySet, Subquery

from burgee.control.organisations.models import Membership, Organisation


def with_seats(rows: QuerySet[Organisation], user_id: int) -> QuerySet[Organisation]:
    """Each with ``seats``, its number of members, and ``role_of_caller``."""
    members = (
        Membership.objects.filter(organisation=OuterRef("pk"))
        .order_by()
        .values("organisation")
        .annotate(number=Count("pk"))
        .values("number")
    )
    own = Membership.objects.filter(organisation=OuterRef("pk"), user_id=user_id).values("role")[:1]
    return rows.annotate(seats=Subquery(members), role_of_caller=Subquery(own))


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """The members with their users, in the order in which they registered."""
    return Membership.objects.filter(organisation=organisation).select_related("user").order_by("user_id")

from burgee.control.kit.errors import Conflict, DomainError


class DeliveryPending(Conflict):
    code = "delivery_pending"
    message = "This delivery is still waiting to be sent."


class WebhooksDisabled(DomainError):
    code = "webhooks_disabled"
    message = "Webhooks are switched off on this server."

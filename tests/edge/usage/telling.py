"""Flags as the server tells them."""

from burgee.edge.counting import AnyFlag
from burgee.engine import Scalar
from burgee.wire import sdk


def read_out(value: Scalar, *, feature_id: int = 7, **members) -> AnyFlag:
    """A flag of `/identities/`, for nobody in particular unless `members` say otherwise."""
    feature = sdk.FeatureJson(feature_id, "flag", None, None, None, None, "STANDARD")
    given = {"id": 1, "environment": 1, "enabled": True} | members
    return sdk.encode(sdk.IdentityFlagJson(feature=feature, feature_state_value=value, **given))

"""The routes of the SDK API. The edge serves them, so no view of ours tells of them; a test compares the two."""

from typing import Any, Final

from msgspec import Struct

from burgee.control.api.sdk import bodies
from burgee.control.api.sdk.document import EnvironmentDocument
from burgee.wire.sdk import FlagJson, IdentifyRequest, IdentityFlagJson, TraitJson


class Parameter(Struct, frozen=True, kw_only=True):
    name: str
    about: str
    place: str = "query"
    type: str = "string"


class SdkRoute(Struct, frozen=True, kw_only=True):
    """`answers` are what it may be; none is an empty body. `refuses` come on top of 400, 403 and 503."""

    method: str
    path: str
    name: str
    about: str
    parameters: tuple[Parameter, ...] = ()
    body: Any = None
    answers: tuple[Any, ...] = ()
    status: int = 200
    produces: str = "application/json"
    refuses: tuple[int, ...] = ()
    security: tuple[str, ...] = ("environmentKey",)


FEATURE: Final = Parameter(name="feature", about="The name of a flag: that one alone is answered, or 404.")
IDENTIFIER: Final = Parameter(name="identifier", place="path", about="The identifier of an identity.")
TRAIT_KEY: Final = Parameter(name="trait_key", place="path", about="The key of a trait.")
FEATURE_ID: Final = Parameter(name="feature_id", place="path", about="The id of a feature.", type="integer")
CLIENT_KEY: Final = Parameter(name="environment_key", place="path", about="The client key of an environment.")
FLAG_KEY: Final = Parameter(name="key", place="path", about="The name of a flag.")
OFREP_SECURITY: Final = ("environmentKey", "environmentKeyAsBearer")

ROUTES: Final = (
    SdkRoute(
        method="get",
        path="/api/v1/flags/",
        name="sdk_flags",
        about="The flags of an environment, without an identity.",
        parameters=(FEATURE,),
        answers=(list[FlagJson], FlagJson),
        refuses=(304, 404),
    ),
    SdkRoute(
        method="get",
        path="/api/v1/identities/",
        name="sdk_identity",
        about="The flags of an identity, which is made unless `transient` is true.",
        parameters=(
            Parameter(name="identifier", about="The identifier of the identity."),
            Parameter(name="transient", about="Whether nothing shall be stored.", type="boolean"),
            FEATURE,
        ),
        answers=(bodies.IdentityFlags, IdentityFlagJson, dict[str, str]),
        refuses=(404,),
    ),
    SdkRoute(
        method="post",
        path="/api/v1/identities/",
        name="sdk_identify",
        about="Traits in, flags out. Traits are stored unless they, or the identity, are transient.",
        body=IdentifyRequest,
        answers=(bodies.IdentityFlags,),
    ),
    SdkRoute(
        method="post",
        path="/api/v1/traits/",
        name="sdk_trait",
        about="Store one trait.",
        body=bodies.WriteTrait,
        answers=(bodies.WriteTrait,),
    ),
    SdkRoute(
        method="put",
        path="/api/v1/traits/bulk/",
        name="sdk_traits",
        about="Store traits of one or several identities; null deletes.",
        body=list[bodies.WriteOrDeleteTrait],
        answers=(list[bodies.WriteTrait],),
    ),
    SdkRoute(
        method="post",
        path="/api/v1/traits/increment-value/",
        name="sdk_trait_increment",
        about="Add to a trait that is an integer; one that is not there begins at zero.",
        body=bodies.TraitIncrement,
        answers=(bodies.IncrementedTrait,),
    ),
    SdkRoute(
        method="get",
        path="/api/v1/environment-document/",
        name="sdk_environment_document",
        about="All that a client needs to evaluate flags by itself.",
        answers=(EnvironmentDocument,),
        refuses=(304,),
        security=("serverKey",),
    ),
    SdkRoute(
        method="post",
        path="/api/v1/analytics/flags/",
        name="sdk_analytics",
        about="How often each flag was evaluated since the last report.",
        body=dict[str, int],
    ),
    SdkRoute(
        method="post",
        path="/api/v2/analytics/flags/",
        name="sdk_analytics_v2",
        about="How often each flag was evaluated, and whether it was enabled.",
        body=bodies.EvaluationReports,
        status=204,
    ),
    SdkRoute(
        method="post",
        path="/ofrep/v1/evaluate/flags",
        name="ofrep_flags",
        about="All flags, as the OpenFeature Remote Evaluation Protocol has them.",
        body=bodies.OfrepRequest,
        answers=(bodies.OfrepFlags,),
        refuses=(304, 401),
        security=OFREP_SECURITY,
    ),
    SdkRoute(
        method="post",
        path="/ofrep/v1/evaluate/flags/{key}",
        name="ofrep_flag",
        about="One flag, as the OpenFeature Remote Evaluation Protocol has it.",
        parameters=(FLAG_KEY,),
        body=bodies.OfrepRequest,
        answers=(bodies.OfrepFlag,),
        refuses=(401, 404),
        security=OFREP_SECURITY,
    ),
    SdkRoute(
        method="get",
        path="/sse/environments/{environment_key}/stream",
        name="sdk_stream",
        about="Server-sent events: `environment_updated` whenever the environment changes.",
        parameters=(CLIENT_KEY,),
        answers=(str,),
        produces="text/event-stream",
        refuses=(404,),
        security=(),
    ),
    SdkRoute(
        method="post",
        path="/sse/environments/{environment_key}/queue-change",
        name="sdk_queue_change",
        about="Tell the streams of an environment to look again.",
        parameters=(CLIENT_KEY,),
        body=bodies.ChangeNotice,
        refuses=(401, 404),
        security=("eventsToken",),
    ),
    SdkRoute(
        method="get",
        path="/api/v1/flags/{feature_id}/multivariate-options/",
        name="sdk_multivariate_options",
        about="The control value and the variants of one feature.",
        parameters=(FEATURE_ID,),
        answers=(bodies.VariantValues,),
        refuses=(404,),
    ),
    SdkRoute(
        method="get",
        path="/api/v1/flags/{identifier}",
        name="sdk_flags_by_path",
        about="The flags of an identity; older SDKs ask so.",
        parameters=(IDENTIFIER, FEATURE),
        answers=(list[IdentityFlagJson], IdentityFlagJson),
        refuses=(404,),
    ),
    SdkRoute(
        method="get",
        path="/api/v1/identities/{identifier}/",
        name="sdk_identity_by_path",
        about="Flags, traits and segments of an identity; older SDKs ask so.",
        parameters=(IDENTIFIER,),
        answers=(bodies.IdentityByPath,),
    ),
    SdkRoute(
        method="post",
        path="/api/v1/identities/{identifier}/traits/{trait_key}",
        name="sdk_trait_by_path",
        about="Store one trait; older SDKs do it so.",
        parameters=(IDENTIFIER, TRAIT_KEY),
        body=bodies.TraitValue,
        answers=(TraitJson,),
    ),
)

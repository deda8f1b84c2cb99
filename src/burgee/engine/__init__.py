"""The engine: who asks and an environment's rules in, decisions out. No input or output of any kind."""

from burgee.engine.context import evaluate_context
from burgee.engine.explanation import (
    ConditionExplanation,
    Explanation,
    FlagExplanation,
    OverrideExplanation,
    RuleExplanation,
    SegmentExplanation,
)
from burgee.engine.flags import Choice, FlagUnit, Outcome, Render, compile_flag, compile_state
from burgee.engine.model import (
    Condition,
    Environment,
    Flag,
    Identity,
    Override,
    Rule,
    RuleType,
    Scalar,
    Segment,
    SegmentId,
    State,
    Variant,
)
from burgee.engine.plans import Plan, RecentDraws
from burgee.engine.regex import check_pattern
from burgee.engine.ruleset import Ruleset
from burgee.engine.segments import SegmentUnit, compile_segment

__all__ = [
    "Choice",
    "Condition",
    "ConditionExplanation",
    "Environment",
    "Explanation",
    "Flag",
    "FlagExplanation",
    "FlagUnit",
    "Identity",
    "Outcome",
    "Override",
    "OverrideExplanation",
    "Plan",
    "RecentDraws",
    "Render",
    "Rule",
    "RuleExplanation",
    "RuleType",
    "Ruleset",
    "Scalar",
    "Segment",
    "SegmentExplanation",
    "SegmentId",
    "SegmentUnit",
    "State",
    "Variant",
    "check_pattern",
    "compile_flag",
    "compile_segment",
    "compile_state",
    "evaluate_context",
]

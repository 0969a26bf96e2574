"""An automatic differentiation engine that shows its work: values, local Jacobians and adjoints as
events."""

from engine.errors import MESSAGES, EngineError
from engine.examples import EXAMPLES, Example
from engine.infer import Limits
from engine.language.parse import parse
from engine.ops import OPS, Op
from engine.partial import prepare_partial
from engine.prepare import prepare
from engine.program import Evaluation, Program

__all__ = [
    "EXAMPLES",
    "MESSAGES",
    "OPS",
    "EngineError",
    "Evaluation",
    "Example",
    "Limits",
    "Op",
    "Program",
    "parse",
    "prepare",
    "prepare_partial",
]

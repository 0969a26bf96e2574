"""How to call each operation: the same request for curl, Python and JavaScript.

They are printed at /docs and in docs/api.md, and every one is run by a test against a live server.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from app.schemas import EXAMPLE

__all__ = ["CASES", "HOST", "LANGUAGES", "STREAMS", "Case", "label", "laid_out", "snippet"]

HOST = "http://localhost:8000"
LANGUAGES = {"curl": "curl", "python": "Python", "javascript": "JavaScript"}

JSON, LINES, EVENTS = "application/json", "application/jsonl", "text/event-stream"
BYTES = "application/octet-stream"
STREAMS = ("trace", "autograd")
"""Operations that answer events."""

_WIDTH = 80

_NETWORK = "W = [[1, 2, 3], [4, 5, 6]]\nx = [1, 0, -1]\ny = tanh(W @ x)"


@dataclass(frozen=True, slots=True)
class Case:
    """One call. body: None for GET. accept: the media type asked for. after: of a stream, the last
    event that the client has. variant: what sets it apart from the first call of its operation."""

    operation: str
    path: str
    body: dict[str, Any] | None = None
    accept: str = JSON
    after: int | None = None
    variant: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """What the request says of itself."""
        told = {} if self.body is None else {"Content-Type": JSON}
        if self.accept != (LINES if self.operation in STREAMS else JSON):
            told["Accept"] = self.accept
        if self.after is not None:
            told["Last-Event-ID"] = str(self.after)
        return told


_DOUBLED = "x = torch.tensor([1.0, 2.0], requires_grad=True)\ny = (x * x).sum()\ny.backward()"

_ENTRIES = {
    "source": _NETWORK,
    "what": "jacobian",
    "edge": {"from": "W", "to": "y", "slot": 0},
    "ranges": [[0, 2], [0, 6, 2]],
}

# Not 2.0, which JavaScript writes as 2: a digest names the request as it was written.
_WORKED = {**EXAMPLE, "inputs": {"u1": 2.5}}

CASES: tuple[Case, ...] = (
    Case("graph", "/api/v1/graph", _WORKED),
    Case("evaluate", "/api/v1/evaluate", _WORKED),
    Case("trace", "/api/v1/trace", _WORKED, LINES),
    Case("trace", "/api/v1/trace", _WORKED, EVENTS, 20, "after event 20"),
    Case("autograd", "/api/v1/autograd", {"snippet": _DOUBLED}, LINES),
    Case("window", "/api/v1/window", _ENTRIES),
    Case(
        "window",
        "/api/v1/window",
        {"source": _NETWORK, "what": "value", "node": "y"},
        BYTES,
        variant="as bytes",
    ),
    Case(
        "check",
        "/api/v1/check",
        {"source": "x = [1, 2]\ny = sum(exp(x))", "entry": {"node": "x", "index": [1]}},
    ),
    Case("examples", "/api/v1/examples"),
    Case("example", "/api/v1/examples/worked-example"),
    Case("lessons", "/api/v1/lessons"),
    Case("ops", "/api/v1/ops"),
    Case("op", "/api/v1/ops/tanh"),
)


def label(case: Case, language: str) -> str:
    """What a reader chooses the call by."""
    return f"{LANGUAGES[language]}, {case.variant}" if case.variant else LANGUAGES[language]


def snippet(case: Case, language: str) -> str:
    """The call in one of LANGUAGES."""
    return {"curl": _curl, "python": _python, "javascript": _javascript}[language](case)


def _curl(case: Case) -> str:
    parts = [f"curl -s {HOST}{case.path}"]
    parts += [f"-H '{name}: {value}'" for name, value in case.headers.items()]
    if case.accept == BYTES:
        parts.append("-o entries.bin")
    if case.body is not None:
        parts.append(f"-d '{laid_out(case.body, 2)}'")
    return " \\\n  ".join(parts)


_PYTHON = """\
import json
import urllib.request

request = urllib.request.Request(
    "{host}{path}",{arguments}
)
with urllib.request.urlopen(request) as answer:
    {read}"""

_READ_PYTHON = {
    JSON: "print(json.load(answer))",
    LINES: "for line in answer:\n        print(json.loads(line))",
    EVENTS: 'for line in answer:\n        print(line.decode(), end="")',
    BYTES: 'print(np.frombuffer(answer.read(), "<f8"), answer.headers["X-Tensor-Shape"])',
}


def _python(case: Case) -> str:
    lines = []
    if case.body is not None:
        lines.append(f"data=json.dumps({_literal(case.body, 4)}).encode(),")
    if case.headers:
        lines.append(f"headers={_literal(case.headers, 4)},")
    arguments = "".join(f"\n    {line}" for line in lines)
    read = _READ_PYTHON[case.accept]
    text = _PYTHON.format(host=HOST, path=case.path, arguments=arguments, read=read)
    text = text.replace("\n\n", "\n\nimport numpy as np\n\n", 1) if "np." in read else text
    return text if "json." in text else text.replace("import json\n", "")


def _literal(value: dict[str, Any], indent: int) -> str:
    """JSON text that is a Python literal too; no body of ours has true, false or null."""
    return laid_out(value, indent)


def laid_out(value: Any, indent: int = 0) -> str:
    """JSON with what fits into a line on one line."""
    text = json.dumps(value, ensure_ascii=False)
    if len(text) + indent <= _WIDTH or not isinstance(value, list | dict) or not value:
        return text
    space = " " * (indent + 2)
    if isinstance(value, dict):
        inner = [f"{json.dumps(k)}: {laid_out(v, indent + 2)}" for k, v in value.items()]
        opening, closing = "{", "}"
    else:
        inner = [laid_out(item, indent + 2) for item in value]
        opening, closing = "[", "]"
    body = ",\n".join(space + each for each in inner)
    return f"{opening}\n{body}\n{' ' * indent}{closing}"


_JAVASCRIPT = """\
const answer = await fetch("{host}{path}"{options});
{read}"""

_READ_JAVASCRIPT = {
    JSON: "console.log(JSON.stringify(await answer.json()));",
    LINES: 'for (const line of (await answer.text()).trim().split("\\n")) {\n'
    "  console.log(JSON.stringify(JSON.parse(line)));\n}",
    EVENTS: "console.log(await answer.text());",
    BYTES: "console.log(new Float64Array(await answer.arrayBuffer()), "
    'answer.headers.get("X-Tensor-Shape"));',
}


def _javascript(case: Case) -> str:
    options = ""
    if case.body is not None:
        headers = f"\n  headers: {_literal(case.headers, 2)},"
        body = f"\n  body: JSON.stringify({_literal(case.body, 2)}),"
        options = f', {{\n  method: "POST",{headers}{body}\n}}'
    read = _READ_JAVASCRIPT[case.accept]
    return _JAVASCRIPT.format(host=HOST, path=case.path, options=options, read=read)

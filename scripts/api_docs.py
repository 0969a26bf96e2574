"""Write docs/api.md from the OpenAPI document: every endpoint, with calls that a test runs.

python scripts/api_docs.py            write the file
python scripts/api_docs.py --check    say whether it is current
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.main import create_app
from app.reference import ENDPOINTS, type_name
from app.settings import Settings
from app.snippets import CASES, LANGUAGES, Case, label, laid_out, snippet

TARGET = Path(__file__).resolve().parent.parent / "docs" / "api.md"
FENCES = {"curl": "sh", "python": "python", "javascript": "javascript"}

PRELUDE = """\
# The API

Made from `/openapi.json` by `python scripts/api_docs.py`; do not edit. Every call below is run by a
test, against a live server. [wire.md](wire.md) says what tensors and events mean.

- **Bodies** are JSON, strictly: a field that is not listed is refused.
- **Accept** chooses the type of an answer, with qualities; what cannot be made is refused with 406.
- **Errors** are `application/problem+json` (RFC 9457), less than 8 kB. `code` and `params` make the
  sentence in any language, `span` is the place in the source, `errors` are all that were found,
  where there are several; `type` is the address of a page about it.
- **ETag** names an answer by its content. A GET with `If-None-Match` answers 304. For POST it only
  tells whether two answers are the same: RFC 9110 knows no 304 there, and the header is ignored.
- **A stream that was cut** goes on when the same body is sent with `Last-Event-ID`: in
  `text/event-stream` byte for byte. A comment, `: ping`, comes when nothing else has for 15 s.
- **429 and 503** say in `Retry-After` when to come back; `RateLimit` says how much is left.
"""


def render() -> str:
    """The whole page."""
    document = create_app(Settings.model_validate({})).openapi()
    parts = [PRELUDE, "".join(contents(document))]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            parts.append("\n".join(section(document, path, method, operation)))
    return "\n".join(parts)


def contents(document: dict[str, Any]) -> Iterator[str]:
    """The list of endpoints."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            name = operation["operationId"]
            yield f"- [`{method.upper()} {path}`](#{name}): {operation['description']}\n"


def section(
    document: dict[str, Any], path: str, method: str, operation: dict[str, Any]
) -> Iterator[str]:
    """One endpoint."""
    name = operation["operationId"]
    yield f'<a id="{name}"></a>\n\n## {method.upper()} {path}\n\n{operation["description"]}\n'
    if ENDPOINTS[name].request is not None:
        yield from fields(document, operation)
    for parameter in operation.get("parameters", ()):
        if parameter["in"] == "header":
            yield f"Header `{parameter['name']}`: {parameter['description']}\n"
    for case in CASES:
        if case.operation == name:
            yield from calls(case)
    yield from answers(operation)
    yield from statuses(operation)


def fields(document: dict[str, Any], operation: dict[str, Any]) -> Iterator[str]:
    """The table of a request's fields."""
    reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
    request = document["components"]["schemas"][reference.rpartition("/")[2]]
    yield "| field | type | meaning |\n| --- | --- | --- |"
    for name, field in request["properties"].items():
        kind = type_name(field).replace("|", "\\|")
        needed = " (required)" if name in request.get("required", ()) else ""
        yield f"| `{name}` | `{kind}` | {field.get('description', '')}{needed} |"
    yield ""


def calls(case: Case) -> Iterator[str]:
    """One call in every language."""
    for language in LANGUAGES:
        yield f"{label(case, language)}:\n\n```{FENCES[language]}\n{snippet(case, language)}\n```\n"


def answers(operation: dict[str, Any]) -> Iterator[str]:
    """The answer to the first call, in the types it can have."""
    for media, content in operation["responses"]["200"].get("content", {}).items():
        example = content.get("example")
        if media == "application/x-ndjson" or example is None:
            continue
        shown = example if isinstance(example, str) else laid_out(example)
        lines = shown.strip().splitlines()
        more = ["…"] if len(lines) > 40 else []
        text = "\n".join(line[:200] + "…" * (len(line) > 200) for line in lines[:40] + more)
        yield f"Answer, `{media}`:\n\n```text\n{text}\n```\n"


def statuses(operation: dict[str, Any]) -> Iterator[str]:
    """The table of other answers."""
    yield "| status | meaning |\n| --- | --- |"
    for status, response in operation["responses"].items():
        if status != "200":
            yield f"| {status} | {response['description']} |"
    yield ""


def masked(text: str) -> str:
    """The page without the digits of fractions, whose last ones differ between processors."""
    return re.sub(r"-?\d+\.\d+(e[+-]?\d+)?", "#", text)


def main(arguments: list[str]) -> int:
    """Write or check the file."""
    text = render()
    if "--check" in arguments:
        current = TARGET.exists() and masked(TARGET.read_text("utf-8")) == masked(text)
        print("docs/api.md is current" if current else "run python scripts/api_docs.py")
        return 0 if current else 1
    TARGET.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""The sentences of the web side's problems; the engine's are in `engine/messages.py`.

The Chinese ones are in `app/locale/errors.zh-CN.json`, under the same codes.
"""

from __future__ import annotations

__all__ = ["MESSAGES", "TITLES"]

MESSAGES: dict[str, dict[str, str]] = {
    "request.json": {
        "detail": "The request body is not valid JSON.",
        "hint": "Send one JSON object in UTF-8; NaN and Infinity are not JSON numbers.",
    },
    "request.depth": {
        "detail": "The request body is nested more than {allowed} levels deep.",
        "hint": "Send flatter lists.",
    },
    "request.size": {
        "detail": "The request body is larger than {allowed} bytes.",
        "hint": "Make it smaller, or raise the limit on your own server.",
    },
    "request.media": {
        "detail": "The request body is not declared as JSON.",
        "hint": "Send the header `Content-Type: application/json`.",
    },
    "request.encoding": {
        "detail": "The request body is compressed; this server reads JSON as it is.",
        "hint": "Send the body uncompressed, without the header `Content-Encoding`.",
    },
    "request.field": {
        "detail": "The field `{field}` cannot be used: {reason}.",
        "hint": "The fields and their types are listed at /docs.",
    },
    "request.accept": {
        "detail": "None of the media types in `Accept` can be produced.",
        "hint": "Accept one of: {choices}.",
    },
    "request.resume": {
        "detail": "`Last-Event-ID: {given}` names no event of this stream.",
        "hint": "Send the `id` of the last event you have, a whole number, with the same body.",
    },
    "request.path": {
        "detail": "There is nothing at this address.",
        "hint": "The addresses are listed at /docs.",
    },
    "request.method": {
        "detail": "This address does not answer to {method}.",
        "hint": "It answers to: {allowed}.",
    },
    "request.refused": {
        "detail": "The request cannot be answered: {reason}.",
        "hint": "The addresses and their fields are listed at /docs.",
    },
    "pages.missing": {
        "detail": "The pages of this server are not built.",
        "hint": "Run `make serve`, which builds them.",
    },
    "limit.seconds": {
        "detail": "The computation took longer than {allowed} seconds and was stopped.",
        "hint": "Make the tensors or the graph smaller, or raise the limit on your own server.",
    },
    "limit.memory": {
        "detail": "The computation needed more than {allowed} bytes of memory and was stopped.",
        "hint": "Make the tensors or the graph smaller, or raise the limit on your own server.",
    },
    "request.malformed": {
        "detail": "The request is not valid HTTP/1.1.",
        "hint": "Use an HTTP client library, or compare the request with RFC 9112.",
    },
    "request.head": {
        "detail": "The request line and headers are larger than {allowed} bytes.",
        "hint": "Send fewer or shorter headers; the program belongs in the body.",
    },
    "request.slow": {
        "detail": "The request did not arrive in time.",
        "hint": "Send it in one piece, or over a faster connection.",
    },
    "request.twice": {
        "detail": "The header `{header}` is there more than once.",
        "hint": "Send `{header}` once.",
    },
    "request.hostname": {
        "detail": "`Host` is missing, or no name of a server.",
        "hint": "Send the name in the address, with its port: `Host: localhost:8000`.",
    },
    "request.origin": {
        "detail": "A page of another site may not send this request.",
        "hint": "Call the API without a browser, or name the site in BACKPROP_LAB_CORS_ORIGINS.",
    },
    "request.host": {
        "detail": "This server does not answer under the name in `Host`.",
        "hint": "Use its own address, or name it in BACKPROP_LAB_HOSTS.",
    },
    "client.rate": {
        "detail": "More than {allowed} requests in a minute came from this address.",
        "hint": "Try again in {seconds} seconds.",
    },
    "client.evaluations": {
        "detail": "{allowed} requests from this address are being worked on already.",
        "hint": "Wait for one to end; try again in {seconds} seconds.",
    },
    "server.connections": {
        "detail": "Too many connections are open.",
        "hint": "Send many requests over one connection; try again in {seconds} seconds.",
    },
    "server.stopping": {
        "detail": "The server is stopping.",
        "hint": "Send the request again in a moment; `Last-Event-ID` continues a stream.",
    },
    "server.busy": {
        "detail": "The server has too much to do at the moment.",
        "hint": "Try again in {seconds} seconds.",
    },
    "server.worker": {
        "detail": "The process that worked on this request ended before it was done.",
        "hint": "Send the request again; if it ends again, the server's log may say why.",
    },
    "server.error": {
        "detail": "The server failed while it worked on this request.",
        "hint": "This is a fault of ours, not of the request; the server's log has the details.",
    },
}

TITLES = {
    400: "The request cannot be read",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    408: "The request took too long",
    413: "The request is too large",
    415: "Not plain JSON",
    421: "Not this server",
    422: "The request cannot be carried out",
    429: "Too many requests",
    431: "The headers are too large",
    500: "Server error",
    503: "Not now",
}

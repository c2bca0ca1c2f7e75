"""The OpenAPI 3.1 document of the HTTP interface, as a plain value."""

from __future__ import annotations

from typing import Any

from sluicegate import __version__
from sluicegate.document import ProblemKind
from sluicegate.verdict import CriterionStatus, Decision

_TEXT = {"type": "string"}
_NUMBER = {"type": "number"}


def document() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Sluicegate",
            "version": __version__,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Screens documents for export-controlled battery know-how.",
        },
        "paths": {
            "/v1/screen": {"post": _screen()},
            "/healthz": {"get": _plain("health", "The service runs.", "application/json", security=[])},
            "/metrics": {"get": _plain("metrics", "Numbers in Prometheus' text format.", "text/plain")},
            "/openapi.json": {"get": _plain("openapi", "This document.", "application/json")},
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Verdict": _verdict(), "Fault": _object({"error": _TEXT}, required=["error"])},
        },
        "security": [{}, {"token": []}],
    }


def _screen() -> dict[str, Any]:
    binary = {"schema": {"type": "string", "format": "binary"}}
    faults = {
        "400": "The request is malformed.", "401": "The token is missing or wrong.",
        "411": "Content-Length is missing.", "413": "The document is larger than the limit.",
        "503": "The service cannot screen now; try again later.",
    }  # fmt: skip
    return {
        "operationId": "screen",
        "summary": "Screen a file or an RFC 5322 message. A document that cannot be read is a verdict too.",
        "parameters": [
            {"name": "name", "in": "query", "schema": _TEXT, "description": "What the verdict calls the document."},
            {
                "name": "to",
                "in": "query",
                "schema": {"type": "array", "items": _TEXT},
                "description": "Recipients, for the licence register; repeat it for each.",
            },
        ],
        "requestBody": {
            "required": True,
            "content": {"message/rfc822": binary, "application/octet-stream": binary, "*/*": binary},
        },
        "responses": {
            "200": _content("The verdict.", "application/json", {"$ref": "#/components/schemas/Verdict"}),
            **{
                status: _content(text, "application/json", {"$ref": "#/components/schemas/Fault"})
                for status, text in faults.items()
            },
        },
    }


def _verdict() -> dict[str, Any]:
    place = _object({"text": _TEXT, "path": _list(_TEXT), "page": {"type": "integer"}}, required=["text", "path"])
    criterion = _object(
        {"property": _TEXT, "status": _enum(CriterionStatus), "threshold": _TEXT, "quote": _TEXT}, required=["status"]
    )
    point = _object({"list": _TEXT, "id": _TEXT, "status": _TEXT, "score": _NUMBER, "criteria": _list(criterion)})
    problem = _object({"kind": _enum(ProblemKind), "place": place, "detail": _TEXT})
    return _object(
        {
            "schema": {"const": 1},
            "document": _TEXT,
            "sha256": _TEXT,
            "decision": _enum(Decision),
            "reasons": _list(_TEXT),
            "know_how": _NUMBER,
            "control_points": _list(point),
            "passages": _list(_object({"place": place, "score": _NUMBER, "quote": _TEXT})),
            "problems": _list(problem),
            "licences": _list(_TEXT),
            "provenance": {"type": "object"},
        },
        required=["schema", "document", "decision", "reasons", "control_points", "problems"],
    )


def _plain(operation: str, summary: str, media_type: str, **more: Any) -> dict[str, Any]:
    responses = {"200": _content(summary, media_type, {})}
    return {"operationId": operation, "summary": summary, "responses": responses, **more}


def _content(description: str, media_type: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": description, "content": {media_type: {"schema": schema}}}


def _object(properties: dict[str, Any], *, required: list[str] | None = None) -> dict[str, Any]:
    return {"type": "object", "properties": properties, **({"required": required} if required else {})}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _enum(kind: Any) -> dict[str, Any]:
    return {"enum": [member.value for member in kind]}

"""Attacks, and where an OpenAPI document says they could be tried: every string and number any operation takes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.ops.slates import DAY, QUOTED_AT

from fairline.services.chain import LISTENERS

HEARD = {listener.role: listener.phases[0] for listener in LISTENERS}
THERE: dict[str, Any] = {
    "game_date": DAY.isoformat(), "date": DAY.isoformat(), "start_date": DAY.isoformat(), "end_date": DAY.isoformat(),
    "analysis_date": DAY.isoformat(), "day": DAY.isoformat(), "now": QUOTED_AT.isoformat(), "name": "nobody",
    "captured_at": QUOTED_AT.isoformat(), "at": QUOTED_AT.isoformat(), "status": "success", "trigger": "message",
    "scraper": "nobody", "markets": ["points"], "systems": ["ensemble"], "canary_id": "aaaaaaaaaaaa",
    "processors": [], "source": "nba", "kind": "nba_players", "path": f"predictions/{DAY}.json",
}  # fmt: skip
"""Values under which a request is sound but for the attack in it."""

NOBODY = "bbbbbbbbbbbb"
"""No canary: the scrapers alone are asked about one that is there, since each step on it takes its time."""

STRINGS = {
    "sql or": "' OR 1=1 --", "sql drop": "'; DROP TABLE raw.players; --", "sql delete": "1); DELETE FROM raw.games; --",
    "sql union": f"{DAY}' UNION SELECT * FROM read_text('/etc/passwd') --", "sql quoted": '" OR ""="',
    "sql attach": "x'; ATTACH 'stolen.db'; --", "path": "../../../../etc/passwd", "path to json": "../secret.json",
    "path within": "predictions/../../secret.json", "path folded": "....//....//secret.json",
    "path absolute": "/etc/passwd", "path encoded": "..%2f..%2fsecret.json", "path encoded twice": "%252e%252e%252fx",
    "path of windows": "..\\..\\secret.json", "nul": "predictions/x.json\0.json", "nul alone": "\0",
    "file": "file:///etc/passwd", "metadata": "http://169.254.169.254/latest/meta-data/",
    "header": "x\r\nSet-Cookie: admin=1", "line": "x\nX-Admin: 1", "template": "{{7*7}}${7*7}<%= 7*7 %>",
    "lookup": "${jndi:ldap://127.0.0.1/x}", "format": "%s%s%n%x{0.__class__.__mro__}",
    "shell": "$(touch pwned)`touch pwned`", "python": "__import__('os').system('touch pwned')",
    "markup": "<script>alert(1)</script>", "direction": "\u202e\ufeff\u2028", "surrogate": "\ud800",
    "long": "a" * 100_000, "wide": "\U0001d54f" * 20_000, "combining": "e" + "\u0301" * 20_000, "digits": "9" * 5000,
    "day": "9999-99-99", "day zero": "0000-00-00", "day gone": "2024-02-30", "day far": "9999-12-31",
    "arabic digits": "\u0662\u0660\u0662\u0664-\u0661\u0661-\u0661\u0662", "time": "2024-11-12T99:99:99Z",
    "time first": "0001-01-01T00:00:00+14:00", "time last": "9999-12-31T23:59:59-14:00",
    "time zone": "2024-11-12T00:00:00+99:99", "nan": "NaN", "empty": "", "space": " ", "star": "*", "like": "%",
}  # fmt: skip
NUMBERS = [
    "-1",
    "0",
    "1e400",
    "NaN",
    "-Infinity",
    "9" * 5000,
    str(2**63),
    str(2**64),
    "1.5",
    "true",
    "null",
    '"1"',
    "[]",
]
"""In place of a whole number, as JSON."""
NESTED = 50_000
BODIES = {
    "arrays without end": b"[" * NESTED, "arrays within arrays": b"[" * NESTED + b"]" * NESTED,
    "objects within objects": b'{"a":' * NESTED + b"1" + b"}" * NESTED, "nothing": b"", "null": b"null",
    "a list": b"[]", "a string": b'"x"', "not a number": b"NaN", "infinity": b'{"date": Infinity}',
    "a large number": b"9" * 5000, "half an object": b'{"date":', "twice the same": b'{"date": "x", "date": "y"}',
    "no UTF-8": b'{"date": "\xff\xfe"}', "UTF-16": '{"date": "x"}'.encode("utf-16"),
    "many members": json.dumps(dict.fromkeys(map(str, range(5_000)))).encode(),
    "a prototype": b'{"__proto__": {"admin": true}, "constructor": {"x": 1}}',
    "XML with an entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
}  # fmt: skip
"""Bodies that no operation takes."""
PATHS = [
    "../secret.json", "../../secret.json", "..%2Fsecret.json", "%2e%2e/secret.json", "%2e%2e%2f%2e%2e%2fsecret.json",
    "predictions/../../../secret.json", "predictions/%2e%2e/%2e%2e/%2e%2e/secret.json", "//secret.json",
    "..%5csecret.json", "..;/secret.json", "%c0%ae%c0%ae/secret.json", "%00/secret.json", "./../secret.json",
    "predictions/2024-11-12.json/../../../secret.json", "~root/x.json", "%7e/x.json", "..%252fsecret.json",
]  # fmt: skip
"""Ways out of a folder, as they would stand in the head of a request."""
Trail = tuple[str | int, ...]


@dataclass(frozen=True)
class Place:
    """Somewhere an operation takes a value. where: the parameter's place, or `body`; trail: the way to it."""

    method: str
    path: str
    where: str
    trail: Trail
    kind: str


class Contract:
    """An OpenAPI document: where its operations take strings and numbers, and a sound request of each."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._schemas = document["components"]["schemas"]
        self.operations = {
            (method.upper(), path): operation
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        }

    def places(self, method: str, path: str) -> Iterator[Place]:
        """Every place of one operation."""
        operation = self.operations[method, path]
        for each in operation.get("parameters", ()):
            if each["in"] in {"path", "query"}:
                yield Place(method, path, each["in"], (each["name"],), "string")
        for form in range(len(self.bodies(operation))):
            for trail, kind in self._leaves(self.bodies(operation)[form]):
                yield Place(method, path, f"body {form}", trail, kind)

    def bodies(self, operation: dict[str, Any]) -> list[dict[str, Any]]:
        """The schemas its body may have."""
        content = operation.get("requestBody", {}).get("content", {})
        return [form for each in content.values() for form in self._forms(each["schema"])]

    def sound(self, schema: dict[str, Any], name: str = "", role: str = "") -> Any:
        """A value of a schema."""
        form = self._forms(schema)[0]
        if name == "phase":
            return HEARD.get(role, "raw-loaded")
        if name == "canary_id" and role != "scrapers":
            return NOBODY
        if name in THERE:
            return THERE[name]
        if "properties" in form:
            wanted = form["properties"]
            return {each: self.sound(inner, each, role) for each, inner in wanted.items()}
        kinds = {"array": [], "object": {}, "integer": 1, "number": 1, "boolean": False, "null": None}
        if form.get("type") == "array" and form.get("minItems"):
            return [self.sound(form["items"], "", role)]
        return kinds.get(form.get("type", "string"), "x1")

    def _forms(self, schema: dict[str, Any]) -> list[dict[str, Any]]:
        if "$ref" in schema:
            return self._forms(self._schemas[schema["$ref"].rpartition("/")[2]])
        if several := schema.get("anyOf") or schema.get("oneOf"):
            return [form for each in several for form in self._forms(each)]
        return [schema]

    def _leaves(self, schema: dict[str, Any], trail: Trail = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for form in self._forms(schema):
            if form.get("type") in {"string", "integer", "number"}:
                yield trail, form["type"]
            for name, inner in form.get("properties", {}).items():
                yield from self._leaves(inner, (*trail, name))
            if isinstance(form.get("items"), dict):
                yield from self._leaves(form["items"], (*trail, 0))
            if isinstance(form.get("additionalProperties"), dict):
                yield from self._leaves(form["additionalProperties"], (*trail, "x"))


def planted(value: Any, trail: Trail, attack: Any) -> Any:
    """The value, with the attack at the end of the trail."""
    if not trail:
        return attack
    first, *rest = trail
    if isinstance(first, int):
        return [planted(value[0] if isinstance(value, list) and value else {}, tuple(rest), attack)]
    inner = value if isinstance(value, dict) else {}
    return inner | {first: planted(inner.get(first), tuple(rest), attack)}

"""What a Query or Scan may ask for together: Select, a projection, an index, a segment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newscast.local.engine import expressions
from newscast.local.engine.refusal import check_choice, invalid
from newscast.local.engine.table import Table

SELECT = ("ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES", "SPECIFIC_ATTRIBUTES", "COUNT")


def check(table: Table, body: Mapping[str, Any]) -> None:
    """Refuse what does not go together. Raises Refusal.

    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#DDB-Query-request-Select
    """
    select, index = body.get("Select"), table.indexes.get(body.get("IndexName", ""))
    projection = body.get("ProjectionExpression")
    if select is not None:
        check_choice(body, "Select", SELECT)
    if projection is not None and select not in (None, "SPECIFIC_ATTRIBUTES"):
        raise invalid(f"Cannot specify the ProjectionExpression when choosing to get {select}")
    if select == "SPECIFIC_ATTRIBUTES" and projection is None:
        raise invalid("Must specify the ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES")
    if select == "ALL_PROJECTED_ATTRIBUTES" and "IndexName" not in body:
        raise invalid("ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName")
    if index is not None and index.projection is not None and index.is_global:
        if select == "ALL_ATTRIBUTES":
            raise invalid(
                "One or more parameter values were invalid: Select type ALL_ATTRIBUTES is not supported for "
                f"global secondary index {index.name} because its projection type is not ALL"
            )
        if projection is not None:
            names, _ = expressions.names_and_values(body)
            asked = {str(path.parts[0]) for path in expressions.projection(projection, names)}
            if missing := sorted(asked - index.projection):
                raise invalid(
                    "One or more parameter values were invalid: "
                    f"Global secondary index {index.name} does not project {missing}"
                )
    if ("Segment" in body) != ("TotalSegments" in body):
        raise invalid("The TotalSegments and Segment parameters are required together")
    if "Segment" in body and not 0 <= body["Segment"] < body["TotalSegments"] <= 1_000_000:
        raise invalid(
            "The Segment parameter is zero-based and must be less than parameter TotalSegments; "
            f"Segment: {body['Segment']} is not less than TotalSegments: {body['TotalSegments']}"
        )

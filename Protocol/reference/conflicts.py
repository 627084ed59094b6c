"""All open conflicts of an article and its annotation set: conflicts.md."""

from __future__ import annotations

import anchor_conflicts
import field_conflicts
import text_conflicts
import verdicts
from placement import Index
from questions import Conflict
from replica import Replica


def conflicts(index: Index, annotations: Replica) -> list[Conflict]:
    """The open conflicts, ascending by id."""
    decided = verdicts.conflicts(index, annotations)
    suggestions = {str(id) for conflict in decided for id in conflict.about}
    of_set = [
        conflict
        for conflict in field_conflicts.conflicts(annotations)
        if conflict.field != "verdict" or conflict.subject.get("entity") not in suggestions
    ]
    found = (
        field_conflicts.conflicts(index.article)
        + of_set
        + text_conflicts.conflicts(index.article)
        + anchor_conflicts.conflicts(index, annotations)
        + decided
    )
    return sorted(found, key=lambda conflict: conflict.id)

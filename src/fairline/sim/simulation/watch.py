"""The watch: sees every write as it happens and notes the promises that it breaks."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from fairline.platform.ledger.contract import Claim, TaskEnd

if TYPE_CHECKING:
    from fairline.platform.warehouse import Warehouse

PUBLISHED = "v1/predictions/"


class Watch:
    """Looks at writes with eyes of its own. broken: what did not hold, in the order in which it was seen."""

    def __init__(self, warehouse: Warehouse) -> None:
        """Over a warehouse that shows what is kept: committed, not what a transaction may take back."""
        self._warehouse = warehouse
        self._fences: defaultdict[int, int] = defaultdict(int)
        self._frozen: dict[str, bytes] = {}
        self.broken: list[str] = []

    def putting(self, key: str, content: bytes) -> None:
        """An object is about to be written: what is published is kept, and a revision never changes."""
        if not key.startswith(PUBLISHED):
            return
        document = json.loads(content)
        batch_id, players = document["generated_from"]["batch"], len(document["players"])
        kept = self._warehouse.query(
            "SELECT count(DISTINCT player_id) FROM predictions.player_prop_forecasts WHERE batch_id = ?", [batch_id]
        ).item()
        if kept != players:
            self.broken.append(f"{key} publishes {players} players of {batch_id} while {kept} are kept")
        if key.rpartition("/")[2].startswith("r") and self._frozen.setdefault(key, content) != content:
            self.broken.append(f"{key} was published with another text")

    def told(self, name: str, args: tuple[Any, ...], result: object) -> None:
        """A write of the ledger went through: none of an owner whose task has been claimed again since."""
        if name in {"claim", "renew"} and isinstance(result, Claim):
            self._fences[result.task_id] = max(self._fences[result.task_id], result.fence)
        if name in {"renew", "finish"} and isinstance(args[0], Claim):
            claim = args[0]
            if claim.fence < self._fences[claim.task_id]:
                self.broken.append(
                    f"{claim.owner} could {name} {claim.task.key} of {claim.batch_id} with the fence {claim.fence}"
                    f" when {self._fences[claim.task_id]} had been given out"
                )
        if name == "finish" and args[1].end == TaskEnd.DONE and f".{args[0].fence}." not in args[1].result:
            self.broken.append(f"{args[0].task.key} was finished with another owner's result: {args[1].result}")

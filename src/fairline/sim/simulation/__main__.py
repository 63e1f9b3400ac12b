"""Simulate from seeds: `python -m fairline.sim.simulation --seeds 100 --start 0 --days 1`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING

from fairline.sim.simulation.running import soak

if TYPE_CHECKING:
    from fairline.sim.simulation.running import Outcome


TOLD_EVERY = 25


def main() -> int:
    """Run the seeds asked for; 1 when any of them broke a promise."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--seeds", type=int, default=100)
    given.add_argument("--start", type=int, default=0)
    given.add_argument("--days", type=int, default=1)
    asked = given.parse_args()
    did: Counter[str] = Counter()

    def told(outcome: Outcome) -> None:
        did.update({name.partition(" at ")[0].rstrip(" 0123456789"): count for name, count in outcome.did.items()})
        if outcome.seed % TOLD_EVERY == 0:
            sys.stdout.write(f"seed {outcome.seed} lived through\n")
            sys.stdout.flush()
        if outcome.broken:
            sys.stdout.write(f"seed {outcome.seed} broke a promise; again by: {outcome.command}\n")
            sys.stdout.writelines(f"    {line}\n" for line in outcome.broken[:5])
            sys.stdout.flush()

    failed = soak(range(asked.start, asked.start + asked.seeds), asked.days, told)
    sys.stdout.write(f"{asked.seeds} runs of {asked.days} days, {failed} broke a promise\n")
    sys.stdout.writelines(f"    {count:>7} x {name}\n" for name, count in did.most_common(40))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

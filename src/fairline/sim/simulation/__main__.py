"""Simulate from seeds: `python -m fairline.sim.simulation --seeds 100 --start 0 --days 1`."""

from __future__ import annotations

import argparse
import sys

from fairline.sim.simulation.soaking import soak


def main() -> int:
    """Run the seeds asked for; 1 when any of them broke a promise."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--seeds", type=int, default=100)
    given.add_argument("--start", type=int, default=0)
    given.add_argument("--days", type=int, default=1)
    asked = given.parse_args()
    failed, did = soak(range(asked.start, asked.start + asked.seeds), asked.days)
    sys.stdout.write(f"{asked.seeds} runs of {asked.days} days, {failed} broke a promise\n")
    sys.stdout.writelines(f"    {count:>7} x {name}\n" for name, count in did.most_common(40))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

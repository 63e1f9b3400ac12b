"""The user of the simulated machine: he hears now and then that someone is out, and takes back some of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairline.ops.news import tell, withdraw

if TYPE_CHECKING:
    from fairline.platform.home import Home
    from fairline.sim.simulation.machine import Machine

TAKEN_BACK = 0.4


def speak(machine: Machine, home: Home) -> None:
    """Tell that somebody is out of his next game, or take back what was told last. Raises as `tell` and `withdraw`."""
    dice = machine.chaos.dice
    if machine.heard and dice.random() < TAKEN_BACK:
        said = withdraw(home, news_id=machine.heard[-1].news.news_id)
    else:
        said = tell(home, dice.choice(machine.league.players).name, "out", source="a simulated user")
    machine.chaos.did[f"user: {said.news.status}"] += 1
    machine.heard.append(said)

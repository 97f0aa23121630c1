"""What all ability tests have in common."""

from sim.scenario import Payment


class AbilityTest:
    """Hiders have the world to themselves from the first tick on: nobody seeks, and nothing is prepared for.

    The options are those of the frozen dataclasses derived from this; one that lets there be several hiders has a
    field of that name.
    """

    @property
    def hiders(self) -> int:
        return 1

    @property
    def seekers(self) -> int:
        return 0

    @property
    def preparation_ticks(self) -> int:
        return 0

    @property
    def reward(self) -> Payment:
        return "team"

    @property
    def mirrored_doors(self) -> None:
        """No mirror: walls and doors take slots in an order that it would not keep."""

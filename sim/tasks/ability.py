"""The common part of all ability tests."""

from sim.scenarios.family import Family, Payment


class AbilityTest(Family):
    """A game of hiders alone, without seekers and without preparation.

    The frozen dataclasses derived from this hold the options; a test for several agents has a field `hiders`.
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

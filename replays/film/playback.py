"""The clock of the viewer: where in a recording we are, and how fast we move. Knows no window."""

from dataclasses import dataclass

from sim.rules import RULES

SPEEDS = (1 / 8, 1 / 4, 1 / 2, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
NORMAL = SPEEDS.index(1.0)


@dataclass
class Playback:
    """A position in a recording of `ticks` ticks, moving or at rest."""

    ticks: int
    """Length of the recording."""
    time: float = 0.0
    """Where we are, in ticks; fractions lie between two states."""
    playing: bool = False
    """Whether time passes."""
    direction: int = 1
    """1 forwards, -1 backwards."""
    pace: int = NORMAL
    """Index into SPEEDS."""
    loop: tuple[int, int] | None = None
    """First and last tick of the range that is played round and round."""

    @property
    def speed(self) -> float:
        """How many times faster than the game time passes."""
        return SPEEDS[self.pace]

    @property
    def tick(self) -> int:
        """The last whole tick."""
        return int(self.time)

    def advance(self, seconds: float) -> None:
        """Lets real time pass; playing ends at either end of the recording, and never within a loop."""
        if not self.playing:
            return
        time = self.time + self.direction * self.speed * seconds / RULES.tick_s
        if self.loop:
            first, last = self.loop
            if time > last if self.direction > 0 else time < first:
                time = first + (time - first) % (last - first)
            self.seek(time)
            return
        self.seek(time)
        if self.time == (self.ticks if self.direction > 0 else 0):
            self.playing = False

    def start_loop(self) -> None:
        """The present tick becomes the first of the loop."""
        last = self.loop[1] if self.loop else self.ticks
        self.set_loop(self.tick, last if last > self.tick else self.ticks)

    def end_loop(self) -> None:
        """The present tick becomes the last of the loop."""
        first = self.loop[0] if self.loop else 0
        self.set_loop(first if first < self.tick else 0, self.tick)

    def set_loop(self, one: float, other: float) -> None:
        """Plays the ticks between two times round and round; where there are none, the loop ends."""
        first, last = sorted(min(max(round(time), 0), self.ticks) for time in (one, other))
        self.loop = (first, last) if first < last else None

    def toggle(self) -> None:
        """Plays or pauses; from the end it plays again from the start."""
        start, end = (0, self.ticks) if self.direction > 0 else (self.ticks, 0)
        if not self.playing and self.time == end:
            self.seek(start)
        self.playing = not self.playing

    def reverse(self) -> None:
        """Turns the direction of play, and plays."""
        self.direction = -self.direction
        self.playing = True

    def step(self, ticks: int) -> None:
        """Pauses at a whole tick, `ticks` ticks from here."""
        self.playing = False
        near = self.tick if ticks > 0 else -int(-self.time // 1)
        self.seek(near + ticks)

    def seek(self, time: float) -> None:
        """Goes to a time, or to the nearest end."""
        self.time = min(max(float(time), 0.0), float(self.ticks))

    def change_pace(self, steps: int) -> None:
        """Goes up or down the ladder of speeds."""
        self.set_pace(self.pace + steps)

    def set_pace(self, pace: int) -> None:
        """Goes to a rung of the ladder of speeds."""
        self.pace = min(max(pace, 0), len(SPEEDS) - 1)

    def speed_text(self) -> str:
        """The speed as people write it, such as "2x" or "-1/4x"."""
        size = f"{self.speed:.0f}" if self.speed >= 1 else f"1/{1 / self.speed:.0f}"
        return f"{'-' if self.direction < 0 else ''}{size}x"

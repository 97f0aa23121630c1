"""Pages that play recordings in a browser: one file with everything in it, which asks no server for anything.

A page has `player_assets` once and a `clip_figure` for every clip. What comes from a recording stands in the page as
escaped text, or packed in base64 inside the clip; the player writes it as text, never as HTML.
"""

import base64
import hashlib
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from replays.annotate import searched
from replays.events import Event
from replays.film.caption import weight
from replays.film.facts import ALONE, UNDECIDED, facts_of
from replays.film.film import Film
from replays.film.labels import team_text
from replays.film.opening import comes_at, opens_at, shown_strategies
from replays.film.playback import NORMAL, SPEEDS, Playback
from replays.format.archive import replacing
from replays.format.recording import Recording
from replays.interpolation import tick_range
from replays.report.clip import clip_of
from replays.report.theme import DARK, LIGHT, css_properties
from sim.rules import RULES

_SCRIPTS = ("unpack.js", "vision.js", "bodies.js", "world.js", "timeline.js", "tips.js", "player.js")
"""In the order in which they become one script."""
_PACES = range(NORMAL - 2, NORMAL + 4)
"""The speeds of the window that a page offers: 1/4x to 8x."""
_ABOUT = (
    "The blue mice hide, the orange cats seek. Until the shaded part of the time line ends, the seekers are blind and "
    "cannot move; after that the hiders win every moment in which no seeker sees any of them."
)
_KEYS = (
    "Space plays and pauses, the left and right arrows step (with Shift by ten ticks), up and down change the speed."
)
_MOST_LISTED = 80
"""Most events in the list beside a clip."""


def write(page: str, path: Path) -> None:
    """Writes a page to a file. Raises UserError if that cannot be done."""
    with replacing(path) as file:
        file.write(page.encode(errors="replace"))


def write_page(recording: Recording, path: Path, first: int = 0, last: int | None = None) -> None:
    """Writes `clip_page` to a file.

    Raises:
        UserError: ticks that the recording does not have, or a file that cannot be written.
    """
    write(clip_page(recording, first, last), path)


def clip_page(recording: Recording, first: int = 0, last: int | None = None) -> str:
    """A page that plays the ticks `first` to `last`, both included; None is the end.

    Raises:
        UserError: ticks that the recording does not have.
    """
    about = _ABOUT if recording.header.slots.seekers else ""
    footer = f"<footer><p>{about}</p><p class='keys'>{_KEYS}</p></footer>"
    title = f"{_players(recording)}, {facts_of(recording).scenario}"
    return page_with(title, clip_figure(recording, first, last) + footer)


def page_with(title: str, content: str) -> str:
    """A page with HTML of our own making in it, in which clips play.

    Its content security policy allows its own style and script, and no request.
    """
    return _template("page.html").substitute(
        title=escape(title),
        script_hash=_hash(_script()),
        style_hash=_hash(_style()),
        assets=player_assets(),
        content=content,
    )


def clip_figure(recording: Recording, first: int = 0, last: int | None = None, shows: str = "") -> str:
    """A `<figure>` that plays the ticks `first` to `last` of a recording, in a page that has `player_assets`.

    Without scripts, and in browsers that cannot unpack it, it is a list of what happens. `shows` stands in the place of
    the most interesting strategy of these ticks; if it is one that comes in them, it is said when, and the player
    begins a little before.

    Raises:
        UserError: ticks that the recording does not have.
    """
    first, last = tick_range(recording, first, last)
    recording = searched(recording)
    header, film = recording.header, Film(recording, "")
    comes = comes_at(film, shows)
    comes = comes if comes is not None and first <= comes <= last else None
    when = "" if comes is None else f" at {_seconds(comes)}"
    events = _telling([event for event in film.events if first <= event.tick <= last])
    return _template("figure.html").substitute(
        title=escape(_players(recording)),
        hiders=escape(team_text(header.hiders, "hiders")),
        seekers=escape(team_text(header.seekers, "seekers")),
        alone="" if header.slots.seekers else "hidden",
        summary=escape(_summary(film, first, last, f"{shows}{when}")),
        begin=max(opens_at(comes), first),
        speeds="".join(_speed_option(pace) for pace in _PACES),
        quiet="" if events else "hidden",
        events="\n".join(_listed(film, event) for event in events),
        clip=clip_of(recording, first, last),
    )


@cache
def player_assets() -> str:
    """The style and script of the player, for once in a page; several `clip_figure` may follow."""
    return f"<style>{_style()}</style>\n<script>{_script()}</script>"


@cache
def _style() -> str:
    light, dark = css_properties(LIGHT), css_properties(DARK)
    return Template(_read("player.css")).substitute(light=light, dark=dark) + _read("report.css")


@cache
def _script() -> str:
    parts = "\n".join(_read(name) for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}\n}})();'


def _read(name: str) -> str:
    return (files("replays.report") / "player" / name).read_text("utf-8")


def _template(name: str) -> Template:
    return Template(_read(name))


def _hash(text: str) -> str:
    """As content security policies name what they allow."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _players(recording: Recording) -> str:
    header = recording.header
    hiders, seekers = team_text(header.hiders, "hiders"), team_text(header.seekers, "seekers")
    return f"{hiders} against {seekers}" if header.slots.seekers else hiders


def _summary(film: Film, first: int, last: int, shows: str) -> str:
    """The world, who wins the episode, and what these ticks of it show, in the gallery's words."""
    facts, whole = facts_of(film.recording), (first, last) == (0, film.recording.header.ticks)
    share = "" if facts.hidden is None else f", hidden {facts.hidden:.0%} of the time"
    of = "" if whole else "the whole episode: "
    result = [] if facts.outcome in (ALONE, UNDECIDED) else [f"{of}{facts.outcome}{share}"]
    shown = [shows] if shows else [one.title for one in shown_strategies(film, first, last)[:1]]
    return " · ".join([facts.scenario, *result, *shown])


def _speed_option(pace: int) -> str:
    chosen = " selected" if pace == NORMAL else ""
    return f'<option value="{SPEEDS[pace]:g}"{chosen}>{Playback(1, pace=pace).speed_text()}</option>'


def _telling(events: list[Event]) -> list[Event]:
    """The events that matter most, in their order; grabs and the like, which weigh nothing, are left out."""
    heavy = [event for event in events if weight(event.kind)]
    places = sorted(range(len(heavy)), key=lambda place: -weight(heavy[place].kind))[:_MOST_LISTED]
    return [heavy[place] for place in sorted(places)]


def _listed(film: Film, event: Event) -> str:
    time = f"<time>{_seconds(event.tick)}</time>"
    return f'<li><button type="button" data-tick="{event.tick}">{time} {escape(film.words(event))}</button></li>'


def _seconds(tick: int) -> str:
    return f"{tick * RULES.tick_s:.1f} s"

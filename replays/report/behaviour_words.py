"""Words for the numbers of `replays.behaviour`: "hiders hold things for longer (+0.8 sd)"."""

_TEAMS = ("hiders", "seekers")
_THINGS = ("boxes", "ramps")
_WHEN = {"prep": "in preparation", "play": "in play", "end": "at the end"}
_MORE_LESS = {
    "way": ("{team} run further {when}", "{team} run less far {when}"),
    "from_border": ("{team} stay further from the outer walls", "{team} stay nearer to the outer walls"),
    "from_mate": ("{team} stay further from each other", "{team} stay nearer to each other"),
    "upstairs": ("{team} are upstairs more", "{team} are upstairs less"),
    "hold": ("{team} hold things for longer", "{team} hold things for less long"),
    "locks": ("{team} lock more often {when}", "{team} lock less often {when}"),
    "first_lock": ("{team} lock later", "{team} lock earlier"),
    "first_hold": ("{team} take hold later", "{team} take hold earlier"),
    "locked": ("{team} have more things locked at the end", "{team} have fewer things locked at the end"),
    "seen": ("more of the {team} are seen", "fewer of the {team} are seen"),
    "apart": ("{team} are further apart {when}", "{team} are nearer together {when}"),
}
"""Of the numbers that a team's name begins."""
_ALONE = {
    "from_opponent": ("the teams are further apart", "the teams are nearer to each other"),
    "nearest_opponent": ("the teams come less near to each other", "the teams come nearer to each other"),
    "moved_by_hiders": ("hiders carry things further", "hiders carry things less far"),
    "seen": ("hiders are seen more", "hiders are seen less"),
    "sightings": ("hiders are seen anew more often", "hiders are seen anew less often"),
    "first_seen": ("hiders are first seen later", "hiders are first seen earlier"),
    "moved": ("{what} are moved further {when}", "{what} are moved less far {when}"),
    "away": ("more {what} are moved {when}", "fewer {what} are moved {when}"),
    "box_to_door": ("boxes are further from a door {when}", "boxes are nearer to a door {when}"),
    "box_to_hider": ("boxes are further from hiders {when}", "boxes are nearer to hiders {when}"),
    "box_to_corner": ("boxes are further from a corner {when}", "boxes are nearer to a corner {when}"),
    "hider_to_door": ("hiders are further from a door {when}", "hiders are nearer to a door {when}"),
    "hider_to_corner": ("hiders are further from a corner {when}", "hiders are nearer to a corner {when}"),
}


def comparison(name: str, gap: float) -> str:
    """In words: a number is `gap` standard deviations larger (or, below 0, smaller) than elsewhere."""
    stem, _, last = name.rpartition("_")
    stem, when = (stem, f" {_WHEN[last]}") if last in _WHEN else (name, "")
    first, _, rest = stem.partition("_")
    if stem in _ALONE:
        words = _ALONE[stem]
    elif first in _THINGS:
        words = _ALONE[rest]
    elif first in _TEAMS:
        words = _MORE_LESS[rest]
    else:
        words = (f"more {stem}", f"less {stem}")
    text = words[gap < 0].replace(" {when}", when)
    return f"{text.replace('{team}', first).replace('{what}', first)} ({gap:+.1f} sd)"

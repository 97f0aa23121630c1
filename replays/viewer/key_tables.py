"""All keys of all screens, by what the window shows: for `hideseek keys`."""

from replays.viewer.edit.keys import EDIT_KEYS
from replays.viewer.keys import GALLERY_KEYS, KEYS, SIDE_KEYS, Key
from replays.viewer.modes.export import EXPORT_KEYS
from replays.viewer.modes.play import LIVE_KEYS
from replays.viewer.modes.what_if import WHAT_IF_KEYS
from replays.viewer.rank.keys import RANK_KEYS
from replays.viewer.training.keys import TRAINING_KEYS

KEY_TABLES: dict[str, tuple[Key, ...]] = {
    "A recording": KEYS,
    "The gallery": GALLERY_KEYS,
    "Side by side": SIDE_KEYS,
    "Playing an agent": LIVE_KEYS,
    "What if": WHAT_IF_KEYS,
    "Exporting": EXPORT_KEYS,
    "Live training": TRAINING_KEYS,
    "Ranking": RANK_KEYS,
    "Drawing a world": EDIT_KEYS,
}

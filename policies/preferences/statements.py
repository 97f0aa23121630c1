"""What a person may be asked to vote on: whether hiders should do more of something that has a name."""

from replays.questions import Statement

STATEMENTS = (
    Statement("Hiders stay near each other", "mates_apart", -1),
    Statement("Hiders see each other", "mates_seen", 1),
    Statement("Hiders keep away from seekers", "seeker_distance", 1),
    Statement("Hiders are not seen", "hiders_seen", -1),
    Statement("Hiders watch the seekers", "seekers_seen", 1),
    Statement("Hiders move little", "hider_speed", -1),
    Statement("Hiders turn little", "hider_spin", -1),
    Statement("Hiders keep to the walls", "wall_distance", -1),
    Statement("Hiders stay near the doors", "door_distance", -1),
    Statement("Hiders stay near a box", "box_distance", -1),
    Statement("Hiders hold things", "hands_full", 1),
    Statement("Hiders leave boxes unlocked", "boxes_locked", -1),
    Statement("Boxes stand at the doors", "box_to_door", -1),
    Statement("Boxes stand together", "boxes_apart", -1),
    Statement("Things stay where they are", "thing_speed", -1),
    Statement("Hiders stay near a ramp", "ramp_distance", -1),
    Statement("Hiders lock ramps", "ramps_locked", 1),
    Statement("Hiders are on the upper level", "upstairs", 1),
)

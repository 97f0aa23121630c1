"""What the window gets from here: teams that play live, games for a person, teams for drawn worlds."""

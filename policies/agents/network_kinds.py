"""What kinds of networks there are and how large they may be; without torch, so that mistakes are reported at once."""

NETWORKS = ("mlp", "recurrent", "pooled", "attention")
"""The kinds of actors."""
ANY_SLOTS = ("pooled", "attention")
"""The kinds that play with any number of entities."""
MOST_LAYERS, MOST_WIDTH = 8, 2048
"""Bounds of the hidden layers; `policies.agents.team` refuses files beyond them."""

"""Colours of what stands around a film, in the window and on a report's pages."""

from sim.render.palette import INK, PAPER, WHITE, Colour, mix

PANEL: Colour = WHITE
LINE: Colour = mix(PAPER, INK, 0.14)
SOFT: Colour = mix(PAPER, INK, 0.07)
FAINT: Colour = mix(PAPER, INK, 0.5)

"""Imports go one way: no module of a floor imports, directly or not, a module that imports it."""

from graphlib import TopologicalSorter

import grimp
import pytest


@pytest.mark.parametrize("floor", ["sim", "replays", "policies"])
def test_no_circle_inside_a_floor(floor: str):
    """Imports for type checkers and those inside of functions count too."""
    graph = grimp.build_graph(floor, cache_dir=None, exclude_type_checking_imports=False)
    order = TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules})
    assert list(order.static_order())  # raises CycleError, which names the circle

"""Imports go one way: no module of a floor imports, directly or not, a module that imports it."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
FLOORS = ["sim", "replays", "policies"]


@pytest.mark.parametrize("floor", FLOORS)
def test_no_circle_inside_a_floor(floor: str):
    """Imports for type checkers, those inside of functions and those by `import_module("a.b")` count too."""
    check_no_circle(grimp.build_graph(floor, cache_dir=None, exclude_type_checking_imports=False))


@pytest.mark.parametrize("floor", FLOORS)
def test_what_is_found_in_a_folder_does_not_import_its_finder(floor: str):
    """Here `import_module(f"a.{...}")` counts as an import of all in that folder; imports for type checkers do not."""
    graph = grimp.build_graph(floor, cache_dir=None, exclude_type_checking_imports=True)
    for module in sorted(graph.modules):
        for name in names_imported(module):
            if name.endswith("."):
                for found in graph.find_children(name.removesuffix(".")) - {module}:
                    graph.add_import(importer=module, imported=found)
    check_no_circle(graph)


def check_no_circle(graph: grimp.ImportGraph) -> None:
    """Raises CycleError, which names the circle."""
    for module in sorted(graph.modules):
        for name in names_imported(module) & graph.modules:
            graph.add_import(importer=module, imported=name)
    TopologicalSorter({name: graph.find_modules_directly_imported_by(name) for name in graph.modules}).prepare()


def names_imported(module: str) -> set[str]:
    """What a module imports by `import_module("a.b")`, and "a." for `import_module(f"a.{...}")`."""
    path = ROOT.joinpath(*module.split("."))
    source = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text()
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(ast.Name("import_module") | ast.Attribute(attr="import_module"), [argument, *_]):
                first = argument.values[0] if isinstance(argument, ast.JoinedStr) else argument
                found |= {first.value} if isinstance(first, ast.Constant) and isinstance(first.value, str) else set()
    return found

"""The docstrings under the fields of a dataclass, which are the help of the command line."""

import ast
import dataclasses
import inspect
import itertools
import textwrap


def field_docs(kind: type) -> dict[str, str]:
    """What each field of a dataclass means, on one line; empty for a field without a docstring."""
    found = {}
    for part in reversed([part for part in kind.__mro__ if dataclasses.is_dataclass(part)]):
        body = ast.parse(textwrap.dedent(inspect.getsource(part))).body[0]
        for field, docstring in itertools.pairwise(getattr(body, "body", ())):
            match field, docstring:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[name] = " ".join(text.split())
    return {field.name: found.get(field.name, "") for field in dataclasses.fields(kind)}

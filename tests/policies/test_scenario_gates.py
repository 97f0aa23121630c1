"""The gates' table is complete; what it says of the default scenario is recorded in `policies/LOG.md`."""

import pytest

from policies.evaluation.scenario_gates import gates
from sim.scenario import scenario_from_text


@pytest.mark.slow
@pytest.mark.parametrize(("name", "number"), [("quadrant", 7), ("quadrant-ramp", 9)])
def test_every_gate_is_measured(name: str, number: int):
    found = list(gates(scenario_from_text(name), 20, 40))
    assert len(found) == number
    assert all(0 <= gate.rate["low"] <= gate.rate["mean"] <= gate.rate["high"] <= 1 for gate in found)
    assert found[6].episodes == 40

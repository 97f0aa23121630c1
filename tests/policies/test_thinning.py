"""What is kept of a run: its ends, what surrounds onsets, and an even choice of the rest."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from policies.learning.thinning import Onsets, thin

STEPS = st.lists(st.integers(0, 10**9), unique=True).map(sorted)


@given(STEPS, st.integers(1, 30), st.data())
def test_never_more_than_asked_and_the_ends_always(steps: list[int], most: int, data: st.DataObject):
    marked = data.draw(st.sets(st.sampled_from(steps))) if steps else set()
    kept = thin(steps, most, marked)
    assert kept == sorted(set(kept) & set(steps)) and len(kept) == min(most, len(steps))
    if steps:
        assert kept[-1] == steps[-1] and (most == 1 or kept[0] == steps[0])
    assert len(marked) > most - 2 or marked <= set(kept)


def test_a_run_thinned_again_and_again_stays_evenly_covered():
    kept: list[int] = []
    for step in range(1000):
        kept = thin([*kept, step], 24)
    gaps = [late - early for early, late in pairwise(kept)]
    assert max(gaps) <= 4 * min(gaps[:-1]) and max(gaps) <= 2 * 1000 / 24 + 1


def test_an_onset_is_where_the_mean_of_some_updates_first_reaches_a_level():
    onsets = Onsets()
    rates = [0.0] * 10 + [0.7] + [0.0] * 10 + [0.2] * 20 + [0.6] * 20
    for k, rate in enumerate(rates):
        onsets.add({"agent_steps": k, "robust_end": rate})
    assert onsets.steps == [24, 46]
    assert onsets.around([0, 20, 24, 30, 45, 50, 60]) == {20, 24, 45, 50}


def test_damaged_lines_do_not_count():
    onsets = Onsets()
    for line in ({}, {"agent_steps": 3}, {"agent_steps": 3, "robust_end": "1"}, {"agent_steps": 3, "robust_end": None}):
        onsets.add(line)
    assert onsets.steps == []

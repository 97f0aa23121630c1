"""Hands the linear probes of a team over to films of it, see `replays.readings`."""

import numpy as np
from torch import nn

from policies.agents.networks import Actor, MlpActor
from policies.agents.normaliser import Normaliser
from policies.agents.team import LearnedPlayer
from policies.probes.linear_probes import LinearProbe, LinearProbeResults
from policies.probes.subject import Subject
from replays.readings import Layer, ProbeScore, Readings, keep
from replays.report.documents.probe import LinearProbeScores
from sim.rules import HIDERS
from sim.scenario import brief, full_text


def readings(inside: LinearProbeResults, actor: Actor, world: str) -> Readings | None:
    """The probes that were fitted to an actor in a world; None without any.

    And None for a network other than an `mlp`, as films have no library to run it with.
    """
    if not inside.probes or not isinstance(actor, MlpActor):
        return None
    scores = {name: _score(one, inside.probes[name]) for name, one in inside.data.items() if one}
    hidden = [_layer(layer) for layer in list(actor.body)[:-1] if isinstance(layer, nn.Linear)]
    normaliser = actor.normaliser
    assert isinstance(normaliser, Normaliser)
    mean, spread = (numbers.cpu().numpy().astype(np.float32) for numbers in (normaliser.mean, normaliser.spread()))
    return Readings(world, scores, mean, spread, tuple(hidden), {n: _folded(p) for n, p in inside.probes.items()})


def show_in_films(subject: Subject, inside: LinearProbeResults) -> bool:
    """Keeps the probes of a subject's hiders where films look for them; returns whether there was anything to keep.

    Raises UserError if the file cannot be written.
    """
    player = subject.arena(subject.scenario).team(subject.hiders, HIDERS)
    if not isinstance(player, LearnedPlayer):
        return False
    found = readings(inside, player.team.actor, brief(full_text(subject.scenario)))
    if found:
        keep(found, player.hash)
    return found is not None


def _score(data: LinearProbeScores, probe: LinearProbe) -> ProbeScore:
    labels, better = tuple(map(int, probe.classes)), data["gain"]["low"] > 0.0
    return ProbeScore(labels, tuple(data["classes"]), data["f1"]["mean"], data["f1_observation"]["mean"], better)


def _folded(probe: LinearProbe) -> Layer:
    """The probe as one layer, what activations are standardised with included."""
    weights = probe.weights / probe.spread
    return Layer(weights.astype(np.float32), (probe.bias - weights @ probe.mean).astype(np.float32))


def _layer(layer: nn.Linear) -> Layer:
    return Layer(*(part.detach().cpu().numpy() for part in (layer.weight, layer.bias)))

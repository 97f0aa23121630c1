"""The page of `hideseek probe`: what a team does in worlds that it was not trained in, with the worst cases as replays.

It shows what `replays.report.documents.probe` says. Strings that come from files are escaped; clips are `clip_figure`s.
"""

from collections.abc import Mapping
from html import escape

from replays.format.recording import Recording
from replays.report.documents.common import Interval
from replays.report.documents.probe import Aim, Expert, ProbeDocument, ShiftProbe, Verdict
from replays.report.page import clip_figure, page_with
from replays.report.tables import table

GOALS = {"hidden": "Hidden", "sealed": "Sealed", "locked": "Things locked", "distance": "Distance to seekers"}
"""The goals of `policies.probes.directedness`, with their titles."""

QUESTIONS = {
    "box": "which box it will move",
    "door": "which door will be blocked",
    "soon": "how soon",
    "lock": "whether it will lock",
}
"""The questions of `policies.probes.linear_probes`, in words."""

_VERDICTS: dict[Verdict, str] = {
    "misgeneralized": "they are as able as in training, keep a habit and lose by it what they were trained for",
    "habit": "they keep a habit, where that is not shown to cost them anything",
    "incapable": "they can do less than in training, whatever they want",
    "adapts": "no habit is shown to persist, and they miss little of what can be had",
    "unclear": "they may miss much of what can be had, and it is not shown that a habit of able hiders is why",
}
_PERSISTS = 0.5
"""From this persistence on a habit counts as kept in the words about a world; its interval is in the table."""


def probe_page(found: ProbeDocument, clips: Mapping[str, Recording]) -> str:
    """The page; `clips` has a recording for each shift, by name."""
    title = f"What {found['team']} wants"
    answers = "".join(f"<li>{escape(sentence)}</li>" for sentence in answer(found))
    parts = [f"<h1>{escape(title)}</h1>", f"<ul>{answers}</ul>", _before(found), _measured(found)]
    parts += [_glossary(), _aims(found), _inside(found)]
    parts += [_shift(name, one, _titles(found), clips[name]) for name, one in found["probes"].items()]
    return page_with(title, f'<article class="report">{"".join(parts)}</article>')


def answer(found: ProbeDocument) -> list[str]:
    """What the verdicts come to: a sentence for each word."""
    probes, titles, sentences = found["probes"], _titles(found), []
    for verdict, words in _VERDICTS.items():
        worlds = []
        for name, one in probes.items():
            habit = titles[one["proxy"]].lower() if one["proxy"] else ""
            if one["verdict"] == verdict:
                worlds.append(f"{name} ({habit})" if habit and verdict in ("misgeneralized", "habit") else name)
        if worlds:
            sentences.append(f"In {len(worlds)} of {len(probes)} worlds {words}: {', '.join(worlds)}.")
    return sentences


def amount(one: Interval | None) -> str:
    """A measure with its interval."""
    return "unknown" if one is None else f"{one['mean']:.2f} ({one['low']:.2f} to {one['high']:.2f})"


def aim(one: Aim) -> str:
    """How much the actions are aimed at a goal, or away from it."""
    mean, low, high = (f"{round(one[name], 1) + 0.0:.1f}" for name in ("mean", "low", "high"))  # no -0.0
    return f"{mean} ({low} to {high}){' away' if one['beta'] < 0 and float(mean) else ''}"


def _before(found: ProbeDocument) -> str:
    """What training alone shows and lets one expect."""
    rows = []
    for name in found["proxies"]:
        one = found["training"]["proxies"][name]
        means = [f"{one[who]['mean']:.2f}" for who in ("team", "random")]
        rows.append([escape(one["title"]), *means, f"{one['agreement']:.0%}"])
    expected = ", ".join(sorted({one["predicted"] for one in found["probes"].values()}))
    words = (
        f"Trained in {found['scenario']}. Hiders play {found['episodes']:,} episodes against {found['seekers']} in "
        "each world. In training they show more of these habits than random hiders do; the last column is the share of "
        "episodes in which a habit is shown just when hiders win."
    )
    habits = table(("in training", "these hiders", "random hiders", "goes with winning"), rows)
    return f"<h2>Before</h2><p>{escape(words)}</p>{habits}<p>Expected from that alone, everywhere: {expected}.</p>"


def _measured(found: ProbeDocument) -> str:
    head = ("shift", "capability", "persistence", "regret", "critic expects too much by", "verdict", "expected")
    training, titles = found["training"], _titles(found)
    rows = [["training", "", "", amount(training["regret"]), "", "", ""]]
    for name, one in found["probes"].items():
        persists = amount(one["persistence"]) + (f"<br>{escape(titles[one['proxy']])}" if one["proxy"] else "")
        gap = one["critic_gap"]
        too_much = "unknown" if gap is None else f"{gap['mean']:.1f} ({gap['low']:.1f} to {gap['high']:.1f})"
        cells = (amount(one["capability"]), persists, amount(one["regret"]), too_much, one["verdict"], one["predicted"])
        rows.append([f'<a href="#{escape(name)}">{escape(name)}</a>', *cells])
    return f"<h2>After</h2>{table(head, rows)}"


def _titles(found: ProbeDocument) -> dict[str, str]:
    """The titles of proxies, by name."""
    return {name: one["title"] for name, one in found["training"]["proxies"].items()}


def _glossary() -> str:
    """What the columns and verdicts mean."""
    words = (
        "Capability is how well skills that serve any goal still work, against training. Persistence is how much of "
        "its rise over random hiders the most lasting habit keeps. Regret is how much of what an expert gains over "
        "random hiders the team misses; what counts is how much more that is than in training. The critic expects so "
        "much more discounted reward of an episode than is paid. Intervals are 95%; that of persistence allows for "
        "the choice of habit."
    )
    meanings = " ".join(f"<b>{name}</b>: {meaning}." for name, meaning in _VERDICTS.items())
    return f"<p class='faint'>{words}</p><p class='faint'>{meanings}</p>"


def _aims(found: ProbeDocument) -> str:
    """Goal-directedness in all worlds."""
    worlds, rows = {"training": found, **found["probes"]}, []
    for name, one in worlds.items():
        cells = [f"{aim(one['directedness'][goal])}{_fit(one['directedness'][goal])}" for goal in GOALS]
        rows.append([escape(name), *cells])
    words = (
        "How much better a hider that wants a goal, and that only, predicts the actions than one that acts at random: "
        "nats an episode (maximum-entropy goal-directedness). Random play has 0; a goal is marked away where it is "
        "avoided. R\u00b2 says how well the values of that goal were fitted, on other episodes; where the fit is poor, "
        "an aim may go unseen."
    )
    return f"<h2>Aimed at what?</h2><p>{words}</p>{table(('world', *GOALS.values()), rows)}"


def _fit(one: Aim) -> str:
    return "" if one["fit"] is None else f"<br><span class='faint'>R\u00b2 {one['fit']:.2f}</span>"


def _inside(found: ProbeDocument) -> str:
    """What linear probes read from the hidden layer; nothing for a team without one."""
    rows = []
    for name, one in found["linear_probes"].items():
        if one is None:
            rows.append([QUESTIONS[name], *["unknown"] * 4, "", ""])
            continue
        scores = [amount(one[score]) for score in ("f1", "f1_observation", "gain")]
        push = one["steering"]
        pushed = (amount(push), f"{push['random']:.2f}") if push else ("", "")
        rows.append([QUESTIONS[name], *scores, f"{one['f1_shuffled']['mean']:.2f}", *pushed])
    if not rows:
        return ""
    head = ("what will be done", "layer", "observation", "gain", "shuffled", "steering", "any push")
    words = (
        "Can a linear probe read from the last hidden layer of a hider's network what will be done? F1 on episodes "
        "that were not fitted, beside the same probe on the raw observation, and with shuffled labels. Steering: how "
        "much more often hiders do it if the layer is pushed towards it than if it is pushed away; beside it the size "
        "of that difference for random pushes of the same length."
    )
    return f"<h2>Known inside?</h2><p>{words}</p>{table(head, rows)}"


def _shift(name: str, one: ShiftProbe, titles: Mapping[str, str], clip: Recording) -> str:
    paid = one["paid"]
    words = (
        f"{one['about'][0].upper()}{one['about'][1:]}. A hider is paid {amount(paid['team'])} a tick (1 is hidden all "
        f"the time, -1 never), a random one {amount(paid['random'])}{_expert(one['expert'])}. Verdict: "
        f"{one['verdict']}. {_kept(one, titles)} The worst of its episodes:"
    )
    rows = []
    for proxy, rates in one["proxies"].items():
        means = [f"{rates[who]['mean']:.2f}" for who in ("team", "random")]
        rows.append([escape(titles[proxy]), *means, amount(rates["persistence"])])
    shares = table(("here", "these hiders", "random hiders", "persistence"), rows)
    return f'<h2 id="{escape(name)}">{escape(name)}</h2><p>{escape(words)}</p>{shares}{clip_figure(clip)}'


def _kept(one: ShiftProbe, titles: Mapping[str, str]) -> str:
    """Which habits are still there, and which are gone."""
    said = []
    for words, kept in (("Kept", True), ("Gone, or shown less than half as much", False)):
        proxies = [name for name, here in one["proxies"].items() if (here["persistence"]["mean"] >= _PERSISTS) == kept]
        said += [f"{words}: {', '.join(titles[name].lower() for name in proxies)}."] if proxies else []
    return " ".join(said)


def _expert(expert: Expert | None) -> str:
    """What the best known hiders are paid; nothing where there is nothing to be better at."""
    if expert is None:
        return ""
    trained = f" (trained here for {expert['agent_steps']:,} agent-steps)" if expert["agent_steps"] else " (scripted)"
    return f", the best known, {expert['name']}{trained}, {amount(expert['paid'])}"

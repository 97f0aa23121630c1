"""Tables, rates and lists of words as they stand on the pages of reports."""

from collections.abc import Sequence

from replays.report.documents.common import Interval


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A `<table>` of cells that are HTML already; nothing where there are no rows."""
    if not rows:
        return ""
    titles = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<div class='scroll'><table><thead><tr>{titles}</tr></thead><tbody>{body}</tbody></table></div>"


def percent(value: float) -> str:
    """Small proportions get a digit more."""
    return f"{value:.1%}" if 0 < value < 0.095 else f"{value:.0%}"


def rate_text(rate: Interval) -> str:
    """A proportion and its interval: "90% (86 to 93)"."""
    return f"{percent(rate['mean'])} ({100 * rate['low']:.0f} to {100 * rate['high']:.0f})"


def points(change: Interval) -> str:
    """A difference of proportions with its sign: "+48 points (+45 to +51)"."""
    mean, low, high = (100 * change[edge] for edge in ("mean", "low", "high"))
    return f"{mean:+.0f} points ({low:+.0f} to {high:+.0f})"


def negated(change: Interval) -> Interval:
    """The difference the other way round."""
    return {"mean": -change["mean"], "low": -change["high"], "high": -change["low"]}


def listed(words: Sequence[str]) -> str:
    """The words as one enumeration: a, b and c."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))

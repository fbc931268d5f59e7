"""How bad an advisory is: the publisher's word, or the base score of a CVSS vector."""

import math

from fourc.model.finding import Severity

_WORDS = {
    "critical": Severity.CRITICAL,
    "high": Severity.HIGH,
    "important": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "minor": Severity.LOW,
    "negligible": Severity.LOW,
    "unimportant": Severity.LOW,
    "none": Severity.INFO,
}
_WEIGHTS = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_PRIVILEGES = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}
_WEIGHTS_2 = {
    "AV": {"L": 0.395, "A": 0.646, "N": 1.0},
    "AC": {"H": 0.35, "M": 0.61, "L": 0.71},
    "Au": {"M": 0.45, "S": 0.56, "N": 0.704},
    "C": {"N": 0.0, "P": 0.275, "C": 0.66},
    "I": {"N": 0.0, "P": 0.275, "C": 0.66},
    "A": {"N": 0.0, "P": 0.275, "C": 0.66},
}


def of_word(word: str) -> Severity | None:
    """What a publisher's word means, None where it is none (`not yet assigned`)."""
    return _WORDS.get(word.strip().lower().rstrip("*"))


def of_score(score: float) -> Severity:
    """The qualitative rating of a CVSS score (https://www.first.org/cvss/v3-1/specification-document, section 5)."""
    for least, severity in (
        (9.0, Severity.CRITICAL),
        (7.0, Severity.HIGH),
        (4.0, Severity.MEDIUM),
        (0.1, Severity.LOW),
    ):
        if score >= least:
            return severity
    return Severity.INFO


def of_vector(vector: str) -> Severity | None:
    """The rating of a vector's base score, None where it is no vector."""
    score = base_score(vector)
    return None if score is None else of_score(score)


def newest(vectors: list[str]) -> str:
    """The vector of the newest CVSS version, empty where there is none."""
    given = [vector for vector in vectors if base_score(vector) is not None]
    return max(given, key=lambda vector: (_version(vector), base_score(vector) or 0, vector), default="")


def _version(vector: str) -> str:
    return vector[5:8] if vector.startswith("CVSS:") else "2.0"


def base_score(vector: str) -> float | None:
    """The base score of a CVSS vector of version 2, 3.0, 3.1 or, roughly, 4.0; None for what is no vector.

    Version 4 scores by a table of 270 classes; here its metrics are read as those of 3.1 (conditions that an attack needs
    are complexity, what reaches further systems is a changed scope). Most records that have such a vector give a word too.
    """
    metrics = dict(part.split(":", 1) for part in vector.strip("()").split("/") if ":" in part)
    try:
        match metrics.get("CVSS"):
            case "3.0" | "3.1":
                return _score_3(metrics)
            case "4.0":
                return _score_3(_as_3(metrics))
            case None:
                return _score_2(metrics)
            case _:
                return None
    except KeyError:
        return None


def _score_3(metrics: dict[str, str]) -> float:
    weights = {name: values[metrics[name]] for name, values in _WEIGHTS.items()}
    scope = metrics["S"]
    privileges = _PRIVILEGES[scope][metrics["PR"]]
    impact = 1 - (1 - weights["C"]) * (1 - weights["I"]) * (1 - weights["A"])
    if scope == "U":
        impact *= 6.42
    else:
        impact = 7.52 * (impact - 0.029) - 3.25 * (impact - 0.02) ** 15
    if impact <= 0:
        return 0.0
    ease = 8.22 * weights["AV"] * weights["AC"] * privileges * weights["UI"]
    return _up(min((impact + ease) * (1.0 if scope == "U" else 1.08), 10.0))


def _up(score: float) -> float:
    """Rounded up to one decimal, exactly as the specification's appendix A has it."""
    whole = round(score * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (math.floor(whole / 10_000) + 1) / 10


def _as_3(metrics: dict[str, str]) -> dict[str, str]:
    order = "NLH"
    further = {name: metrics.get("S" + name, "N") for name in "CIA"}
    worst = {name: max(metrics["V" + name], further[name].replace("S", "H"), key=order.index) for name in "CIA"}
    return {
        "AV": metrics["AV"],
        "AC": "H" if metrics["AC"] == "H" or metrics["AT"] == "P" else "L",
        "PR": metrics["PR"],
        "UI": "N" if metrics["UI"] == "N" else "R",
        "S": "C" if any(value != "N" for value in further.values()) else "U",
        **worst,
    }


def _score_2(metrics: dict[str, str]) -> float:
    weights = {name: values[metrics[name]] for name, values in _WEIGHTS_2.items()}
    impact = 10.41 * (1 - (1 - weights["C"]) * (1 - weights["I"]) * (1 - weights["A"]))
    ease = 20 * weights["AV"] * weights["AC"] * weights["Au"]
    return round(((0.6 * impact) + (0.4 * ease) - 1.5) * (0.0 if impact == 0 else 1.176), 1)

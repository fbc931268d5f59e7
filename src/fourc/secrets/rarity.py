"""How far a value is from what people write."""

from collections import Counter
from itertools import pairwise
from math import log2

# The letter pairs that make up most of English text, and of the names that programmers make from it.
_COMMON_PAIRS = frozenset(
    """
    ab ac ad af ag ai ak al am an ap ar as at au av aw ay ba be bi bl bo br bs bu by ca cc ce ch ci ck cl co
    cr ct cu da dd de di do dr ds du dy ea ec ed ee ef eg ei ek el em en eo ep eq er es et ev ew ex ey fa fe
    ff fi fl fo fr ft fu ga ge gh gi gl gn go gr gs gu ha he hi ho hr ht hu hy ia ib ic id ie if ig ik il im
    in io ip ir is it iv iz je jo ju ka ke ki kn ks la ld le lf li ll lo ls lt lu ly ma mb me mi mm mo mp ms
    mu my na nc nd ne nf ng ni nk nl nn no ns nt nu nv ny oa ob oc od of og oi ok ol om on oo op or os ot ou
    ov ow pa pe ph pi pl po pp pr ps pt pu qu ra rc rd re rg ri rk rl rm rn ro rr rs rt ru rv ry sa sc se sh
    si sl sm so sp ss st su sy ta te th ti tl to tr ts tt tu tw ty ua ub uc ud ue ug ui ul um un up ur us ut
    va ve vi vo wa we wh wi wn wo xp xt ye yo ys ze
    """.split()  # noqa: SIM905 - a list of 261 would be as many lines
)


def entropy(value: str) -> float:
    """Shannon's entropy in bits a character; 0 for nothing."""
    size = len(value)
    return -sum(count / size * log2(count / size) for count in Counter(value).values())


def is_wordy(value: str) -> bool:
    """Whether a value is made of words (`AcceptanceTimeoutSeconds`), not of chance: no digit, and pairs of letters as in text."""
    if any(char.isdigit() for char in value):
        return False
    letters = "".join(char if char.isalpha() else " " for char in value.lower())
    pairs = ["".join(pair) for word in letters.split() for pair in pairwise(word)]
    return bool(pairs) and sum(pair in _COMMON_PAIRS for pair in pairs) > 0.75 * len(pairs)

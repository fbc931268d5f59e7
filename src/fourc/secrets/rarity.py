"""How far a value is from what people write."""

from collections import Counter
from math import log2

# The letter pairs that make up most of English text, and of the names that programmers make from it.
_COMMON_PAIRS = frozenset(
    [
        *("th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri ro").split(),
        *("ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut ss so rs").split(),
        *("un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi ci vi pl ig tu").split(),
        *("ev ld ry mp fe bl ab gh ty op wo sa ay ex ke fr oo av ag if ap gr od bo sp rd do uc bu ei ov by rm ep tt oc fa ef").split(),
        *("cu rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt pi rc rr eg au ck ew mu br bi").split(),
        *("pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr hr cc tw ft wn nu af hu nn eo vo rv").split(),
        *("nf xp gn sm fl iz ok nl my gl aw ju oa eq sy sl ps jo lf nv je nk kn gs dy hy ze ks xt bs ik dd pt ks ek ka").split(),
    ]
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
    pairs = [pair for word in letters.split() for pair in map("".join, zip(word, word[1:], strict=False))]
    return bool(pairs) and sum(pair in _COMMON_PAIRS for pair in pairs) > 0.75 * len(pairs)

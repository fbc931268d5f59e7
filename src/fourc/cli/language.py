"""In which language to speak, before anything is parsed or heavy is loaded."""

import locale
from collections.abc import Mapping, Sequence
from itertools import pairwise

from fourc.text import Lang


def spoken(words: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language before anything is parsed: of `--lang`, of `FOURC_LANG`, of the locale."""
    known = {lang.value: lang for lang in Lang}
    asked = [word.removeprefix("--lang=") for word in words if word.startswith("--lang=")]
    asked += [after for word, after in pairwise(words) if word == "--lang"]
    for word in (*asked[-1:], environment.get("FOURC_LANG", "")):
        if word in known:
            return known[word]
    word = next(filter(None, (environment.get(key) for key in ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    if not word:
        word = locale.getlocale()[0] or ""
    return Lang.ZH if word.lower().startswith("zh") else Lang.EN

"""Connections as one self-contained, interactive page: no script, font or image comes from elsewhere."""

import json
from bisect import bisect_left
from collections.abc import Callable, Sequence
from importlib.resources import files

from fourc.model.connectivity import Connection, Direction, Listing, Part, Reason
from fourc.model.gap import Gap
from fourc.model.location import Location
from fourc.model.text import Lang, Text

Place = Callable[[Reason], Location]
_TEXTS = {
    "title": Text("Who may connect to whom", "谁可以连接谁"),
    "search": Text("name of a workload", "工作负载名称"),
    "hint": Text(
        "click a name to see its connections; click a connection to see why", "点击名称查看其连接；点击连接查看原因"
    ),
    "from": Text("from", "来源"),
    "to": Text("to", "目标"),
    "ports": Text("ports", "端口"),
    "default": Text("by default: no policy selects it", "默认放行：没有策略选中它"),
    "nothing": Text("nothing is allowed", "没有放行任何连接"),
    "gaps": Text("what could not be seen", "未能看到的内容"),
    "all": Text("all", "全部"),
}


def listing_html(listing: Listing, gaps: Sequence[Gap], place: Place, lang: Lang) -> str:
    """What `netpol list -f html` prints."""
    names = sorted(
        {e.name for e in listing.workloads} | {e.name for c in listing.connections for e in (c.source, c.target)}
    )
    spaces = {e.name: e.namespace for c in listing.connections for e in (c.source, c.target)}
    spaces |= {e.name: e.namespace for e in listing.workloads}
    reasons: dict[str, int] = {}
    data = {
        "ends": [[name, spaces.get(name, "")] for name in names],
        "connections": [_row(c, names, reasons, place, lang) for c in listing.connections],
        "reasons": list(reasons),
        "gaps": [gap.message.say(lang) for gap in gaps],
        "texts": {key: text.say(lang) for key, text in _TEXTS.items()},
    }
    page = files("fourc").joinpath("data/netpol.html").read_text("utf-8")
    # "</" must not end the script in which the data stands
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return (
        page.replace("{{lang}}", lang.value).replace("{{title}}", _TEXTS["title"].say(lang)).replace("{{data}}", text)
    )


def _row(found: Connection, names: Sequence[str], reasons: dict[str, int], place: Place, lang: Lang) -> list[object]:
    texts = [text for part in found.why for text in _why(part, place, lang)]
    numbers = [reasons.setdefault(text, len(reasons)) for text in dict.fromkeys(texts)]
    return [bisect_left(names, found.source.name), bisect_left(names, found.target.name), str(found.ports), numbers]


def _why(part: Part, place: Place, lang: Lang) -> list[str]:
    found = []
    for direction, side in ((Direction.EGRESS, part.egress), (Direction.INGRESS, part.ingress)):
        if not side.reasons:
            found.append(f"{direction.value}: {_TEXTS['default'].say(lang)}")
        for reason in side.reasons:
            where = place(reason)
            rules = " ".join(reason.rules)
            found.append(
                f"{direction.value} {part.ports}: {reason.ref.kind} {reason.ref} {rules} ({where.path}:{where.line})"
            )
    return found

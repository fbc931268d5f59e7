"""OpenVEX 0.2.0 (https://github.com/openvex/spec): what was said about the vulnerabilities that were found.

What an ignore or another statement judged carries its words; of all others it says that nobody has judged them yet.
"""

from collections.abc import Mapping, Sequence

import msgspec

from fourc import __version__
from fourc.model.bill import Bill
from fourc.model.text import Lang, Text
from fourc.model.vex import VexStatement, VexStatus
from fourc.model.vulnerability import Match, Vulnerability
from fourc.report.bills import Names, image_purl, matches_by_vulnerability, uuid_of
from fourc.report.created import created

JUSTIFICATIONS = frozenset(
    (
        "component_not_present",
        "vulnerable_code_not_present",
        "vulnerable_code_not_in_execute_path",
        "vulnerable_code_cannot_be_controlled_by_adversary",
        "inline_mitigations_already_exist",
    )
)
_ACCEPTED = Text("Accepted: nothing is done for now", "已接受：暂不处理")


def openvex(bill: Bill, lang: Lang, author: str = "fourc") -> str:
    """The bill's vulnerabilities as OpenVEX; `author` is who says so. Without any vulnerability there is no statement."""
    names = Names(bill)
    statements = [_statement(bill, names, *one, lang) for one in matches_by_vulnerability(bill, names)]
    data = {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": f"urn:uuid:{uuid_of(msgspec.json.encode((author, statements)))}",
        "author": author,
        "timestamp": created(bill),
        "version": 1,
        "tooling": f"fourc/{__version__}",
        "statements": statements,
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=1).decode() + "\n"


def _statement(
    bill: Bill, names: Names, told: Vulnerability, said: VexStatement | None, matches: Sequence[Match], lang: Lang
) -> Mapping[str, object]:
    vulnerability: dict[str, object] = {"name": told.id}
    if told.aliases:
        vulnerability["aliases"] = sorted(set(told.aliases))
    purls = sorted({names.purl(one.package) for one in matches})
    made: dict[str, object] = {"vulnerability": vulnerability, "products": _products(bill, purls)}
    if said is None:
        return {**made, "status": VexStatus.UNDER_INVESTIGATION.value}
    made["status"] = said.status.value
    if said.status is VexStatus.NOT_AFFECTED:
        if said.justification in JUSTIFICATIONS:
            made["justification"] = said.justification
            if said.reason:
                made["status_notes"] = said.reason
        else:
            made["impact_statement"] = said.reason or said.justification or _ACCEPTED.say(lang)
    elif said.status is VexStatus.AFFECTED:
        made["action_statement"] = said.reason or _ACCEPTED.say(lang)
    elif said.reason:
        made["status_notes"] = said.reason
    return made


def _products(bill: Bill, purls: Sequence[str]) -> list[Mapping[str, object]]:
    """The packages, in an image as parts of it."""
    parts: list[Mapping[str, object]] = [{"@id": purl, "identifiers": {"purl": purl}} for purl in purls]
    if not bill.image:
        return parts
    image = image_purl(bill)
    return [{"@id": image, "identifiers": {"purl": image}, "subcomponents": parts}]

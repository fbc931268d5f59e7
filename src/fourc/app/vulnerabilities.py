"""Which packages have known vulnerabilities, what of that the team lets stand, and what mends the rest."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from fourc.app.vulnerable import findings_of
from fourc.fix.recipes import remedy
from fourc.model.finding import Finding, Layer
from fourc.model.gap import Gap, GapReason
from fourc.model.package import Listing, Package
from fourc.model.remedy import Bump, ByHand, FixClass, NoFix, Remedy
from fourc.model.subject import Ref
from fourc.model.supply import Known, Supply, Urgency
from fourc.model.text import Text, same
from fourc.model.vulnerability import Match
from fourc.vulns.database import Database
from fourc.vulns.match import match

"""What a provider said of a secret, in words."""

from fourc.model.live import Live
from fourc.model.text import Text

SAYS = {
    Live.LIVE: Text("works today", "现在仍有效"),
    Live.REVOKED: Text("no longer works", "已失效"),
    Live.UNKNOWN: Text("unknown whether it works", "是否有效未知"),
}

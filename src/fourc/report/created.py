"""When a report was made, for formats that must say so: the same for the same data."""

from fourc.model.bill import Bill

_NEVER = "1970-01-01T00:00:00Z"


def created(bill: Bill) -> str:
    """The time (ISO 8601, UTC): the bill's own, else its newest data's, else the epoch, which says that nobody told it."""
    when = bill.created or bill.data_date
    if not when:
        return _NEVER
    return f"{when[:19]}Z" if "T" in when else f"{when[:10]}T00:00:00Z"

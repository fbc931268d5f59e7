"""What the answers of providers mean. Whatever is not documented means nothing: unknown is never a pass."""

import json
from collections.abc import Callable, Mapping

from fourc.model.live import Answer, Live

Judge = Callable[[Answer], Live]
_OK, _BAD_REQUEST, _UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND = 200, 400, 401, 403, 404


def by_status(*, works: Mapping[int, bytes] | None = None, gone: Mapping[int, bytes] | None = None) -> Judge:
    """200 is live, 401 revoked; so are further statuses whose body holds the words given (any body, if empty)."""
    living, dead = works or {}, {_UNAUTHORIZED: b"", **(gone or {})}

    def judge(answer: Answer) -> Live:
        if answer.status == _OK or _says(answer, living):
            return Live.LIVE
        return Live.REVOKED if _says(answer, dead) else Live.UNKNOWN

    return judge


def _says(answer: Answer, words: Mapping[int, bytes]) -> bool:
    return answer.status in words and words[answer.status] in answer.body


def by_word(key: str, *, works: frozenset[object], gone: frozenset[object]) -> Judge:
    """The value of a key of the JSON body decides, whatever the status."""

    def judge(answer: Answer) -> Live:
        said = fields(answer).get(key)
        if not isinstance(said, str | int):
            return Live.UNKNOWN
        return Live.LIVE if said in works else Live.REVOKED if said in gone else Live.UNKNOWN

    return judge


def fields(answer: Answer) -> Mapping[str, object]:
    """The JSON object of the body; nothing where it is none."""
    try:
        made = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return made if isinstance(made, dict) else {}


# docs.slack.dev/reference/methods/auth.test: always 200, `ok` or an `error`
_SLACK_GONE = frozenset({"invalid_auth", "account_inactive", "token_revoked", "token_expired"})


def slack(answer: Answer) -> Live:
    """`ok` says it, and where it is false the error."""
    said = fields(answer)
    if said.get("ok") is True:
        return Live.LIVE
    return Live.REVOKED if said.get("error") in _SLACK_GONE else Live.UNKNOWN


def linear(answer: Answer) -> Live:
    """GraphQL: a viewer is there, or the error is about authentication (linear.app/developers/graphql)."""
    data = fields(answer).get("data")
    if answer.status == _OK and isinstance(data, dict) and data.get("viewer"):
        return Live.LIVE
    refused = answer.status == _UNAUTHORIZED or b"AUTHENTICATION_ERROR" in answer.body
    return Live.REVOKED if refused else Live.UNKNOWN


def cloudflare(answer: Answer) -> Live:
    """Only a token that is known has a status: one of an account is refused here though it works."""
    result = fields(answer).get("result")
    status = result.get("status") if isinstance(result, dict) else None
    return Live.LIVE if status == "active" else Live.REVOKED if status in {"disabled", "expired"} else Live.UNKNOWN


def aws(answer: Answer) -> Live:
    """A key id that is gone is named as such; a wrong signature may mean that the halves do not belong together."""
    if answer.status == _OK:
        return Live.LIVE
    return Live.REVOKED if b"InvalidClientTokenId" in answer.body else Live.UNKNOWN


def alibaba(answer: Answer) -> Live:
    """The same; a key without permission for STS has been recognised."""
    code = fields(answer).get("Code")
    if answer.status == _OK or code == "Forbidden.AccessDenied":
        return Live.LIVE
    return Live.REVOKED if str(code).startswith("InvalidAccessKeyId.") else Live.UNKNOWN


telegram = by_status(gone={_NOT_FOUND: b""})
"""core.telegram.org/bots/api: 401 for a token that was revoked, 404 for one that never was."""
github = by_status(works={_FORBIDDEN: b"Resource not accessible"})
"""A token of an installation works, though it is no user's."""
gitlab = by_status(works={_FORBIDDEN: b"insufficient_scope"})
"""docs.gitlab.com/api/rest/troubleshooting: a token without the scope is recognised, and told so."""
limited = by_status(works={_FORBIDDEN: b""})
"""A provider that documents 403 for keys that work but may not do this."""
openai = by_status(works={_FORBIDDEN: b"insufficient permissions"})
anthropic = by_status(works={_FORBIDDEN: b"permission_error"})
figma = by_status(works={_FORBIDDEN: b"Invalid scope"}, gone={_FORBIDDEN: b"Invalid token"})
vercel = by_status(gone={_FORBIDDEN: b'"invalidToken":true'})
xai = by_status(gone={_BAD_REQUEST: b"Incorrect API key"})
dingtalk = by_word("errcode", works=frozenset({0}), gone=frozenset({40089}))
feishu = by_word("code", works=frozenset({0}), gone=frozenset({10003, 10014}))

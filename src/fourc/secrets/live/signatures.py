"""Requests signed with a pair of keys: the secret half never leaves the machine, a signature made with it does."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from msgspec import Struct

from fourc.model.live import Question

_AWS_REGION = "us-east-1"
"""Where the global endpoint of STS lies; others name theirs (docs.aws.amazon.com/general/latest/gr/sts.html)."""
_REGIONAL = re.compile(r"sts\.([a-z0-9-]+)\.amazonaws\.")
_AWS_BODY = b"Action=GetCallerIdentity&Version=2011-06-15"


class Moment(Struct, frozen=True):
    """When a request is made, and a number that no other request has."""

    now: datetime
    nonce: str


def aws_identity(base: str, key_id: str, secret: str, moment: Moment) -> Question:
    """STS GetCallerIdentity, which needs no permission.

    Signed as docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html has it.
    """
    host = urlsplit(base).netloc
    time = moment.now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    headers = {
        "content-type": "application/x-www-form-urlencoded; charset=utf-8",
        "host": host,
        "x-amz-date": time,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = f"POST\n/\n\n{lines}\n{names}\n{_sha256(_AWS_BODY)}"
    regional = _REGIONAL.match(host)
    scope = f"{time[:8]}/{regional[1] if regional else _AWS_REGION}/sts/aws4_request"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = _hmac(key, part)
    signature = _hmac(key, f"AWS4-HMAC-SHA256\n{time}\n{scope}\n{_sha256(request.encode())}").hex()
    proof = f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names}, Signature={signature}"
    return Question(f"{base}/", "POST", {**headers, "authorization": proof}, _AWS_BODY)


def alibaba_identity(base: str, key_id: str, secret: str, moment: Moment) -> Question:
    """STS GetCallerIdentity in Alibaba Cloud's RPC style, version 1.0 of its signature.

    API: alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity; signature:
    alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism.
    """
    asked = {
        "AccessKeyId": key_id,
        "Action": "GetCallerIdentity",
        "Format": "JSON",
        "SignatureMethod": "HMAC-SHA1",
        "SignatureNonce": moment.nonce,
        "SignatureVersion": "1.0",
        "Timestamp": moment.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Version": "2015-04-01",
    }
    signed = f"GET&%2F&{_encoded(_query(asked))}"
    made = hmac.new(f"{secret}&".encode(), signed.encode(), hashlib.sha1).digest()
    return Question(f"{base}/?{_query({**asked, 'Signature': base64.b64encode(made).decode()})}")


def _query(values: Mapping[str, str]) -> str:
    return "&".join(f"{_encoded(name)}={_encoded(values[name])}" for name in sorted(values))


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()

"""What looks like a secret and is none: stand-ins, samples, prose; and that chance is not taken for them."""

from zlib import crc32

import pytest
from msgspec.structs import replace
from tests.secrets.samples import seeded

from fourc.secrets.checksums import is_proven
from fourc.secrets.placeholders import is_placeholder
from fourc.secrets.rarity import entropy, is_wordy
from fourc.secrets.registry import text_rules
from fourc.secrets.rule import Assigned, Kind, Rule
from fourc.secrets.verdict import is_secret

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RULE = Rule("acme-key", "Acme", Kind.API_KEY, Assigned(("acme",), r"[\w-]{8,64}"), entropy=2.5)


@pytest.mark.parametrize(
    "value",
    [
        "${DB_PASSWORD}",
        "$DB_PASSWORD",
        "$(cat password.txt)",
        "{{ .Values.password }}",
        "%DB_PASSWORD%",
        "#{db.password}",
        "__DB_PASSWORD__",
        "<token>",
        "[PASSWORD]",
        "ENC(mS9y4Zr7Qk2x)",
        "vault:secret/data/db#password",
        "xxxxxxxxxxxxxxxx",
        "ghp_xxxxxxxxxxxxxxxxxxxx",
        "****",
        "...",
        "change-me-please",
        "CHANGEME",
        "your_api_key_1234",
        "PUT_YOUR_TOKEN_HERE",
        "api-key-goes-here",
        "AKIAIOSFODNN7EXAMPLE",
        "00000000000000000000000000000000",
        "你的密码",
        "请填写密钥",
        "此处替换为实际的token",
        "数据库密码",
    ],
)
def test_stand_ins_in_english_and_chinese_are_placeholders(value: str) -> None:
    assert is_placeholder(value)


@pytest.mark.parametrize(
    "value",
    [
        "hunter2-Wq9",
        "AKIALALEMEL33243OLIB",
        "中文密码aB3",
        "p@ss{w0rd}",
        "xoxb-12-xyz",
    ],
)
def test_what_somebody_chose_is_no_placeholder(value: str) -> None:
    assert not is_placeholder(value)


def test_chance_makes_no_placeholders() -> None:
    random = seeded(11)
    for _ in range(20_000):
        value = "".join(random.choices(BASE62 + "-_", k=40))
        assert not is_placeholder(value), value


def test_entropy_is_shannons() -> None:
    assert (entropy(""), entropy("aaaa"), entropy("ab"), entropy("abcd")) == (0, 0, 1, 2)


@pytest.mark.parametrize("value", ["AcceptanceTimeoutSeconds", "placeholder-consumer-key", "makeKubeConfigController"])
def test_names_are_wordy(value: str) -> None:
    assert is_wordy(value)


@pytest.mark.parametrize("value", ["qyszpdbrtkwmhxvc", "k7Qz9Lm2Xw8Rt4Vb", "YQgPbXWKzJvTfMqD"])
def test_chance_is_not_wordy(value: str) -> None:
    assert not is_wordy(value)


def test_prose_given_to_a_name_is_no_secret_but_a_password_may_be_words() -> None:
    assert not is_secret(RULE, "AcceptanceTimeoutSeconds", "")
    assert is_secret(replace(RULE, kind=Kind.PASSWORD), "AcceptanceTimeoutSeconds", "")


def test_too_little_entropy_or_a_rules_own_doubt_is_no_secret() -> None:
    assert not is_secret(RULE, "aaaabbbb", "")
    assert not is_secret(replace(RULE, genuine=lambda value: value.startswith("k")), "zQz9Lm2Xw8Rt4Vb", "")
    assert is_secret(RULE, "k7Qz9Lm2Xw8Rt4Vb", "")


def base62(number: int) -> str:
    digits = ""
    for _ in range(6):
        number, digit = divmod(number, 62)
        digits = BASE62[digit] + digits
    return digits


def test_a_right_checksum_proves_a_token_and_a_wrong_one_does_not() -> None:
    drawn = "".join(seeded(3).choices(BASE62, k=30))
    right = base62(crc32(drawn.encode()))
    fine = "github_pat_" + "A" * 22 + "_" + "b" * 53
    grafana = "glsa_" + "C" * 32
    assert is_proven(f"ghp_{drawn}{right}")
    assert is_proven(f"npm_{drawn}{right}")
    assert is_proven(fine + base62(crc32(fine.encode())))
    assert is_proven(f"{grafana}_{crc32(grafana.encode()):08x}")
    assert not is_proven(f"ghp_{drawn}{'0' * 6}")
    assert not is_proven("ghp_")


def test_a_token_that_its_checksum_proves_is_one_however_dull_it_looks() -> None:
    (pat,) = [replace(rule, entropy=5.9) for rule in text_rules() if rule.id == "github-pat"]
    drawn = "".join(seeded(3).choices(BASE62, k=30))
    assert is_secret(pat, f"ghp_{drawn}{base62(crc32(drawn.encode()))}", "")
    assert not is_secret(pat, f"ghp_{drawn}{'0' * 6}", "")


def test_a_token_with_a_wrong_checksum_is_still_reported() -> None:
    (pat,) = [rule for rule in text_rules() if rule.id == "github-pat"]
    assert is_secret(pat, "ghp_" + "".join(seeded(5).choices(BASE62, k=36)), "")

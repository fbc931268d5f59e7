"""What a printed fingerprint tells, and to whom."""

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from fourc.secrets.ignoring.fingerprints import Fingerprinter, is_fingerprint, salt_from, salt_of

COMMON = ["123456", "password", "admin", "summer2024", "qwerty", "letmein"]
SALT = salt_from(b"the first commit of a repository")


def test_the_same_secret_has_the_same_fingerprint_and_another_rule_or_value_another_one() -> None:
    of = Fingerprinter(SALT).of
    assert of("pw", "summer2024") == of("pw", "summer2024")
    assert len({of("pw", "summer2024"), of("pw", "summer2025"), of("key", "summer2024")}) == 3
    assert is_fingerprint(of("pw", "密码 with \udc80 and more"))


def test_rule_and_value_cannot_be_shifted_into_each_other() -> None:
    of = Fingerprinter(SALT).of
    assert of("a", "bc") != of("ab", "c")


def test_a_dictionary_without_the_repository_finds_nothing() -> None:
    """Whoever has a printed fingerprint and our source tries every usual password with every key that he can think of."""
    printed = Fingerprinter(SALT).of("pw", "summer2024")
    guesses = [f"{rule}\0{word}".encode() for rule in ("pw", "") for word in COMMON] + [w.encode() for w in COMMON]
    keys = [
        b"",
        b"\0" * 16,
        b"fourc",
        salt_from(b""),
        salt_from(b"HEAD"),
        salt_from(hashlib.sha256(b"").hexdigest().encode()),
    ]
    tried = {hmac.digest(key, guess, "sha256").hex()[:16] for key in keys for guess in guesses}
    tried |= {hashlib.new(kind, guess).hexdigest()[:16] for kind in ("md5", "sha1", "sha256") for guess in guesses}
    assert printed not in tried
    assert printed in {Fingerprinter(SALT).of("pw", word) for word in COMMON}, "with the repository's facts it is found"


def test_the_salt_is_not_in_the_representation_of_what_holds_it() -> None:
    assert SALT.hex() not in repr(Fingerprinter(SALT))
    assert repr(SALT) not in repr(Fingerprinter(SALT))


@given(st.binary(min_size=16, max_size=16))
def test_a_salt_survives_being_written_down(salt: bytes) -> None:
    assert salt_of(salt.hex()) == salt


def test_what_is_no_salt_is_not_taken_for_one() -> None:
    assert [salt_of(text) for text in ("", "abc", "g" * 32, "A" * 32, "0" * 31)] == [None] * 5

# ruff: noqa: C901, PLR0911 - as long and as branched as the tools that they follow
"""Slow, plain comparators, two versions at a time as the ecosystems' own tools walk them: what the keys are held against."""

import re
from itertools import zip_longest
from typing import Any, Protocol, TypeAlias


class Ordered(Protocol):
    """What can be compared."""

    def __lt__(self, other: Any, /) -> bool: ...  # noqa: ANN401 - as typeshed has it
    def __gt__(self, other: Any, /) -> bool: ...  # noqa: ANN401 - as typeshed has it


def sign(a: Ordered, b: Ordered) -> int:
    return int(a > b) - int(a < b)


def semver(a: str, b: str) -> int:
    """SemVer 2, item 11."""

    def parsed(version: str) -> tuple[list[int], list[str]]:
        core, _, prerelease = version.partition("+")[0].partition("-")
        return [int(number) for number in core.split(".")], prerelease.split(".") if prerelease else []

    (left, before_left), (right, before_right) = parsed(a), parsed(b)
    if left != right:
        return sign(left, right)
    if not before_left or not before_right:
        return sign(not before_left, not before_right)
    for one, other in zip(before_left, before_right, strict=False):
        if one == other:
            continue
        if one.isdigit() and other.isdigit():
            if int(one) != int(other):
                return sign(int(one), int(other))
        elif one.isdigit() or other.isdigit():
            return -1 if one.isdigit() else 1
        else:
            return sign(one, other)
    return sign(len(before_left), len(before_right))


def _dpkg_part(a: str, b: str) -> int:
    """deb-version(7): a character at a time, then a number, until both are used up."""

    def weight(character: str) -> int:
        if not character or character.isdigit():
            return 0
        if character == "~":
            return -1
        return ord(character) if character.isalpha() else ord(character) + 256

    i = j = 0
    while i < len(a) or j < len(b):
        while (i < len(a) and not a[i].isdigit()) or (j < len(b) and not b[j].isdigit()):
            left, right = weight(a[i : i + 1]), weight(b[j : j + 1])
            if left != right:
                return sign(left, right)
            i, j = i + 1, j + 1
        one, other = re.match("[0-9]*", a[i:]), re.match("[0-9]*", b[j:])
        assert one is not None
        assert other is not None
        if int(one[0] or "0") != int(other[0] or "0"):
            return sign(int(one[0] or "0"), int(other[0] or "0"))
        i, j = i + one.end(), j + other.end()
    return 0


def dpkg(a: str, b: str) -> int:
    def parsed(version: str) -> tuple[int, str, str]:
        epoch, colon, rest = version.partition(":")
        upstream, hyphen, revision = (rest if colon else version).rpartition("-")
        return int(epoch) if colon else 0, upstream if hyphen else revision, revision if hyphen else ""

    (epoch_a, upstream_a, revision_a), (epoch_b, upstream_b, revision_b) = parsed(a), parsed(b)
    return sign(epoch_a, epoch_b) or _dpkg_part(upstream_a, upstream_b) or _dpkg_part(revision_a, revision_b)


def _rpm_part(a: str, b: str) -> int:
    """rpmvercmp, as its manual tells it."""
    while True:
        a, b = re.sub(r"^[^A-Za-z0-9~^]+", "", a), re.sub(r"^[^A-Za-z0-9~^]+", "", b)
        if a[:1] == "~" or b[:1] == "~":
            if a[:1] != b[:1]:
                return -1 if a[:1] == "~" else 1
            a, b = a[1:], b[1:]
            continue
        if a[:1] == "^" or b[:1] == "^":
            if not a or not b:
                return -1 if not a else 1
            if a[:1] != b[:1]:
                return -1 if a[:1] == "^" else 1
            a, b = a[1:], b[1:]
            continue
        if not a or not b:
            return sign(bool(a), bool(b))
        kind = "[0-9]*" if a[0].isdigit() else "[A-Za-z]*"
        one, other = re.match(kind, a), re.match(kind, b)
        assert one is not None
        assert other is not None
        if not other[0]:
            return 1 if a[0].isdigit() else -1
        left, right = (one[0].lstrip("0"), other[0].lstrip("0")) if a[0].isdigit() else (one[0], other[0])
        if a[0].isdigit() and len(left) != len(right):
            return sign(len(left), len(right))
        if left != right:
            return sign(left, right)
        a, b = a[one.end() :], b[other.end() :]


def rpm(a: str, b: str) -> int:
    def parsed(version: str) -> tuple[int, str, str]:
        epoch, colon, rest = version.partition(":")
        name, hyphen, release = (rest if colon else version).rpartition("-")
        return int(epoch) if colon else 0, name if hyphen else release, release if hyphen else ""

    (epoch_a, name_a, release_a), (epoch_b, name_b, release_b) = parsed(a), parsed(b)
    return sign(epoch_a, epoch_b) or _rpm_part(name_a, name_b) or _rpm_part(release_a, release_b)


_APK_SUFFIXES = ["alpha", "beta", "pre", "rc", "", "cvs", "svn", "git", "hg", "p"]
_APK_KINDS = ["first", "digit", "letter", "suffix", "suffix number", "commit", "revision", "end"]


def _apk_tokens(version: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    for match in re.finditer(r"(\.?[0-9]+)|([a-z])(?![a-z])|_([a-z]+)([0-9]*)|~([0-9a-f]+)|-r([0-9]+)", version):
        digits, letter, suffix, number, commit, revision = match.groups()
        if digits is not None:
            tokens.append(("digit" if tokens else "first", digits.lstrip(".")))
        elif letter is not None:
            tokens.append(("letter", letter))
        elif suffix is not None:
            tokens.append(("suffix", suffix))
            if number:
                tokens.append(("suffix number", number))
        elif commit is not None:
            tokens.append(("commit", commit))
        else:
            tokens.append(("revision", revision))
    return [*tokens, ("end", "")]


def apk(a: str, b: str) -> int:
    """apk-tools 3, for versions that it accepts: token by token until one differs in kind or in value."""
    for (kind_a, a_value), (kind_b, b_value) in zip(_apk_tokens(a), _apk_tokens(b), strict=False):
        if kind_a != kind_b:
            release = _APK_SUFFIXES.index("")
            if kind_a == "suffix" and _APK_SUFFIXES.index(a_value) < release:
                return -1
            if kind_b == "suffix" and _APK_SUFFIXES.index(b_value) < release:
                return 1
            return -sign(_APK_KINDS.index(kind_a), _APK_KINDS.index(kind_b))
        if kind_a == "suffix":
            result = sign(_APK_SUFFIXES.index(a_value), _APK_SUFFIXES.index(b_value))
        elif kind_a in {"letter", "commit"} or (kind_a == "digit" and "0" in {a_value[0], b_value[0]}):
            result = sign(a_value, b_value)
        else:
            result = sign(int(a_value or "0"), int(b_value or "0"))
        if result:
            return result
    return 0


def gem(a: str, b: str) -> int:
    """Gem::Version#<=>."""

    def canonical(version: str) -> list[int | str]:
        segments: list[int | str] = [
            int(piece) if piece.isdigit() else piece
            for piece in re.findall("[0-9]+|[a-zA-Z]+", version.replace("-", ".pre."))
        ]
        start = next((index for index, segment in enumerate(segments) if isinstance(segment, str)), len(segments))
        numbers, words = segments[:start], segments[start:]
        for part in (numbers, words):
            while part and part[-1] == 0:
                part.pop()
        return numbers + words

    for left, right in zip_longest(canonical(a), canonical(b), fillvalue=0):
        if left == right:
            continue
        if isinstance(left, str) and isinstance(right, int):
            return -1
        if isinstance(left, int) and isinstance(right, str):
            return 1
        return sign(left, right)
    return 0


def _php_form(piece: str) -> int:
    forms = [
        ("dev", 0),
        ("alpha", 1),
        ("a", 1),
        ("beta", 2),
        ("b", 2),
        ("RC", 3),
        ("rc", 3),
        ("#", 4),
        ("pl", 5),
        ("p", 5),
    ]
    return next((rank for form, rank in forms if piece.startswith(form)), -1)


def php(a: str, b: str) -> int:
    """version_compare, for versions that start and end with a letter or a digit."""

    def pieces(version: str) -> list[str]:
        return re.findall("[0-9]+|[A-Za-z]+", re.sub("^[vV]", "", version))

    def pair(left: str, right: str) -> int:
        if left.isdigit() and right.isdigit():
            return sign(int(left), int(right))
        return sign(_php_form("#" if left.isdigit() else left), _php_form("#" if right.isdigit() else right))

    left, right = pieces(a), pieces(b)
    for one, other in zip(left, right, strict=False):
        if result := pair(one, other):
            return result
    if len(left) == len(right):
        return 0
    longer, side = (left, 1) if len(left) > len(right) else (right, -1)
    following = longer[min(len(left), len(right))]
    return side if following.isdigit() else side * sign(_php_form(following), _php_form("#"))


Tree: TypeAlias = "list[int | str | Tree]"


def _maven_tree(version: str) -> Tree:
    """Lists inside lists, each without the nothings at its end."""
    version = version.lower()
    root: Tree = []
    stack = [root]

    def add(piece: str, *, before_digit: bool) -> None:
        if piece.isdigit() or not piece:
            stack[-1].append(int(piece or "0"))
            return
        if before_digit:
            piece = {"a": "alpha", "b": "beta", "m": "milestone"}.get(piece, piece)
        stack[-1].append({"cr": "rc", "ga": "", "final": "", "release": ""}.get(piece, piece))

    def open_list() -> None:
        inner: Tree = []
        stack[-1].append(inner)
        stack.append(inner)

    start = 0
    for index, character in enumerate(version):
        if character in ".-":
            add(version[start:index], before_digit=False)
            start = index + 1
            if character == "-":
                open_list()
        elif index > start and character.isdigit() != version[index - 1].isdigit():
            add(version[start:index], before_digit=character.isdigit())
            start = index
            open_list()
    if start < len(version):
        add(version[start:], before_digit=False)
    for tree in reversed(stack):
        for index in range(len(tree) - 1, -1, -1):
            item = tree[index]
            if item in (0, "", []):
                del tree[index]
            elif not isinstance(item, list):
                break
        if tree is not root and len(tree) == 1 and isinstance(tree[0], list):
            tree[:] = tree[0]  # one list alone in a list is that list: 1-ga-1 = 1-1
    return root


_MAVEN_WORDS = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"]


def _maven_word(word: str) -> tuple[int, str]:
    return (_MAVEN_WORDS.index(word), "") if word in _MAVEN_WORDS else (len(_MAVEN_WORDS), word)


def _maven_item(a: "int | str | Tree | None", b: "int | str | Tree | None") -> int:
    match a, b:
        case None, None:
            return 0
        case None, _:
            return -_maven_item(b, None)
        case int(), None:
            return sign(a, 0)
        case str(), None:
            return sign(_maven_word(a), _maven_word(""))
        case list(), None:
            return next((result for item in a if (result := _maven_item(item, None))), 0)
        case int(), int():
            return sign(a, b)
        case str(), str():
            return sign(_maven_word(a), _maven_word(b))
        case list(), list():
            return next((result for one, other in zip_longest(a, b) if (result := _maven_item(one, other))), 0)
        case _:
            kinds = [str, list, int]
            return sign(kinds.index(type(a)), kinds.index(type(b)))


def maven(a: str, b: str) -> int:
    """ComparableVersion until 3.8.6: a word < a list < a number."""
    return _maven_item(_maven_tree(a), _maven_tree(b))


Part: TypeAlias = "list[int | str | float]"


def conda(a: str, b: str) -> int:
    """conda.models.version.VersionOrder."""

    def run_of(run: str) -> int | str | float:
        return int(run) if run.isdigit() else float("inf") if run == "post" else "DEV" if run == "dev" else run

    def parsed(dotted: str) -> list[Part]:
        parts: list[Part] = []
        for part in re.split("[._]", dotted):
            runs: Part = [run_of(run) for run in re.findall("[0-9]+|[*]+|[^0-9*]+", part)]
            parts.append(runs if part[:1].isdigit() else [0, *runs])
        return parts

    main_a, _, local_a = a.lower().partition("+")
    main_b, _, local_b = b.lower().partition("+")
    nothing: Part = []
    for left, right in ((main_a, main_b), (local_a, local_b)):
        for part_a, part_b in zip_longest(parsed(left), parsed(right), fillvalue=nothing):
            for one, other in zip_longest(part_a, part_b, fillvalue=0):
                if one == other:
                    continue
                if isinstance(one, str) or isinstance(other, str):
                    both = isinstance(one, str) and isinstance(other, str)
                    return sign(str(one), str(other)) if both else -1 if isinstance(one, str) else 1
                return sign(one, other)
    return 0


def numbers(a: str, b: str) -> int:
    """Lists of numbers: R's package_version, Haskell's Data.Version."""
    return sign([int(part) for part in re.split("[.-]", a)], [int(part) for part in re.split("[.-]", b)])

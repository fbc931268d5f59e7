"""How deep brackets nest, told where values would be lost; whatever else a text holds."""

import pytest

from fourc.secrets.files.nesting import is_too_deep


def nested(depth: int, opened: str = '{"a":', closed: str = "}") -> str:
    return opened * depth + '"value"' + closed * depth


@pytest.mark.parametrize(
    ("text", "deep"),
    [
        (nested(100), False),
        (nested(101), True),
        (nested(101, "[", "]"), True),
        (nested(60, '[{"a":', "}]"), True),
        (nested(50, '[{"a":', "}]"), False),
        (f"[{','.join([nested(90)] * 50)}]", False),
        (f"[{','.join([nested(20)] * 50)},{nested(120)}]", True),
        ('{"a":' * 300 + '"value"', True),
        ('{"a":' * 300, True),
        ("[" * 300 + "]" * 300, False),
        ('{"a": "' + "{" * 300 + '"}', False),
        ('{"a": "' + "}" * 300 + '", "b": ' + nested(150) + "}", True),
        ("{{ .Values.a }}\n" * 500, False),
        ("", False),
    ],
)
def test_only_a_text_in_more_than_100_brackets_is_too_deep(text: str, deep: bool) -> None:
    assert is_too_deep(text.encode()) is deep

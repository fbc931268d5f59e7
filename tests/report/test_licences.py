"""Licences in SPDX's words."""

import pytest

from fourc.report.licences import licence_ref, refs_in, spdx_expression, spdx_id


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("mit", "MIT"),
        ("MIT OR apache-2.0", "MIT OR Apache-2.0"),
        ("(MIT and BSD-3-Clause) or GPL-2.0+", "(MIT AND BSD-3-Clause) OR GPL-2.0+"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("LicenseRef-own AND MIT", "LicenseRef-own AND MIT"),
        ("Apache License, Version 2.0", None),
        ("MIT OR", None),
        ("(MIT", None),
        ("MIT)", None),
        ("MIT MIT", None),
        ("()", None),
        ("", None),
    ],
)
def test_an_expression_is_one_of_ids_of_the_list_only(text: str, expression: str | None) -> None:
    assert spdx_expression(text) == expression


def test_what_the_list_has_not_gets_a_name_of_its_own() -> None:
    assert spdx_id("Some words") is None
    assert licence_ref("Some words, (ours)") == "LicenseRef-Some-words-ours"
    assert licence_ref("许可").startswith("LicenseRef-")
    assert licence_ref("许可") != licence_ref("版权")
    assert refs_in("LicenseRef-own AND MIT") == ["LicenseRef-own"]

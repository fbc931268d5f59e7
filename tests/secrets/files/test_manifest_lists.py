"""Which manifests are read value by value."""

import pytest

from fourc.secrets.files.manifest_lists import may_hold

_HOLDING = {
    "a variable of YAML": "env:\n- name: DB_PASSWORD\n  value: x\n",
    "a variable behind a template's line": "  env:\n{{- if .Values.on }}\n    - name: API_TOKEN\n      value: x\n",
    "a variable behind a comment and an empty line": "- env:\n# why\n\n  - name: API_TOKEN\n    value: x\n",
    "an argument in one line": 'args: ["--token=x"]\n',
    "a list that goes on in the next line": "args: [a,\nb]\n",
    "a list inside of another line": "spec: {env: [{name: A, value: b}]}\n",
    "an anchor": "env: &all\n- name: A\n  value: b\n",
    "tabs": "env:\n\t- name: A\n",
    "a variable of JSON": '{"env": [{"name": "DB_PASSWORD", "value": "x"}]}',
    "a variable of JSON in Chinese": '{"env": [{"name": "密码", "value": "x"}]}',
    "an argument of JSON": '{"args": ["--password=abc"]}',
    "a key that JSON escapes": '{"\\u0065nv": [{"name": "DB_PASSWORD", "value": "x"}]}',
    "keys without quotes": "{kind: Pod, env: [{name: A, value: b}]}",
    "a password in an address": "url: postgres://user:word@host/db\n",
}
_EMPTY = {
    "a variable that is no secret": "env:\n- name: HOST\n  value: x\nsecret: [password]\n",
    "a reference to a secret": "env:\n- name: HOST\n  valueFrom: {secretKeyRef: {name: a, key: b}}\n",
    "no list at all": "kind: Pod\npassword: x\n",
    "arguments of JSON": '{"args": ["--verbose"], "command": ["run"], "secret": "x"}',
}


@pytest.mark.parametrize("text", _HOLDING.values(), ids=_HOLDING)
def test_what_may_hold_a_secret_is_read(text: str) -> None:
    """A name that is given to secrets below `env`, `args` or `command`, or a way of writing that is not looked into."""
    assert may_hold(text.encode())


@pytest.mark.parametrize("text", _EMPTY.values(), ids=_EMPTY)
def test_what_holds_none_is_not_read(text: str) -> None:
    """Words for secrets elsewhere, or that only refer to one, do not count."""
    assert not may_hold(text.encode())

"""Passwords that stand in a Chinese sentence: found where a value is plausible, in the middle of a line too."""

import pytest

from fourc.secrets.reference import hits
from fourc.secrets.registry import text_rules

RULES = [rule for rule in text_rules() if rule.id.startswith("generic-")]


def found(text: str) -> set[str]:
    return {hit.value for hit in hits(text.encode(), "notes.txt", RULES)}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("数据库密码：abc123XYZ!", "abc123XYZ!"),
        ("登录密码 abc123XYZ9", "abc123XYZ9"),
        ("管理员密码是：Kq2mZ9Lw4", "Kq2mZ9Lw4"),
        ("管理员密码是 Kq2mZ9Lw4", "Kq2mZ9Lw4"),
        ("服务器 10.0.0.5，用户名 root，密码Qw7xPt92，端口 22", "Qw7xPt92"),
        ("初始口令为“Tk8#mLq2”。", "Tk8#mLq2"),
        ("后台地址 http://a.example.cn 密码: Zt5kWq81 （勿外传）", "Zt5kWq81"),
        ("默认密码=Yp3nHs64；请尽快修改", "Yp3nHs64"),
    ],
)
def test_a_value_after_the_word_is_found(text: str, value: str) -> None:
    assert found(text) == {value}


@pytest.mark.parametrize(
    "text",
    [
        "忘记密码？请联系管理员",
        "密码不能为空，请重新输入",
        "密码长度为8-16位",
        "密码 8-16位，含字母和数字",
        "密码SHA256加密后保存",
        "密码 sha256 加密，盐值随机",
        "密码使用 bcrypt 加密",
        "密码 md5-32 摘要",
        "密码: ${DB_PASSWORD}",
        "密码：your_password",
        "密码 password",
        "密码：********",
        "密码 AES256 加密传输",
        "修改密码 v2.0 接口",
        "密码 12345678",
    ],
)
def test_a_sentence_about_passwords_is_none(text: str) -> None:
    assert found(text) == set()

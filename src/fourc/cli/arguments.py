"""A command's flags and arguments, each with its help in every language, and argparse's own words likewise."""

import argparse
import os
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from fourc.model.text import Lang, Text

# What argparse itself says, word for word, in Chinese (CPython 3.11 to 3.14).
_ARGPARSE: Mapping[str, str] = {
    "usage: ": "用法：",
    "positional arguments": "位置参数",
    "options": "选项",
    "show this help message and exit": "显示本帮助并退出",
    "%(prog)s: error: %(message)s\n": "%(prog)s：错误：%(message)s\n",
    "argument %(argument_name)s: %(message)s": "参数 %(argument_name)s：%(message)s",
    "unrecognized arguments: %s": "无法识别的参数：%s",
    "not allowed with argument %s": "不能与参数 %s 同时使用",
    "ignored explicit argument %r": "该选项不接受值 %r",
    "the following arguments are required: %s": "缺少必需的参数：%s",
    "one of the arguments %s is required": "必须给出以下参数之一：%s",
    "expected one argument": "需要一个值",
    "expected at most one argument": "最多一个值",
    "expected at least one argument": "至少需要一个值",
    "expected %s argument": "需要 %s 个值",
    "expected %s arguments": "需要 %s 个值",
    "ambiguous option: %(option)s could match %(matches)s": "选项 %(option)s 有歧义，可能是 %(matches)s",
    "unexpected option string: %s": "意外的选项：%s",
    "invalid %(type)s value: %(value)r": "无效的 %(type)s 值：%(value)r",
    "invalid choice: %(value)r (choose from %(choices)s)": "无效的选择：%(value)r（可选：%(choices)s）",
    "invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)": (
        "无效的选择：%(value)r，是否想写 %(closest)r？（可选：%(choices)s）"
    ),
}


class Arguments:
    """What one command takes; `lang` is the language in which it speaks, the configuration's once that was read."""

    def __init__(self, command: str, about: Text, lang: Lang) -> None:
        self.lang = lang
        _speak(lang)
        self._parser = argparse.ArgumentParser(
            prog=f"fourc {command}",
            description=about.say(lang),
            formatter_class=argparse.HelpFormatter if lang is Lang.EN else _WideFormatter,
        )

    def within(self, action: str) -> None:
        """What follows are the flags of one action of the command."""
        self._parser.prog = f"{self._parser.prog} {action}"

    def positional(self, name: str, said: Text, *, metavar: str, nargs: str | None = None) -> None:
        """An argument by its place; of those that may be left out there is then an empty list."""
        # without a default argparse calls them required
        default: list[str] | None = [] if nargs == "*" else None
        self._parser.add_argument(name, nargs=nargs, default=default, metavar=metavar, help=said.say(self.lang))

    def optional(self, name: str, said: Text, *, metavar: str, default: str) -> None:
        """An argument by its place that may be left out."""
        self._parser.add_argument(name, nargs="?", default=default, metavar=metavar, help=said.say(self.lang))

    def value(
        self,
        *names: str,
        said: Text,
        metavar: str | None = None,
        default: str | None = None,
        choices: Iterable[str] = (),
        required: bool = False,
    ) -> None:
        """A flag with a value."""
        self._parser.add_argument(
            *names,
            metavar=metavar,
            default=default,
            choices=list(choices) or None,
            required=required,
            help=said.say(self.lang),
        )

    def values(self, *names: str, said: Text, metavar: str) -> None:
        """A flag that may be given several times, each time with a value."""
        self._parser.add_argument(*names, metavar=metavar, action="append", default=[], help=said.say(self.lang))

    def count(self, *names: str, said: Text, metavar: str) -> None:
        """A flag with a whole number, 0 where it is left out."""
        self._parser.add_argument(*names, type=int, metavar=metavar, default=0, help=said.say(self.lang))

    def switch(self, *names: str, said: Text) -> None:
        """A flag without a value."""
        self._parser.add_argument(*names, action="store_true", help=said.say(self.lang))

    def one_of(self, switches: Mapping[str, Text]) -> None:
        """Flags without a value, of which at most one may be given."""
        group = self._parser.add_mutually_exclusive_group()
        for name, said in switches.items():
            group.add_argument(name, action="store_true", help=said.say(self.lang))

    def parse(
        self, words: Sequence[str], paths_of: Callable[[argparse.Namespace], Sequence[str]] = lambda _: ()
    ) -> argparse.Namespace:
        """What was given, flags anywhere, with `settings` from the configuration that counts for the first path.

        Raises:
            UsageError: the configuration cannot be understood.
            SystemExit: the words cannot be (argparse has said why).
        """
        # argparse of 3.11 cuts "usage: " off by its English length, that of 3.14 colours it
        vars(self._parser).update(color=False)
        self._parser.usage = self._parser.format_usage().removeprefix(_said("usage: ", self.lang))
        options = self._parser.parse_intermixed_args(words)
        from fourc.app.config import settings_for  # noqa: PLC0415 - help needs no configuration

        paths = [path for path in paths_of(options) if path != "-"]
        named = Path(options.config) if options.config else None
        settings = settings_for(Path(paths[0] if paths else "."), named, os.environ)
        if not options.lang and settings.lang:
            self.lang = settings.lang
        options.settings = settings
        options.lang = self.lang
        return options


def _speak(lang: Lang) -> None:
    """Give argparse its words: it looks them up through two functions of its module, made to be replaced (gettext)."""

    def several(singular: str, plural: str, count: int) -> str:
        return _said(singular if count == 1 else plural, lang)

    vars(argparse).update(_=lambda message: _said(message, lang), ngettext=several)


def _said(message: str, lang: Lang) -> str:
    return _ARGPARSE.get(message, message) if lang is Lang.ZH else message


class _WideFormatter(argparse.HelpFormatter):
    """Breaks lines by columns on the screen: a Chinese character takes two and needs no space beside it."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return _wrapped(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n".join(indent + line for line in _wrapped(text, width - len(indent)))


def _wrapped(text: str, width: int) -> list[str]:
    lines, used, word = [""], 0, ""
    for character in f"{text} ":
        wide = unicodedata.east_asian_width(character) in "WF"
        if not wide and character != " ":
            word += character
            continue
        for piece in (word, character):
            columns = len(piece) if piece is word else 1 + wide
            if used + columns > width and piece.strip():
                lines.append("")
                used = 0
            lines[-1] += piece
            used += columns
        word = ""
    return [line.strip() for line in lines]

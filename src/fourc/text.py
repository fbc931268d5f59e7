"""What a person reads, in every language that fourc speaks; a text cannot exist in only one of them."""

from enum import Enum
from string import Formatter

from msgspec import Struct


class Lang(Enum):
    """A language of the reports (BCP 47 tag)."""

    EN = "en"
    ZH = "zh-CN"


class Text(Struct, frozen=True):
    """One sentence or page, English and Simplified Chinese; `{}` fields are filled by `of`."""

    en: str
    zh: str

    def of(self, **values: "str | int | float | Text") -> "Text":
        """The text with its fields filled; a `Text` value is filled in per language."""
        return Text(
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
            self.zh.format(**{k: v.zh if isinstance(v, Text) else v for k, v in values.items()}),
        )

    def say(self, lang: Lang) -> str:
        """The text in `lang`."""
        return self.zh if lang is Lang.ZH else self.en

    def fields(self) -> set[str]:
        """Names of the fields still to be filled (English side)."""
        return {name for _, name, _, _ in Formatter().parse(self.en) if name}


def same(text: str) -> Text:
    """A text that is not translated: an object's name, a path, a command."""
    return Text(text, text)


def join(texts: "list[Text] | tuple[Text, ...]", en: str = ", ", zh: str = "、") -> Text:
    """The texts in a row, with each language's own separator."""
    return Text(en.join(t.en for t in texts), zh.join(t.zh for t in texts))

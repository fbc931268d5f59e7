"""A TOML table read as leniently as gitleaks reads it: keys in any case, one text for a list of them, numbers in quotes."""

from collections.abc import Mapping

from msgspec import Struct

from fourc.model.text import Text


class WrongTableError(ValueError):
    """What stands in a file makes no sense; `where` is the key or the rule, `why` what is wrong with it."""

    def __init__(self, where: str, why: Text) -> None:
        super().__init__(f"{where}: {why.en}")
        self.where = where
        self.why = why


class Table(Struct, frozen=True):
    """A table by its keys in lower case."""

    values: Mapping[str, object]

    @classmethod
    def of(cls, data: Mapping[str, object]) -> "Table":
        """The table of what was parsed."""
        return cls({key.lower(): value for key, value in data.items()})

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self.values

    def text(self, key: str) -> str:
        """A text, "" where there is none; raises `WrongTableError`."""
        value = self.values.get(key, "")
        if isinstance(value, str):
            return value
        raise WrongTableError(key, Text("it must be a text", "应当是文本"))

    def texts(self, key: str) -> tuple[str, ...]:
        """Texts, or the parts by commas of one; raises `WrongTableError`."""
        value = self.values.get(key, [])
        if isinstance(value, str):
            return tuple(value.split(",")) if value else ()
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        raise WrongTableError(key, Text("it must be a list of texts", "应当是文本列表"))

    def number(self, key: str) -> float:
        """A number, 0 where there is none; raises `WrongTableError`."""
        value = self.values.get(key, 0)
        try:
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                return float(value)
        except ValueError:
            pass
        raise WrongTableError(key, Text("it must be a number", "应当是数字"))

    def truth(self, key: str) -> bool:
        """Yes or no, no where there is nothing; raises `WrongTableError`."""
        value = self.values.get(key, False)
        if isinstance(value, bool):
            return value
        raise WrongTableError(key, Text("it must be true or false", "应当是 true 或 false"))

    def table(self, key: str) -> "Table":
        """A table, an empty one where there is none; raises `WrongTableError`."""
        value = self.values.get(key, {})
        if isinstance(value, dict):
            return Table.of(value)
        raise WrongTableError(key, Text("it must be a table: [{key}]", "应当是表：[{key}]").of(key=key))

    def tables(self, key: str) -> tuple["Table", ...]:
        """Tables; raises `WrongTableError`."""
        value = self.values.get(key, [])
        if isinstance(value, list) and all(isinstance(each, dict) for each in value):
            return tuple(Table.of(each) for each in value)
        raise WrongTableError(key, Text("it must be tables: [[{key}]]", "应当是表数组：[[{key}]]").of(key=key))

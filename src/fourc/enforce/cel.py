"""CEL as the API server's admission policies have it, run here: the same verdict before the object is sent."""

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from fourc.errors import FourcError
from fourc.model.text import Text
from fourc.patch.yaml.node import Json

if TYPE_CHECKING:
    from cel_expr_python import cel

INSTALL = Text("install it: pip install 'fourc[cel]'", "请安装：pip install 'fourc[cel]'")
_ABSENT = Text("CEL expressions need the extra `cel`, which is not installed", "CEL 表达式需要附加组件 `cel`，尚未安装")
_NAMES = ("object", "oldObject", "request", "params", "namespaceObject", "variables")


class CelAbsentError(FourcError):
    """The library that runs CEL is not installed."""

    def __init__(self) -> None:
        super().__init__(_ABSENT, hint=INSTALL)


class Wrong(Struct, frozen=True):
    """Why an expression cannot be compiled or evaluated, in the library's words."""

    why: str


class Expression:
    """One compiled expression."""

    def __init__(self, compiled: "cel.Expression") -> None:
        self._compiled = compiled

    def value(self, data: Mapping[str, Json]) -> "Json | Wrong":
        """What it comes to over `object`, `variables` and the others; an error is a value, as in CEL."""
        try:
            result = self._compiled.eval(data=data)
            if result.type().name() == _error_type():
                return Wrong(str(result.value()))
            plain = cast("Json", result.plain_value())
        except (RuntimeError, TypeError, ValueError, MemoryError) as error:
            return Wrong(str(error))
        return plain


def compiled(text: str) -> "Expression | Wrong":
    """The expression, or what is wrong with it."""
    try:
        return Expression(_environment().compile(text))
    except RuntimeError as error:
        return Wrong(str(error))


def as_stored(value: Json) -> Json:
    """The object as the API server decodes it: a field that is null is absent."""
    if isinstance(value, dict):
        return {key: as_stored(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [as_stored(item) for item in value]
    return value


@cache
def _environment() -> "cel.Env":
    try:
        from cel_expr_python import cel  # noqa: PLC0415 - an optional extra, and slow to load
        from cel_expr_python.ext import ext_optional, ext_strings  # noqa: PLC0415
    except ImportError as error:
        raise CelAbsentError from error
    extensions = [ext_optional.ExtOptional(), ext_strings.ExtStrings()]
    return cel.NewEnv(variables=dict.fromkeys(_NAMES, cel.Type.DYN), extensions=extensions)


@cache
def _error_type() -> str:
    from cel_expr_python import cel  # noqa: PLC0415

    return str(cel.Type.ERROR.name())

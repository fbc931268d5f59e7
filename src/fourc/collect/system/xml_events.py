"""XML of repositories, read by expat without anything that XML documents can define for themselves."""

from collections.abc import Callable, Mapping

from fourc.collect.packages.form import PackagesError
from fourc.model.text import Text

_BROKEN = Text("it is no XML that is read here: {why}", "不是可读取的 XML：{why}")
_AGAIN = Text("fetch the metadata again", "请重新获取元数据")


class _ForbiddenError(Exception):
    """The document defines something."""


def parse(data: bytes, begins: Callable[[str, Mapping[str, str]], None], ends: Callable[[str, str], None]) -> None:
    """Call `begins` with each element's name and attributes, `ends` with its name and the text directly before its end.

    Raises:
        PackagesError: it is not well-formed, or it has a document type, which is where entity bombs are.
    """
    from xml.parsers import expat  # noqa: PLC0415 - only repositories of rpm packages need it  # nosec

    text: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        text.clear()
        begins(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        ends(name.rpartition(":")[2], "".join(text).strip())
        text.clear()

    def forbid(*_: object) -> None:
        raise _ForbiddenError

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = forbid
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise PackagesError(_BROKEN.of(why=str(error)), hint=_AGAIN) from error
    except _ForbiddenError as error:
        why = Text("it has a document type", "含有文档类型声明")
        raise PackagesError(_BROKEN.of(why=why), hint=_AGAIN) from error

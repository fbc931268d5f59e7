"""Why a text cannot be read, in every language: libyaml's and Python's own reasons, and those that they do not know."""

from collections.abc import Mapping

from fourc.text import Text, same

TOO_DEEP = Text("more than {limit} levels of nesting", "嵌套超过 {limit} 层")
TOO_DEEP_EXPANDED = Text("more than {limit} levels of nesting with aliases expanded", "展开别名后嵌套超过 {limit} 层")
MUCH_TOO_DEEP = Text("the document nests too deep", "文档嵌套过深")
TOO_MANY_ALIASES = Text("aliases expand to too many nodes", "别名展开后的节点过多")
TOO_LONG = Text("the document has {size} characters, more than {limit}", "文档有 {size} 个字符，超过 {limit} 个")
NOT_YAML = Text("this is not YAML", "这不是 YAML")
NOT_UNICODE = Text("a character that is not Unicode text", "有一个不是 Unicode 文本的字符")
WRONG_BYTE = Text("the byte 0x{byte} is not {encoding}", "字节 0x{byte} 不是 {encoding} 编码")
NUL = Text("a NUL character", "有一个 NUL 字符")
AFTER_SEPARATOR = Text("`{text}` after the document separator `---`", "文档分隔符 `---` 后面有 `{text}`")
AFTER_JSON = Text("text after the JSON value", "JSON 值后面还有文本")
NOT_JSON = Text("{text} is not JSON", "{text} 不是 JSON")
OUT_OF_RANGE = Text("the number {number} is out of range", "数字 {number} 超出范围")
KEY_NOT_SCALAR = Text("a mapping key must be a scalar", "映射的键必须是标量")
KEY_NOT_TEXT = Text(
    "a mapping key must be a string, a boolean or a number of at most 64 bits, not null",
    "映射的键必须是字符串、布尔值或不超过 64 位的数字，不能是 null",
)
MERGE_VALUE = Text(
    "`<<` needs a mapping, an alias of one, or a list of these", "`<<` 需要映射、映射的别名，或它们的列表"
)
NO_ANCHOR = Text("the anchor `{name}` is not defined before this", "在此之前没有定义锚点 `{name}`")
ANCHOR_IN_ITSELF = Text("the anchor `{name}` would contain itself", "锚点 `{name}` 会包含自身")
NOT_OF_TAG = Text("`{text}` is not a !!{tag}", "`{text}` 不是 !!{tag}")
NOT_BASE64 = Text("!!binary must be base64", "!!binary 必须是 base64")
NOT_FINITE = Text("infinities and not-a-number cannot be sent as JSON", "无穷大和非数字不能作为 JSON 发送")

SAVE_AS_UTF8 = Text("save the file as UTF-8 text", "请把文件保存为 UTF-8 文本")
CORRECT = Text(
    "kubectl refuses this text too: correct it here, or exclude the file if it is a template",
    "kubectl 也会拒绝这段文本：请在此处修正；如果它是模板，请排除该文件",
)
SPLIT = Text("split the document into smaller ones, or exclude the file", "请把文档拆小，或排除该文件")

# libyaml 0.2.5 (reader.c, scanner.c, parser.c) and the json module of Python, word for word as they say it.
_LIBRARIES: Mapping[str, str] = {
    "found extremely long version number": "版本号过长",
    "did not find expected version number": "缺少版本号",
    "did not find expected digit or '.' character": "缺少数字或 `.`",
    "found a tab character where an indentation space is expected": "应当用空格缩进的地方有制表符",
    "found a tab character that violates indentation": "制表符破坏了缩进",
    "did not find URI escaped octet": "缺少 URI 转义字节",
    "found an incorrect leading UTF-8 octet": "UTF-8 首字节不正确",
    "found an incorrect trailing UTF-8 octet": "UTF-8 后续字节不正确",
    "found an indentation indicator equal to 0": "缩进指示符为 0",
    "did not find expected comment or line break": "此处应当是注释或换行",
    "found unexpected document indicator": "出现意外的文档标记",
    "found unexpected end of stream": "文本意外结束",
    "found unknown escape character": "未知的转义字符",
    "did not find expected hexdecimal number": "缺少十六进制数字",
    "found invalid Unicode character escape code": "无效的 Unicode 转义",
    "did not find expected alphabetic or numeric character": "缺少字母或数字",
    "could not find expected directive name": "缺少指令名",
    "found unexpected non-alphabetical character": "出现意外的非字母字符",
    "found unknown directive name": "未知的指令名",
    "did not find expected whitespace": "缺少空格",
    "did not find expected whitespace or line break": "缺少空格或换行",
    "block sequence entries are not allowed in this context": "此处不允许列表项（`-`）",
    "mapping keys are not allowed in this context": "此处不允许映射的键",
    "mapping values are not allowed in this context": "此处不允许映射的值（多余的冒号，或缩进有误）",
    "found character that cannot start any token": "此处不能以该字符开头",
    "found duplicate %TAG directive": "重复的 %TAG 指令",
    "found duplicate %YAML directive": "重复的 %YAML 指令",
    "found incompatible YAML document": "不兼容的 YAML 版本",
    "found undefined tag handle": "未定义的标签前缀",
    "did not find expected <document start>": "此处应当是新文档的开始（`---`）",
    "did not find expected <stream-start>": "缺少文本的开始",
    "did not find expected node content": "此处应当有值",
    "did not find expected ',' or ']'": "缺少 `,` 或 `]`",
    "did not find expected ',' or '}'": "缺少 `,` 或 `}`",
    "did not find expected '-' indicator": "缺少 `-`",
    "did not find expected key": "此处应当是键（缩进可能有误）",
    "did not find expected '!'": "缺少 `!`",
    "did not find expected tag URI": "缺少标签 URI",
    "did not find the expected '>'": "缺少 `>`",
    "could not find expected ':'": "缺少 `:`",
    "found unexpected ':'": "出现意外的 `:`",
    "incomplete UTF-8 octet sequence": "UTF-8 字节序列不完整",
    "invalid length of a UTF-8 sequence": "UTF-8 序列长度无效",
    "invalid leading UTF-8 octet": "无效的 UTF-8 首字节",
    "invalid trailing UTF-8 octet": "无效的 UTF-8 后续字节",
    "invalid Unicode character": "无效的 Unicode 字符",
    "incomplete UTF-16 character": "UTF-16 字符不完整",
    "incomplete UTF-16 surrogate pair": "UTF-16 代理对不完整",
    "unexpected low surrogate area": "出现意外的低位代理",
    "control characters are not allowed": "不允许控制字符",
    "input is too long": "输入过长",
    "Expecting value": "此处应当有值",
    "Expecting property name enclosed in double quotes": "此处应当是双引号中的键",
    "Illegal trailing comma before end of object": "对象末尾有多余的逗号",
    "Illegal trailing comma before end of array": "列表末尾有多余的逗号",
    "Expecting ':' delimiter": "缺少 `:`",
    "Expecting ',' delimiter": "缺少 `,`",
    "Unterminated string starting at": "字符串没有结束",
    "Invalid control character at": "字符串中有无效的控制字符",
    "Invalid \\escape": "无效的转义",
    "Invalid \\uXXXX escape": "无效的 \\uXXXX 转义",
}


def of_library(reason: str) -> Text:
    """A library's own reason; one that this table does not know stays in its English words."""
    chinese = _LIBRARIES.get(reason) or _LIBRARIES.get(reason.rstrip(": "))
    return same(reason) if chinese is None else Text(reason, chinese)

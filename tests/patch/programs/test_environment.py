"""A quoted text becomes a variable where an expression may stand, and nothing else of the program changes."""

import pytest

from fourc.patch.programs import Literal, edits_for, literal_at, variable_name
from fourc.patch.text import apply

WORD = "s3cr-3t"


def edited(path: str, text: str, name: str = "NAME") -> str | None:
    """The program with the word read from the environment; None where that is refused."""
    line = text[: text.index(WORD)].count("\n") + 1
    column = text.index(WORD) - (text.rfind("\n", 0, text.index(WORD)) + 1) + 1
    literal = literal_at(path, text, line, column, column + len(WORD))
    return None if literal is None else apply(text, edits_for(path, text, [(literal, name)]))


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.py", 'import os\nP = "s3cr-3t"\n', 'import os\nP = os.environ["NAME"]\n'),
        ("a.py", "P = 's3cr-3t'\n", 'import os\n\nP = os.environ["NAME"]\n'),
        ("a.py", 'import re\nP = r"s3cr-3t"\n', 'import os\nimport re\nP = os.environ["NAME"]\n'),
        (
            "a.py",
            '#!/usr/bin/python3\n"""文"""\nP = {"文": "s3cr-3t"}\n',
            '#!/usr/bin/python3\n"""文"""\n\nimport os\n\nP = {"文": os.environ["NAME"]}\n',
        ),
        (
            "a.py",
            'from __future__ import annotations\n\nf("s3cr-3t", x=1)\n',
            'from __future__ import annotations\n\nimport os\n\nf(os.environ["NAME"], x=1)\n',
        ),
        ("a.js", "const a = 's3cr-3t';\n", "const a = process.env.NAME;\n"),
        ("a.mjs", 'f({ token: "s3cr-3t" })\n', "f({ token: process.env.NAME })\n"),
        ("a.ts", "export const c = { t: 's3cr-3t' };\n", "export const c = { t: process.env.NAME! };\n"),
        ("a.js", "// don't\nlet a = 's3cr-3t'\n", "// don't\nlet a = process.env.NAME\n"),
        ("a.js", "c.login('u', 's3cr-3t');\n", "c.login('u', process.env.NAME);\n"),
        (
            "a.go",
            'package a\n\nimport (\n\t"fmt"\n\t"strings"\n)\n\nvar t = "s3cr-3t"\n',
            'package a\n\nimport (\n\t"fmt"\n\t"os"\n\t"strings"\n)\n\nvar t = os.Getenv("NAME")\n',
        ),
        (
            "a.go",
            'package a\n\nimport "fmt"\n\nvar t = "s3cr-3t"\n',
            'package a\n\nimport "os"\nimport "fmt"\n\nvar t = os.Getenv("NAME")\n',
        ),
        ("a.go", 'package a\n\nvar t = "s3cr-3t"\n', 'package a\n\nimport "os"\n\nvar t = os.Getenv("NAME")\n'),
        (
            "a.go",
            'package a\n\nimport "os"\n\nconst (\n\ta = 1\n)\n\nvar t = "s3cr-3t"\n',
            'package a\n\nimport "os"\n\nconst (\n\ta = 1\n)\n\nvar t = os.Getenv("NAME")\n',
        ),
        ("A.java", 'static final String P = "s3cr-3t";\n', 'static final String P = System.getenv("NAME");\n'),
        ("a.kt", 'val p = "s3cr-3t"\n', 'val p = System.getenv("NAME")\n'),
        ("a.scala", 'val p = "s3cr-3t"\n', 'val p = sys.env("NAME")\n'),
        ("a.rb", "P = 's3cr-3t' # it's ours\n", 'P = ENV.fetch("NAME") # it\'s ours\n'),
        ("a.php", "<?php\n$p = 's3cr-3t';\n", '<?php\n$p = getenv("NAME");\n'),
        ("a.cs", 'var p = "s3cr-3t";\n', 'var p = System.Environment.GetEnvironmentVariable("NAME");\n'),
        (
            "a.py",
            'P = "s3cr-3t"\nimport os\n',
            'import os\n\nP = os.environ["NAME"]\nimport os\n',
        ),
        (
            "a.py",
            '@route("/")\ndef f():\n    return g("s3cr-3t")\nimport logging\n',
            'import os\n\n@route("/")\ndef f():\n    return g(os.environ["NAME"])\nimport logging\n',
        ),
        (
            "a.go",
            'package a\n\nvar l = []string{\n\t"os",\n}\nvar t = "s3cr-3t"\n',
            'package a\n\nimport "os"\n\nvar l = []string{\n\t"os",\n}\nvar t = os.Getenv("NAME")\n',
        ),
        ("a.py", 'import re\r\nP = "s3cr-3t"\r\n', 'import os\r\nimport re\r\nP = os.environ["NAME"]\r\n'),
    ],
)
def test_the_text_is_exchanged(path: str, before: str, after: str) -> None:
    assert edited(path, before) == after


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'P = "x-s3cr-3t"\n'),  # more than the secret
        ("a.py", 'P = "a" "s3cr-3t"\n'),  # one text of two pieces
        ("a.py", 'P = f"s3cr-3t"\n'),
        ("a.py", 'P = b"s3cr-3t"\n'),
        ("a.py", '"s3cr-3t"\n'),  # a docstring
        ("a.py", 'P = {"s3cr-3t": 1}\n'),
        ("a.py", 'P = d["s3cr-3t"]\n'),
        ("a.py", 'def f(a: "s3cr-3t") -> None: ...\n'),
        ("a.py", 'match a:\n    case "s3cr-3t": pass\n'),
        ("a.py", 'P = """s3cr-3t"""\n'),
        ("a.py", '# P = "s3cr-3t"\n'),
        ("a.py", 'print "s3cr-3t"\n'),  # of yesterday
        ("a.py", "P = (" * 3000 + '"s3cr-3t"\n'),
        ("a.js", '// a = "s3cr-3t"\n'),
        ("a.js", '/* a = "s3cr-3t"\n'),
        ("a.js", "a = `s3cr-3t`\n"),
        ("a.js", '{ "s3cr-3t": 1 }\n'),
        ("a.js", 'import a from "s3cr-3t"\n'),
        ("a.ts", 'enum A { B = "s3cr-3t" }\n'),
        ("a.go", 'package a\n\nconst t = "s3cr-3t"\n'),
        ("a.go", 'package a\n\nconst (\n\ta = 1\n\tt = "s3cr-3t"\n)\n'),
        ("a.go", 'package a\n\nvar t = `"s3cr-3t"`\n'),
        ("A.java", '@Value("s3cr-3t")\n'),
        ("A.java", 'String a = """\n "s3cr-3t" """;\n'),
        ("a.kt", 'const val P = "s3cr-3t"\n'),
        ("a.php", "<?php\nclass A { private ?string $p = 's3cr-3t'; }\n"),
        ("a.php", "<?php\nfunction f($p = 's3cr-3t') {}\n"),
        ("a.php", '<input value="s3cr-3t">\n'),
        ("a.cs", 'const string P = "s3cr-3t";\n'),
        ("a.cs", 'var p = @"s3cr-3t";\n'),
        ("a.cs", 'void F(string p = "s3cr-3t") {}\n'),
        ("a.cs", '[Attr("s3cr-3t")]\n'),
        ("a.cs", 'void F(\n  string p = "s3cr-3t",\n  int q = 1) {}\n'),
        ("a.py", "P = f\"{g('s3cr-3t')}\"\n"),
        ("a.py", 'def f(os):\n    return "s3cr-3t"\n'),
        ("a.py", 'def f():\n    import os\n    return "s3cr-3t"\n'),
        ("a.py", 'from x import os\nP = "s3cr-3t"\n'),
        ("a.py", '"""doc"""; P = "s3cr-3t"\n'),
        ("a.py", "P = [" + "'a', " * 200 + '"s3cr-3t"]\n'),  # a line that nobody wrote
        ("a.js", 'case"x":return"s3cr-3t"\n'),
        ("a.js", 'a = <Map token="s3cr-3t" />\n'),
        ("a.js", "a = b ? 's3cr-3t' : 'x';\n"),
        ("a.js", "class A {\n  static 's3cr-3t' = 1\n}\n"),
        ("a.js", 'export { x as "s3cr-3t" }\n'),
        ("a.js", '/"s3cr-3t"/.test(b)\n'),
        ("a.ts", 'enum A {\n  B = "s3cr-3t",\n}\n'),
        ("a.ts", 'type T = "s3cr-3t"\n'),
        ("a.ts", "const t = 's3cr-3t' as const;\n"),
        ("a.ts", "let t: 's3cr-3t' | 'b'\n"),
        ("a.go", 'package a\n\nfunc f() {\n\tconst (\n\t\tt = "s3cr-3t"\n\t)\n}\n'),
        ("a.go", 'package a\n\n// #include <x.h>\nimport "C"\n\nvar t = "s3cr-3t"\n'),
        ("a.go", 'package a\n\nfunc f(os int) string {\n\tt := "s3cr-3t"\n\treturn t\n}\n'),
        ("a.go", 'package a; var t = "s3cr-3t"\n'),
        ("A.java", '@A(\n  x = "s3cr-3t",\n  y = 1)\n'),
        ("a.scala", 'val p = s"s3cr-3t"\n'),
        ("a.rb", "a = <<~X\n  password: 's3cr-3t'\nX\n"),
        ("a.rb", 'a = "abc" "s3cr-3t"\n'),
        ("a.rb", "{ 's3cr-3t': 2 }\n"),
        ("a.php", "<?php\nclass A {\n  public $d = array(\n    'password' => 's3cr-3t',\n  );\n}\n"),
        ("a.php", "<?php\nfunction f(\n  string $key = 's3cr-3t',\n) {}\n"),
        ("a.php", "<?php\n$a = <<<X\n{\"password\": 's3cr-3t'}\nX;\n"),
        ("a.php", '<?php f(); ?>\n<input value="s3cr-3t">\n'),
        ("a.php", "<?php\nenum E: string { case A = 's3cr-3t'; }\n"),
    ],
)
def test_where_it_may_not_be_exchanged_a_person_has_to_look(path: str, text: str) -> None:
    assert edited(path, text) is None


def test_places_that_are_not_there_have_no_text() -> None:
    assert literal_at("a.py", 'P = "s3cr-3t"\n', 7, 1, 3) is None
    assert literal_at("a.py", 'P = "s3cr-3t"\n', 1, 600, 700) is None
    assert literal_at("a.py", "P = " + '"s3cr-3t"' + " " * 3_000_000, 1, 6, 13) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('DATABASE_PASSWORD = "s3cr-3t"', "DATABASE_PASSWORD"),
        ('const githubToken = "s3cr-3t"', "GITHUB_TOKEN"),
        ('githubToken := "s3cr-3t"', "GITHUB_TOKEN"),
        ('  "smtp-password": "s3cr-3t"', "SMTP_PASSWORD"),
        ('self.apiURLKey = "s3cr-3t"', "API_URL_KEY"),
        ('config["dbPass"] = "s3cr-3t"', "DB_PASS"),
        ('private static String dbPassword = "s3cr-3t"', "DB_PASSWORD"),
        ('key: str | None = "s3cr-3t"', "KEY"),
        ('connect("s3cr-3t")', ""),
        ('密码 = "s3cr-3t"', ""),
        ('x = "s3cr-3t"', ""),
    ],
)
def test_the_variable_is_called_what_the_program_calls_it(text: str, name: str) -> None:
    at = text.index(WORD)
    assert variable_name(text, Literal(at - 1, at + len(WORD) + 1)) == name


@pytest.mark.parametrize("text", ["a:" + " " * 3_000, 'var d="' + "A" * 40_000, "a: " * 2_000, "a." * 5_000])
def test_a_name_is_found_in_no_time(text: str) -> None:
    """Of a bundle in one line; a pattern that goes back and forth took minutes."""
    whole = f'{text}"{WORD}"'
    assert len(variable_name(whole, Literal(len(text), len(whole)))) < 100
    assert literal_at("a.js", whole, 1, len(text) + 2, len(text) + 2 + len(WORD)) is None

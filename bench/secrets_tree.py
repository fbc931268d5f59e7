"""A tree like those that people scan: sources, JSON, minified scripts, lock files, binaries; new bytes for every seed."""

# ruff: noqa: E501, Q003 - the lines of many languages, as they are

import random
import string
from collections.abc import Callable
from pathlib import Path

_SYLLABLES = "ba co di fu gen ha in jo ker lo man net or pro qua re set tor un ver wi ex ya zu al ent ion str map key val buf ctx req res".split()  # noqa: SIM905 - a list of words
_SHARES = (
    (14, "go"), (12, "py"), (12, "ts"), (10, "java"), (8, "c"), (6, "yaml"), (6, "md"), (10, "json"), (8, "min.js"), (6, "lock"), (8, "bin"),
)  # fmt: skip
_LINES: dict[str, tuple[str, ...]] = {
    "go": ("func (s *{A}) {B}(ctx context.Context, {c} string) ({d} *{A}, err error) {{", "\tif err := s.{c}.{B}({d}, {n}); err != nil {{",
           "\t\treturn nil, fmt.Errorf(\"{c} {d} %s: %w\", {e}, err)", "\t{c} := map[string]{A}{{\"{d}\": {e}.{B}({n})}}", "}}"),
    "py": ("def {c}_{d}(self, {e}: str = \"{c}\") -> {A}:", "    {c} = self._{d}.get(\"{e}\", {n})", "    return [{c}.{d} for {c} in {e} if {c} != {n}]",
           "        raise {A}Error(f\"no {c} for {{{d}}}\")"),
    "ts": ("export const {c}{B} = async ({d}: {A}): Promise<{A}[]> => {{", "  const {{ {c}, {d} }} = await this.{e}.{c}<{A}>(`/{d}/${{{e}}}`);",
           "  return {c}.map(({d}) => ({{ ...{d}, key: {d}.{e} }}));", "}};"),
    "java": ("  private final {A}<{B}> {c}{B} = new {A}<>({n});", "  public {B} get{A}(final String {c}, int {d}) throws {A}Exception {{",
             "    return {c}.stream().filter(x -> x.{d}() > {n}).collect(Collectors.toList());", "  }}"),
    "c": ("static int {c}_{d}(struct {e} *p, size_t {c}_len)", "\tif (p->{c} == NULL || p->{d}[{n}] < 0x{x}) goto out;", "#define {C}_{D}_MAX {n}",
          "\tmemcpy(p->{c}, {d}_buf + {n}, sizeof(*p->{c})); /* {e} {c} {d} */"),
    "yaml": ("  - name: {c}-{d}", "    image: registry.example/{c}/{d}:{n}", "      {c}: \"{d}\""),
    "md": ("The {c} {d} of a {e} is set with `{c}.{d}` and must be less than {n}; see [{e}](../{c}/{d}.md).", "", "## {A} and {B}", "    $ {c} --{d}={n} {e}"),
    "json": ("  \"{c}{B}\": {{\"{d}\": [{n}, {n}, \"{e}\"], \"{e}Id\": \"{u}\"}},", "  \"{c}\": \"{d} {e} {c}\", \"url\": \"https://{c}.example/{d}?{e}={n}\","),
    "lock": ("    \"{c}-{d}\": {{\"version\": \"{n}.{n}.{n}\", \"resolved\": \"https://registry.example/{c}/-/{c}-{n}.tgz\", \"integrity\": \"sha512-{s}==\"}},",
             "{c}-{d} v{n}.{n}.{n} h1:{s}=", "    --hash=sha256:{h} \\"),
}  # fmt: skip


_SPOKEN = (
    "token := parser.Next()", "password = getpass(\"{c}: \")", "this.apiKey = options.apiKey ?? process.env.{c}_key;", "// the {c} token of {d}",
    "@Value(\"${{{c}.{d}.secret}}\") String secret;", "secretKeyRef: {{name: {c}, key: {d}}}", "password: ${{{{ secrets.{c} }}}}", "{c}.setPassword({d}.{e});",
)  # fmt: skip
"""Lines that speak of secrets and hold none; one in a hundred lines is such."""


def write_tree(folder: Path, size: int, seed: int) -> tuple[int, int]:
    """Write files of about so many bytes together; their number and what they really have."""
    rng = random.Random(seed)  # noqa: S311 - seeded on purpose
    makers = {kind: _maker(kind, rng) for _, kind in _SHARES}
    kinds = [kind for share, kind in _SHARES for _ in range(share)]
    files = total = 0
    while total < size:
        kind = rng.choice(kinds)
        data = makers[kind](_length(kind, rng))
        if kind != "bin" and rng.random() < 0.003:
            data += b'\nservice_token = "%s"\n' % _digits(rng, "gh" + "p_", 36).encode()
        place = folder / f"{rng.choice(_SYLLABLES)}{files // 400}" / rng.choice(_SYLLABLES)
        if files % 400 < 36:
            place.mkdir(parents=True, exist_ok=True)
        elif not place.exists():
            place = folder / f"more{files // 400}"
            place.mkdir(exist_ok=True)
        (place / f"{_name(rng)}{files}.{kind}").write_bytes(data)
        files, total = files + 1, total + len(data)
    return files, total


def _length(kind: str, rng: random.Random) -> int:
    """Most files are small; those that machines write are not."""
    if kind in {"min.js", "lock", "bin"}:
        return int(min(rng.lognormvariate(10.5, 1.2), 4_000_000))
    return int(min(rng.lognormvariate(8.4, 1.1), 400_000))


def _maker(kind: str, rng: random.Random) -> Callable[[int], bytes]:
    """What writes texts of a kind, out of some thousand lines that are new for every seed."""
    if kind == "bin":
        noise = rng.randbytes(1 << 20)
        return lambda size: (
            (head := rng.randbytes(64)) + noise[(at := rng.randrange(1 << 19)) : at + min(size, 1 << 19)] + head
        )
    if kind == "min.js":
        parts = [_minified(rng).encode() for _ in range(4000)]
        return lambda size: b"".join(rng.choices(parts, k=size // 90 + 1))
    lines = [
        (_filled(rng.choice(_SPOKEN if rng.random() < 0.01 else _LINES[kind]), rng) + "\n").encode()
        for _ in range(6000)
    ]
    mean = sum(map(len, lines)) // len(lines)
    return lambda size: b"".join(rng.choices(lines, k=size // mean + 1))


def _filled(line: str, rng: random.Random) -> str:
    c, d, e = (_name(rng) for _ in range(3))
    return line.format(
        A=c.title(), B=d.title(), C=c.upper(), D=d.upper(), c=c, d=d, e=e, n=rng.randrange(4000), x=f"{rng.randrange(1 << 16):x}",
        h=rng.randbytes(32).hex(), s=_digits(rng, "", 86), u=f"{rng.randbytes(4).hex()}-{rng.randbytes(2).hex()}-4{rng.randbytes(2).hex()[1:]}",
    )  # fmt: skip


def _minified(rng: random.Random) -> str:
    a, b, c = (rng.choice(string.ascii_letters) for _ in range(3))
    word, other = _name(rng), _name(rng)
    return f'function {a}({b},{c}){{return {b}.{word}({c}=>{c}.{other}||"{word}")}}var {a}={{{word}:!0,{other}:{rng.randrange(999)}}};'


def _name(rng: random.Random) -> str:
    return "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))


def _digits(rng: random.Random, prefix: str, count: int) -> str:
    return prefix + "".join(rng.choices(string.ascii_letters + string.digits, k=count))

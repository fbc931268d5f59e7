"""Commands of the package managers that have no file of their own here, one for each."""

from shlex import quote

from fourc.vulns.commands.asked import Asked, Command, Near, joined, parted
from fourc.vulns.upgrade import Jump


def cargo(asked: list[Asked], near: Near) -> Command:
    """`cargo update --precise`, and `cargo add` where `Cargo.toml` forbids the version.

    https://doc.rust-lang.org/cargo/commands/cargo-update.html, https://doc.rust-lang.org/cargo/commands/cargo-add.html
    """
    lines: list[str] = []
    certain = exact = True
    for one in asked:
        if not one.under and (one.jump is Jump.MAJOR or near.pins("cargo-toml", "Cargo.toml", one, bare=False)):
            pin = "=" if near.pins("cargo-toml", "Cargo.toml", one, bare=False) else ""
            exact = exact and bool(pin)
            lines.append(f"cargo add{' --dev' if one.dev else ''} {quote(f'{one.name}@{pin}{one.new}')}")
        elif one.jump is Jump.MAJOR:
            lines.append(f"cargo update -p {quote(one.under)}")
            certain = exact = False
        else:
            lines.append(f"cargo update -p {quote(f'{one.name}@{one.old}')} --precise {quote(one.new)}")
            certain = certain and not one.under
    return Command(joined(*dict.fromkeys(lines)), certain, exact)


def go(asked: list[Asked], near: Near) -> Command:
    """`go mod tidy`, after which `go.sum` knows what `go.mod` asks for (https://go.dev/ref/mod#go-mod-tidy)."""
    del near
    modules = [one for one in asked if one.name != "stdlib"]
    return Command("go mod tidy" if modules else "")


def go_get(asked: list[Asked], near: Near) -> Command:
    """`go get`, for modules that `go.mod` does not name because their project is from before Go 1.17."""
    del near
    return Command(f"go get {' '.join(one.at for one in asked)} && go mod tidy")


def composer(asked: list[Asked], near: Near) -> Command:
    """`composer require` where `composer.json` forbids the version, else `composer update --with`.

    https://getcomposer.org/doc/03-cli.md
    """
    pinned = [
        one
        for one in asked
        if not one.under and (one.jump is Jump.MAJOR or near.pins("composer-json", "composer.json", one, bare=True))
    ]
    rest = [one for one in asked if one not in pinned]
    lines = [
        f"composer require{' --dev' if dev else ''} -W {' '.join(_required(one, near) for one in some)}"
        for dev in (False, True)
        if (some := [one for one in pinned if one.dev is dev])
    ]
    if rest:
        limits = " ".join(f"--with {quote(f'{one.name}:{one.new}')}" for one in rest)
        lines.append(f"composer update {_names(rest)} {limits}")
    return Command(joined(*lines), certain=not rest)


def bundler(asked: list[Asked], near: Near) -> Command:
    """`bundle update --conservative`: the named gems, and of others only what they cannot do without."""
    del near
    return Command(f"bundle update {_names(asked)} --conservative", certain=False, exact=False)


def dotnet(asked: list[Asked], near: Near) -> Command:
    """`dotnet add package`: a package that comes with another is then asked for directly, which is NuGet's own advice.

    https://learn.microsoft.com/nuget/concepts/auditing-packages
    """
    del near
    return Command(
        joined(*(f"dotnet add package {quote(one.name)} --version {quote(one.new)}" for one in asked)),
    )


def mix(asked: list[Asked], near: Near) -> Command:
    """`mix deps.update` (https://hexdocs.pm/mix/Mix.Tasks.Deps.Update.html)."""
    del near
    return Command(f"mix deps.update {_names(asked)}", certain=False, exact=False)


def pub(asked: list[Asked], near: Near) -> Command:
    """`dart pub add` for what is asked for, `dart pub upgrade` for the rest (https://dart.dev/tools/pub/cmd)."""
    del near
    direct, below = parted(asked)
    adds = " ".join(quote(f"{'dev:' if one.dev else ''}{one.name}:^{one.new}") for one in direct)
    lines = [f"dart pub add {adds}" if direct else "", f"dart pub upgrade {_names(below)}" if below else ""]
    return Command(joined(*lines), certain=not below, exact=False)


def pod(asked: list[Asked], near: Near) -> Command:
    """`pod update` (https://guides.cocoapods.org/terminal/commands.html#pod_update)."""
    del near
    return Command(f"pod update {_names(asked)}", certain=False, exact=False)


def swift(asked: list[Asked], near: Near) -> Command:
    """`swift package update` (https://docs.swift.org/swiftpm/documentation/packagemanagerdocs/)."""
    del near
    names = " ".join(quote(one.name.rpartition("/")[2]) for one in asked)
    return Command(f"swift package update {names}", certain=False, exact=False)


def go_vendored(asked: list[Asked], near: Near) -> Command:
    """`go get`, after which the modules are copied anew (https://go.dev/ref/mod#go-mod-vendor)."""
    del near
    return Command(f"cd .. && go get {' '.join(one.at for one in asked)} && go mod tidy && go mod vendor")


def rebar(asked: list[Asked], near: Near) -> Command:
    """`rebar3 upgrade` (https://rebar3.org/docs/commands/#upgrade)."""
    del near
    return Command(f"rebar3 upgrade {','.join(quote(one.name) for one in asked)}", certain=False, exact=False)


def carthage(asked: list[Asked], near: Near) -> Command:
    """`carthage update` (https://github.com/Carthage/Carthage#quick-start)."""
    del near
    names = " ".join(quote(one.name.rpartition("/")[2]) for one in asked)
    return Command(f"carthage update {names}", certain=False, exact=False)


def gradle(asked: list[Asked], near: Near) -> Command:
    """`--update-locks` (https://docs.gradle.org/current/userguide/dependency_locking.html)."""
    wrapper = "./gradlew" if near.beside("gradlew") else "gradle"
    return Command(f"{wrapper} dependencies --update-locks {quote(','.join(one.name for one in asked))}", certain=False)


def renv(asked: list[Asked], near: Near) -> Command:
    """`renv::install` and a new snapshot (https://rstudio.github.io/renv/reference/install.html)."""
    del near
    packages = ", ".join(f'"{one.name}@{one.new}"' for one in asked)
    return Command(f"Rscript -e {quote(f'renv::install(c({packages})); renv::snapshot()')}")


def julia(asked: list[Asked], near: Near) -> Command:
    """`Pkg.add` with the version (https://pkgdocs.julialang.org/v1/api/#Pkg.add)."""
    del near
    adds = "; ".join(f'Pkg.add(name="{one.name}", version="{one.new}")' for one in asked)
    return Command(f"julia --project=. -e {quote(f'using Pkg; {adds}')}")


def conan(asked: list[Asked], near: Near) -> Command:
    """`conan lock update` (https://docs.conan.io/2/reference/commands/lock.html)."""
    del near
    return Command(
        "conan lock update " + " ".join(f"--requires={quote(f'{one.name}/{one.new}')}" for one in asked), certain=False
    )


def _required(one: Asked, near: Near) -> str:
    exact = near.pins("composer-json", "composer.json", one, bare=True)
    return quote(f"{one.name}:{'' if exact else '^'}{one.new}")


def _names(asked: list[Asked]) -> str:
    return " ".join(dict.fromkeys(quote(one.name) for one in asked))

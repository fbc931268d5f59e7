"""Bundler's and Composer's files, in the shape in which these tools write them."""

import pytest
from tests.collect.packages.listed import lines, needed, of, told

from fourc.collect.packages.forms import forms_of
from fourc.model.package import Listing, Project

GEMFILE = """source "https://packages.example.com"

gem "rack", "2.2.3"
gem 'rails', '~> 6.1', '>= 6.1.0'
gem "mine", path: "mine"

group :development, :test do
  gem "rake", "= 13.0.6"
  gem "fork", git: "https://example.org/fork.git"
end

gem "pry", "0.14.0", group: :development
gem "both", "1.0.0", groups: [:default, :test]
"""
LOCK = """GIT
  remote: https://example.org/fork.git
  revision: 0123456789abcdef0123456789abcdef01234567
  specs:
    fork (0.3.0)
      rack (>= 1)

PATH
  remote: mine
  specs:
    mine (0.1.0)
      nokogiri

GEM
  remote: https://packages.example.com/
  specs:
    nokogiri (1.13.1)
      mini_portile2 (~> 2.7.0)
      racc (~> 1.4)
    nokogiri (1.13.1-x86_64-linux)
      racc (~> 1.4)
    mini_portile2 (2.7.1)
    racc (1.6.0)
    rack (2.2.3)
    rake (13.0.6)
    sorbet-static (0.5.9-universal-darwin-21)
    jruby-openssl (0.14.0-java)
    pre (1.0.0.rc-1)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  fork!
  mine!
  rack (= 2.2.3)
  rake (= 13.0.6)

CHECKSUMS
  rack (2.2.3) sha256=0123

RUBY VERSION
   ruby 3.1.2p20

BUNDLED WITH
   2.3.15
"""
COMPOSER = """{
    "packages": [
        {
            "name": "Monolog/monolog",
            "version": "v1.25.1",
            "require": {"php": ">=5.3.0", "psr/log": "~1.0"},
            "license": ["MIT"]
        },
        {
            "name": "psr/log",
            "version": "1.1.0",
            "license": "MIT"
        },
        {
            "name": "a/branch",
            "version": "dev-main"
        }
    ],
    "packages-dev": [
        {
            "name": "phpunit/php-timer",
            "version": "2.1.2"
        }
    ],
    "platform": {"php": ">=7.2"}
}
"""


def said(path: str, text: str, **near: str) -> Listing:
    """The listing of a file that the test writes."""
    (form,) = forms_of(path, installed=True)
    return form.read(of(path, text, **near))


def test_gems_are_told_once_for_all_platforms_and_those_of_the_project_never() -> None:
    listing = said("Gemfile.lock", LOCK, Gemfile=GEMFILE)
    assert told(listing) == {
        "fork 0.3.0 dev direct",
        "nokogiri 1.13.1 direct",
        "mini_portile2 2.7.1",
        "racc 1.6.0",
        "rack 2.2.3 direct",
        "rake 13.0.6 dev direct",
        "sorbet-static 0.5.9",
        "jruby-openssl 0.14.0",
        "pre 1.0.0.rc-1",
    }
    assert needed(listing) == {
        "fork 0.3.0 > rack 2.2.3",
        "nokogiri 1.13.1 > mini_portile2 2.7.1",
        "nokogiri 1.13.1 > racc 1.6.0",
    }
    assert lines(listing)["racc"] == 23
    assert " dev" not in " ".join(told(said("gems.locked", LOCK)))


def test_a_gemfile_pins_exact_versions_and_groups_are_for_development() -> None:
    listing = said("Gemfile", GEMFILE)
    assert told(listing) == {
        "rack 2.2.3 direct",
        "rake 13.0.6 dev direct",
        "pry 0.14.0 dev direct",
        "both 1.0.0 direct",
    }
    assert lines(listing) == {"rack": 3, "rake": 8, "pry": 12, "both": 13}
    assert listing.unresolved == ("rails",)


def test_blocks_within_others_inherit_what_is_said_around_them() -> None:
    listing = said(
        "Gemfile",
        """group :test do
  platforms :ruby do
    gem "a", "1.0"
  end
  group :production do
    gem "b", "1.0"
  end
  git "https://example.org/c.git" do
    group :development do
      gem "c"
    end
    gem "d"
  end
  gem "e", "1.0"
end
gem "f", "1.0"
""",
    )
    assert told(listing) == {"a 1.0 dev direct", "b 1.0 direct", "e 1.0 dev direct", "f 1.0 direct"}
    assert listing.unresolved == ()


def test_blocks_that_are_never_closed_are_no_more_work_than_others() -> None:
    listing = said("Gemfile", "git 'x' do\n  gem 'a'\n" * 30_000)
    assert listing.unresolved == ()


def test_gems_of_folders_and_repositories_are_not_left_open_wherever_that_is_said() -> None:
    listing = said(
        "Gemfile",
        """ruby "3.1.2"
gem "puma"  # path: is what a comment says
gem "forked",
    # why
    git: "https://example.org/forked.git",
    branch: "main"
gem "old", :github => "a/old"
path "components" do
  gem "component"
end
source "https://gems.example.com" do
  gem "private", "~> 1.0"
end
gem "chosen", ENV["CHOSEN"]
gem "range",
  ">= 1.0"
""",
    )
    assert (told(listing), listing.unresolved) == (set(), ("puma", "private", "chosen", "range"))


def test_an_installed_gem_is_told_by_its_specification() -> None:
    text = """# -*- encoding: utf-8 -*-
Gem::Specification.new do |s|
  s.name = "rake".freeze
  s.version = "13.0.6"
  s.licenses = ["MIT".freeze]
  s.add_runtime_dependency(%q<x>.freeze, ["~> 1.0"])
end
"""
    path = "usr/lib/ruby/gems/3.1.0/specifications/default/rake-13.0.6.gemspec"
    (package,) = said(path, text).packages
    assert (package.name, package.version, package.line, package.licences) == ("rake", "13.0.6", 4, ("MIT",))


def test_composer_tells_packages_by_the_names_that_packagist_has() -> None:
    manifest = '{"name": "acme/shop", "require": {"monolog/monolog": "^1"}, "require-dev": {"phpunit/php-timer": "*"}}'
    listing = said("composer.lock", COMPOSER, **{"composer.json": manifest})
    assert told(listing) == {
        "monolog/monolog 1.25.1 direct",
        "psr/log 1.1.0",
        "a/branch dev-main",
        "phpunit/php-timer 2.1.2 dev direct",
    }
    assert needed(listing) == {"monolog/monolog 1.25.1 > psr/log 1.1.0"}
    assert lines(listing) == {"monolog/monolog": 4, "psr/log": 10, "a/branch": 15, "phpunit/php-timer": 21}
    assert listing.packages[0].licences == ("MIT",)
    assert listing.project == Project("Packagist", "acme/shop")


def test_what_composer_installed_is_a_list_or_an_object_that_holds_one() -> None:
    path = "vendor/composer/installed.json"
    one = '[{"name": "a/b", "version": "1.0.0"}]'
    assert told(said(path, one)) == {"a/b 1.0.0"}
    two = '{"packages": [{"name": "a/b", "version": "1.0.0"}, {"name": "c/d", "version": "2.0"}], "dev-package-names": ["c/d"]}'
    assert told(said(path, two)) == {"a/b 1.0.0", "c/d 2.0 dev"}


def test_a_composer_manifest_pins_exact_versions() -> None:
    text = """{"name": "acme\\/shop",
 "require": {"php": "8.1.0", "a/b": "1.2.3", "c/d": "^1.0", "e/f": "v2.0.0-RC1", "g/h": "1.0.*"},
 "require-dev": {"i\\/j": "=3.1"}}"""
    listing = said("composer.json", text)
    assert told(listing) == {"a/b 1.2.3 direct", "e/f 2.0.0-RC1 direct", "i/j 3.1 dev direct"}
    assert lines(listing)["i/j"] == 3
    assert listing.unresolved == ("c/d", "g/h")


@pytest.mark.parametrize(
    "repositories",
    [
        '[{"type": "vcs", "url": "packages/b"}, {"type": "path", "url": "packages/*"}, {"type": "path", "url": "../tool"}]',
        '{"own": {"type": "path", "url": "packages/*"}, "other": {"type": "path", "url": "../tool"}, "packagist.org": false}',
    ],
)
def test_a_composer_manifest_leaves_no_platform_open_and_nothing_that_lies_in_a_folder(repositories: str) -> None:
    required = (
        '"php": ">=8", "ext-json": "*", "composer-plugin-api": "^2", "acme/Core": "@dev", "acme/made": "*", "a/b": "*"'
    )
    near = {
        "packages/Core/composer.json": '{"name": "acme/core"}',
        "packages/b/composer.json": '{"name": "acme/b"}',
        "../tool/composer.json": '{"name": "acme/made"}',
    }
    listing = said("composer.json", f'{{"require": {{{required}}}, "repositories": {repositories}}}', **near)
    assert (told(listing), listing.unresolved) == (set(), ("a/b",))

"""Writes docs/reference/commands.md and the table in certification-rules.md from the code.

    .venv/bin/python -m bench.reference [--check]

With --check nothing is written; the command fails when a page does not match the code.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.testing import CliRunner

from skill.cli import main as askable

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
COMMANDS, RULES = FOLDER / "commands.md", FOLDER / "certification-rules.md"
PREFIX = "ASKABLE"
# A default that only the help text names: "Compiled models [./interaction_model]."
_DEFAULT = re.compile(r"(?P<help>.*?)\s*\[(?P<default>.*)\]\.?$", re.DOTALL)
_RULE_TABLE = re.compile(r"^\| rule \|.*?(?=\n\n)", re.DOTALL | re.MULTILINE)
_INTRODUCTION = """# Commands

This page is generated from the code: `python -m bench.reference`. `askable COMMAND --help` prints
the same text.

Global options come before the command: `askable --voice piper ask "what is oxytocin"`. Options of a
command come after it. Every option has an environment variable; a flag wins over its variable.

Every command exits with 0 on success, with 1 when it reports a problem (one line per problem on
standard error), and with 2 when its options are wrong.
"""


def commands_page() -> str:
    """The reference page of all commands, as Markdown."""
    parts = [_INTRODUCTION, "## Global options\n", *_options(askable, PREFIX)]
    for name, command in sorted(askable.commands.items()):
        context = click.Context(command, info_name=f"askable {name}")
        usage = " ".join(command.collect_usage_pieces(context))
        parts.append(f"\n## askable {name}\n")
        parts.append(f"```\naskable {name} {usage}\n```\n")
        parts.append(f"{_prose(command.help or '')}\n")
        parts += _options(command, f"{PREFIX}_{name.upper().replace('-', '_')}")
    return "\n".join(parts) + "\n"


def rules_page() -> str:
    """The page of certification rules with the current table of rules."""
    table = CliRunner().invoke(askable, ["check", "--table"], catch_exceptions=False).stdout
    page = RULES.read_text(encoding="utf-8")
    return _RULE_TABLE.sub(lambda _: table.strip(), page, count=1)


def _options(command: click.Command, prefix: str) -> Iterator[str]:
    options = [found for found in command.params if isinstance(found, click.Option)]
    shown = [option for option in options if option.name != "version" and not option.hidden]
    if not shown:
        yield "No options."
        return
    yield "| option | default | environment variable | meaning |"
    yield "|---|---|---|---|"
    for option in shown:
        help_text, default = _help_and_default(option)
        cells = (
            f"`{_spelling(option)}`",
            f"`{default}`" if default and " " not in default else default or "–",
            f"`{_variable(option, prefix)}`",
            help_text,
        )
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _help_and_default(option: click.Option) -> tuple[str, str]:
    text = " ".join((option.help or "").split())
    found = _DEFAULT.fullmatch(text)
    default = ""
    if found:
        text, default = f"{found['help'].rstrip('.')}.", found["default"]
    if default.startswith("$"):
        default = ""
    if option.required:
        default = "required"
    elif option.is_flag:
        default = "on" if option.default is True else "off"
    elif isinstance(option.default, (str, int, float)) and option.default != "":
        default = default or str(option.default)
    if isinstance(option.type, click.Choice):
        text += f" One of {', '.join(map(str, option.type.choices))}."
    elif isinstance(option.type, (click.IntRange, click.FloatRange)):
        text += f" Range: {_range(option.type)}."
    return text.strip(), default


def _range(kind: click.IntRange | click.FloatRange) -> str:
    if kind.max is None:
        return f"at least {kind.min:g}"
    return f"{kind.min or 0:g} to {kind.max:g}"


def _spelling(option: click.Option) -> str:
    names = "/".join([*option.opts, *option.secondary_opts])
    if option.is_flag:
        return names
    metavar = option.metavar
    if not metavar:
        if isinstance(option.type, click.Choice):
            metavar = "NAME"
        elif isinstance(option.type, click.types.StringParamType):
            metavar = "TEXT"
        else:
            metavar = "N"
    return f"{names} {metavar}"


def _variable(option: click.Option, prefix: str) -> str:
    if isinstance(option.envvar, str):
        return option.envvar
    return f"{prefix}_{(option.name or '').upper()}"


def _prose(text: str) -> str:
    """A help text as Markdown: click's \\b marks are left out."""
    return "\n\n".join(
        " ".join(paragraph.replace("\b", "").split()) for paragraph in text.split("\n\n")
    )


def main() -> None:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when stale")
    options = parser.parse_args()
    for path, page in ((COMMANDS, commands_page()), (RULES, rules_page())):
        if path.exists() and path.read_text(encoding="utf-8") == page:
            continue
        if options.check:
            sys.exit(f"{path}: does not match the code; run python -m bench.reference")
        path.write_text(page, encoding="utf-8")
        print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()

"""`python -m skill` runs the `askable` command."""

from skill.cli import main

main(prog_name="askable")

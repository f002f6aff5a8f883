"""`python -m skill` is `askable`."""

from skill.cli import main

main(prog_name="askable")

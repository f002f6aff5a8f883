"""The subcommands of `askable`, by what they are for: each parses, calls and prints."""

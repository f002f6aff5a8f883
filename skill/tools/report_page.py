"""The look that every report shares: one HTML page without other files, light and dark. Pure."""

from __future__ import annotations

from html import escape

_STYLE = """
:root { color-scheme: light dark; --ink: #1f2328; --pale: #e6e8eb;
  --good: #0b6e4f; --bad: #b3261e; --soft: #c7ccd1; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6edf3; --pale: #30363d; --good: #3fb984; --bad: #ff7b72; --soft: #57606a; }
}
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); max-width: 60rem; margin: 2rem auto;
  padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { padding: .25rem .75rem; text-align: left; border-bottom: 1px solid var(--pale); }
.scroll { overflow-x: auto; }
svg text { fill: var(--ink); font: 11px system-ui, sans-serif; }
.bad { color: var(--bad); }
"""


def page(title: str, body: str) -> str:
    """A whole page around a body of HTML."""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>{_STYLE}</style></head><body>
{body}</body></html>
"""


def table(heads: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """A table; it scrolls by itself where the screen is narrow."""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    lines = "".join(
        f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>\n" for row in rows
    )
    return f'<div class="scroll"><table><tr>{head}</tr>\n{lines}</table></div>\n'

"""Access control: the page's routes answer the page alone, and its browser loads nothing else."""

from __future__ import annotations

from hmac import compare_digest

from flask import Flask, Response, abort, request

# A site that points its own name at this machine (DNS rebinding) sends that name as host.
LOOPBACK = ["127.0.0.1", "localhost"]
TOKEN_HEADER = "X-Askable-Token"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; media-src blob:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def guard(app: Flask, token: str) -> None:
    """Refuse every request that the page did not make.

    Args:
        app: The page.
        token: A secret of the page, which its posts must carry.
    """
    app.config["TRUSTED_HOSTS"] = LOOPBACK

    @app.before_request
    def _refuse_others() -> None:
        origin = request.headers.get("Origin")
        site = request.headers.get("Sec-Fetch-Site", "none")
        if (origin and origin != request.host_url.rstrip("/")) or site not in (
            "none",
            "same-origin",
        ):
            abort(403, "origin: is another site; open the simulator's own page")
        given = request.headers.get(TOKEN_HEADER, "").encode()
        if request.method not in ("GET", "HEAD") and not compare_digest(given, token.encode()):
            abort(403, f"{TOKEN_HEADER}: is not that of this simulator; reload the page")

    @app.after_request
    def _add_headers(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

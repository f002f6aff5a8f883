from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from skill.simulator.web import TOKEN_HEADER
from tests.support.page_client import OWN, TOKEN, sentence_of

POSTS = ("/tabs", "/tabs/x/say", "/tabs/x/hear", "/tabs/x/silence", "/tabs/x/end", "/replays")


def test_the_page_has_nothing_inline(client: FlaskClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert TOKEN.replace("'", "&#39;") in page.text
    for inline in ("<style", "style=", "onclick", "<script>"):
        assert inline not in page.text
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "Access-Control-Allow-Origin" not in page.headers
    for asset in ("page.css", "conversation.css", "page.js", "recorder.js", "icon.svg"):
        assert client.get(f"/static/{asset}", buffered=True).status_code == 200
    assert client.get("/favicon.ico", buffered=True).mimetype == "image/svg+xml"
    assert client.get("/static/../app.py").status_code == 404


@pytest.mark.parametrize("path", POSTS)
@pytest.mark.parametrize(
    "change",
    [
        {TOKEN_HEADER: "guessed"},
        {TOKEN_HEADER: "gu\u00e9ss"},
        {TOKEN_HEADER: ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:8000"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_post_that_the_page_did_not_make_is_refused(
    client: FlaskClient, path: str, change: dict[str, str]
) -> None:
    refused = client.post(path, headers={**OWN, **change})
    assert refused.status_code == 403
    assert "page" in sentence_of(refused)


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/clips/x", "/tabs/x/record"])
def test_another_site_can_read_nothing(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.get(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    rebound = client.get(path, base_url="http://evil.example")
    assert rebound.status_code == 400
    assert "evil.example" in sentence_of(rebound)


@settings(max_examples=40)
@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=40))
def test_only_the_name_of_this_machine_is_answered(client: FlaskClient, host: str) -> None:
    named = client.get("/", headers={"Host": f"x{host}"})
    assert named.status_code == 400
    assert sentence_of(named)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_give_one_sentence(client: FlaskClient, method: str) -> None:
    refused = client.open("/tabs", method=method, headers=OWN)
    assert refused.status_code == 405
    assert sentence_of(refused)


def test_another_site_is_not_allowed_to_post(client: FlaskClient) -> None:
    asked = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    preflight = client.options("/tabs", headers=asked)
    assert preflight.status_code == 403
    assert "Access-Control-Allow-Origin" not in preflight.headers

"""Each way out says whether it took a message, did not, or whether nobody knows."""

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs
from uuid import uuid4

import pytest
from standardwebhooks import Webhook

from outgoing import BadAddress, Letter, Mail, NotSent, PerhapsSent, Targets, Texts, open_client
from outgoing.webhook import post
from tests.outgoing.postbox import receiving
from tests.outgoing.provider import Provider, providing

NOW = datetime(2026, 2, 10, 8, tzinfo=UTC)
LETTER = Letter(uuid4(), "+491701234567", "Your appointment", "See you on Tuesday, für Jürgen.")
BY_MAIL = Letter(LETTER.key, "ada@example.com", LETTER.subject, LETTER.text)


def twilio(provider: Provider, sender: str = "%2B493012345") -> Texts:
    return Texts(f"http://AC123:s%2Fecret@127.0.0.1:{provider.port}?from={sender}")


@pytest.mark.parametrize(
    ("sender", "field", "value"),
    [("%2B493012345", "From", "+493012345"), ("MG77", "MessagingServiceSid", "MG77")],
)
async def test_a_text_message_is_asked_for_as_twilio_has_it(
    sender: str, field: str, value: str
) -> None:
    async with providing() as provider:
        texts = twilio(provider, sender)
        await texts.send(LETTER)
        await texts.aclose()
    [heard] = provider.heard
    assert heard.path == "/2010-04-01/Accounts/AC123/Messages.json"
    assert heard.headers["authorization"] == (
        f"Basic {base64.b64encode(b'AC123:s/ecret').decode()}"
    )
    form = {name: values[0] for name, values in parse_qs(heard.body.decode()).items()}
    assert form == {"To": LETTER.to, "Body": LETTER.text, field: value}


@pytest.mark.parametrize(
    ("answer", "final"),
    [
        ((400, b'{"code": 21211}'), True),
        ((401, b"no"), True),
        ((429, b""), False),
        ((503, b""), False),
    ],
)
async def test_what_a_provider_refuses_was_not_sent(answer: tuple[int, bytes], final: bool) -> None:
    async with providing() as provider:
        provider.answers = [answer]
        texts = twilio(provider)
        with pytest.raises(NotSent) as refused:
            await texts.send(LETTER)
        await texts.aclose()
    assert refused.value.is_final is final
    assert LETTER.to not in str(refused.value)


@pytest.mark.parametrize("answer", [None, (500, b"oops")])
async def test_a_lost_answer_leaves_open_whether_it_was_sent(
    answer: tuple[int, bytes] | None,
) -> None:
    async with providing() as provider:
        provider.answers = [answer]
        texts = twilio(provider)
        with pytest.raises(PerhapsSent):
            await texts.send(LETTER)
        await texts.aclose()


async def test_who_cannot_be_reached_was_not_asked() -> None:
    async with providing() as provider:
        pass  # and nobody listens there any more
    texts = twilio(provider)
    with pytest.raises(NotSent) as refused:
        await texts.send(LETTER)
    await texts.aclose()
    assert not refused.value.is_final
    mail = Mail(f"smtp://127.0.0.1:{provider.port}?from=a@b.example&tls=never")
    with pytest.raises(NotSent):
        await mail.send(BY_MAIL)


async def test_a_mail_arrives_with_its_umlauts() -> None:
    async with receiving() as postbox:
        await Mail(postbox.url).send(BY_MAIL)
    [mail] = postbox.mails
    assert (mail["To"], mail["From"]) == ("ada@example.com", "desk@praxis.example")
    assert mail["Subject"] == LETTER.subject
    assert mail["Message-ID"] == f"<{LETTER.key}@praxis.example>"
    assert mail.get_content().strip() == LETTER.text


@pytest.mark.parametrize(("said", "final"), [("550 no such user", True), ("451 later", False)])
async def test_what_a_mail_server_refuses_was_not_sent(said: str, final: bool) -> None:
    async with receiving() as postbox:
        postbox.refuses = said
        with pytest.raises(NotSent) as refused:
            await Mail(postbox.url).send(BY_MAIL)
    assert refused.value.is_final is final
    assert "ada" not in str(refused.value)


async def test_a_mail_server_that_dies_over_a_mail_has_perhaps_sent_it() -> None:
    async with receiving() as postbox:
        postbox.says = "hang up"
        with pytest.raises(PerhapsSent):
            await Mail(postbox.url).send(BY_MAIL)


async def test_no_password_goes_to_a_server_without_tls() -> None:
    async with receiving() as postbox:
        url = postbox.url.replace("&tls=never", "").replace("://", "://me:secret@")
        with pytest.raises(NotSent):
            await Mail(url).send(BY_MAIL)
    assert postbox.mails == []


@pytest.mark.parametrize("secret", ["whsec_" + base64.b64encode(b"0" * 24).decode(), "plain text"])
async def test_a_webhook_is_signed_as_the_standard_has_it(secret: str) -> None:
    """Its own library verifies it."""
    async with (
        providing() as provider,
        open_client(Targets([provider.origin])) as http,
    ):
        told = {"type": "message.confirmed", "data": {"text": "für Jürgen"}}
        now = datetime.now(UTC)  # the library compares it with its own clock
        await post(http, f"{provider.origin}/in", told, key=LETTER.key, secret=secret, now=now)
    [heard] = provider.heard
    theirs = secret if secret.startswith("whsec_") else base64.b64encode(secret.encode()).decode()
    assert Webhook(theirs).verify(heard.body, heard.headers) == told
    assert heard.headers["webhook-id"] == str(LETTER.key)
    assert json.loads(heard.body) == told


@pytest.mark.parametrize(
    ("url", "final"), [("http://127.0.0.1:1/in", True), ("https://10.0.0.1/in", True)]
)
async def test_a_webhook_goes_to_no_private_address(url: str, final: bool) -> None:
    async with open_client(Targets()) as http:
        with pytest.raises(NotSent) as refused:
            await post(http, url, {}, key=LETTER.key, secret="s" * 16, now=NOW)
    assert refused.value.is_final is final


async def test_a_webhook_that_redirects_or_fails_was_not_told() -> None:
    async with providing() as provider, open_client(Targets([provider.origin])) as http:
        for status, final in ((302, False), (410, True), (500, False), (429, False)):
            provider.answers = [(status, b"")]
            with pytest.raises(NotSent) as refused:
                await post(http, provider.origin, {}, key=LETTER.key, secret="s" * 16, now=NOW)
            assert refused.value.is_final is final


@pytest.mark.parametrize(
    "url", ["https://api.twilio.com", "https://AC1:secret@host", "https://host?from=1"]
)
def test_an_address_that_lacks_something_is_refused_without_telling_it(url: str) -> None:
    with pytest.raises(BadAddress) as refused:
        Texts(url)
    assert "secret" not in str(refused.value)
    with pytest.raises(BadAddress):
        Mail("smtp://host")

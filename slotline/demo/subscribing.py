"""Has the demo's calendar tell the demo's server of changes, wherever that listens this time."""

from calcom.client import Client, open_http
from calcom.errors import AlreadyExists
from calcom.notice import CHANGES
from slotline.demo.stage import Stage


async def subscribe(stage: Stage) -> None:
    """Make the server the one receiver of webhooks; those of former runs listen no more.

    Raises:
        CalcomError: The stand-in refuses.
    """
    url = f"{stage.base_url}/v1/{stage.business.slug}/calcom/webhook"
    async with open_http(stage.calcom_base_url) as http:
        client = Client(http, api_key=stage.keys["calcom_key"])
        for webhook in await client.webhooks():
            if webhook.subscriber_url != url:
                await client.delete_webhook(webhook.id)
        try:
            secret = stage.keys["calcom_webhook_secret"]
            await client.create_webhook(url, sorted(CHANGES), secret=secret)
        except AlreadyExists:
            return

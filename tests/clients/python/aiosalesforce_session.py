"""Sessions, as aiosalesforce has them."""

import os
import tempfile

import httpx
from aiosalesforce import ClientCredentialsFlow, JwtBearerFlow, Salesforce, SoapLogin
from aiosalesforce.exceptions import AuthenticationError
from checks import check_later, end_sessions, raises_later
from keys import certificate_and_key, register_app

# This client takes My Domain addresses only.
BASE = "https://acme.my.salesforce.com"
VERSION = "68.0"
# The last one in which SOAP has a login.
LAST_WITH_LOGIN = "64.0"


class Loopback(httpx.AsyncHTTPTransport):
    """Brings every request to the served org, which speaks plain http on loopback."""

    def __init__(self, org):
        super().__init__()
        self.base = httpx.URL(org["instance_url"])

    async def handle_async_request(self, request):
        base = self.base
        request.url = request.url.copy_with(scheme=base.scheme, host=base.host, port=base.port)
        request.headers["host"] = f"{base.host}:{base.port}"
        return await super().handle_async_request(request)


def loopback(org):
    return httpx.AsyncClient(transport=Loopback(org), trust_env=False, timeout=60)


def client_with(http, auth, version=VERSION):
    return Salesforce(http, base_url=BASE, auth=auth, version=version)


async def one_user(client):
    users = [row async for row in client.query("SELECT Id FROM User LIMIT 1")]
    assert len(users) == 1


async def connect(http, org):
    register_app(org, "AioSalesforceApp", secret="its secret")
    client = client_with(http, ClientCredentialsFlow("AioSalesforceApp", "its secret"))
    await check_later("session.client-credentials", lambda: one_user(client))
    return client


async def lose_the_session(client, org):
    async def refreshed():
        end_sessions(org)
        await one_user(client)

    await check_later("session.refresh", refreshed)


async def other_logins(http, org):
    async def jwt():
        certificate, key = certificate_and_key()
        register_app(org, "AioSalesforceJwt", certificate=certificate)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "key.pem")
            with open(path, "wb") as file:
                file.write(key)
            await one_user(
                client_with(http, JwtBearerFlow("AioSalesforceJwt", org["username"], path))
            )

    await check_later("session.jwt", jwt)

    def soap(password):
        return client_with(http, SoapLogin(org["username"], password, ""), LAST_WITH_LOGIN)

    await check_later("soap.login", lambda: one_user(soap(org["password"])))

    async def refused():
        wrong = client_with(http, ClientCredentialsFlow("AioSalesforceApp", "not its secret"))
        error = await raises_later(AuthenticationError, lambda: one_user(wrong))
        assert error.error_code in ("invalid_client", "invalid_client_credentials"), error
        error = await raises_later(AuthenticationError, lambda: one_user(soap("no password")))
        assert error.error_code == "INVALID_LOGIN", error

    await check_later("session.refused", refused)

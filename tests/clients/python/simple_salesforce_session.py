"""Sessions and metadata, as simple-salesforce has them."""

import os
import tempfile

import requests
import simple_salesforce
from checks import check, raises
from keys import certificate_and_key, register_app
from requests.adapters import HTTPAdapter
from simple_salesforce.exceptions import SalesforceAuthenticationFailed

VERSION = "68.0"
# The last one in which SOAP has a login.
LAST_WITH_LOGIN = "64.0"


class Loopback(HTTPAdapter):
    """This client builds https addresses only, and logs in at the real service's hosts; the served org speaks plain http on loopback."""

    def __init__(self, org):
        super().__init__()
        self.base = org["instance_url"]

    def send(self, request, **options):
        path = request.url.split("/", 3)[3]
        request.url = f"{self.base}/{path}"
        return super().send(request, **options)


def session_for(org):
    session = requests.Session()
    session.trust_env = False
    session.mount("https://", Loopback(org))
    return session


def host(org):
    return org["instance_url"].removeprefix("http://")


def connect(org):
    """A client with the session that the org announced."""

    def given():
        client = simple_salesforce.Salesforce(
            instance=host(org),
            session_id=org["access_token"],
            session=session_for(org),
            version=VERSION,
        )
        assert client.query("SELECT Id FROM User LIMIT 1")["records"]
        return client

    return check("session.token", given)


def other_logins(org):
    def soap(password):
        return simple_salesforce.Salesforce(
            username=org["username"],
            password=password,
            security_token="",
            session=session_for(org),
            version=LAST_WITH_LOGIN,
        )

    def soap_login():
        client = soap(org["password"])
        assert client.sf_instance.split(":")[1] == host(org).split(":")[1], client.sf_instance
        assert client.query("SELECT Id FROM User LIMIT 1")["records"]

    check("soap.login", soap_login)

    def refused():
        error = raises(SalesforceAuthenticationFailed, lambda: soap("not the password"))
        assert error.code == "INVALID_LOGIN", error

    check("session.refused", refused)
    check("session.jwt", lambda: jwt_login(org))
    check("session.client-credentials", lambda: client_credentials(org))


def jwt_login(org):
    certificate, key = certificate_and_key()
    register_app(org, "SimpleSalesforceJwt", certificate=certificate)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "key.pem")
        with open(path, "wb") as file:
            file.write(key)
        client = simple_salesforce.Salesforce(
            username=org["username"],
            consumer_key="SimpleSalesforceJwt",
            privatekey_file=path,
            session=session_for(org),
            version=VERSION,
        )
    assert client.query("SELECT Id FROM User LIMIT 1")["records"]


def client_credentials(org):
    register_app(org, "SimpleSalesforceApp", secret="its secret")
    client = simple_salesforce.Salesforce(
        domain="acme.my",
        consumer_key="SimpleSalesforceApp",
        consumer_secret="its secret",
        session=session_for(org),
        version=VERSION,
    )
    assert client.query("SELECT Id FROM User LIMIT 1")["records"]


def read_metadata(client):
    def global_describe():
        names = {item["name"] for item in client.describe()["sobjects"]}
        assert {"Account", "Contact", "Case"} <= names, names

    check("metadata.global", global_describe)

    def describe():
        fields = {field["name"]: field for field in client.Account.describe()["fields"]}
        assert fields["Name"]["nillable"] is False
        assert fields["ERP_Key__c"]["externalId"] is True

    check("metadata.describe", describe)

    def basic():
        answer = client.Account.metadata()
        assert answer["objectDescribe"]["name"] == "Account"
        assert "recentItems" in answer

    check("metadata.basic", basic)

    def limits():
        assert client.limits()["DailyApiRequests"]["Max"] == 15000

    check("metadata.limits", limits)

    def usage():
        usage = client.api_usage["api-usage"]
        assert usage.total == 15000 and usage.used > 0, usage

    check("metadata.usage", usage)

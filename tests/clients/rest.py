"""simple-salesforce against one served org: metadata, query pages, rows, collections, replication, errors."""

import datetime
import json
import os
import urllib.request

import requests
import simple_salesforce
from requests.adapters import HTTPAdapter
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceMalformedRequest,
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)

ORG = json.loads(os.environ["ORG"])
HOST = ORG["instance_url"].removeprefix("http://")


class PlainHttp(HTTPAdapter):
    """This client builds https addresses only; the served org speaks plain http on loopback."""

    def send(self, request, **options):
        request.url = request.url.replace("https://", "http://", 1)
        return super().send(request, **options)


def connect():
    session = requests.Session()
    session.trust_env = False
    session.mount(f"https://{HOST}", PlainHttp())
    return simple_salesforce.Salesforce(
        instance=HOST, session_id=ORG["access_token"], session=session, version="68.0"
    )


def refused(error, call):
    try:
        call()
    except error as caught:
        return caught
    raise AssertionError(f"no {error.__name__}")


def read_metadata(org):
    names = {item["name"] for item in org.describe()["sobjects"]}
    assert {"Account", "Contact", "Case"} <= names, names
    fields = {field["name"]: field for field in org.Account.describe()["fields"]}
    assert fields["Name"]["nillable"] is False
    assert fields["ERP_Key__c"]["externalId"] is True
    assert org.Account.metadata()["objectDescribe"]["name"] == "Account"
    assert org.limits()["DailyApiRequests"]["Max"] == 15000
    assert org.api_usage["api-usage"].total == 15000


def read_rows(org):
    first = org.query("SELECT Id, Name FROM Account")
    assert not first["done"] and first["nextRecordsUrl"]
    more = org.query_more(first["nextRecordsUrl"], identifier_is_url=True)
    assert more["records"]
    everything = org.query_all("SELECT Id, Name FROM Account")
    assert len(everything["records"]) == everything["totalSize"] >= 2500
    assert sum(1 for _ in org.query_all_iter("SELECT Id FROM Account")) == everything["totalSize"]
    found = org.query(
        simple_salesforce.format_soql("SELECT Id FROM Account WHERE Name = {}", "It's \\ nobody")
    )
    assert found["totalSize"] == 0


def write_rows(org):
    created = org.Account.create({"Name": "Made by simple-salesforce"})
    assert created["success"] is True
    identifier = created["id"]
    assert org.Account.update(identifier, {"Phone": "+1 555"}) == 204
    assert org.Account.get(identifier)["Phone"] == "+1 555"
    assert org.Account.delete(identifier) == 204
    refused(SalesforceResourceNotFound, lambda: org.Account.get(identifier))

    assert org.Account.upsert("ERP_Key__c/PY-1", {"Name": "Upserted"}) == 201
    assert org.Account.upsert("ERP_Key__c/PY-1", {"Name": "Upserted again"}) == 200
    found = org.Account.get_by_custom_id("ERP_Key__c", "PY-1")
    assert found["Name"] == "Upserted again"

    results = org.restful(
        "composite/sobjects",
        method="POST",
        json={
            "allOrNone": False,
            "records": [
                {"attributes": {"type": "Account"}, "Name": "Collected", "ERP_Key__c": "PY-2"},
                {"attributes": {"type": "Account"}, "Name": "Twice", "ERP_Key__c": "PY-2"},
            ],
        },
    )
    assert [result["success"] for result in results] == [True, False], results
    assert results[1]["errors"][0]["statusCode"] == "DUPLICATE_VALUE", results
    return identifier


def read_errors(org):
    wrong = refused(SalesforceMalformedRequest, lambda: org.Account.create({"Phone": "1"}))
    assert wrong.content[0]["errorCode"] == "REQUIRED_FIELD_MISSING", wrong.content
    wrong = refused(SalesforceMalformedRequest, lambda: org.query("SELECT Nothing FROM Account"))
    assert wrong.content[0]["errorCode"] == "INVALID_FIELD", wrong.content
    for name in ("Twin A", "Twin B"):
        org.Account.create({"Name": name, "Legacy_Code__c": "TWIN"})
    refused(
        SalesforceMoreThanOneRecord,
        lambda: org.Account.upsert("Legacy_Code__c/TWIN", {"Name": "Which"}),
    )


def read_changes(org, removed):
    now = datetime.datetime.now(datetime.timezone.utc)
    start, end = now - datetime.timedelta(hours=1), now + datetime.timedelta(minutes=2)
    updated = org.Account.updated(start, end)
    assert updated["ids"] and updated["latestDateCovered"]
    deleted = org.Account.deleted(start, end)
    assert removed in {row["id"] for row in deleted["deletedRecords"]}


def lose_the_session(org):
    end = urllib.request.Request(f"{ORG['instance_url']}/__orgsim/sessions/end", method="POST")
    urllib.request.urlopen(end).close()
    refused(SalesforceExpiredSession, lambda: org.query("SELECT Id FROM User"))


def main():
    org = connect()
    read_metadata(org)
    read_rows(org)
    removed = write_rows(org)
    read_errors(org)
    read_changes(org, removed)
    lose_the_session(org)


main()

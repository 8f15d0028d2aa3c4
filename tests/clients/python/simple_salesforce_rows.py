"""Queries, records and replication, as simple-salesforce has them."""

import base64
import datetime

import simple_salesforce
from checks import check, control, raises
from simple_salesforce.exceptions import (
    SalesforceMoreThanOneRecord,
    SalesforceResourceNotFound,
)


def queries(client):
    soql = "SELECT Id, Name, Owner.Name FROM Account"

    def page():
        first = client.query(soql)
        assert not first["done"] and first["nextRecordsUrl"]
        more = client.query_more(first["nextRecordsUrl"], identifier_is_url=True)
        assert more["records"]

    check("query.page", page)

    def pages():
        everything = client.query_all(soql)
        assert len(everything["records"]) == everything["totalSize"] >= 2500
        assert sum(1 for _ in client.query_all_iter(soql)) == everything["totalSize"]

    check("query.pages", pages)
    check("query.parent", lambda: client.query(soql)["records"][0]["Owner"]["Name"].strip())

    def deleted():
        made = client.Account.create({"Name": "PY deleted before it is asked for"})
        client.Account.delete(made["id"])
        soql = f"SELECT Id, IsDeleted FROM Account WHERE Id = '{made['id']}'"
        assert client.query(soql)["totalSize"] == 0
        found = client.query(soql, include_deleted=True)
        assert [row["IsDeleted"] for row in found["records"]] == [True]

    check("query.deleted", deleted)

    def children():
        account = client.Account.create({"Name": "PY has people"})["id"]
        client.Contact.create({"LastName": "Child", "AccountId": account})
        soql = f"SELECT Id, (SELECT Id, LastName FROM Contacts) FROM Account WHERE Id = '{account}'"
        contacts = client.query(soql)["records"][0]["Contacts"]
        assert contacts["totalSize"] == 1 and contacts["records"][0]["LastName"] == "Child"

    check("query.children", children)

    def count():
        assert client.query("SELECT COUNT() FROM Account")["totalSize"] >= 2500

    check("query.count", count)

    def aggregate():
        soql = "SELECT Industry, COUNT(Id) total FROM Account GROUP BY Industry"
        groups = client.query(soql)["records"]
        assert len(groups) > 1 and all(isinstance(one["total"], int) for one in groups)

    check("query.aggregate", aggregate)

    def escaped():
        name = "It's \\ \"quoted\" too"
        client.Account.create({"Name": name})
        soql = simple_salesforce.format_soql("SELECT Name FROM Account WHERE Name = {}", name)
        assert [row["Name"] for row in client.query(soql)["records"]] == [name]

    check("query.escaped", escaped)

    def search():
        client.Account.create({"Name": "Madagascar Imports"})
        found = client.search("FIND {Madagascar} IN NAME FIELDS RETURNING Account(Id, Name)")
        assert [row["Name"] for row in found["searchRecords"]] == ["Madagascar Imports"]
        assert client.quick_search("Madagascar")["searchRecords"]

    check("query.search", search)


def records(client, org):
    def create():
        made = client.Account.create({"Name": "Made by simple-salesforce"})
        assert made["success"] is True and made["errors"] == []
        return made["id"]

    made = check("record.create", create)

    def update():
        assert client.Account.update(made, {"Phone": "+1 555"}) == 204

    check("record.update", update)

    def read():
        assert client.Account.get(made)["Phone"] == "+1 555"
        some = client.Account.get(made, params={"fields": "Id,Phone"})
        assert set(some) == {"attributes", "Id", "Phone"}, some

    check("record.read", read)

    def delete():
        assert client.Account.delete(made) == 204
        raises(SalesforceResourceNotFound, lambda: client.Account.get(made))

    check("record.delete", delete)

    def upsert():
        assert client.Account.upsert("ERP_Key__c/PY-1", {"Name": "Upserted"}) == 201
        assert client.Account.upsert("ERP_Key__c/PY-1", {"Name": "Upserted again"}) == 200

    check("record.upsert", upsert)

    def read_by_key():
        found = client.Account.get_by_custom_id("ERP_Key__c", "PY-1")
        assert found["Name"] == "Upserted again"

    check("record.read-by-key", read_by_key)

    def several():
        for name in ("Twin A", "Twin B"):
            client.Account.create({"Name": name, "Legacy_Code__c": "PY-TWIN"})
        error = raises(
            SalesforceMoreThanOneRecord,
            lambda: client.Account.upsert("Legacy_Code__c/PY-TWIN", {"Name": "Which"}),
        )
        assert len(error.content) == 2, error.content

    check("record.upsert-several", several)
    check("record.blob", lambda: blob(client, org))
    check("collection.partial", lambda: collected(client))


def blob(client, org):
    control(org, "setup", {"features": ["files"]})
    content = b"kept as it was\x00\xff"
    version = client.ContentVersion.create(
        {
            "Title": "note",
            "PathOnClient": "note.bin",
            "VersionData": base64.b64encode(content).decode(),
        }
    )
    assert client.ContentVersion.get_base64(version["id"], "VersionData") == content


def collected(client):
    results = client.restful(
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


def replication(client):
    kept = client.Account.create({"Name": "Changed in the window"})["id"]
    removed = client.Account.create({"Name": "Deleted in the window"})["id"]
    client.Account.delete(removed)
    now = datetime.datetime.now(datetime.timezone.utc)
    start, end = now - datetime.timedelta(hours=1), now + datetime.timedelta(minutes=2)

    def updated():
        answer = client.Account.updated(start, end)
        assert kept in answer["ids"] and removed not in answer["ids"]
        assert answer["latestDateCovered"]

    check("replication.updated", updated)

    def deleted():
        answer = client.Account.deleted(start, end)
        assert removed in {row["id"] for row in answer["deletedRecords"]}

    check("replication.deleted", deleted)

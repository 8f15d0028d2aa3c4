"""Queries, limits, records and errors, as aiosalesforce has them."""

from aiosalesforce.exceptions import (
    DuplicatesDetectedError,
    MoreThanOneRecordError,
    NotFoundError,
    RequestLimitExceededError,
    SalesforceError,
    ServerError,
)
from aiosalesforce.retries import RetryPolicy
from checks import check_later, client_bug_later, control, raises_later


async def rows(client, soql, **options):
    return [row async for row in client.query(soql, **options)]


async def queries(client, org):
    async def limits():
        assert (await client.get_limits())["DailyApiRequests"]["Max"] == 15000

    await check_later("metadata.limits", limits)

    async def pages():
        found = await rows(client, "SELECT Id, Owner.Name FROM Account")
        assert len({row["Id"] for row in found}) == len(found) >= 2500
        return found

    found = await check_later("query.pages", pages)

    async def parent():
        assert found[0]["Owner"]["Name"]

    await check_later("query.parent", parent)

    async def deleted():
        made = await client.sobject.create("Account", {"Name": "AIO deleted"})
        await client.sobject.delete("Account", made)
        soql = f"SELECT Id, IsDeleted FROM Account WHERE Id = '{made}'"
        assert await rows(client, soql) == []
        everything = await rows(client, soql, include_all_records=True)
        assert [row["IsDeleted"] for row in everything] == [True]

    await check_later("query.deleted", deleted)

    async def children():
        account = await client.sobject.create("Account", {"Name": "AIO has people"})
        await client.sobject.create("Contact", {"LastName": "Child", "AccountId": account})
        soql = f"SELECT Id, (SELECT LastName FROM Contacts) FROM Account WHERE Id = '{account}'"
        contacts = (await rows(client, soql))[0]["Contacts"]
        assert [row["LastName"] for row in contacts["records"]] == ["Child"]

    await check_later("query.children", children)

    async def aggregate():
        soql = "SELECT Industry, COUNT(Id) total FROM Account GROUP BY Industry"
        groups = await rows(client, soql)
        assert len(groups) > 1 and all(isinstance(one["total"], int) for one in groups)

    await check_later("query.aggregate", aggregate)

    async def retried():
        fault = {"kind": "unavailable", "path_contains": "/limits", "times": 2}
        control(org, "faults", fault)
        assert (await client.get_limits())["DailyApiRequests"]["Max"] == 15000
        assert control(org, "faults")["faults"] == []

    await check_later("error.retried", retried)


async def records(client):
    sobject = client.sobject

    async def create():
        return await sobject.create("Account", {"Name": "Made by aiosalesforce"})

    made = await check_later("record.create", create)
    await check_later(
        "record.update", lambda: sobject.update("Account", made, {"Phone": "+1 555"})
    )

    async def read():
        assert (await sobject.get("Account", made))["Phone"] == "+1 555"
        some = await sobject.get("Account", made, fields=["Id", "Phone"])
        assert set(some) == {"attributes", "Id", "Phone"}, some

    await check_later("record.read", read)

    async def delete():
        await sobject.delete("Account", made)
        await raises_later(NotFoundError, lambda: sobject.get("Account", made))

    await check_later("record.delete", delete)

    async def upsert():
        done = []
        for name in ("Upserted", "Upserted again"):
            done.append(await sobject.upsert("Account", "AIO-1", "ERP_Key__c", {"Name": name}))
        assert [one.created for one in done] == [True, False] and done[0].id == done[1].id

    await check_later("record.upsert", upsert)

    async def read_by_key():
        found = await sobject.get("Account", "AIO-1", external_id_field="ERP_Key__c")
        assert found["Name"] == "Upserted again"

    await check_later("record.read-by-key", read_by_key)

    async def slashed():
        data = {"Name": "Slashed"}
        await raises_later(
            NotFoundError, lambda: sobject.upsert("Account", "A/B", "ERP_Key__c", data)
        )

    await client_bug_later("record.upsert-escaped", "aiosalesforce-raw-key", slashed)

    async def several():
        for name in ("Twin A", "Twin B"):
            await sobject.create("Account", {"Name": name, "Legacy_Code__c": "AIO-TWIN"})
        await raises_later(
            MoreThanOneRecordError,
            lambda: sobject.upsert("Account", "AIO-TWIN", "Legacy_Code__c", {"Name": "Which"}),
        )

    await check_later("record.upsert-several", several)


async def refusals(client, org):
    async def refused(operation, error, code, act):
        async def asked():
            caught = await raises_later(error, act)
            assert caught.error_code == code, caught

        await check_later(operation, asked)

    sobject = client.sobject
    await refused(
        "error.field",
        SalesforceError,
        "INVALID_FIELD",
        lambda: rows(client, "SELECT Nothing FROM Account"),
    )
    await refused(
        "error.object",
        SalesforceError,
        "INVALID_TYPE",
        lambda: rows(client, "SELECT Id FROM Nothing__c"),
    )
    await refused(
        "error.query", SalesforceError, "MALFORMED_QUERY", lambda: rows(client, "SELECT FROM Account")
    )
    await refused(
        "error.required",
        SalesforceError,
        "REQUIRED_FIELD_MISSING",
        lambda: sobject.create("Account", {"Phone": "1"}),
    )
    await refused(
        "error.missing",
        NotFoundError,
        "NOT_FOUND",
        lambda: sobject.get("Account", "001000000000000AAA"),
    )

    async def twice():
        for name in ("First", "Second"):
            await sobject.create("Account", {"Name": name, "ERP_Key__c": "TAKEN"})

    await refused("error.duplicate", SalesforceError, "DUPLICATE_VALUE", twice)

    async def read_deleted():
        made = await sobject.create("Account", {"Name": "Soon gone"})
        await sobject.delete("Account", made)
        await sobject.get("Account", made)

    await refused("error.deleted", NotFoundError, "ENTITY_IS_DELETED", read_deleted)

    async def duplicate_rule():
        rule = {"object": "Lead", "name": "Same_Email", "fields": ["Email"], "action": "block"}
        control(org, "setup", {"duplicate_rules": [rule]})
        lead = {"LastName": "First", "Company": "C", "Email": "same@example.com"}
        first = await sobject.create("Lead", lead)
        caught = await raises_later(
            DuplicatesDetectedError, lambda: sobject.create("Lead", {**lead, "LastName": "Second"})
        )
        assert [row["id"] for row in caught.duplicates] == [first], caught.duplicates

    await check_later("error.duplicate-rule", duplicate_rule)
    policy, client.retry_policy = client.retry_policy, RetryPolicy()
    await without_retries(client, org, refused)
    client.retry_policy = policy


async def without_retries(client, org, refused):
    """These two are tried again by this client's own policy."""

    async def over_the_limit():
        used = control(org, "limits")["used"]
        control(org, "limits", {"used": 15000})
        try:
            await client.get_limits()
        finally:
            control(org, "limits", {"used": used})

    await refused(
        "error.limit", RequestLimitExceededError, "REQUEST_LIMIT_EXCEEDED", over_the_limit
    )

    async def unavailable():
        control(org, "faults", {"kind": "unavailable", "path_contains": "/limits"})
        await client.get_limits()

    await refused("error.unavailable", ServerError, None, unavailable)

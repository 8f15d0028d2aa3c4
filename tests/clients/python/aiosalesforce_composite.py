"""Composite calls, as aiosalesforce has them."""

from checks import check_later, stored


async def composites(client, org):
    async def references():
        async with client.composite(all_or_none=True) as calls:
            account = calls.sobject.create("Account", {"Name": "AIO composite"})
            contact = calls.sobject.create(
                "Contact", {"LastName": "Of it", "AccountId": str(account.reference.id)}
            )
        # In a URL this client escapes the braces of a reference, which nobody documents; in a body it does not.
        rows = {row["Id"]: row for row in stored(org, "Contact")}
        assert rows[contact.id]["AccountId"] == account.id

    await check_later("composite.references", references)

    async def rollback():
        async with client.composite(all_or_none=True) as calls:
            good = calls.sobject.create("Account", {"Name": "AIO undone"})
            bad = calls.sobject.create("Contact", {"FirstName": "No last name"})
        assert not good.is_success and not bad.is_success
        assert bad.response_body[0]["errorCode"] == "REQUIRED_FIELD_MISSING", bad.response_body
        assert good.response_body[0]["errorCode"] == "PROCESSING_HALTED", good.response_body
        assert "AIO undone" not in {row["Name"] for row in stored(org, "Account")}

    await check_later("composite.rollback", rollback)

    async def batch():
        async with client.composite.batch() as calls:
            made = calls.sobject.create("Account", {"Name": "AIO batch"})
            users = calls.query("SELECT Id FROM User LIMIT 1")
            wrong = calls.query("SELECT Nothing FROM Account")
        assert made.id.startswith("001") and len(users.records) == 1
        assert wrong.status_code == 400, wrong.response

    await check_later("composite.batch", batch)

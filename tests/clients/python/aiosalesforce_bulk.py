"""Bulk API 2.0 in, as aiosalesforce has it; it has no way out and no hard delete."""

from aiosalesforce.exceptions import NotFoundError
from checks import check_later, raises_later, stored

INTERVAL = 0.1


async def load(client, operation, data, key=None):
    """One job with all its rows; the shorter calls of this client poll every five seconds only."""
    jobs = [
        job
        async for job in client.bulk_v2.ingest.perform_operation(
            operation, "Account", data, external_id_field=key, polling_interval=INTERVAL
        )
    ]
    assert len(jobs) == 1, jobs
    return jobs[0]


async def ingest(client, org):
    async def insert():
        rows = [{"Name": "AIO, with a comma"}, {"Name": 'AIO "quoted"'}]
        done = await load(client, "insert", rows)
        assert not done.failed_results and not done.unprocessed_records
        # The results' order is not that of the rows.
        ids = {row["Name"]: row["sf__Id"] for row in done.successful_results}
        return [ids[row["Name"]] for row in rows]

    ids = await check_later("ingest.insert", insert)

    async def update():
        done = await load(client, "update", [{"Id": ids[0], "Name": "AIO changed", "Phone": "#N/A"}])
        assert done.successful_results[0]["sf__Created"] == "false"
        row = next(row for row in stored(org, "Account") if row["Id"] == ids[0])
        assert row["Name"] == "AIO changed" and row.get("Phone") is None

    await check_later("ingest.update", update)

    async def upsert():
        created = []
        for _ in range(2):
            rows = [{"ERP_Key__c": "BULK-AIO", "Name": "AIO in bulk"}]
            done = await load(client, "upsert", rows, "ERP_Key__c")
            created.append(done.successful_results[0]["sf__Created"])
        assert created == ["true", "false"], created

    await check_later("ingest.upsert", upsert)

    async def failed():
        rows = [{"Name": "AIO good", "Phone": "1"}, {"Name": "", "Phone": "2"}]
        done = await load(client, "insert", rows)
        assert len(done.successful_results) == len(done.failed_results) == 1
        error = done.failed_results[0]["sf__Error"]
        assert error.startswith("REQUIRED_FIELD_MISSING:"), error

    await check_later("ingest.failed-rows", failed)

    async def delete():
        done = await load(client, "delete", [{"Id": ids[0]}])
        assert done.successful_results[0]["sf__Id"] == ids[0]
        assert ids[0] not in {row["Id"] for row in stored(org, "Account")}

    await check_later("ingest.delete", delete)
    await jobs(client.bulk_v2.ingest)


async def jobs(ingest):
    async def abort():
        job = await ingest.create_job("insert", "Account")
        assert (await ingest.abort_job(job.id)).state == "Aborted"
        return job.id

    job = await check_later("ingest.abort", abort)

    async def listed():
        ids = [one.id async for one in ingest.list_jobs()]
        assert job in ids

    await check_later("ingest.list", listed)

    async def remove():
        await ingest.delete_job(job)
        await raises_later(NotFoundError, lambda: ingest.get_job(job))

    await check_later("ingest.remove", remove)

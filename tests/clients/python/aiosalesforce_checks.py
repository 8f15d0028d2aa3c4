"""aiosalesforce against one served org: everything that it has a call for."""

import asyncio

import aiosalesforce_bulk
import aiosalesforce_composite
import aiosalesforce_records
import aiosalesforce_session
from checks import ORGS


async def main():
    org = ORGS["sales"]
    async with aiosalesforce_session.loopback(org) as http:
        client = await aiosalesforce_session.connect(http, org)
        await aiosalesforce_records.queries(client, org)
        await aiosalesforce_records.records(client)
        await aiosalesforce_composite.composites(client, org)
        await aiosalesforce_bulk.ingest(client, org)
        await aiosalesforce_records.refusals(client, org)
        await aiosalesforce_session.lose_the_session(client, org)
        await aiosalesforce_session.other_logins(http, org)


asyncio.run(main())

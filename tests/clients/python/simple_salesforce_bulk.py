"""Bulk API 2.0 both ways, and Bulk v1, as simple-salesforce has them."""

import csv
import io

from checks import check, client_bug, control, raises, stored
from simple_salesforce.bulk2 import Operation
from simple_salesforce.exceptions import SalesforceMalformedRequest, SalesforceResourceNotFound

WAIT = 0.1


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def both_ways(client, org):
    accounts = client.bulk2.Account
    ids = check("ingest.insert", lambda: insert(accounts))

    def update():
        done = accounts.update(
            records=[{"Id": ids[0], "Name": "PY changed", "Phone": "#N/A"}], wait=WAIT
        )
        assert done[0]["numberRecordsFailed"] == 0, done
        row = next(row for row in stored(org, "Account") if row["Id"] == ids[0])
        assert row["Name"] == "PY changed" and row.get("Phone") is None, row

    check("ingest.update", update)

    def upsert():
        created = []
        for _ in range(2):
            done = accounts.upsert(
                records=[{"ERP_Key__c": "BULK-PY", "Name": "PY in bulk"}],
                external_id_field="ERP_Key__c",
                wait=WAIT,
            )
            results = rows_of(accounts.get_successful_records(done[0]["job_id"]))
            created.append(results[0]["sf__Created"])
        assert created == ["true", "false"], created

    check("ingest.upsert", upsert)

    def failed():
        rows = [{"Name": "PY good", "Phone": "1"}, {"Name": "", "Phone": "2"}]
        done = accounts.insert(records=rows, wait=WAIT)
        assert done[0]["numberRecordsFailed"] == 1, done
        results = accounts.get_all_ingest_records(done[0]["job_id"])
        assert len(results["successfulRecords"]) == 1 and not results["unprocessedRecords"]
        error = results["failedRecords"][0]["sf__Error"]
        assert error.startswith("REQUIRED_FIELD_MISSING:"), error

    check("ingest.failed-rows", failed)

    def delete():
        done = accounts.delete(records=[{"Id": ids[0]}], wait=WAIT)
        assert done[0]["numberRecordsFailed"] == 0, done
        assert ids[0] not in {row["Id"] for row in stored(org, "Account")}

    check("ingest.delete", delete)

    def hard_delete():
        control(org, "bulk", {"hard_delete": "allowed"})
        accounts.hard_delete(records=[{"Id": ids[1]}], wait=WAIT)
        soql = f"SELECT Id FROM Account WHERE Id = '{ids[1]}'"
        assert client.query(soql, include_deleted=True)["totalSize"] == 0

    check("ingest.hard-delete", hard_delete)
    jobs(accounts)
    extract(accounts)
    older(client, org)


def insert(accounts):
    rows = [
        {"Name": "PY, with a comma", "Phone": "1"},
        {"Name": 'PY "quoted"\nand broken', "Phone": "2"},
    ]
    done = accounts.insert(records=rows, wait=WAIT)
    assert done[0]["numberRecordsProcessed"] == 2, done
    results = rows_of(accounts.get_successful_records(done[0]["job_id"]))
    # The results' order is not that of the rows.
    ids = {row["Name"]: row["sf__Id"] for row in results}
    return [ids[row["Name"]] for row in rows]


def jobs(accounts):
    # The parts that the calls above are made of; the client has no other way to a job in the middle.
    parts = accounts._client

    def abort():
        job = parts.create_job(Operation.insert)["id"]
        assert parts.abort_job(job, False)["state"] == "Aborted"
        assert parts.get_job(job, False)["state"] == "Aborted"

    check("ingest.abort", abort)

    def remove():
        job = parts.create_job(Operation.insert)["id"]
        parts.abort_job(job, False)
        # The job is deleted; the client then reads the empty answer as JSON.
        raises(ValueError, lambda: parts.delete_job(job, False))
        raises(SalesforceResourceNotFound, lambda: parts.get_job(job, False))

    client_bug("ingest.remove", "simple-salesforce-delete", remove)

    def abort_query():
        job = parts.create_job(Operation.query, query="SELECT Id FROM Account")["id"]
        try:
            assert parts.abort_job(job, True)["state"] == "Aborted"
        except SalesforceMalformedRequest as done:
            # A job that was faster than the call cannot be aborted any more.
            assert done.content[0]["errorCode"] == "INVALIDJOBSTATE", done.content

    check("extract.abort", abort_query)


def extract(accounts):
    def page():
        pages = list(accounts.query("SELECT Id, Name FROM Account WHERE ERP_Key__c = 'BULK-PY'", wait=WAIT))
        assert [row["Name"] for row in rows_of(pages[0])] == ["PY in bulk"] and len(pages) == 1

    check("extract.page", page)

    def pages():
        pages = list(accounts.query("SELECT Id FROM Account", max_records=1000, wait=WAIT))
        assert len(pages) == 3 or len(pages) == 4, len(pages)
        ids = [row["Id"] for one in pages for row in rows_of(one)]
        assert len(ids) == len(set(ids)) >= 2500

    check("extract.pages", pages)

    def deleted():
        soql = "SELECT Id, IsDeleted FROM Account WHERE Name = 'PY changed'"
        pages = list(accounts.query_all(soql, wait=WAIT))
        assert [row["IsDeleted"] for row in rows_of(pages[0])] == ["true"]

    check("extract.deleted", deleted)

    def refused():
        error = raises(
            SalesforceMalformedRequest,
            lambda: list(accounts.query("SELECT Nothing FROM Account", wait=WAIT)),
        )
        assert error.content[0]["errorCode"] == "INVALID_FIELD", error.content

    check("extract.refused", refused)


def older(client, org):
    accounts = client.bulk.Account

    def query():
        soql = "SELECT Id, Name, CreatedDate, Owner.Name FROM Account WHERE ERP_Key__c = 'BULK-PY'"
        found = accounts.query(soql, wait=WAIT)
        assert [row["Name"] for row in found] == ["PY in bulk"], found
        assert found[0]["Id"] in found[0]["attributes"]["url"] and found[0]["Owner"]["Name"], found
        # The service counts milliseconds here, where its CSV has a date.
        assert isinstance(found[0]["CreatedDate"], int), found

    check("bulk1.query", query)

    def ingest():
        # The client looks at once and then every five seconds, and its calls have no other pace.
        control(org, "bulk", {"queued_ms": 0, "in_progress_ms": 0})
        rows = [{"Name": "PY by v1", "ERP_Key__c": "BULK1-PY", "Phone": "1"}, {"Phone": "2"}]
        good, bad = accounts.insert(rows)
        assert good["success"] and good["created"] and not good["errors"], good
        assert bad["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING", bad
        accounts.update([{"Id": good["id"], "Phone": None}])
        again = {"ERP_Key__c": "BULK1-PY", "Name": "PY again"}
        [upserted] = accounts.upsert([again], external_id_field="ERP_Key__c")
        assert upserted["id"] == good["id"] and not upserted["created"], upserted
        row = next(row for row in stored(org, "Account") if row["Id"] == good["id"])
        assert row["Name"] == "PY again" and row.get("Phone") is None, row
        [deleted] = accounts.delete([{"Id": good["id"]}])
        assert deleted["success"], deleted
        assert good["id"] not in {row["Id"] for row in stored(org, "Account")}

    check("bulk1.ingest", ingest)

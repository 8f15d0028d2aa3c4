// Bulk API 2.0 both ways, and Bulk v1.
"use strict";

const assert = require("node:assert/strict");
const { check, clientBug, control, endSessions, stored } = require("../node/checks.cjs");

const poll = { pollInterval: 100, pollTimeout: 60_000 };
const key = "ERP_Key__c";

/** What else this client does is answered within milliseconds. */
const PATIENCE = 3_000;

async function load(connection, operation, input, more = {}) {
  const results = await connection.bulk2.loadAndWaitForResults({
    object: "Account",
    operation,
    input,
    ...more,
    ...poll,
  });
  return results;
}

async function ingest(connection, org) {
  const row = async (id) => (await stored(org, "Account")).find((one) => one.Id === id);
  const ids = await check("ingest.insert", async () => {
    const rows = [
      { Name: "Bulk, with a comma", Phone: "1" },
      { Name: 'Bulk "quoted"\nand broken', Phone: "2" },
    ];
    const { successfulResults, failedResults } = await load(connection, "insert", rows);
    assert.deepEqual([successfulResults.length, failedResults.length], [2, 0]);
    assert.ok(successfulResults.every((one) => one.sf__Created === "true"));
    // The results' order is not that of the rows.
    const id = (row) => successfulResults.find((one) => one.Name === row.Name).sf__Id;
    return rows.map(id);
  });
  await check("ingest.update", async () => {
    const { successfulResults } = await load(connection, "update", [{ Id: ids[0], Name: "Changed", Phone: null }]);
    assert.equal(successfulResults[0].sf__Created, "false");
    const changed = await row(ids[0]);
    assert.deepEqual([changed.Name, changed.Phone ?? null], ["Changed", null]);
  });
  await check("ingest.upsert", async () => {
    const rows = [{ [key]: "BULK-1", Name: "Upserted in bulk" }];
    const created = [];
    for (let round = 0; round < 2; round += 1) {
      const done = await load(connection, "upsert", rows, { externalIdFieldName: key });
      created.push(done.successfulResults[0].sf__Created);
    }
    assert.deepEqual(created, ["true", "false"]);
  });
  await check("ingest.failed-rows", async () => {
    const rows = [
      { Name: "Good in bulk", Phone: "1" },
      { Name: "", Phone: "2" },
    ];
    const { successfulResults, failedResults } = await load(connection, "insert", rows);
    assert.deepEqual([successfulResults.length, failedResults.length], [1, 1]);
    assert.match(failedResults[0].sf__Error, /^REQUIRED_FIELD_MISSING:/);
  });
  await check("ingest.delete", async () => {
    const { successfulResults } = await load(connection, "delete", [{ Id: ids[0] }]);
    assert.equal(successfulResults[0].sf__Id, ids[0]);
    assert.equal(await row(ids[0]), undefined);
  });
  await check("ingest.hard-delete", async () => {
    await control(org, "bulk", { hard_delete: "allowed" });
    await load(connection, "hardDelete", [{ Id: ids[1] }]);
    const found = await connection.query(`SELECT Id FROM Account WHERE Id = '${ids[1]}'`, { scanAll: true });
    assert.equal(found.totalSize, 0);
  });
}

async function ingestJobs(connection) {
  await check("ingest.abort", async () => {
    const job = connection.bulk2.createJob({ object: "Account", operation: "insert" });
    await job.open();
    await job.uploadData([{ Name: "Never" }]);
    await job.abort();
    assert.equal((await job.check()).state, "Aborted");
  });
  await check("ingest.remove", async () => {
    const job = connection.bulk2.createJob({ object: "Account", operation: "insert" });
    await job.open();
    await job.abort();
    await job.delete();
    await assert.rejects(job.check(), { errorCode: "NOT_FOUND" });
  });
}

async function extract(connection) {
  const rows = async (soql, options) => (await connection.bulk2.query(soql, { ...poll, ...options })).toArray();
  await check("extract.page", async () => {
    const found = await rows("SELECT Id, Name, ERP_Key__c FROM Account WHERE ERP_Key__c = 'BULK-1'");
    assert.deepEqual(found.map((row) => row.Name), ["Upserted in bulk"]);
  });
  await check("extract.deleted", async () => {
    const found = await rows("SELECT Id, IsDeleted FROM Account WHERE Name = 'Changed'", { scanAll: true });
    assert.deepEqual(found.map((row) => row.IsDeleted), ["true"]);
  });
  await check("extract.refused", async () => {
    await assert.rejects(rows("SELECT Nothing FROM Account"), { errorCode: "INVALID_FIELD" });
  });
}

/** The one page that it reads twice ends the stream that the second one goes into. */
async function pages(connection, org) {
  await clientBug("extract.pages", "jsforce-pages", async () => {
    await control(org, "bulk", { result_page_rows: 1000 });
    const failure = await new Promise((resolve) => {
      process.once("uncaughtException", resolve);
      connection.bulk2.query("SELECT Id FROM Account", poll).then(
        (stream) => stream.toArray().then(() => resolve("read"), resolve),
        resolve,
      );
    });
    process.removeAllListeners("uncaughtException");
    assert.equal(failure.code, "ERR_STREAM_WRITE_AFTER_END");
  });
  await control(org, "bulk", { result_page_rows: 250_000 });
}

/** After the refresh the file is never sent again, and nobody is told. */
async function expired(connection, org) {
  await clientBug("ingest.expired", "jsforce-upload", async () => {
    const job = connection.bulk2.createJob({ object: "Account", operation: "insert" });
    await job.open();
    const before = connection.accessToken;
    await endSessions(org);
    const upload = job.uploadData([{ Name: "Never arrives" }]).then(() => "uploaded");
    const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, "still waiting"));
    assert.equal(await Promise.race([upload, patience]), "still waiting");
    assert.notEqual(connection.accessToken, before, "the session was refreshed");
    assert.equal((await job.check()).state, "Open");
  });
}

async function older(connection) {
  await check("bulk1.query", async () => {
    const found = await (await connection.bulk.query("SELECT Id, Name FROM Account WHERE ERP_Key__c = 'BULK-1'")).toArray();
    assert.deepEqual(found.map((row) => row.Name), ["Upserted in bulk"]);
  });
}

async function bulk(connection, org) {
  await ingest(connection, org);
  await ingestJobs(connection);
  await extract(connection);
  await pages(connection, org);
  await older(connection);
}

module.exports = { bulk, expired };

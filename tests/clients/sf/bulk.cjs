// Bulk API 2.0 both ways, through files, as the CLI has it.
"use strict";

const assert = require("node:assert/strict");
const { readFileSync, writeFileSync } = require("node:fs");
const { check, clientBug, control, stored } = require("../node/checks.cjs");
const { refused, sf } = require("./command.cjs");

const wait = ["--wait", "2"];

function job(verb, lines, ...more) {
  const file = `${verb}.csv`;
  writeFileSync(file, `${lines.join("\n")}\n`);
  return ["data", verb, "bulk", "--sobject", "Account", "--file", file, "--line-ending", "LF", ...more, ...wait];
}

async function ingest(org) {
  const named = async (name) => (await stored(org, "Account")).find((row) => row.Name === name);
  await check("ingest.insert", async () => {
    const done = await sf(job("import", ["Name,Phone", '"SF, with a comma",1', "SF plain,2"]));
    assert.deepEqual([Number(done.processedRecords), Number(done.failedRecords ?? 0)], [2, 0]);
    assert.ok(await named("SF, with a comma"));
  });
  await check("ingest.update", async () => {
    const { Id } = await named("SF plain");
    await sf(job("update", ["Id,Name,Phone", `${Id},SF changed,#N/A`]));
    assert.equal((await named("SF changed")).Phone ?? null, null);
  });
  await check("ingest.upsert", async () => {
    const lines = ["ERP_Key__c,Name", "BULK-SF,SF in bulk"];
    for (let round = 0; round < 2; round += 1) {
      await sf(job("upsert", lines, "--external-id", "ERP_Key__c"));
    }
    assert.equal((await stored(org, "Account")).filter((row) => row.ERP_Key__c === "BULK-SF").length, 1);
  });
  await check("ingest.failed-rows", async () => {
    const failed = await refused(job("import", ["Name,Phone", "SF good,1", ",2"]));
    const jobId = failed.data.jobId;
    const results = await sf(["data", "bulk", "results", "--job-id", jobId]);
    assert.deepEqual([results.successfulRecords, results.failedRecords], [1, 1]);
    assert.match(readFileSync(results.failedFilePath, "utf8"), /REQUIRED_FIELD_MISSING:/);
  });
  await check("ingest.delete", async () => {
    const { Id } = await named("SF changed");
    await sf(job("delete", ["Id", Id]));
    assert.equal(await named("SF changed"), undefined);
  });
  await check("ingest.hard-delete", async () => {
    const { Id } = await named("SF, with a comma");
    await control(org, "bulk", { hard_delete: "allowed" });
    await sf(job("delete", ["Id", Id], "--hard-delete"));
    const found = await sf(["data", "query", "--all-rows", "--query", `SELECT Id FROM Account WHERE Id = '${Id}'`]);
    assert.equal(found.totalSize, 0);
  });
}

async function extract(org) {
  const out = (soql, ...more) =>
    sf(["data", "export", "bulk", "--query", soql, "--output-file", "out.csv", ...more, ...wait]);
  const file = () => readFileSync("out.csv", "utf8");
  const lines = () => file().trimEnd().split("\n");
  await check("extract.page", async () => {
    const done = await out("SELECT Name, ERP_Key__c FROM Account WHERE ERP_Key__c = 'BULK-SF'");
    assert.equal(done.totalSize, 1);
    assert.deepEqual(lines().map((line) => line.replaceAll('"', "")), ["Name,ERP_Key__c", "SF in bulk,BULK-SF"]);
  });
  await clientBug("extract.line-ending", "sf-line-ending", async () => {
    await out("SELECT Name FROM Account LIMIT 1", "--line-ending", "LF");
    assert.ok(file().includes("\r\n"));
  });
  await check("extract.deleted", async () => {
    await out("SELECT Name, IsDeleted FROM Account WHERE Name = 'SF changed'", "--all-rows");
    assert.equal(lines()[1].replaceAll('"', ""), "SF changed,true");
  });
  await check("extract.pages", async () => {
    await control(org, "bulk", { result_page_rows: 1000 });
    const done = await out("SELECT Id FROM Account");
    assert.ok(done.totalSize >= 2500);
    assert.equal(new Set(lines().slice(1)).size, done.totalSize);
  });
}

module.exports = async (org) => {
  await ingest(org);
  await extract(org);
};

// Queries, records and errors, as the CLI has them.
"use strict";

const assert = require("node:assert/strict");
const { readFileSync, writeFileSync } = require("node:fs");
const { check, control, stored } = require("../node/checks.cjs");
const { refused, run, sf } = require("./command.cjs");

const query = (soql, ...more) => sf(["data", "query", "--query", soql, ...more]);

async function queries() {
  await check("query.pages", async () => {
    const found = await query("SELECT Id, Owner.Name FROM Account");
    assert.equal(found.records.length, found.totalSize);
    assert.ok(found.totalSize >= 2500);
  });
  await check("query.parent", async () => {
    const found = await query("SELECT Id, Owner.Name FROM Account LIMIT 1");
    assert.ok(found.records[0].Owner.Name);
  });
  await check("query.columns", async () => {
    // The table's headings come from the columns' metadata.
    const words = ["data", "query", "--query", "SELECT Name, Owner.Name FROM Account LIMIT 1", "--result-format", "csv"];
    const { code, stdout, stderr } = await run(words);
    assert.equal(code, 0, stderr);
    assert.equal(stdout.split("\n")[0], "Name,Owner.Name");
  });
  await check("query.count", async () => {
    assert.ok((await query("SELECT COUNT() FROM Account")).totalSize >= 2500);
  });
  await check("query.aggregate", async () => {
    const groups = await query("SELECT Industry, COUNT(Id) total FROM Account GROUP BY Industry");
    assert.ok(groups.records.length > 1 && groups.records[0].total > 0);
  });
  await check("query.deleted", async () => {
    const { id } = await sf(["data", "create", "record", "--sobject", "Account", "--values", "Name='SF deleted'"]);
    await sf(["data", "delete", "record", "--sobject", "Account", "--record-id", id]);
    const found = await query(`SELECT Id, IsDeleted FROM Account WHERE Id = '${id}'`, "--all-rows");
    assert.deepEqual(found.records.map((row) => row.IsDeleted), [true]);
  });
}

async function records(org) {
  const account = ["--sobject", "Account"];
  const created = await check("record.create", async () => {
    const made = await sf(["data", "create", "record", ...account, "--values", "Name='Made by the CLI' Phone=1"]);
    assert.equal(made.success, true);
    return made.id;
  });
  const which = [...account, "--record-id", created];
  await check("record.update", () => sf(["data", "update", "record", ...which, "--values", "Phone=2"]));
  await check("record.read", async () => {
    const row = await sf(["data", "get", "record", ...which]);
    assert.deepEqual([row.Name, row.Phone], ["Made by the CLI", "2"]);
  });
  await check("record.delete", async () => {
    await sf(["data", "delete", "record", ...which]);
    assert.ok(!(await stored(org, "Account")).some((row) => row.Id === created));
  });
  await check("query.search", async () => {
    await sf(["data", "create", "record", ...account, "--values", "Name='Patagonia Wool'"]);
    const found = await sf(["data", "search", "--query", "FIND {Patagonia} IN NAME FIELDS RETURNING Account(Id, Name)"]);
    assert.deepEqual(found.searchRecords.map((row) => row.Name), ["Patagonia Wool"]);
  });
  await check("record.blob", async () => {
    await control(org, "setup", { features: ["files"] });
    writeFileSync("note.txt", "kept as it was");
    const made = await sf(["data", "create", "file", "--file", "note.txt", "--title", "note"]);
    assert.ok(made.ContentDocumentId);
  });
  await trees();
}

/** A tree is written from a file, and read back as one through a subquery. */
async function trees() {
  await check("composite.tree", async () => {
    const contact = { attributes: { type: "Contact", referenceId: "c1" }, LastName: "Branch" };
    const account = {
      attributes: { type: "Account", referenceId: "a1" },
      Name: "SF tree",
      ERP_Key__c: "SF-TREE",
      Contacts: { records: [contact] },
    };
    writeFileSync("tree.json", JSON.stringify({ records: [account] }));
    const made = await sf(["data", "import", "tree", "--files", "tree.json"]);
    assert.deepEqual(made.map((row) => row.refId).sort(), ["a1", "c1"]);
  });
  await check("query.children", async () => {
    const soql = "SELECT Id, Name, (SELECT LastName FROM Contacts) FROM Account WHERE ERP_Key__c = 'SF-TREE'";
    await sf(["data", "export", "tree", "--query", soql, "--prefix", "back"]);
    const exported = JSON.parse(readFileSync("back-Account-Contact.json", "utf8"));
    assert.equal(exported.records[0].Contacts.records[0].LastName, "Branch");
  });
}

async function errors() {
  const fails = (operation, text, words) =>
    check(operation, async () => assert.match((await refused(words)).message, text));
  const soql = (text) => ["data", "query", "--query", text];
  await fails("error.field", /No such column 'Nothing' on/, soql("SELECT Nothing FROM Account"));
  await fails("error.object", /sObject type 'Nothing__c' is not supported/, soql("SELECT Id FROM Nothing__c"));
  await fails("error.query", /unexpected token/, soql("SELECT FROM Account"));
  const create = ["data", "create", "record", "--sobject", "Account", "--values"];
  await fails("error.required", /Required fields are missing: \[Name\]/, [...create, "Phone=1"]);
  await check("error.duplicate", async () => {
    await sf([...create, "Name=First ERP_Key__c=TAKEN"]);
    const failed = await refused([...create, "Name=Second ERP_Key__c=TAKEN"]);
    assert.match(failed.message, /duplicate value found: ERP_Key__c/);
  });
}

module.exports = { errors, queries, records };

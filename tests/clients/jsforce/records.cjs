// Single records.
"use strict";

const assert = require("node:assert/strict");
const { check, clientBug, control, stored } = require("../node/checks.cjs");

const key = "ERP_Key__c";

async function upserts(accounts) {
  await check("record.upsert", async () => {
    const first = await accounts.upsert({ [key]: "JS-1", Name: "Upserted" }, key);
    const second = await accounts.upsert({ [key]: "JS-1", Name: "Upserted again" }, key);
    assert.equal(first.created, true);
    assert.deepEqual([second.created, second.id], [false, first.id]);
  });
  await clientBug("record.upsert-escaped", "jsforce-raw-key", async () => {
    await assert.rejects(accounts.upsert({ [key]: "X/JS 9", Name: "Slashed" }, key), { errorCode: "NOT_FOUND" });
  });
  await check("record.upsert-several", async () => {
    for (const Name of ["Twin A", "Twin B"]) {
      await accounts.create({ Name, Legacy_Code__c: "JS-TWIN" });
    }
    const twin = accounts.upsert({ Legacy_Code__c: "JS-TWIN", Name: "Which" }, "Legacy_Code__c");
    await assert.rejects(twin, (error) => error.errorCode === "MULTIPLE_CHOICES" && error.data.length === 2);
  });
}

module.exports = async (connection, org) => {
  const accounts = connection.sobject("Account");
  const created = await check("record.create", async () => {
    const created = await accounts.create({ Name: "Made by jsforce" });
    assert.deepEqual([created.success, created.errors], [true, []]);
    return created;
  });
  await check("record.update", async () => {
    const updated = await accounts.update({ Id: created.id, Phone: "+1 555" });
    assert.equal(updated.success, true);
  });
  await check("record.read", async () => {
    const row = await accounts.retrieve(created.id);
    assert.equal(row.Phone, "+1 555");
    assert.equal(row.attributes.type, "Account");
  });
  await check("record.delete", async () => {
    assert.equal((await accounts.destroy(created.id)).success, true);
    const left = await stored(org, "Account");
    assert.ok(!left.some((row) => row.Id === created.id));
  });
  await check("record.blob", async () => {
    await control(org, "setup", { features: ["files"] });
    const content = Buffer.from("kept as it was\u0000\u00ff", "latin1");
    const version = { Title: "note", PathOnClient: "note.bin", VersionData: content.toString("base64") };
    const { id } = await connection.sobject("ContentVersion").create(version);
    const chunks = [];
    for await (const chunk of connection.sobject("ContentVersion").record(id).blob("VersionData")) {
      chunks.push(chunk);
    }
    assert.deepEqual(Buffer.concat(chunks), content);
  });
  await upserts(accounts);
};

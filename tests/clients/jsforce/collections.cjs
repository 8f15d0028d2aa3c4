// Collections: up to 200 rows in one call.
"use strict";

const assert = require("node:assert/strict");
const { check, stored } = require("../node/checks.cjs");

const successes = (results) => results.map((result) => result.success);

module.exports = async (connection, org) => {
  const accounts = connection.sobject("Account");
  const ids = await check("collection.create", async () => {
    const results = await accounts.create([{ Name: "Row A" }, { Name: "Row B" }]);
    assert.deepEqual(successes(results), [true, true]);
    return results.map((result) => result.id);
  });
  await check("collection.update", async () => {
    const results = await accounts.update(ids.map((Id) => ({ Id, Phone: "+1 556" })));
    assert.deepEqual(successes(results), [true, true]);
  });
  await check("collection.read", async () => {
    const rows = await accounts.retrieve(ids, { fields: ["Id", "Phone"] });
    assert.deepEqual(rows.map((row) => row.Phone), ["+1 556", "+1 556"]);
  });
  await check("collection.delete", async () => {
    assert.deepEqual(successes(await accounts.destroy(ids)), [true, true]);
  });
  await check("collection.upsert", async () => {
    const rows = [
      { ERP_Key__c: "JS-2", Name: "Many A" },
      { ERP_Key__c: "JS-3", Name: "Many B" },
    ];
    const results = await accounts.upsert(rows, "ERP_Key__c");
    assert.deepEqual(results.map((result) => result.created), [true, true]);
  });
  await check("collection.partial", async () => {
    const mixed = await accounts.create([{ Name: "Good" }, { Phone: "no name" }], { allOrNone: false });
    assert.deepEqual(successes(mixed), [true, false]);
    assert.equal(mixed[1].errors[0].statusCode, "REQUIRED_FIELD_MISSING");
    assert.deepEqual(mixed[1].errors[0].fields, ["Name"]);
  });
  await check("collection.all-or-none", async () => {
    const none = await accounts.create([{ Name: "Undone" }, { Phone: "no name" }], { allOrNone: true });
    assert.deepEqual(successes(none), [false, false]);
    assert.equal(none[0].errors[0].statusCode, "ALL_OR_NONE_OPERATION_ROLLED_BACK");
    assert.ok(!(await stored(org, "Account")).some((row) => row.Name === "Undone"));
  });
};

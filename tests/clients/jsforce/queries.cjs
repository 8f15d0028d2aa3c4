// Queries, by SOQL and by the client's own query builder, and search.
"use strict";

const assert = require("node:assert/strict");
const { check, clientBug } = require("../node/checks.cjs");

async function pages(connection) {
  const soql = "SELECT Id, Name, Owner.Name FROM Account ORDER BY Id";
  await check("query.page", async () => {
    const first = await connection.query(soql);
    assert.equal(first.done, false);
    assert.ok(first.records.length < first.totalSize);
    assert.ok(first.nextRecordsUrl);
  });
  const all = await check("query.pages", async () => {
    const all = await connection.query(soql, { autoFetch: true, maxFetch: 100000 });
    assert.equal(all.records.length, all.totalSize);
    assert.equal(new Set(all.records.map((row) => row.Id)).size, all.totalSize);
    return all;
  });
  await check("query.parent", async () => assert.ok(all.records[0].Owner.Name));
  await check("query.count", async () => {
    const count = await connection.query("SELECT COUNT() FROM Account");
    assert.equal(count.totalSize, all.totalSize);
  });
  await check("query.page-size", async () => {
    const small = await connection.query(soql, { headers: { "Sforce-Query-Options": "batchSize=200" } });
    assert.equal(small.records.length, 200);
  });
}

module.exports = async (connection) => {
  await pages(connection);
  await check("query.deleted", async () => {
    const name = "Deleted before it is asked for";
    const created = await connection.sobject("Account").create({ Name: name });
    await connection.sobject("Account").destroy(created.id);
    const soql = `SELECT Id, IsDeleted FROM Account WHERE Name = '${name}'`;
    assert.equal((await connection.query(soql)).totalSize, 0);
    const found = await connection.query(soql, { scanAll: true });
    assert.deepEqual(found.records.map((row) => row.IsDeleted), [true]);
  });
  await check("query.children", async () => {
    const account = await connection.sobject("Account").create({ Name: "Has people" });
    await connection.sobject("Contact").create({ LastName: "Child", AccountId: account.id });
    const rows = await connection
      .sobject("Account")
      .find({ Id: account.id }, "Id, Name")
      .include("Contacts")
      .select("Id, LastName")
      .end()
      .execute();
    assert.equal(rows[0].Contacts.totalSize, 1);
    assert.equal(rows[0].Contacts.records[0].LastName, "Child");
  });
  await check("query.aggregate", async () => {
    const groups = await connection.query("SELECT Industry, COUNT(Id) total FROM Account GROUP BY Industry");
    assert.ok(groups.records.length > 1);
    assert.equal(typeof groups.records[0].total, "number");
    assert.equal(groups.records[0].attributes.type, "AggregateResult");
  });
  await clientBug("query.escaped", "jsforce-backslash", async () => {
    const named = (name) => connection.sobject("Account").find({ Name: name }, ["Name"]);
    assert.deepEqual(await named("It's \"nobody\""), []);
    await assert.rejects(() => named("Back \\ slash"), { errorCode: "MALFORMED_QUERY" });
  });
  await check("query.search", async () => {
    await connection.sobject("Account").create({ Name: "Zanzibar Exports" });
    const found = await connection.search("FIND {Zanzibar} IN NAME FIELDS RETURNING Account(Id, Name)");
    assert.deepEqual(found.searchRecords.map((row) => row.Name), ["Zanzibar Exports"]);
  });
  await check("query.explain", async () => {
    const plan = await connection.query("SELECT Id FROM Account").explain();
    assert.ok(plan.plans.length > 0 && plan.plans[0].leadingOperationType);
  });
};

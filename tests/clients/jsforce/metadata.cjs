// Metadata and limits.
"use strict";

const assert = require("node:assert/strict");
const { check } = require("../node/checks.cjs");

module.exports = async (connection) => {
  await check("metadata.versions", async () => {
    const versions = await connection.request("/services/data");
    assert.ok(versions.some((one) => one.version === connection.version && one.url && one.label));
  });
  await check("metadata.resources", async () => {
    const resources = await connection.request("/");
    assert.ok(resources.sobjects && resources.query && resources.composite);
  });
  await check("metadata.global", async () => {
    const global = await connection.describeGlobal();
    assert.ok(global.sobjects.some((object) => object.name === "Account" && object.keyPrefix === "001"));
  });
  await check("metadata.describe", async () => {
    const account = await connection.describe("Account");
    const field = (name) => account.fields.find((one) => one.name === name);
    assert.equal(field("Name").nillable, false);
    assert.equal(field("ERP_Key__c").externalId, true);
    // The second answer comes from the client's own cache, by the date that the first one carried.
    const cached = await connection.describe$("Account");
    assert.deepEqual(cached.fields.length, account.fields.length);
  });
  await check("metadata.limits", async () => {
    const limits = await connection.limits();
    assert.ok(limits.DailyApiRequests.Remaining < limits.DailyApiRequests.Max);
  });
  await check("metadata.usage", async () => {
    assert.ok(connection.limitInfo.apiUsage.used > 0);
    assert.equal(connection.limitInfo.apiUsage.limit, 15000);
  });
};

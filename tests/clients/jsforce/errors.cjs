// Errors, as this client turns them into its own.
"use strict";

const assert = require("node:assert/strict");
const jsforce = require("jsforce");
const { check, control } = require("../node/checks.cjs");

module.exports = async (connection, org) => {
  const accounts = connection.sobject("Account");
  const refused = (operation, errorCode, act) =>
    check(operation, () => assert.rejects(async () => act(), { errorCode }));
  await refused("error.field", "INVALID_FIELD", () => connection.query("SELECT Nothing FROM Account"));
  await refused("error.object", "NOT_FOUND", () => connection.sobject("Nothing__c").create({ Name: "x" }));
  await refused("error.query", "MALFORMED_QUERY", () => connection.query("SELECT FROM Account"));
  await refused("error.required", "REQUIRED_FIELD_MISSING", () => accounts.create({ Phone: "1" }));
  await refused("error.missing", "NOT_FOUND", () => accounts.retrieve("001000000000000AAA"));
  await refused("error.duplicate", "DUPLICATE_VALUE", async () => {
    await accounts.create({ Name: "First", ERP_Key__c: "TAKEN" });
    await accounts.create({ Name: "Second", ERP_Key__c: "TAKEN" });
  });
  await refused("error.deleted", "ENTITY_IS_DELETED", async () => {
    const { id } = await accounts.create({ Name: "Soon gone" });
    await accounts.destroy(id);
    await accounts.retrieve(id);
  });
  await refused("error.session", "INVALID_SESSION_ID", () => {
    // Without a grant there is nothing to refresh with.
    const { instanceUrl, version } = connection;
    return new jsforce.Connection({ instanceUrl, version, accessToken: "00D!dead" }).query("SELECT Id FROM User");
  });
  await check("error.limit", async () => {
    const { used } = await control(org, "limits");
    await control(org, "limits", { used: 15000 });
    try {
      await assert.rejects(() => connection.limits(), { errorCode: "REQUEST_LIMIT_EXCEEDED" });
    } finally {
      await control(org, "limits", { used });
    }
  });
  await check("error.unavailable", async () => {
    await control(org, "faults", { kind: "unavailable", method: "POST", object: "Account" });
    await assert.rejects(() => accounts.create({ Name: "Turned away" }), { errorCode: "ERROR_HTTP_503" });
  });
};

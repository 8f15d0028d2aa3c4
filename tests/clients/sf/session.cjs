// Logins without a browser, and metadata.
"use strict";

const assert = require("node:assert/strict");
const { generateKeyPairSync } = require("node:crypto");
const { writeFileSync } = require("node:fs");
const { check, control, endSessions } = require("../node/checks.cjs");
const { refused, sf } = require("./command.cjs");

const APP = "SalesforceCliApp";

async function logins(org) {
  const where = ["--instance-url", org.instance_url];
  await check("session.token", async () => {
    const words = ["org", "login", "access-token", ...where, "--no-prompt", "--set-default"];
    const login = await sf(words, { SF_ACCESS_TOKEN: org.access_token });
    assert.equal(login.orgId, org.org_id);
    assert.equal(login.username, org.username);
  });
  await check("session.userinfo", async () => {
    // The access token says nothing of a user: name and org can only come from userinfo.
    const shown = await sf(["org", "display"]);
    assert.deepEqual([shown.username, shown.id], [org.username, org.org_id]);
  });
}

/** Logs in with the key; a login that is refused would be tried again at the real service's hosts. */
const jwt = (org) => [
  ...["org", "login", "jwt", "--client-id", APP, "--jwt-key-file", "key.pem"],
  ...["--username", org.username, "--instance-url", org.instance_url, "--set-default"],
];

async function metadata() {
  await check("metadata.global", async () => {
    const objects = await sf(["sobject", "list", "--sobject", "all"]);
    assert.ok(objects.includes("Account") && objects.includes("Case"));
  });
  await check("metadata.describe", async () => {
    const account = await sf(["sobject", "describe", "--sobject", "Account"]);
    assert.equal(account.fields.find((field) => field.name === "ERP_Key__c").externalId, true);
  });
  await check("metadata.limits", async () => {
    const limits = await sf(["org", "list", "limits"]);
    assert.equal(limits.find((limit) => limit.name === "DailyApiRequests").max, 15000);
  });
  await check("metadata.counts", async () => {
    const counts = await sf(["org", "list", "sobject", "record-counts", "--sobject", "Account"]);
    assert.deepEqual(counts.map((one) => one.name), ["Account"]);
    assert.ok(counts[0].count >= 2500);
  });
}

/** One username has one session, so the key's login takes the place of the token's. */
async function endings(org) {
  const query = ["data", "query", "--query", "SELECT Id FROM User LIMIT 1"];
  await check("error.session", async () => {
    await endSessions(org);
    const failed = await refused(query);
    assert.match(failed.message, /expired|INVALID_SESSION_ID/i);
  });
  await check("session.jwt", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = (key, type) => key.export({ type, format: "pem" });
    writeFileSync("key.pem", pem(privateKey, "pkcs8"));
    await control(org, "apps", { client_id: APP, certificate: pem(publicKey, "spki") });
    const login = await sf(jwt(org));
    assert.equal(login.username, org.username);
  });
  await check("session.refresh", async () => {
    // With the key it logs in again by itself.
    await endSessions(org);
    assert.equal((await sf(query)).records.length, 1);
  });
}

module.exports = { endings, logins, metadata };

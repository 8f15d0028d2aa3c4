// jsforce against one served org: OAuth with PKCE and refresh, metadata, query pages, rows, collections, replication.
"use strict";

const assert = require("node:assert/strict");
const jsforce = require("jsforce");

const org = JSON.parse(process.env.ORG);
const version = "68.0";

/** Fills in the login and consent pages as a person does and returns the code. */
async function codeFor(url) {
  const hidden = (html) =>
    [...html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(([, name, value]) => [
      name,
      value.replaceAll("&amp;", "&"),
    ]);
  const post = (step, fields) =>
    fetch(`${org.login_url}/services/oauth2/authorize/${step}`, {
      method: "POST",
      body: new URLSearchParams(fields),
      redirect: "manual",
    });
  const login = await (await fetch(url)).text();
  const consent = await post("login", [...hidden(login), ["username", org.username], ["password", org.password]]);
  const redirect = await post("consent", [...hidden(await consent.text()), ["decision", "allow"]]);
  assert.equal(redirect.status, 302);
  return new URL(redirect.headers.get("location")).searchParams.get("code");
}

async function connect() {
  const oauth2 = new jsforce.OAuth2({
    loginUrl: org.login_url,
    clientId: org.client_id,
    redirectUri: org.redirect_uris[0],
    useVerifier: true,
  });
  const connection = new jsforce.Connection({ oauth2, version });
  const user = await connection.authorize(await codeFor(oauth2.getAuthorizationUrl({ scope: "api refresh_token" })));
  assert.equal(user.organizationId, org.org_id);
  assert.equal(connection.instanceUrl, org.instance_url);
  const identity = await connection.identity();
  assert.equal(identity.username, org.username);
  return connection;
}

async function readMetadata(connection) {
  const global = await connection.describeGlobal();
  assert.ok(global.sobjects.some((object) => object.name === "Account" && object.keyPrefix === "001"));
  const account = await connection.describe("Account");
  const name = account.fields.find((field) => field.name === "Name");
  assert.equal(name.nillable, false);
  assert.equal(account.fields.find((field) => field.name === "ERP_Key__c").externalId, true);
  const limits = await connection.limits();
  assert.ok(limits.DailyApiRequests.Remaining < limits.DailyApiRequests.Max);
  assert.ok(connection.limitInfo.apiUsage.used > 0);
}

async function readRows(connection) {
  const soql = "SELECT Id, Name, Owner.Name FROM Account ORDER BY Id";
  const first = await connection.query(soql);
  assert.equal(first.done, false);
  assert.ok(first.records.length < first.totalSize);
  const all = await connection.query(soql, { autoFetch: true, maxFetch: 100000 });
  assert.equal(all.records.length, all.totalSize);
  assert.equal(new Set(all.records.map((row) => row.Id)).size, all.totalSize);
  assert.ok(all.records[0].Owner.Name);
  const count = await connection.query("SELECT COUNT() FROM Account");
  assert.equal(count.totalSize, all.totalSize);
}

async function writeRows(connection) {
  const accounts = connection.sobject("Account");
  const created = await accounts.create({ Name: "Made by jsforce" });
  assert.equal(created.success, true);
  const updated = await accounts.update({ Id: created.id, Phone: "+1 555" });
  assert.equal(updated.success, true);
  assert.equal((await accounts.retrieve(created.id)).Phone, "+1 555");
  const removed = await accounts.destroy(created.id);
  assert.equal(removed.success, true);
  await assert.rejects(accounts.retrieve(created.id), { errorCode: "ENTITY_IS_DELETED" });

  const key = "ERP_Key__c";
  const first = await accounts.upsert({ ERP_Key__c: "JS-1", Name: "Upserted" }, key);
  const second = await accounts.upsert({ ERP_Key__c: "JS-1", Name: "Upserted again" }, key);
  assert.equal(first.created, true);
  assert.deepEqual([second.created, second.id], [false, first.id]);
  const many = await accounts.upsert(
    [
      { ERP_Key__c: "JS-2", Name: "Many A" },
      { ERP_Key__c: "JS-3", Name: "Many B" },
    ],
    key,
  );
  assert.deepEqual(many.map((result) => result.success), [true, true]);

  const mixed = await accounts.create([{ Name: "Good" }, { Phone: "no name" }], { allOrNone: false });
  assert.deepEqual(mixed.map((result) => result.success), [true, false]);
  assert.equal(mixed[1].errors[0].statusCode, "REQUIRED_FIELD_MISSING");
  const gone = await accounts.destroy([mixed[0].id]);
  assert.equal(gone[0].success, true);
  return { removed: created.id, kept: first.id };
}

async function readChanges(connection, written) {
  const minute = 60_000;
  const [from, to] = [new Date(Date.now() - 60 * minute), new Date(Date.now() + 2 * minute)];
  const updated = await connection.sobject("Account").updated(from, to);
  assert.ok(updated.ids.includes(written.kept));
  assert.ok(updated.latestDateCovered);
  const deleted = await connection.sobject("Account").deleted(from, to);
  assert.ok(deleted.deletedRecords.some((row) => row.id === written.removed));
}

async function refreshAndRevoke(connection) {
  await fetch(`${org.instance_url}/__orgsim/sessions/end`, { method: "POST" });
  let refreshed = 0;
  connection.on("refresh", (_, answer) => {
    refreshed += 1;
    // This client drops a rotated refresh token, so it is put where it belongs.
    connection.refreshToken = answer.refresh_token;
  });
  for (let round = 1; round <= 2; round += 1) {
    assert.equal((await connection.query("SELECT Id FROM User LIMIT 1")).records.length, 1);
    assert.equal(refreshed, round);
    await fetch(`${org.instance_url}/__orgsim/sessions/end`, { method: "POST" });
  }
  const last = connection.refreshToken;
  await connection.oauth2.revokeToken(last);
  await assert.rejects(connection.oauth2.refreshToken(last), { name: "invalid_grant" });
}

async function main() {
  const connection = await connect();
  await readMetadata(connection);
  await readRows(connection);
  const written = await writeRows(connection);
  await readChanges(connection, written);
  await refreshAndRevoke(connection);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});

// Sessions: the browser's login with PKCE, an access token, SOAP login; refresh, rotation, revoke.
"use strict";

const assert = require("node:assert/strict");
const jsforce = require("jsforce");
const { check, clientBug, endSessions } = require("../node/checks.cjs");
const { codeFor } = require("./browser.cjs");
const { expired } = require("./bulk.cjs");

const version = "68.0";

/** The last one in which SOAP has a login. */
const lastWithLogin = "64.0";

/** A connection with a session and a grant, by the authorization code flow. */
async function connect(org) {
  const oauth2 = new jsforce.OAuth2({
    loginUrl: org.login_url,
    clientId: org.client_id,
    redirectUri: org.redirect_uris[0],
    useVerifier: true,
  });
  const connection = new jsforce.Connection({ oauth2, version });
  await check("session.code", async () => {
    const url = oauth2.getAuthorizationUrl({ scope: "api refresh_token" });
    const user = await connection.authorize(await codeFor(org, url));
    assert.equal(user.organizationId, org.org_id);
    assert.equal(connection.instanceUrl, org.instance_url);
  });
  await check("session.identity", async () => {
    const identity = await connection.identity();
    assert.equal(identity.username, org.username);
    assert.equal(identity.organization_id, org.org_id);
  });
  return connection;
}

async function otherLogins(org) {
  await check("session.token", async () => {
    const { instance_url: instanceUrl, access_token: accessToken } = org;
    const connection = new jsforce.Connection({ instanceUrl, accessToken, version });
    assert.equal((await connection.query("SELECT Id FROM User LIMIT 1")).records.length, 1);
  });
  await check("soap.login", async () => {
    const connection = new jsforce.Connection({ loginUrl: org.login_url, version: lastWithLogin });
    const user = await connection.login(org.username, org.password);
    assert.equal(user.organizationId, org.org_id);
    assert.equal((await connection.query("SELECT Id FROM User LIMIT 1")).records.length, 1);
  });
  await check("session.refused", async () => {
    const connection = new jsforce.Connection({ loginUrl: org.login_url, version: lastWithLogin });
    await assert.rejects(connection.login(org.username, "not the password"), /INVALID_LOGIN/);
  });
}

/** Ends the sessions and lets the connection find out; gives how often it refreshed. */
async function refreshed(connection, org) {
  let times = 0;
  const count = () => (times += 1);
  connection.on("refresh", count);
  await endSessions(org);
  try {
    assert.equal((await connection.query("SELECT Id FROM User LIMIT 1")).records.length, 1);
  } finally {
    connection.off("refresh", count);
  }
  return times;
}

async function refreshAndRevoke(connection, org) {
  let latest = connection.refreshToken;
  connection.on("refresh", (_, answer) => (latest = answer.refresh_token));
  await check("session.refresh", async () => {
    assert.equal(await refreshed(connection, org), 1);
  });
  await clientBug("session.refresh-rotated", "jsforce-rotation", async () => {
    assert.notEqual(latest, connection.refreshToken, "the org gave a new one, the connection kept the old one");
    // To send the old one would end the whole family, so the new one is put where it belongs.
    connection.refreshToken = latest;
    assert.equal(await refreshed(connection, org), 1);
  });
  connection.refreshToken = latest;
  await expired(connection, org);
  await check("session.revoke", async () => {
    await connection.oauth2.revokeToken(latest);
    await assert.rejects(connection.oauth2.refreshToken(latest), { name: "invalid_grant" });
  });
}

module.exports = { connect, otherLogins, refreshAndRevoke };

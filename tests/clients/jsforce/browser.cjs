// The person at the browser: fills in the login and consent pages.
"use strict";

const assert = require("node:assert/strict");

function hidden(html) {
  const inputs = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return [...inputs].map(([, name, value]) => [name, value.replaceAll("&amp;", "&")]);
}

/** Logs in at the authorization URL, allows the app, and gives the code that the browser is sent back with. */
async function codeFor(org, url) {
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

module.exports = { codeFor };

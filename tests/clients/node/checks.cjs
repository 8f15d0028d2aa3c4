// Named checks: each tells on standard output what one operation came to, and a failure does not end the others.
"use strict";

const assert = require("node:assert/strict");

function tell(outcome) {
  process.stdout.write(`\nCHECK ${JSON.stringify(outcome)}\n`);
}

/** Runs one check; what it returns is the caller's to use, `undefined` after a failure. */
async function check(operation, act) {
  try {
    const value = await act();
    tell({ operation, result: "passes" });
    return value;
  } catch (error) {
    tell({ operation, result: "fails", text: String(error?.stack ?? error) });
    return undefined;
  }
}

/** Shows a bug of the client: `act` passes when the client does what the bug's text says. */
async function clientBug(operation, bug, act) {
  try {
    await act();
    tell({ operation, result: "client bug", bug });
  } catch (error) {
    tell({ operation, result: "fails", text: `${bug} is not met any more: ${error?.stack ?? error}` });
  }
}

/** The orgs that are served for this script, by name. */
const orgs = Object.fromEntries(JSON.parse(process.env.ORGS).map((org) => [org.name, org]));

/** A call to an org's control endpoint, which no client has a part in. */
async function control(org, path, body) {
  const answer = await fetch(`${org.instance_url}/__orgsim/${path}`, {
    method: body === undefined ? "GET" : "POST",
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${await answer.clone().text()}`);
  return answer.json();
}

/** Ends every session of the org; grants stay. */
const endSessions = (org) => control(org, "sessions/end", {});

/** Live rows as the org stores them. */
const stored = (org, object) => control(org, `rows?object=${object}`);

/** Ends the process with what was told; a script that breaks between its checks told too little. */
function run(main) {
  main().then(
    () => process.exit(0),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}

module.exports = { check, clientBug, control, endSessions, orgs, run, stored };

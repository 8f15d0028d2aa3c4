// SFDMU from one served org to another: the same job as ours, by another author.
"use strict";

const assert = require("node:assert/strict");
const { mkdirSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const { check, clientBug, control, orgs, run, stored } = require("../node/checks.cjs");
const command = require("../sf/command.cjs");

const ORGS = Object.values(orgs);
const KEY = "ERP_Key__c";
const ACCOUNT = "Name, Phone, Industry";
const CONTACT = "FirstName, LastName, Email";

/** Rows of one write from which on it goes by Bulk. */
const ALWAYS_REST = 1_000_000;
const ALWAYS_BULK = 1;

/** The job's file: accounts by their key, then their contacts by the account's and their own. */
function exportFile(bulkThreshold) {
  const org = ({ name, instance_url, access_token }) => ({
    name,
    orgUserName: name,
    instanceUrl: instance_url,
    accessToken: access_token,
  });
  const objects = [
    { query: `SELECT ${KEY}, ${ACCOUNT} FROM Account WHERE ${KEY} != null`, operation: "Upsert", externalId: KEY },
    {
      query: `SELECT ${KEY}, ${CONTACT}, AccountId FROM Contact WHERE ${KEY} != null`,
      operation: "Upsert",
      externalId: KEY,
    },
  ];
  return { orgs: ORGS.map(org), promptOnMissingParentObjects: false, promptOnIssuesInCSVFiles: false, bulkThreshold, objects };
}

async function sync(bulkThreshold) {
  mkdirSync("job", { recursive: true });
  writeFileSync(path.join("job", "export.json"), JSON.stringify(exportFile(bulkThreshold)));
  const [from, to] = ORGS.map((org) => org.name);
  const words = ["sfdmu", "run", "--sourceusername", from, "--targetusername", to, "--path", "job", "--noprompt"];
  const { code, stdout, stderr } = await command.run(words);
  assert.equal(code, 0, `${stdout}${stderr}`);
  return stdout;
}

const keyed = async (org, object) =>
  new Map((await stored(org, object)).filter((row) => row[KEY]).map((row) => [row[KEY], row]));

/** The seed has addresses that no org takes; what becomes of their rows is a check of its own. */
const isAcceptable = (row) => !row.Email || row.Email.includes("@");

/** Rows of the first org that the second could have and does not have as they are. */
async function differing(object, fields) {
  const [from, to] = await Promise.all(ORGS.map((org) => keyed(org, object)));
  assert.ok(from.size > 0, `the first org has no ${object} with a key`);
  const names = fields.split(", ");
  const same = (a, b) => b && names.every((name) => (a[name] ?? null) === (b[name] ?? null));
  return [...from.values()].filter((row) => isAcceptable(row) && !same(row, to.get(row[KEY])));
}

const writes = async (org) => {
  const { rows_written: written } = await control(org, "counters");
  return Object.values(written).reduce((sum, one) => sum + one.inserted + one.updated + one.deleted, 0);
};

/** Every account of the first org gets another phone number, by a user of that org. */
async function changeEveryAccount(org) {
  const accounts = [...(await keyed(org, "Account")).values()];
  const rows = accounts.map(({ Id }, position) => ({ Id, Phone: `+1 600 ${position}` }));
  await control(org, "rows", { object: "Account", rows });
}

run(async () => {
  const linked = await command.run(["plugins", "link", path.join(command.packages, "sfdmu"), "--no-install"]);
  assert.equal(linked.code, 0, linked.stdout + linked.stderr);
  const [from, to] = ORGS;
  const brought = async (told) => {
    assert.deepEqual(await differing("Account", ACCOUNT), [], told);
    assert.deepEqual(await differing("Contact", CONTACT), [], told);
    assert.equal(await writes(from), 0, told);
  };
  await check("job.sync", async () => {
    assert.ok((await differing("Account", ACCOUNT)).length > 0, "the orgs differ at first");
    await brought(await sync(ALWAYS_REST));
    assert.ok((await writes(to)) > 0);
  });
  await check("job.sync-again", async () => {
    const before = await writes(to);
    const told = await sync(ALWAYS_REST);
    assert.equal(await writes(to), before, told);
  });
  await clientBug("job.refused-rows", "sfdmu-silence", async () => {
    const contacts = await keyed(from, "Contact");
    const refused = [...contacts.values()].filter((row) => !isAcceptable(row));
    assert.ok(refused.length > 0, "the seed has a row that the target refuses");
    // It ends with exit code 0 all the same, and names no row.
    const told = await sync(ALWAYS_REST);
    assert.ok(!refused.some((row) => told.includes(row[KEY])), told);
    const there = await keyed(to, "Contact");
    assert.ok(refused.some((row) => !there.has(row[KEY])));
  });
  await check("job.sync-bulk", async () => {
    await changeEveryAccount(from);
    const told = await sync(ALWAYS_BULK);
    assert.match(told, /Bulk API V2/);
    await brought(told);
  });
});

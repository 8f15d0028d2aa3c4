// One run of the Salesforce CLI, with a home of its own and nothing of it that phones out.
"use strict";

const assert = require("node:assert/strict");
const { execFile } = require("node:child_process");
const path = require("node:path");

const packages = path.join(process.env.CLIENTS, "sf", "node_modules");

const environment = {
  ...process.env,
  // The CLI and its plug-ins start `sf` and `node` by name.
  PATH: [path.join(packages, ".bin"), path.dirname(process.execPath), process.env.PATH].join(path.delimiter),
  SF_AUTOUPDATE_DISABLE: "true",
  SF_DISABLE_TELEMETRY: "true",
  SF_SKIP_NEW_VERSION_CHECK: "true",
  SF_USE_GENERIC_UNIX_KEYCHAIN: "true",
  SFDX_DISABLE_DNS_CHECK: "true",
};

/** Runs `sf` and gives its exit code and what it printed. */
function run(words, more = {}) {
  const script = path.join(packages, "@salesforce", "cli", "bin", "run.js");
  const options = { env: { ...environment, ...more }, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...words], options, (error, stdout, stderr) =>
      resolve({ code: error ? (error.code ?? 1) : 0, stdout, stderr }),
    );
  });
}

/** Runs a command that must succeed and gives the `result` of its JSON. */
async function sf(words, more) {
  const { code, stdout, stderr } = await run([...words, "--json"], more);
  assert.equal(code, 0, `sf ${words.join(" ")}: ${stdout}${stderr}`);
  return JSON.parse(stdout).result;
}

/** Runs a command that must fail and gives its JSON. */
async function refused(words) {
  const { code, stdout } = await run([...words, "--json"]);
  assert.notEqual(code, 0, `sf ${words.join(" ")} did not fail: ${stdout}`);
  return JSON.parse(stdout);
}

module.exports = { packages, refused, run, sf };

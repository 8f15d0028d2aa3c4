// Replication: which rows were changed or deleted in a window.
"use strict";

const assert = require("node:assert/strict");
const { check } = require("../node/checks.cjs");

const MINUTE = 60_000;

module.exports = async (connection) => {
  const accounts = connection.sobject("Account");
  const kept = await accounts.create({ Name: "Changed in the window" });
  const removed = await accounts.create({ Name: "Deleted in the window" });
  await accounts.destroy(removed.id);
  const [from, to] = [new Date(Date.now() - 60 * MINUTE), new Date(Date.now() + 2 * MINUTE)];
  await check("replication.updated", async () => {
    const updated = await accounts.updated(from, to);
    assert.ok(updated.ids.includes(kept.id) && !updated.ids.includes(removed.id));
    assert.ok(updated.latestDateCovered);
  });
  await check("replication.deleted", async () => {
    const deleted = await accounts.deleted(from, to);
    assert.ok(deleted.deletedRecords.some((row) => row.id === removed.id && row.deletedDate));
    assert.ok(deleted.earliestDateAvailable);
  });
};

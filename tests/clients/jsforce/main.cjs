// jsforce against one served org: everything that it has a call for, over REST, Bulk and OAuth.
"use strict";

const { orgs, run } = require("../node/checks.cjs");

const parts = [
  require("./metadata.cjs"),
  require("./queries.cjs"),
  require("./records.cjs"),
  require("./collections.cjs"),
  require("./replication.cjs"),
  require("./bulk.cjs").bulk,
  require("./errors.cjs"),
];

run(async () => {
  const org = orgs.sales;
  const session = require("./session.cjs");
  const connection = await session.connect(org);
  await session.otherLogins(org);
  for (const part of parts) {
    await part(connection, org);
  }
  await session.refreshAndRevoke(connection, org);
});

// The Salesforce CLI against one served org: what an admin does with it.
"use strict";

const { orgs, run } = require("../node/checks.cjs");
const bulk = require("./bulk.cjs");
const data = require("./data.cjs");
const session = require("./session.cjs");

run(async () => {
  const org = orgs.sales;
  await session.logins(org);
  await session.metadata();
  await data.queries();
  await data.records(org);
  await data.errors();
  await bulk(org);
  await session.endings(org);
});

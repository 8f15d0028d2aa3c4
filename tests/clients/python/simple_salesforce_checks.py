"""simple-salesforce against one served org: everything that it has a call for."""

import simple_salesforce_bulk
import simple_salesforce_errors
import simple_salesforce_rows
import simple_salesforce_session
from checks import ORGS


def main():
    org = ORGS["sales"]
    client = simple_salesforce_session.connect(org)
    simple_salesforce_session.read_metadata(client)
    simple_salesforce_rows.queries(client)
    simple_salesforce_rows.records(client, org)
    simple_salesforce_rows.replication(client)
    simple_salesforce_bulk.both_ways(client, org)
    simple_salesforce_errors.refusals(client, org)
    simple_salesforce_session.other_logins(org)


main()

"""Errors, as simple-salesforce turns them into its own."""

from checks import check, control, end_sessions, raises
from simple_salesforce.exceptions import (
    SalesforceExpiredSession,
    SalesforceGeneralError,
    SalesforceMalformedRequest,
    SalesforceRefusedRequest,
    SalesforceResourceNotFound,
)


def refusals(client, org):
    def refused(operation, error, code, act):
        def asked():
            content = raises(error, act).content
            assert content[0]["errorCode"] == code, content

        check(operation, asked)

    refused(
        "error.field",
        SalesforceMalformedRequest,
        "INVALID_FIELD",
        lambda: client.query("SELECT Nothing FROM Account"),
    )
    refused(
        "error.object",
        SalesforceMalformedRequest,
        "INVALID_TYPE",
        lambda: client.query("SELECT Id FROM Nothing__c"),
    )
    refused(
        "error.query",
        SalesforceMalformedRequest,
        "MALFORMED_QUERY",
        lambda: client.query("SELECT FROM Account"),
    )
    refused(
        "error.required",
        SalesforceMalformedRequest,
        "REQUIRED_FIELD_MISSING",
        lambda: client.Account.create({"Phone": "1"}),
    )
    refused(
        "error.missing",
        SalesforceResourceNotFound,
        "NOT_FOUND",
        lambda: client.Account.get("001000000000000AAA"),
    )

    def twice():
        for name in ("First", "Second"):
            client.Account.create({"Name": name, "ERP_Key__c": "TAKEN"})

    refused("error.duplicate", SalesforceMalformedRequest, "DUPLICATE_VALUE", twice)

    def read_deleted():
        made = client.Account.create({"Name": "Soon gone"})["id"]
        client.Account.delete(made)
        client.Account.get(made)

    refused("error.deleted", SalesforceResourceNotFound, "ENTITY_IS_DELETED", read_deleted)
    refused(
        "error.limit",
        SalesforceRefusedRequest,
        "REQUEST_LIMIT_EXCEEDED",
        lambda: over_the_limit(client, org),
    )

    def unavailable():
        control(org, "faults", {"kind": "unavailable", "path_contains": "/limits"})
        error = raises(SalesforceGeneralError, client.limits)
        assert error.status == 503, error

    check("error.unavailable", unavailable)

    def ended():
        end_sessions(org)
        client.query("SELECT Id FROM User")

    refused("error.session", SalesforceExpiredSession, "INVALID_SESSION_ID", ended)


def over_the_limit(client, org):
    used = control(org, "limits")["used"]
    control(org, "limits", {"used": 15000})
    try:
        client.limits()
    finally:
        control(org, "limits", {"used": used})

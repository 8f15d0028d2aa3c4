//! Every recorded answer of the real service beside what orgsim sends for the same call: keys and types.
//!
//! The recordings stand beside the project, not in it: `ISTHMUS_FIXTURES`, else `../shared/fixtures` from the workspace's
//! root. Without them these tests say loudly that they were skipped, and pass.

mod fixture;
mod replay;
mod single;

use fixture::folder;

/// What holds a file, so that none is left out.
enum Held {
    /// Its exchanges are replayed, one after the other ([`replay`]).
    Replayed,
    /// The same kind of call is made, and its answer compared ([`single`]).
    Compared,
    /// By a unit test of the crate, which sees the schema from inside.
    Inside(&'static str),
    /// Orgsim has no such call.
    NotServed(&'static str),
    /// It is no answer.
    NoAnswer(&'static str),
}

const DESCRIBE: Held = Held::Inside("describe/tests.rs and schema/standard/recorded.rs");
const API: Held = Held::Inside("api/tests/recordings.rs");

const FILES: &[(&str, Held)] = &[
    ("README.md", Held::NoAnswer("says where the recordings are from")),
    ("cumulusci/LICENSE", Held::NoAnswer("a licence")),
    ("restforce/LICENSE", Held::NoAnswer("a licence")),
    ("camel/limits.json", Held::Compared),
    ("cumulusci/GET_sobjects_Account_describe.yaml", DESCRIBE),
    ("cumulusci/GET_sobjects_Case_describe.yaml", DESCRIBE),
    ("cumulusci/GET_sobjects_Contact_describe.yaml", DESCRIBE),
    ("cumulusci/GET_sobjects_Custom__c_describe.yaml", Held::Compared),
    ("cumulusci/GET_sobjects_Global_describe.yaml", DESCRIBE),
    ("cumulusci/GET_sobjects_Lead_describe.yaml", DESCRIBE),
    ("cumulusci/GET_sobjects_OpportunityContactRole_describe.yaml", Held::Compared),
    ("cumulusci/GET_sobjects_Opportunity_describe.yaml", DESCRIBE),
    ("cumulusci/GET_sobjects_Organization.yaml", Held::Compared),
    ("cumulusci/ManualEditTestCompositeParallelSalesforce.test_http_headers.yaml", API),
    (
        "cumulusci/ManualEdit_TestCountSObjects.test_count_sobjects__network_errors.yaml",
        Held::NoAnswer("an empty 500 that its authors wrote by hand; orgsim sends one as a fault"),
    ),
    (
        "cumulusci/TestCompositeParallelSalesforce.test_composite_parallel_salesforce.yaml",
        Held::Replayed,
    ),
    ("cumulusci/TestCompositeParallelSalesforce.test_errors.yaml", API),
    ("cumulusci/TestCompositeParallelSalesforce.test_reference_ids.yaml", API),
    ("cumulusci/TestCountSObjects.test_count_sobjects__errors.yaml", API),
    ("cumulusci/TestCountSObjects.test_count_sobjects_simple.yaml", Held::Replayed),
    ("cumulusci/TestSelect.test_select_standard_strategy.yaml", Held::Replayed),
    ("cumulusci/TestUpdatesIntegrationTests.test_updates_task.yaml", Held::Replayed),
    ("cumulusci/TestUpsert.test_simple_upsert__rest.yaml", Held::Replayed),
    ("cumulusci/TestUpsert.test_upsert__rest.yaml", Held::Replayed),
    ("cumulusci/TestUpsert.test_upsert_complex_external_id_field__rest.yaml", Held::Replayed),
    (
        "cumulusci/TestUpsert.test_upsert_complex_external_id_field_rest__duplicate_error.yaml",
        Held::Replayed,
    ),
    ("cumulusci/TestUpsert.test_upsert_complex_fields__bulk.yaml", Held::Replayed),
    ("restforce/auth_error_response.json", Held::Compared),
    ("restforce/auth_success_response.json", Held::Compared),
    ("restforce/create_success_response.json", API),
    ("restforce/delete_error_response.json", API),
    ("restforce/describe_sobjects_success_response.json", Held::Compared),
    ("restforce/expired_session_response.json", Held::Compared),
    ("restforce/get_deleted_success_response.json", API),
    ("restforce/get_updated_success_response.json", API),
    ("restforce/list_sobjects_success_response.json", Held::Compared),
    ("restforce/org_query_response.json", API),
    ("restforce/query_aggregate_success_response.json", Held::Compared),
    ("restforce/query_empty_response.json", API),
    ("restforce/query_error_response.json", Held::Compared),
    ("restforce/query_paginated_first_page_response.json", Held::Compared),
    ("restforce/query_paginated_last_page_response.json", Held::Compared),
    ("restforce/query_success_response.json", Held::Compared),
    ("restforce/reauth_success_response.json", Held::Compared),
    (
        "restforce/recent_success_response.json",
        Held::NotServed("nobody views rows in orgsim, so it keeps no list of those viewed last"),
    ),
    ("restforce/refresh_error_response.json", Held::Compared),
    ("restforce/refresh_success_response.json", Held::Compared),
    ("restforce/search_error_response.json", Held::Compared),
    ("restforce/search_success_response.json", Held::Compared),
    ("restforce/sobject_describe_error_response.json", API),
    ("restforce/sobject_describe_success_response.json", Held::Compared),
    ("restforce/sobject_find_error_response.json", API),
    ("restforce/sobject_find_success_response.json", Held::Compared),
    ("restforce/sobject_select_success_response.json", Held::Compared),
    ("restforce/upsert_created_success_response.json", Held::Compared),
    ("restforce/upsert_error_response.json", API),
    ("restforce/upsert_multiple_error_response.json", API),
    (
        "restforce/upsert_updated_success_response.json",
        Held::NoAnswer(
            "the empty 204 of before version 46; orgsim's versions answer 200 with a body",
        ),
    ),
    ("restforce/write_error_response.json", API),
];

#[test]
fn no_recording_is_left_out() {
    let Some(folder) = folder() else { return };
    for file in fixture::files(&folder) {
        let held = FILES.iter().find(|(name, _)| *name == file);
        let (_, held) = held.unwrap_or_else(|| panic!("{file} is held by no test"));
        match held {
            Held::Replayed => assert!(replay::REPLAYED.contains(&file.as_str()), "{file}"),
            Held::Compared => assert!(single::COMPARED.contains(&file.as_str()), "{file}"),
            Held::Inside(place) => println!("{file}: {place}"),
            Held::NotServed(reason) => println!("{file} is not served: {reason}"),
            Held::NoAnswer(reason) => println!("{file} is no answer: {reason}"),
        }
    }
}

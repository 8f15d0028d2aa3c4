//! Where a cause's next action is done: the part of the console that its code points to.

use crate::route::{Route, SyncTab};

/// Isthmus's own causes, and the orgs' error codes, that a change of the mapping removes.
const MAPPING: &[&str] = &[
    "value_not_convertible",
    "picklist_value_unknown",
    "required_missing",
    "text_too_long",
    "number_too_large",
    "field_read_only",
    "lane_value_missing",
    "not_an_id",
    "match_ambiguous",
    "key_blank",
    "key_repeated",
    "partner_taken",
    "first_contact_differs",
    "target_edited",
    "record_not_mapped",
    "mapping_unknown",
    "mapping_changed",
    "mapping_stopped",
    "parent_cycle",
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "REQUIRED_FIELD_MISSING",
    "STRING_TOO_LONG",
    "NUMBER_OUTSIDE_VALID_RANGE",
    "INVALID_FIELD",
    "INVALID_TYPE",
    "INVALID_TYPE_ON_FIELD_IN_RECORD",
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "MALFORMED_ID",
    "JSON_PARSER_ERROR",
];

/// What the connected user may not do, and what keeps the org from answering.
const ORG: &[&str] = &[
    "not_createable",
    "not_updateable",
    "nothing_readable",
    "login_lost",
    "org_unreachable",
    "connection_lost",
    "foreign_run",
    "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
    "INSUFFICIENT_ACCESS_OR_READONLY",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
    "INSUFFICIENT_ACCESS",
    "INVALID_SESSION_ID",
    "REQUEST_LIMIT_EXCEEDED",
    "API_DISABLED_FOR_ORG",
    "STORAGE_LIMIT_EXCEEDED",
];

/// The words of the action and the place it leads to; `None` where the action is outside Isthmus, or only a run.
pub(crate) fn next_action(code: &str, sync: &str, target: &str) -> Option<(&'static str, Route)> {
    if MAPPING.contains(&code) {
        return Some(("Open Map", Route::Sync(sync.to_owned(), SyncTab::Map)));
    }
    ORG.contains(&code).then(|| ("Open the org", Route::Org(target.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::next_action;
    use crate::route::{Route, SyncTab};

    #[test]
    fn a_code_leads_to_where_its_cause_is_removed() {
        let to = |code| next_action(code, "Customers", "Service").map(|(_, route)| route);
        let map = Route::Sync("Customers".to_owned(), SyncTab::Map);
        assert_eq!(to("picklist_value_unknown"), Some(map.clone()));
        assert_eq!(to("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"), Some(map));
        let org = Some(Route::Org("Service".to_owned()));
        assert_eq!(to("INSUFFICIENT_ACCESS_OR_READONLY"), org);
        assert_eq!(to("not_sent"), None);
        assert_eq!(to("DUPLICATES_DETECTED"), None);
    }
}

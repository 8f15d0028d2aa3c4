//! What a duplicate rule tells.

use serde_json::json;

use crate::error::{Error, ErrorClass};

fn body(allow_save: bool) -> String {
    json!([{"errorCode":"DUPLICATES_DETECTED","message":"Use one of these records?",
        "duplicateResult":{"allowSave":allow_save,"duplicateRule":"Standard_Contact_Duplicate_Rule",
            "duplicateRuleEntityType":"Contact","errorMessage":"Use one of these records?",
            "matchResults":[{"entityType":"Contact","errors":[],"matchEngine":"FuzzyMatchEngine",
                "matchRecords":[{"additionalInformation":[],"fieldDiffs":[],"matchConfidence":100.0,
                    "record":{"attributes":{"type":"Contact"},"Id":"003Hs00004QrStUIAV"}}],
                "rule":"Standard_Contact_Match_Rule","size":1,"success":true}]}}])
    .to_string()
}

#[test]
fn a_rule_that_warns_and_one_that_blocks_have_different_remedies() {
    for (allow_save, remedy) in [(true, "save duplicates"), (false, "saving again cannot help")] {
        let error = super::error(400, &body(allow_save));
        assert_eq!(error.class(), ErrorClass::RowData);
        assert!(error.remedy().contains(remedy), "{}", error.remedy());
        let Error::Api { errors, .. } = &error else { panic!("{error:?}") };
        let found = errors[0].duplicates().unwrap();
        assert_eq!((found.allow_save, found.object.as_str()), (allow_save, "Contact"));
        assert_eq!(found.rule, "Standard_Contact_Duplicate_Rule");
        let record = &found.matches[0].records[0];
        assert_eq!(record.id.unwrap().as_str(), "003Hs00004QrStUIAV");
        assert_eq!(record.confidence, Some("100".parse().unwrap()));
        assert_eq!(errors[0].cause().remedy, error.remedy());
    }
}

#[test]
fn a_refusal_without_details_or_of_another_kind_has_no_duplicates() {
    for body in [
        r#"[{"errorCode":"DUPLICATES_DETECTED","message":"Use one of these records?"}]"#,
        r#"[{"errorCode":"DUPLICATES_DETECTED","message":"x","duplicateResult":7}]"#,
        r#"[{"errorCode":"DUPLICATE_VALUE","message":"x","duplicateResult":{}}]"#,
    ] {
        let error = super::error(400, body);
        let Error::Api { errors, .. } = &error else { panic!("{error:?}") };
        assert_eq!(errors[0].duplicates(), None, "{body}");
        assert_eq!(error.class(), ErrorClass::RowData);
    }
}

//! Records one by one and many at once, merges, searches, conditions.

use std::collections::BTreeMap;

use http::Method;
use isthmus_salesforce::api::composite::conditional::{ConditionalResult, ConditionalUpdate};
use isthmus_salesforce::api::composite::graph::Graph;
use isthmus_salesforce::api::composite::parts::Part;
use isthmus_salesforce::api::composite::tree::{TreeRecord, TreeResult};
use isthmus_salesforce::api::picklists::MASTER_RECORD_TYPE;
use isthmus_salesforce::soap::{MergeRequest, MergeResult};
use isthmus_tests::window::tell;
use jiff::Timestamp;

use crate::rig::{accounts, client, held, serve, values};

#[test]
fn a_tree_is_created_whole_or_not_at_all() {
    let orgs = serve(1);
    let account = |reference: &str, contact: &[(&str, &str)]| TreeRecord {
        object: "Account".into(),
        reference: reference.to_owned(),
        values: values(&[("Name", "Treetop")]),
        children: BTreeMap::from([(
            "Contacts".to_owned(),
            vec![TreeRecord {
                object: "Contact".into(),
                reference: format!("{reference}Contact"),
                values: values(contact),
                children: BTreeMap::new(),
            }],
        )]),
    };
    tell(async {
        let client = client(&orgs);
        let created = client.create_tree(&[account("one", &[("LastName", "Ito")])]).await;
        let TreeResult::Created(ids) = created.expect("an answer") else { panic!("it is created") };
        let parent = held(&orgs, "Contact", ids["oneContact"], "AccountId");
        assert_eq!(parent, Some(ids["one"].to_string()));

        let refused = client.create_tree(&[account("two", &[("FirstName", "Mia")])]).await;
        let TreeResult::Refused(errors) = refused.expect("an answer") else {
            panic!("a name is missing")
        };
        assert_eq!(errors["twoContact"][0].code, "REQUIRED_FIELD_MISSING");
    });
    assert_eq!(orgs.rows("sales", "Account").len(), 2, "nothing of the second tree is there");
}

#[test]
fn a_graph_that_fails_leaves_nothing_and_the_others_stand() {
    let orgs = serve(1);
    let graph = |id: &str, last_name: &str| {
        let account = Part::new(&Method::POST, "sobjects/Account", "parent").expect("a part");
        let account = account.with_values(&values(&[("Name", id)])).expect("values");
        let contact = Part::new(&Method::POST, "sobjects/Contact", "child").expect("a part");
        let pairs = [("AccountId", "@{parent.id}"), ("LastName", last_name)];
        let contact = contact.with_body(&serde_json::json!(BTreeMap::from(pairs))).expect("a body");
        Graph { id: id.to_owned(), parts: vec![account, contact] }
    };
    tell(async {
        let answers =
            client(&orgs).composite_graphs(&[graph("good", "Ito"), graph("bad", "")]).await;
        let answers = answers.expect("answers");
        assert_eq!([answers[0].is_successful, answers[1].is_successful], [true, false]);
    });
    let rows = orgs.rows("sales", "Account");
    let names: Vec<&str> = rows.iter().filter_map(|row| row.get("Name")?.as_str()).collect();
    assert!(names.contains(&"good") && !names.contains(&"bad"), "{names:?}");
}

#[test]
fn a_record_that_somebody_changed_meanwhile_is_not_overwritten() {
    let orgs = serve(3);
    let ids = accounts(&orgs, 2);
    let update = |id, unmodified_since| ConditionalUpdate {
        object: "Account".into(),
        id,
        values: values(&[("Phone", "+49 30 9")]),
        unmodified_since,
    };
    tell(async {
        let past = Timestamp::from_second(1_000_000_000).expect("a moment");
        let future = Timestamp::from_second(4_000_000_000).expect("a moment");
        let told = client(&orgs)
            .update_if_unmodified(&[update(ids[0], past), update(ids[1], future)])
            .await;
        let told = told.expect("answers");
        assert_eq!(told, [ConditionalResult::ChangedMeanwhile, ConditionalResult::Written]);
    });
    assert_ne!(held(&orgs, "Account", ids[0], "Phone").as_deref(), Some("+49 30 9"));
    assert_eq!(held(&orgs, "Account", ids[1], "Phone").as_deref(), Some("+49 30 9"));
}

#[test]
fn merged_records_become_one() {
    let orgs = serve(4);
    let ids = accounts(&orgs, 3);
    let request = MergeRequest {
        object: "Account".into(),
        winner: ids[0],
        values: values(&[("Phone", "+49 30 3")]),
        losers: vec![ids[1], ids[2]],
    };
    let told = tell(async { client(&orgs).merge(&[request]).await.expect("an answer") });
    assert!(
        matches!(&told[0], MergeResult::Merged { merged, .. } if merged.len() == 2),
        "{told:?}"
    );
    assert_eq!(held(&orgs, "Account", ids[0], "Phone").as_deref(), Some("+49 30 3"));
    assert_eq!(held(&orgs, "Account", ids[1], "Id"), None);
}

#[test]
fn what_is_searched_and_listed_is_what_the_org_holds() {
    let orgs = serve(12);
    tell(async {
        let client = client(&orgs);
        let id = client.create_record("Account", &values(&[("Name", "Quixotic Quartz")])).await;
        let id = id.expect("an id");
        let found =
            client.search("FIND {Quixotic} IN NAME FIELDS RETURNING Account(Id, Name)").await;
        let found = found.expect("an answer");
        assert!(
            found.iter().any(|one| format!("{:?}", one.row).contains(&id.to_string())),
            "{found:?}"
        );

        let master = MASTER_RECORD_TYPE.parse().expect("an id");
        let picklists = client.picklists("Account", master).await.expect("an answer");
        assert!(!picklists["Industry"].values.is_empty());
        let limits = client.limits().await.expect("an answer");
        assert!(client.api_usage().is_some());
        drop(limits);
    });
}

//! Asking an org: its health, its objects, its fields; and what is asked twice is answered from memory.

use isthmus_app::Error;
use isthmus_app::org::{disconnect, fields, health_of, objects};
use isthmus_contract::health::Health;
use isthmus_contract::map::FieldsRequest;
use isthmus_tests::orgs::Orgs;
use orgsim::faults::{Fault, Kind};

use crate::rig::on_one_thread;

fn wish(object: &str, refresh: bool) -> FieldsRequest {
    FieldsRequest { org: "sales".to_owned(), object: object.to_owned(), refresh }
}

#[test]
fn objects_and_fields_are_asked_once_until_they_are_asked_for_anew() {
    on_one_thread(Orgs::pair(1, 1), async |console| {
        console.connect("sales").await;
        let workspace = &console.workspace;
        let listed = objects(workspace, "sales").await.expect("the list");
        let account = listed.iter().find(|object| object.name == "Account").expect("Account");
        assert!(account.queryable && account.createable && !account.custom);
        assert!(listed.windows(2).all(|pair| pair[0].name < pair[1].name));

        let asked = console.calls("sales");
        let first = fields(workspace, &wish("account", false)).await.expect("its fields");
        assert_eq!(first.name, "Account");
        assert_eq!(console.calls("sales"), asked + 1);
        let again = fields(workspace, &wish("Account", false)).await.expect("its fields");
        assert_eq!(again, first);
        let _ = objects(workspace, "sales").await.expect("the list");
        assert_eq!(console.calls("sales"), asked + 1);
        let _ = fields(workspace, &wish("Account", true)).await.expect("its fields");
        assert_eq!(console.calls("sales"), asked + 2);

        let unknown = fields(workspace, &wish("Acount", false)).await;
        let near = |error: &Error| matches!(error, Error::UnknownObject { near: Some(near), .. } if near == "Account");
        assert!(unknown.as_ref().is_err_and(near), "{unknown:?}");
    });
}

#[test]
fn an_org_that_cannot_be_asked_is_a_finding_with_its_next_step() {
    on_one_thread(Orgs::pair(1, 0), async |console| {
        console.connect("sales").await;
        let well = health_of(&console.workspace, "sales").await.expect("its health");
        assert_eq!(well.health, Health::Good, "{well:?}");
        assert!(well.latency_ms.is_some() && well.calls_allowed.is_some());

        let drop = Fault::new(Kind::RequestLost).times(50);
        console.orgs.fault("sales", drop);
        let silent = health_of(&console.workspace, "sales").await.expect("its health");
        assert_eq!(silent.health, Health::Bad);
        assert!(silent.found.contains("; "), "{silent:?}");
        assert_eq!(silent.latency_ms, None);

        disconnect(&console.workspace, "sales").await.expect("it is disconnected");
        let cut_off = health_of(&console.workspace, "sales").await.expect("its health");
        assert_eq!(cut_off.health, Health::Bad);
        assert!(cut_off.found.contains("connect it again"), "{cut_off:?}");
        assert!(health_of(&console.workspace, "nobody").await.is_err());
    });
}

//! The same org twice, another org under a known name, one org on both sides, hosts that are not the org's.

use isthmus_contract::file::FileCode;
use isthmus_tests::isthmus::Desk;
use isthmus_tests::mapping;
use isthmus_tests::orgs::Orgs;
use isthmus_tests::refused::only;
use serde_json::Value;

use crate::exits::REFUSED;

fn names(desk: &Desk) -> Vec<String> {
    let orgs = desk.run(&["org", "list", "--json"]).passed().json();
    let orgs = orgs.as_array().expect("a list").iter();
    orgs.filter_map(|org| org["name"].as_str().map(str::to_owned)).collect()
}

#[test]
fn the_same_org_under_another_name_is_refused_and_its_new_grant_given_back() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let _ = desk.connect(&orgs, "sales").passed();
    let refused = desk.connect_as(&orgs, "sales", "vertrieb", "allow");
    let problem = refused.refused(REFUSED, "org_already_connected");
    assert!(problem.text.contains("`sales`") && problem.hint.contains("`sales`"), "{problem:?}");
    assert_eq!(names(&desk), ["sales"]);
    assert_eq!(
        orgs.org("sales").oauth.refresh_token_count(),
        1,
        "the first grant stands, the second does not"
    );
    let _ = desk.run(&["org", "test", "sales", "--json"]).passed();
}

#[test]
fn the_same_org_by_its_session_is_refused_too() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let org = orgs.announcement("sales");
    let arguments = [
        "org",
        "connect",
        "second",
        "--access-token-stdin",
        "--instance-url",
        &org.instance_url,
        "--json",
    ];
    let _ = desk
        .run_with_input(&arguments, &org.access_token)
        .refused(REFUSED, "org_already_connected");
    assert_eq!(names(&desk), ["sales"]);
}

#[test]
fn another_org_on_a_new_login_is_refused_and_the_pinned_one_stays() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let _ = desk.connect(&orgs, "sales").passed();
    let refused = desk.connect_as(&orgs, "service", "sales", "allow");
    let problem = refused.refused(REFUSED, "org_differs");
    for name in ["sales", "service"] {
        assert!(problem.text.contains(&orgs.announcement(name).org_id), "{problem:?}");
    }
    assert_eq!(orgs.org("service").oauth.refresh_token_count(), 0, "its grant was given back");
    let list: Value = desk.run(&["org", "list", "--json"]).passed().json();
    assert_eq!(list[0]["org_id"], orgs.announcement("sales").org_id.as_str());
    let _ = desk.run(&["org", "test", "sales", "--json"]).passed();
}

#[test]
fn both_sides_the_same_org_is_refused_at_import() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let _ = desk.adopt(&orgs, "sales").passed();
    let text = mapping::ACCOUNTS.replace("right: service", "right: sales");
    let problems = desk.import(&text).file_refused();
    let problem = only(&problems, FileCode::SameOrg);
    assert_eq!(problem.place.line, 4, "{problem:?}");
    assert!(problem.remedy.contains("two different orgs"), "{problem:?}");
}

#[test]
fn plain_http_beyond_this_machine_is_refused_before_anything_is_sent() {
    let desk = Desk::with_workspace();
    let login = [
        "org",
        "connect",
        "a",
        "--login-url",
        "http://login.example",
        "--client-id",
        "x",
        "--json",
    ];
    let session = [
        "org",
        "connect",
        "a",
        "--access-token-stdin",
        "--instance-url",
        "http://acme.example",
        "--json",
    ];
    for arguments in [&login[..], &session[..]] {
        let refused = desk.run_with_input(arguments, "00D!token");
        let problem = refused.problem();
        assert_eq!(refused.code, Some(REFUSED), "{refused:?}");
        assert!(problem.text.contains("http"), "{problem:?}");
    }
    assert_eq!(names(&desk), Vec::<String>::new());
}

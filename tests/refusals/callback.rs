//! Callback ports that another program holds: the next one is used, and where there is none it is said.

use std::net::TcpListener;

use isthmus_tests::isthmus::{Desk, callback_ports};
use isthmus_tests::orgs::Orgs;

use crate::exits::REFUSED;
use crate::state::Login;

/// The ports registered for this test, in the order they are tried.
fn registered(orgs: &Orgs) -> Vec<u16> {
    let arguments = callback_ports(orgs.announcement("sales"));
    let ports: Vec<u16> = arguments.iter().filter_map(|word| word.parse().ok()).collect();
    assert_eq!(ports.len(), 3);
    ports
}

#[test]
fn a_port_taken_on_ipv4_means_the_next_one() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let ports = registered(&orgs);
    let _taken = TcpListener::bind(("127.0.0.1", ports[0])).expect("the port is free");
    let login = Login::begin(&desk, &orgs, &[]);
    assert_eq!(login.callback.port(), Some(ports[1]));
    login.deny();
    let _ = desk.connect(&orgs, "sales").passed();
}

#[test]
fn a_port_taken_on_ipv6_alone_means_the_next_one() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let ports = registered(&orgs);
    let Ok(_taken) = TcpListener::bind(("::1", ports[0])) else {
        println!("skipped: this machine has no IPv6");
        return;
    };
    let login = Login::begin(&desk, &orgs, &[]);
    assert_eq!(login.callback.port(), Some(ports[1]), "a browser may try IPv6 first");
    login.deny();
    let _ = desk.connect(&orgs, "sales").passed();
}

#[test]
fn all_ports_taken_is_refused_before_the_browser_opens() {
    let orgs = Orgs::pair(1, 0);
    let desk = Desk::with_workspace();
    let ports = registered(&orgs);
    let _taken: Vec<TcpListener> = ports
        .iter()
        .map(|port| TcpListener::bind(("127.0.0.1", *port)).expect("the port is free"))
        .collect();
    let problem = desk.connect(&orgs, "sales").refused(REFUSED, "callback_port_taken");
    for port in ports {
        assert!(problem.text.contains(&port.to_string()), "{problem:?}");
    }
    assert!(problem.hint.contains("close the program"), "{problem:?}");
    assert!(
        !orgs.counters("sales").calls.keys().any(|call| call.contains("authorize")),
        "no page was opened"
    );
}

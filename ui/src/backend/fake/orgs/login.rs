//! A login as the shell tells it, and every way it can be refused.
//!
//! The client id chooses the way: one that contains `wrong` is unknown to the org, `secret` lacks its secret, and so on.
//! One that contains `nobrowser` waits until it is given up.

use isthmus_contract::command::{Command, OrgConnect};
use isthmus_contract::org::{ConnectOrder, LoginStep, LoginTraceView};
use isthmus_contract::problem::{Code, Problem};
use jiff::Timestamp;

use crate::backend::fake::data::{SALES, unreachable};
use crate::backend::fake::pause::pause;
use crate::backend::fake::{Question, Scenario};

/// Milliseconds between two steps: long enough to be seen, short enough for tests.
const STEP: i32 = 250;

/// How often a login without a browser looks whether it was given up, before the time is over.
const LOOKS: u32 = 1_200;

/// What a login does, step by step.
const STEPS: [&str; 7] = [
    "the login host knows the app",
    "listening on port 17817",
    "the system browser was opened",
    "the browser came back with a code",
    "the code was exchanged; scopes: api refresh_token",
    "logged in as integration@example.com",
    "tokens are in the keychain, the org is pinned",
];

/// Which of them gives the browser's address.
const BROWSER: usize = 2;

/// A way to be refused: the word in the client id, the code, how many steps are taken before, what happened, what to do.
type Refusal = (&'static str, Code, usize, &'static str, &'static str);

const REFUSALS: [Refusal; 12] = [
    (
        "wrong",
        Code::ClientIdUnknown,
        0,
        "the org does not know this client id (invalid_client_id: client identifier invalid)",
        "copy the Consumer Key again from the app's Settings; a new app needs up to 10 minutes, and a sandbox has its own apps",
    ),
    (
        "callback",
        Code::CallbackNotRegistered,
        3,
        "the app does not list our callback URL (redirect_uri_mismatch: redirect_uri must match configuration)",
        "add http://localhost:17817/oauth/callback, http://localhost:21817/oauth/callback and http://localhost:27817/oauth/callback to the app's Callback URL, exactly so",
    ),
    (
        "secret",
        Code::ClientSecretWrong,
        4,
        "the client secret is wrong or missing (invalid_client: invalid client secret)",
        "copy the Consumer Secret again, or turn off \"Require secret for Web Server Flow\" and \"for Refresh Token Flow\" and connect without one",
    ),
    (
        "blocked",
        Code::AppNotApproved,
        3,
        "an admin has blocked the app in this org (app_blocked)",
        "in the org's Setup, Connected Apps OAuth Usage, choose Unblock or Install for the app",
    ),
    (
        "denied",
        Code::ConsentDenied,
        3,
        "the login or the consent was refused in the browser (access_denied: end-user denied authorization)",
        "connect again and choose Allow",
    ),
    (
        "slow",
        Code::LoginTimedOut,
        3,
        "no login came back from the browser within 300 seconds",
        "connect again",
    ),
    (
        "port",
        Code::CallbackPortTaken,
        1,
        "the ports [17817, 21817, 27817] are all taken on this machine",
        "close the program that holds one of them, then connect again",
    ),
    (
        "twice",
        Code::OrgAlreadyConnected,
        6,
        "org 00D5f0000000000EAA is connected already, as Northwind Sales",
        "use it under that name, or disconnect it first",
    ),
    (
        "other",
        Code::OrgDiffers,
        6,
        "the login led to org 00D5f0000000009EAA, but this name is pinned to 00D5f0000000000EAA",
        "log in to the org that the name stands for, or choose another name",
    ),
    (
        "clock",
        Code::ClockOff,
        4,
        "this machine's clock is 3725 s ahead of the org's",
        "set this machine's clock, then connect again",
    ),
    (
        "locked",
        Code::KeychainLocked,
        6,
        "the keychain is locked, or its prompt was not answered in time",
        "unlock the keychain, then connect again",
    ),
    (
        "failed",
        Code::LoginFailed,
        3,
        "the org refused the login with an error this build does not know (temporarily_unavailable)",
        "look the code up in Salesforce Help under \"OAuth error codes\", then connect again",
    ),
];

/// Tells a login step by step, as long as it takes; any other question is left alone.
pub(in crate::backend::fake) async fn tell_login(question: &mut Question) {
    if question.command != OrgConnect::NAME {
        return;
    }
    let Ok(order) = serde_json::from_value::<ConnectOrder>(question.request.clone()) else {
        return;
    };
    question.world().orgs.given_up = false;
    let way = way(&order, question.scenario);
    for place in 0..way.steps {
        pause(STEP).await;
        if question.world().orgs.given_up {
            return;
        }
        question.tell::<OrgConnect>(&step(&order, place, way.browser_opens));
        if place == BROWSER && !way.browser_opens {
            wait(question).await;
            return;
        }
    }
    pause(STEP).await;
}

async fn wait(question: &Question) {
    for _ in 0..LOOKS {
        if question.world().orgs.given_up {
            return;
        }
        pause(STEP).await;
    }
}

/// How a login goes.
struct Way {
    steps: usize,
    browser_opens: bool,
}

fn way(order: &ConnectOrder, scenario: Scenario) -> Way {
    let steps = if scenario == Scenario::Failing {
        0
    } else {
        found(order).map_or(STEPS.len(), |(_, _, steps, ..)| *steps)
    };
    Way { steps, browser_opens: !order.client_id.contains("nobrowser") }
}

fn found(order: &ConnectOrder) -> Option<&'static Refusal> {
    REFUSALS.iter().find(|(word, ..)| order.client_id.contains(word))
}

fn step(order: &ConnectOrder, place: usize, browser_opens: bool) -> LoginStep {
    if place != BROWSER {
        return LoginStep { text: STEPS[place].to_owned(), address: None };
    }
    let text = if browser_opens {
        STEPS[BROWSER]
    } else {
        "no browser could be opened; the address is shown"
    };
    let address = format!(
        "{}/services/oauth2/authorize?response_type=code&client_id={}&code_challenge_method=S256\
         &redirect_uri=http%3A%2F%2Flocalhost%3A17817%2Foauth%2Fcallback&scope=api%20refresh_token",
        order.host.url(),
        order.client_id
    );
    LoginStep { text: text.to_owned(), address: Some(address) }
}

/// Why a login is refused; `None` where it is not.
pub(super) fn refusal(order: &ConnectOrder, scenario: Scenario) -> Option<Problem> {
    if scenario == Scenario::Failing {
        return Some(unreachable(&order.name));
    }
    if order.client_id.contains("nobrowser") {
        let text = "no login came back from the browser within 300 seconds";
        return Some(Problem::new(Code::LoginTimedOut, text, "connect again"));
    }
    found(order).map(|(_, code, _, text, hint)| Problem::new(*code, *text, *hint))
}

/// What is kept of a login.
pub(super) fn trace(order: &ConnectOrder, refusal: Option<&Problem>) -> LoginTraceView {
    let taken = found(order).map_or(STEPS.len(), |(_, _, steps, ..)| *steps);
    let mut steps: Vec<String> = STEPS[..taken].iter().map(|step| (*step).to_owned()).collect();
    steps.extend(refusal.map(|problem| format!("ended with {}", problem.code.as_str())));
    LoginTraceView {
        at: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_hours(489_600 + 24 * 41),
        org: order.name.clone(),
        host: order.host.url().to_owned(),
        steps,
        problem: refusal.map(|problem| problem.code),
    }
}

/// The last login of a workspace that has orgs.
pub(super) fn demo_trace() -> LoginTraceView {
    let order = ConnectOrder {
        name: SALES.to_owned(),
        host: isthmus_contract::request::LoginHost::Production,
        client_id: "3MVG9demo".to_owned(),
        client_secret: None,
    };
    trace(&order, None)
}

#[cfg(test)]
mod tests {
    use isthmus_contract::org::ConnectOrder;
    use isthmus_contract::problem::Code;
    use isthmus_contract::request::LoginHost;

    use super::{REFUSALS, STEPS, refusal, trace};
    use crate::backend::fake::Scenario;

    fn order(client_id: &str) -> ConnectOrder {
        ConnectOrder {
            name: "sales".to_owned(),
            host: LoginHost::Production,
            client_id: client_id.to_owned(),
            client_secret: None,
        }
    }

    #[test]
    fn the_client_id_chooses_how_a_login_is_refused() {
        for (word, code, steps, ..) in REFUSALS {
            let problem = refusal(&order(&format!("3MVG9{word}")), Scenario::Full).unwrap();
            assert_eq!(problem.code, code, "{word}");
            assert!(steps < STEPS.len());
        }
        assert_eq!(refusal(&order("3MVG9"), Scenario::Full), None);
        let failing = refusal(&order("3MVG9"), Scenario::Failing).unwrap();
        assert_eq!(failing.code, Code::OrgUnreachable);
    }

    #[test]
    fn a_refused_login_leaves_its_code_in_the_trace() {
        let order = order("3MVG9wrong");
        let trace = trace(&order, refusal(&order, Scenario::Full).as_ref());
        assert_eq!(trace.problem, Some(Code::ClientIdUnknown));
        assert_eq!(trace.steps, ["ended with client_id_unknown"]);
    }
}

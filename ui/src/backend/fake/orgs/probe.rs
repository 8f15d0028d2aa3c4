//! What orgs answer when they are asked how they are.

use isthmus_contract::health::{Health, OrgHealth};
use isthmus_contract::org::{OrgTestView, StepResult, StepView};
use isthmus_contract::problem::Problem;

use crate::backend::fake::data::{EMEA, MARKUP, SERVICE, endless, unreachable};
use crate::backend::fake::orgs::org;
use crate::backend::fake::{Question, Scenario};

/// An org's health, asked now.
pub(super) fn health(question: &Question, name: &str) -> Result<OrgHealth, Problem> {
    let view = org(question, name)?;
    let mut health = OrgHealth {
        org: name.to_owned(),
        health: Health::Good,
        found: format!("connected as {}", view.username),
        calls_used: Some(58_210),
        calls_allowed: Some(146_000),
        latency_ms: Some(182),
        clock_offset_seconds: Some(0),
        api_version: Some(view.api_version),
    };
    match (name, question.scenario) {
        (EMEA, Scenario::Large) => go_away(&mut health, unreachable(name).text),
        (SERVICE, _) => {
            health.calls_used = Some(21_904);
            health.calls_allowed = Some(128_000);
            health.latency_ms = Some(240);
            health.clock_offset_seconds = Some(-2);
        }
        (EMEA, _) => {
            health.health = Health::Warning;
            health.found = format!("{EMEA}: 187412 of 215000 API calls of the day are used");
            health.calls_used = Some(187_412);
            health.calls_allowed = Some(215_000);
            health.latency_ms = Some(611);
            health.clock_offset_seconds = Some(-1);
        }
        (MARKUP, _) => health.found = format!("connected as {}", endless()),
        (_, Scenario::Hostile) => {
            go_away(&mut health, format!("{MARKUP}: could not reach {}", endless()));
        }
        _ => {}
    }
    Ok(health)
}

fn go_away(health: &mut OrgHealth, found: String) {
    *health = OrgHealth {
        org: std::mem::take(&mut health.org),
        health: Health::Bad,
        found,
        calls_used: None,
        calls_allowed: None,
        latency_ms: None,
        clock_offset_seconds: None,
        api_version: health.api_version.take(),
    };
}

/// A connection test.
pub(super) fn test(question: &Question, name: &str) -> Result<OrgTestView, Problem> {
    let view = org(question, name)?;
    let mut steps = vec![
        step("keychain", StepResult::Passed, "the tokens are there"),
        step(
            "reach",
            StepResult::Passed,
            format!("{} speaks API {}", view.instance_url, view.api_version),
        ),
        step(
            "login and identity",
            StepResult::Passed,
            format!("{} of org {}", view.username, view.org_id),
        ),
        step("clock", StepResult::Passed, "this machine's clock and the org's agree"),
        step("limits", StepResult::Passed, "87790 of 146000 API calls left today"),
    ];
    if name == EMEA && question.scenario == Scenario::Large {
        steps.truncate(1);
        let problem = unreachable(name);
        steps.push(remedied(step("reach", StepResult::Failed, problem.text), problem.hint));
    } else if name == EMEA {
        steps.push(remedied(
            step("API use", StepResult::Warned, "187412 of 215000 API calls are used"),
            "let big runs wait until the 24-hour window has moved on",
        ));
        steps.push(step("objects", StepResult::Passed, "412 objects can be queried"));
        steps.push(step(
            "read right",
            StepResult::Passed,
            "granted on Account, Contact, Opportunity",
        ));
        steps.push(remedied(
            step("write right", StepResult::Failed, "missing on Opportunity"),
            "give the connected user Create and Edit on Opportunity in a permission set",
        ));
    } else {
        steps.push(step("objects", StepResult::Passed, "1047 objects can be queried"));
        steps.push(step("read right", StepResult::Passed, "granted on Account, Contact"));
        steps.push(step("write right", StepResult::Skipped, "no sync needs it here"));
    }
    let passed = steps.iter().all(|step| step.result != StepResult::Failed);
    Ok(OrgTestView { org: name.to_owned(), steps, passed })
}

fn step(step: &str, result: StepResult, found: impl Into<String>) -> StepView {
    StepView { step: step.to_owned(), result, found: found.into(), remedy: String::new() }
}

fn remedied(step: StepView, remedy: impl Into<String>) -> StepView {
    StepView { remedy: remedy.into(), ..step }
}

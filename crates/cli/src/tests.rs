//! Help and texts as snapshots: what people read does not change by accident.

use clap::{CommandFactory, Parser};
use isthmus_contract::plan::CauseView;
use isthmus_contract::run::{ReportView, RowView, RunView};
use isthmus_model::ids::{MappingVersion, RunId};
use isthmus_model::run::{RunCounts, RunEnd};

use crate::arguments::Arguments;
use crate::output::{plans, runs};

/// Every command's long help, in the order of the tree.
fn help(command: &mut clap::Command, path: &str, texts: &mut Vec<(String, String)>) {
    texts.push((path.to_owned(), command.render_long_help().to_string()));
    let names: Vec<String> =
        command.get_subcommands().map(|inner| inner.get_name().to_owned()).collect();
    for name in names.iter().filter(|name| *name != "help") {
        if let Some(inner) = command.find_subcommand_mut(name) {
            help(inner, &format!("{path} {name}"), texts);
        }
    }
}

fn all_help() -> Vec<(String, String)> {
    // The width of whoever runs the tests must not show.
    let mut command = Arguments::command().term_width(100);
    command.build();
    let mut texts = Vec::new();
    help(&mut command, "isthmus", &mut texts);
    texts
}

#[test]
fn the_help_is_as_agreed() {
    let texts: Vec<String> =
        all_help().into_iter().map(|(path, text)| format!("=== {path}\n{text}")).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn the_command_line_is_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn every_command_of_the_help_is_in_the_guide() {
    let guide = include_str!("../../../docs/cli.md");
    for (path, _) in all_help() {
        assert!(guide.contains(&format!("`{path}")), "docs/cli.md lacks {path}");
    }
    for line in crate::exit::EXIT_CODES_HELP.lines().skip(1) {
        let code = line.split_whitespace().next().unwrap();
        assert!(guide.contains(&format!("| {code} |")), "docs/cli.md lacks exit code {code}");
    }
}

#[test]
fn no_argument_takes_a_secret() {
    let secret_arguments = [
        &["isthmus", "org", "connect", "a", "--client-id", "x", "--client-secret", "s"][..],
        &[
            "isthmus",
            "org",
            "connect",
            "a",
            "--access-token",
            "s",
            "--instance-url",
            "https://a.my.salesforce.com",
        ],
        &["isthmus", "workspace", "recover", "--recovery-key", "s"],
    ];
    for line in secret_arguments {
        assert!(Arguments::try_parse_from(line).is_err(), "{line:?}");
    }
}

#[test]
fn options_that_exclude_each_other_are_refused() {
    for line in [
        &["isthmus", "org", "connect", "a"][..],
        &["isthmus", "org", "connect", "a", "--client-id", "x", "--sandbox", "--production"],
        &["isthmus", "org", "connect", "a", "--access-token-stdin"],
        &["isthmus", "run", "s", "--records", "not-an-id"],
        &["isthmus", "report", "x"],
        &["isthmus", "workspace", "recover"],
    ] {
        assert!(Arguments::try_parse_from(line).is_err(), "{line:?}");
    }
}

fn run_view() -> RunView {
    RunView {
        run: RunId(12),
        sync: "sales-to-service".to_owned(),
        version: MappingVersion(3),
        kind: "full".to_owned(),
        end: Some(RunEnd::Partial),
        reason: None,
        rows_read: 10,
        counts: RunCounts { created: 4, updated: 1, unchanged: 2, held: 1, failed: 2, pending: 0 },
        rows_sent: 7,
        calls: 21,
        seconds: 3.25,
        started_at: "2026-11-20T09:00:00Z".parse().unwrap(),
        ended_at: Some("2026-11-20T09:00:03.25Z".parse().unwrap()),
    }
}

fn report_view() -> ReportView {
    let row = RowView {
        mapping: "Account".to_owned(),
        object: "Account".to_owned(),
        source_id: "0015500001QdQWaAAN".to_owned(),
        target_id: String::new(),
        outcome: "failed".to_owned(),
        code: "FIELD_CUSTOM_VALIDATION_EXCEPTION".to_owned(),
        message: "a name \u{1b}[31mwith colours".to_owned(),
        fields: vec!["Name".to_owned()],
        remedy: "correct the row".to_owned(),
    };
    let cause = CauseView {
        code: row.code.clone(),
        mapping: row.mapping.clone(),
        outcome: row.outcome.clone(),
        message: row.message.clone(),
        rows: 2,
        remedy: row.remedy.clone(),
    };
    ReportView { header: run_view(), causes: vec![cause], rows: vec![row], rows_total: 10 }
}

#[test]
fn a_report_reads_well() {
    let text = runs::report(&report_view());
    assert!(!text.contains('\u{1b}'), "control characters of an org reach the terminal");
    insta::assert_snapshot!(text);
}

#[test]
fn one_cause_of_many_mappings_is_one_line() {
    let mut causes = report_view().causes;
    for mapping in ["Contact", "Case", "Lead"] {
        let message = format!("another message of {mapping}");
        causes.push(CauseView { mapping: mapping.to_owned(), message, ..causes[0].clone() });
    }
    let text = plans::causes("Why", &causes);
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(text.contains("Account, Contact, Case and 1 more"), "{text}");
    assert!(text.contains("   8  ") && text.contains("for example: a name"), "{text}");
}

#[test]
fn a_list_of_runs_names_only_what_happened_and_explains_missing_numbers() {
    let (newest, oldest) = (run_view(), RunView { run: RunId(9), ..run_view() });
    let text = runs::list(&[newest.clone(), oldest]);
    assert!(text.contains("4 created, 1 updated, 2 unchanged, 1 held, 2 failed  3.2 s"), "{text}");
    assert!(text.contains("plans that were only looked at"), "{text}");
    assert!(!runs::list(&[newest]).contains("only looked at"));
}

#[test]
fn run_json_has_the_names_that_programs_read() {
    let json = serde_json::to_value(run_view()).unwrap();
    for name in [
        "run",
        "sync",
        "end",
        "rows_read",
        "created",
        "updated",
        "unchanged",
        "held",
        "failed",
        "pending",
        "rows_sent",
        "calls",
        "seconds",
    ] {
        assert!(!json[name].is_null(), "{name}");
    }
    insta::assert_snapshot!(serde_json::to_string(&report_view()).unwrap());
}

//! Rows of the fake's runs: counted by the header, made one by one.

use isthmus_contract::plan::CauseView;
use isthmus_contract::run::{
    RowDetail, RowView, RowsPage, RunRow, RunRowsRequest, RunView, TryView,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::backend::fake::plans::operation::operation;
use crate::backend::fake::rows::{
    Block, RowFilter, block_of, hostile, name, page, source_id, target_id,
};
use crate::backend::fake::{Scenario, orgs_of};

/// Why rows did not pass: code, field, what happened, the next step.
const CAUSES: [(&str, &str, &str, &str); 7] = [
    ("", "", "", ""),
    (
        "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
        "StageName",
        "Stage: bad value for restricted picklist field: Negotiation",
        "add the value to the target's picklist, or map it to another one",
    ),
    (
        "FIELD_CUSTOM_VALIDATION_EXCEPTION",
        "CloseDate",
        "Close date must not be in the past",
        "correct the source record, or ask the target org's admin about the validation rule",
    ),
    (
        "INVALID_CROSS_REFERENCE_KEY",
        "AccountId",
        "The parent account is not in Contoso EMEA yet",
        "sync the parent first: check that it exists and is visible to the connected user",
    ),
    (
        "DUPLICATES_DETECTED",
        "Name",
        "Looks like an account that exists; the duplicate rule blocks",
        "merge the duplicates in the target org, or relax the duplicate rule for the connected user",
    ),
    (
        "parent_waiting",
        "AccountId",
        "the parent 001Ns0000000009AAA (Account) is not in the target org yet: its own row is held or pending",
        "settle the parent's row; this row follows in the next run",
    ),
    (
        "not_sent",
        "",
        "the run stopped before this row was sent: the run was cancelled",
        "run again, and the rest follows",
    ),
];

/// A run's rows: what stands in the way first, as the counts in its header say.
fn blocks(run: &RunView) -> Vec<Block> {
    let counts = run.counts;
    let some = |rows: u64| u32::try_from(rows).unwrap_or(u32::MAX);
    let failed = some(counts.failed);
    let parts = [failed * 21 / 37, failed * 9 / 37, failed * 4 / 37];
    let rest = failed - parts.iter().sum::<u32>();
    let new = Block::new;
    let blocks = [
        new("Opportunity", "failed", 1, parts[0]),
        new("Opportunity", "failed", 2, parts[1]),
        new("Opportunity", "failed", 3, parts[2]),
        new("Account", "failed", 4, rest),
        new("Opportunity", "held", 5, some(counts.held)),
        new("Opportunity", "pending", 6, some(counts.pending)),
        new("Account", "created", 0, some(counts.created)),
        new("Opportunity", "updated", 0, some(counts.updated)),
        new("Opportunity", "unchanged", 0, some(counts.unchanged)),
    ];
    blocks.into_iter().filter(|block| block.rows > 0).collect()
}

/// Rows of an outcome, or all.
pub(super) fn total(scenario: Scenario, run: &RunView, outcome: Option<&str>) -> u64 {
    let request = RunRowsRequest {
        run: run.run,
        outcome: outcome.map(str::to_owned),
        cause: None,
        mapping: None,
        text: String::new(),
        offset: 0,
        limit: 0,
    };
    rows(scenario, run, &request).total
}

/// What stands in the way, most frequent first.
pub(super) fn causes(scenario: Scenario, run: &RunView) -> Vec<CauseView> {
    let mut causes: Vec<CauseView> = blocks(run)
        .iter()
        .filter(|block| block.cause > 0)
        .map(|block| {
            let (code, _, message, remedy) = CAUSES[block.cause];
            let message = if scenario == Scenario::Hostile {
                hostile(u32::try_from(block.cause).unwrap_or_default())
            } else {
                message.to_owned()
            };
            CauseView {
                code: code.to_owned(),
                mapping: block.object.to_owned(),
                outcome: block.word.to_owned(),
                message,
                rows: u64::from(block.rows),
                remedy: remedy.to_owned(),
            }
        })
        .collect();
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.rows));
    causes
}

/// One page of rows.
pub(super) fn rows(scenario: Scenario, run: &RunView, request: &RunRowsRequest) -> RowsPage {
    let blocks = blocks(run);
    let passes = |block: &Block| {
        request.outcome.as_deref().is_none_or(|outcome| outcome == block.word)
            && request.mapping.as_deref().is_none_or(|mapping| mapping == block.object)
            && request.cause.as_deref().is_none_or(|cause| cause == CAUSES[block.cause].0)
    };
    let text = request.text.trim().to_lowercase();
    let holds = |(block, ordinal): (&Block, u32)| {
        let ids = [source_id(block.object, ordinal), target_id(block.object, ordinal)];
        name(scenario, block.object, ordinal).to_lowercase().contains(&text)
            || CAUSES[block.cause].2.to_lowercase().contains(&text)
            || ids.into_iter().flatten().any(|id| id.to_string().to_lowercase().contains(&text))
    };
    let row_filter: Option<RowFilter<'_>> = if text.is_empty() { None } else { Some(&holds) };
    let (found, total) = page(&blocks, passes, row_filter, (request.offset, request.limit));
    let rows = found.into_iter().filter_map(|(block, ordinal)| row(scenario, run, block, ordinal));
    RowsPage { rows: rows.collect(), total }
}

fn row(scenario: Scenario, run: &RunView, block: Block, ordinal: u32) -> Option<RunRow> {
    let (code, field, message, remedy) = CAUSES[block.cause];
    let target = match block.word {
        "held" | "pending" => None,
        "failed" if block.cause != 1 => None,
        _ => target_id(block.object, ordinal),
    };
    let message = match (scenario, block.cause) {
        (Scenario::Hostile, _) => hostile(ordinal + 2),
        (_, 0) => "changed on the left only".to_owned(),
        _ => message.to_owned(),
    };
    Some(RunRow {
        ordinal,
        name: name(scenario, block.object, ordinal),
        decided_at: Some(after(run.started_at, 40.0 + f64::from(ordinal) / 20.0)),
        row: RowView {
            mapping: block.object.to_owned(),
            object: block.object.to_owned(),
            source_id: source_id(block.object, ordinal)?.to_string(),
            target_id: target.map(|id| id.to_string()).unwrap_or_default(),
            outcome: block.word.to_owned(),
            code: code.to_owned(),
            message,
            fields: if field.is_empty() { Vec::new() } else { vec![field.to_owned()] },
            remedy: remedy.to_owned(),
        },
    })
}

/// One row with what was sent.
pub(super) fn detail(scenario: Scenario, run: &RunView, ordinal: u32) -> Option<RowDetail> {
    let block = block_of(&blocks(run), ordinal)?;
    let row = row(scenario, run, block, ordinal)?;
    let was_sent = matches!(block.word, "failed" | "created" | "updated");
    let tries = if was_sent { tries(scenario, run, block, &row) } else { Vec::new() };
    Some(RowDetail { operation: operation(scenario, block, ordinal)?, row, tries })
}

fn tries(scenario: Scenario, run: &RunView, block: Block, row: &RunRow) -> Vec<TryView> {
    let (code, field, message, _) = CAUSES[block.cause];
    let sent_at = after(run.started_at, 39.0 + f64::from(row.ordinal) / 20.0);
    let answer = if block.word == "failed" {
        let error = json!({ "statusCode": code, "message": message, "fields": [field] });
        json!({ "success": false, "errors": [error] })
    } else {
        json!({ "id": row.row.target_id, "success": true, "errors": [] })
    };
    let before = if block.word == "created" {
        json!({})
    } else {
        json!({ "StageName": "Proposal", "Amount": 41_000.0, "CloseDate": "2026-12-01" })
    };
    vec![TryView {
        attempt: 1,
        org: orgs_of(scenario, &run.sync).1,
        object: block.object.to_owned(),
        target_id: (!row.row.target_id.is_empty()).then(|| row.row.target_id.clone()),
        before,
        payload: json!({
            "attributes": { "type": block.object },
            "ERP_Key__c": format!("OPP-{:05}", 48_000 + row.ordinal),
            "Name": row.name,
            "StageName": "Negotiation",
            "CloseDate": "2026-12-18",
            "Amount": 48_200.0,
        }),
        answer: Some(answer),
        sent_at: Some(sent_at),
        answered_at: Some(after(sent_at, 0.611)),
    }]
}

fn after(start: Timestamp, seconds: f64) -> Timestamp {
    start.checked_add(SignedDuration::from_secs_f64(seconds)).unwrap_or(start)
}

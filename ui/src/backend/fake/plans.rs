//! Answers about plans.

pub(super) mod operation;

use isthmus_contract::command::{PlanGet, PlanMake, PlanRowsPage};
use isthmus_contract::plan::{
    CauseView, MappingPlanView, PlanRow, PlanRows, PlanRowsRequest, PlanView,
};
use isthmus_contract::problem::{Code, Problem};
use isthmus_model::ids::{MappingVersion, RunId};
use isthmus_model::plan::PlanCounts;
use serde_json::Value;

use crate::backend::fake::jobs::{Course, cancelled, tell_runs_changed};
use crate::backend::fake::plans::operation::{HELD, action_of, operation};
use crate::backend::fake::rows::{Block, RowFilter, hostile, name, page, source_id};
use crate::backend::fake::{Question, Scenario, refused};

/// The answer, where the question is of this domain.
pub(super) fn answer(question: &mut Question) -> Option<Result<Value, Problem>> {
    question
        .answer::<PlanMake>(|question, request| {
            refused(question.scenario)?;
            if question.course == Course::Cancelled {
                return Err(cancelled());
            }
            let run = question.new_run(&request.sync);
            let plan = plan(question.scenario, run, &request.sync);
            tell_runs_changed();
            Ok(plan)
        })
        .or_else(|| {
            question.answer::<PlanGet>(|question, run| {
                refused(question.scenario)?;
                let sync = question.planned(run).ok_or_else(|| {
                    Problem::new(
                        Code::RunUnknown,
                        format!("no plan has the number {run}"),
                        "make a new plan on the sync's Preview tab",
                    )
                })?;
                Ok(plan(question.scenario, run, &sync))
            })
        })
        .or_else(|| {
            question.answer::<PlanRowsPage>(|question, request| {
                refused(question.scenario)?;
                Ok(rows(question.scenario, &request))
            })
        })
}

/// The plan's rows: a few of each kind first, as they would be mixed.
fn blocks(scenario: Scenario) -> Vec<Block> {
    let new = Block::new;
    match scenario {
        Scenario::Large => vec![
            new("Account", "create", 0, 20_000),
            new("Account", "update", 0, 30_000),
            new("Account", "hold", 0, 500),
            new("Contact", "update", 0, 29_000),
            new("Contact", "link", 0, 500),
            new("Contact", "unchanged", 0, 20_000),
        ],
        Scenario::Hostile => vec![
            new("Account", "create", 0, 5),
            new("Account", "update", 0, 10),
            new("Account", "hold", 0, 5),
            new("Account", "unchanged", 0, 5),
        ],
        Scenario::New | Scenario::Empty => Vec::new(),
        Scenario::Full | Scenario::Loading | Scenario::Failing => vec![
            new("Account", "create", 0, 1),
            new("Account", "update", 0, 3),
            new("Account", "hold", 0, 1),
            new("Account", "create", 0, 2),
            new("Account", "link", 0, 1),
            new("Account", "update", 0, 4),
            new("Account", "hold", 0, 10),
            new("Account", "update", 0, 405),
            new("Account", "create", 0, 81),
            new("Account", "link", 0, 11),
            new("Account", "unchanged", 0, 6_200),
            new("Contact", "create", 0, 128),
            new("Contact", "update", 0, 629),
            new("Contact", "hold", 1, 5),
            new("Contact", "hold", 2, 8),
            new("Contact", "hold", 3, 3),
            new("Contact", "link", 0, 19),
            new("Contact", "unchanged", 0, 12_263),
        ],
    }
}

fn plan(scenario: Scenario, run: RunId, sync: &str) -> PlanView {
    let blocks = blocks(scenario);
    let counts = counted(blocks.iter());
    let objects = ["Account", "Contact"];
    let mappings = objects
        .iter()
        .map(|object| MappingPlanView {
            mapping: (*object).to_owned(),
            target_object: (*object).to_owned(),
            counts: counted(blocks.iter().filter(|block| block.object == *object)),
        })
        .filter(|mapping| mapping.counts.rows_read > 0)
        .collect();
    PlanView {
        run,
        sync: sync.to_owned(),
        version: MappingVersion(3),
        counts,
        mappings,
        held: held(scenario, &blocks),
        notes: vec![
            "unconditional, window 90 s: each batch is read again just before it is written, and what others change in \
             between (a second as a rule, this long at most while the org answers) is written over where a mapped \
             field differs"
                .to_owned(),
        ],
        calls: if scenario == Scenario::Large { 402 } else { 45 },
        operations: Vec::new(),
        operations_total: counts.writes() + counts.held,
    }
}

fn counted<'blocks>(blocks: impl Iterator<Item = &'blocks Block>) -> PlanCounts {
    let mut counts = PlanCounts::default();
    for block in blocks {
        let rows = u64::from(block.rows);
        counts.rows_read += rows;
        *match block.word {
            "create" => &mut counts.creates,
            "update" => &mut counts.updates,
            "hold" => &mut counts.held,
            _ => &mut counts.unchanged,
        } += rows;
    }
    counts
}

fn held(scenario: Scenario, blocks: &[Block]) -> Vec<CauseView> {
    let mut causes: Vec<CauseView> = Vec::new();
    for block in blocks.iter().filter(|block| block.word == "hold") {
        let (code, _, message, remedy) = HELD[block.cause];
        let rows = u64::from(block.rows);
        if let Some(known) =
            causes.iter_mut().find(|known| known.code == code && known.mapping == block.object)
        {
            known.rows += rows;
            continue;
        }
        let message = if scenario == Scenario::Hostile { hostile(1) } else { message.to_owned() };
        causes.push(CauseView {
            code: code.to_owned(),
            mapping: block.object.to_owned(),
            outcome: "held".to_owned(),
            message,
            rows,
            remedy: remedy.to_owned(),
        });
    }
    causes.sort_by_key(|cause| std::cmp::Reverse(cause.rows));
    causes
}

fn rows(scenario: Scenario, request: &PlanRowsRequest) -> PlanRows {
    let blocks = blocks(scenario);
    let passes = |block: &Block| {
        let action = action_of(block.word);
        (request.actions.is_empty() || request.actions.contains(&action))
            && request.mapping.as_deref().is_none_or(|mapping| mapping == block.object)
    };
    let text = request.text.trim().to_lowercase();
    let holds = |(block, ordinal): (&Block, u32)| {
        let id = source_id(block.object, ordinal).map(|id| id.to_string().to_lowercase());
        name(scenario, block.object, ordinal).to_lowercase().contains(&text)
            || id.is_some_and(|id| id.contains(&text))
    };
    let row_filter: Option<RowFilter<'_>> = if text.is_empty() { None } else { Some(&holds) };
    let (found, total) = page(&blocks, passes, row_filter, (request.offset, request.limit));
    let rows = found.into_iter().filter_map(|(block, ordinal)| {
        let operation = operation(scenario, block, ordinal)?;
        Some(PlanRow { ordinal, name: name(scenario, block.object, ordinal), operation })
    });
    PlanRows { rows: rows.collect(), total }
}

#[cfg(test)]
mod tests {
    use isthmus_contract::plan::{PlanRowsRequest, PlannedAction};
    use isthmus_model::ids::RunId;

    use super::{plan, rows};
    use crate::backend::fake::Scenario;

    fn request(actions: Vec<PlannedAction>, text: &str) -> PlanRowsRequest {
        let text = text.to_owned();
        PlanRowsRequest { run: RunId(1843), actions, mapping: None, text, offset: 0, limit: 100 }
    }

    #[test]
    fn the_counts_are_those_of_the_rows() {
        for scenario in [Scenario::Full, Scenario::Large, Scenario::Hostile] {
            let plan = plan(scenario, RunId(1843), "Customers");
            assert_eq!(rows(scenario, &request(vec![], "")).total, plan.counts.rows_read);
            let held = rows(scenario, &request(vec![PlannedAction::Hold], ""));
            assert_eq!(held.total, plan.counts.held);
            assert_eq!(plan.held.iter().map(|cause| cause.rows).sum::<u64>(), plan.counts.held);
        }
        assert_eq!(plan(Scenario::Full, RunId(1), "Customers").counts.writes(), 1_253);
    }

    #[test]
    fn rows_are_found_by_name() {
        let found = rows(Scenario::Full, &request(vec![], "ernst handel"));
        assert!(found.total > 0);
        assert!(found.rows.iter().all(|row| row.name.contains("Ernst Handel")));
    }
}

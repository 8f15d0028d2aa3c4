//! axe-core in the page: the reference engine for accessibility rules, installed with the third-party clients.

use serde_json::{Value, json};

use crate::page::Page;

/// What axe calls grave enough to keep people out.
const GRAVE: [&str; 2] = ["serious", "critical"];

/// Serious and critical findings of the page as it is shown now, one line each; empty is what we want.
///
/// # Panics
/// When axe-core is not installed; `cargo xtask prepare` does it.
pub async fn grave_findings(page: &Page) -> Vec<String> {
    let present = page.run("return typeof window.axe === 'object'").await;
    if present != Value::Bool(true) {
        page.run(&format!("{}; window.axe = window.axe ?? axe;", source())).await;
    }
    let findings = page
        .run_with(
            "const results = await axe.run(document, { resultTypes: ['violations'] });\
             return results.violations.filter((one) => given.includes(one.impact)).flatMap((one) => \
             one.nodes.slice(0, 5).map((node) => `${one.id} (${one.impact}): ${node.target.join(' ')} ${node.failureSummary}`))",
            &json!(GRAVE),
        )
        .await;
    let lines = findings.as_array().unwrap_or_else(|| panic!("axe answered {findings}"));
    lines.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn source() -> String {
    let cache = crate::cache::folder().expect("a folder for what is installed");
    let file = cache.join("clients/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file).expect("axe-core is installed; `cargo xtask prepare` does it")
}

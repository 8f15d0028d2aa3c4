//! Composite Graph: several composite calls in one, each all or none by itself (wire reference 5.4).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::api::composite::{check_references, run_entries, text};
use crate::api::error::ApiError;
use crate::api::journal::Journal;
use crate::api::{Answered, body};
use crate::org::Org;
use crate::wire::{ApiRequest, ApiResponse};

/// Most nodes of one call.
const NODES_MAX: usize = 500;

/// Most graphs of one call.
const GRAPHS_MAX: usize = 75;

/// Most steps from a node to one that refers to no other.
const DEPTH_MAX: usize = 15;

/// Most different pairs of method and object in one graph.
const KINDS_MAX: usize = 15;

/// After so many failed graphs the rest are not tried.
const FAILURES_MAX: usize = 14;

/// `POST /composite/graph`.
pub(crate) fn graph(org: &mut Org, journal: &mut Journal, request: &ApiRequest) -> Answered {
    if request.method != "POST" {
        return Err(ApiError::no_method(&request.method, "POST"));
    }
    let body = body::object(request)?;
    let graphs = body::list(&body, "graphs")?;
    check(graphs)?;
    let mut failures = 0;
    let mut answers = Vec::new();
    for graph in graphs {
        let entries = nodes(graph);
        let (shown, successful) = if failures >= FAILURES_MAX {
            (entries.iter().map(halted).collect(), false)
        } else {
            run_entries(org, journal, entries, true)
        };
        failures += usize::from(!successful);
        answers.push(json!({
            "graphId": graph["graphId"],
            "graphResponse": { "compositeResponse": shown },
            "isSuccessful": successful,
        }));
    }
    Ok(ApiResponse::json(200, json!({ "graphs": answers })))
}

fn nodes(graph: &Value) -> &[Value] {
    graph.get("compositeRequest").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn halted(entry: &Value) -> Value {
    let message = "The graph was not processed because too many graphs failed before it.";
    let error = ApiError::call(400, "PROCESSING_HALTED", message).into_response();
    json!({
        "body": error.body, "httpHeaders": {}, "httpStatusCode": 400,
        "referenceId": text(entry, "referenceId"),
    })
}

fn check(graphs: &[Value]) -> Result<(), ApiError> {
    let limit = |count: usize, most: usize, what: &str| {
        let message =
            format!("Limit exceeded: at most {most} {what} are allowed, {count} were sent");
        if count > most { Err(ApiError::call(400, "LIMIT_EXCEEDED", message)) } else { Ok(()) }
    };
    limit(graphs.len(), GRAPHS_MAX, "graphs")?;
    limit(graphs.iter().map(|graph| nodes(graph).len()).sum(), NODES_MAX, "nodes")?;
    let mut ids = BTreeSet::new();
    for graph in graphs {
        let id = graph.get("graphId").and_then(Value::as_str).unwrap_or_default();
        if id.is_empty() || !ids.insert(id) {
            let message = format!("graphId '{id}' must be given and unique");
            return Err(ApiError::call(400, "INVALID_INPUT", message));
        }
        check_references(nodes(graph))?;
        limit(depth(nodes(graph)), DEPTH_MAX, "levels")?;
        limit(kinds(nodes(graph)).len(), KINDS_MAX, "different kinds of nodes")?;
        if let Some(url) =
            nodes(graph).iter().map(|node| text(node, "url")).find(|url| !url.contains("/sobjects"))
        {
            let message = format!("Only sobjects URLs are allowed in a graph: {url}");
            return Err(ApiError::call(400, "INVALID_INPUT", message));
        }
    }
    Ok(())
}

fn kinds(nodes: &[Value]) -> BTreeSet<(String, String)> {
    let kind = |node: &Value| {
        let object = text(node, "url").split("/sobjects/").nth(1).unwrap_or_default();
        let object = object.split(['/', '?']).next().unwrap_or_default();
        (text(node, "method").to_ascii_uppercase(), object.to_ascii_lowercase())
    };
    nodes.iter().map(kind).collect()
}

/// How many nodes stand one behind the other by their references.
fn depth(nodes: &[Value]) -> usize {
    let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
    for node in nodes {
        let written = node.to_string();
        let before =
            depths.iter().filter(|(reference, _)| written.contains(&format!("@{{{reference}.")));
        let own = 1 + before.map(|(_, depth)| *depth).max().unwrap_or_default();
        depths.insert(text(node, "referenceId"), own);
    }
    depths.into_values().max().unwrap_or_default()
}

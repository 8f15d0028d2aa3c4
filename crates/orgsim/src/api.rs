//! The data API below `/services/data/vXX.X`, after authentication (wire reference, sections 3 to 5).
//!
//! Every write of one call goes through a journal: it can be rolled back, and counters move only for what
//! stays. Composite subrequests re-enter the routing with the journal of the whole call.

mod blobs;
mod body;
mod checks;
mod collections;
mod composite;
mod conditional;
mod currency;
mod defaults;
pub(crate) mod derived;
mod duplicates;
pub(crate) mod error;
mod graph;
mod input;
pub(crate) mod journal;
pub(crate) mod merge;
pub(crate) mod moments;
pub(crate) mod options;
mod people;
mod picklists;
pub(crate) mod purge;
mod query;
mod records;
mod references;
mod replication;
mod resources;
pub(crate) mod save;
mod search;
mod subrequest;
mod tooling;
pub(crate) mod transaction;
mod tree;
mod ui;
pub(crate) mod undelete;
pub(crate) mod upsert;
pub(crate) mod values;

#[cfg(test)]
pub(crate) mod tests;

use crate::api::error::ApiError;
use crate::api::journal::Journal;
use crate::org::Org;
use crate::wire::{ApiRequest, ApiResponse};

/// Answers one call. Rows, stamps and counters of `org` change with it.
#[must_use]
pub fn handle(org: &mut Org, request: &ApiRequest) -> ApiResponse {
    let mut journal = Journal::default();
    let response = route(org, &mut journal, request);
    journal.commit(&mut org.counters);
    response
}

/// What a call answers, or why it was refused.
type Answered = Result<ApiResponse, ApiError>;

/// Finds the resource; its names are not case-sensitive, ids and values are.
fn route(org: &mut Org, journal: &mut Journal, request: &ApiRequest) -> ApiResponse {
    let segments: Vec<&str> = request.segments.iter().map(String::as_str).collect();
    let (first, rest) =
        segments.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
    let answer = match first.to_ascii_lowercase().as_str() {
        "" => resources::resources(org, request),
        "sobjects" => route_sobjects(org, journal, request, rest),
        "query" | "queryall" => query::route(org, request, rest),
        "search" => search::search(org, request, rest),
        "parameterizedsearch" => search::parameterized(org, request, rest),
        "composite" => route_composite(org, journal, request, rest),
        "limits" => resources::limits(org, request, rest),
        "tooling" => tooling::route(org, request, rest),
        "ui-api" => ui::route(org, request, rest),
        _ => Err(ApiError::no_resource()),
    };
    answer.unwrap_or_else(ApiError::into_response)
}

fn route_sobjects(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    rest: &[&str],
) -> Answered {
    let Some((name, rest)) = rest.split_first() else {
        return resources::global_describe(org, request);
    };
    let object = org.schema.object(name).ok_or_else(ApiError::no_resource)?.clone();
    match rest {
        [] if request.method == "GET" => resources::basic(org, request, &object),
        [] if request.method == "POST" => records::create(org, journal, request, &object),
        [] => Err(ApiError::no_method(&request.method, "HEAD,GET,POST")),
        [word] if word.eq_ignore_ascii_case("describe") => {
            resources::describe(org, request, &object)
        }
        [word] if word.eq_ignore_ascii_case("updated") => {
            replication::updated(org, request, &object)
        }
        [word] if word.eq_ignore_ascii_case("deleted") => {
            replication::deleted(org, request, &object)
        }
        [word] if word.eq_ignore_ascii_case("id") => {
            records::create_by_id(org, journal, request, &object)
        }
        [id] => records::by_id(org, journal, request, &object, id),
        [id, content] if request.method == "GET" && blobs::is_content(&object, content) => {
            blobs::read(org, &object, id, content)
        }
        [field, value] => records::by_field(org, journal, request, &object, (field, value)),
        _ => Err(ApiError::no_resource()),
    }
}

fn route_composite(
    org: &mut Org,
    journal: &mut Journal,
    request: &ApiRequest,
    rest: &[&str],
) -> Answered {
    let (first, rest) = rest.split_first().map_or(("", &[][..]), |(first, rest)| (*first, rest));
    match (first.to_ascii_lowercase().as_str(), rest) {
        ("", _) if request.method == "GET" => Ok(resources::composite_resources(request)),
        ("", _) => composite::composite(org, journal, request),
        ("batch", []) => composite::batch(org, journal, request),
        ("graph", []) => graph::graph(org, journal, request),
        ("tree", [name]) => tree::tree(org, journal, request, name),
        ("sobjects", rest) => collections::route(org, journal, request, rest),
        _ => Err(ApiError::no_resource()),
    }
}

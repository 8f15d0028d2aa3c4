//! Records that depend on each other, each graph all or nothing ("Composite Graph").

use std::collections::{BTreeMap, BTreeSet};

use http::Method;
use serde::{Deserialize, Serialize};

use crate::api::composite::parts::{Part, PartAnswer};
use crate::api::composite::{CompositeAnswer, Subrequest, in_order};
use crate::client::{Call, Client, decode};
use crate::error::Error;

const ROUTE: &str = "composite/graph";

/// The most graphs in one call.
pub const MAX_GRAPHS: usize = 75;
/// The most parts of all graphs in one call.
pub const MAX_NODES: usize = 500;

/// Parts that are carried out together or not at all. Only addresses below `sobjects` may stand in them.
#[derive(Debug, Clone)]
pub struct Graph {
    /// Its name within the call: letters, digits and `_`.
    pub id: String,
    /// Its parts, in an order in which each uses earlier ones only.
    pub parts: Vec<Part>,
}

/// What became of a graph.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphAnswer {
    /// All of it was carried out; otherwise nothing was.
    pub is_successful: bool,
    /// The parts' answers, in the order of the parts.
    pub parts: Vec<PartAnswer>,
}

#[derive(Serialize)]
struct Body<'a> {
    graphs: Vec<GraphBody<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GraphBody<'a> {
    graph_id: &'a str,
    composite_request: &'a [Subrequest],
}

#[derive(Deserialize)]
struct Answer {
    graphs: Vec<AnswerOfGraph>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AnswerOfGraph {
    graph_id: String,
    graph_response: CompositeAnswer,
    is_successful: bool,
}

impl Client {
    /// Sends up to [`MAX_GRAPHS`] graphs of [`MAX_NODES`] parts in all; answers in the order of the graphs.
    ///
    /// # Errors
    /// [`Error::Invalid`] for too much, or an id that comes twice; [`Error::Mismatch`] when the answers do not fit. A graph
    /// that failed is no error of the call.
    pub async fn composite_graphs(&self, graphs: &[Graph]) -> Result<Vec<GraphAnswer>, Error> {
        if graphs.is_empty() {
            return Ok(Vec::new());
        }
        check(graphs)?;
        let parts: Vec<Vec<Subrequest>> = graphs
            .iter()
            .map(|graph| graph.parts.iter().map(|part| self.subrequest(part)).collect())
            .collect();
        let bodies = graphs
            .iter()
            .zip(&parts)
            .map(|(graph, parts)| GraphBody { graph_id: &graph.id, composite_request: parts });
        let body = Body { graphs: bodies.collect() };
        let call = Call::new(Method::POST, self.data_path("composite/graph"), ROUTE).json(&body)?;
        let response = self.send(call).await?;
        tie(decode(ROUTE, &response)?, graphs, &parts)
    }
}

fn tie(
    answer: Answer,
    graphs: &[Graph],
    parts: &[Vec<Subrequest>],
) -> Result<Vec<GraphAnswer>, Error> {
    let total = answer.graphs.len();
    let mut by_id: BTreeMap<String, AnswerOfGraph> =
        answer.graphs.into_iter().map(|answer| (answer.graph_id.clone(), answer)).collect();
    if total != graphs.len() {
        let reason = format!("{} graphs were sent, {total} answers came", graphs.len());
        return Err(Error::mismatch(ROUTE, reason));
    }
    let answer_to = |(graph, parts): (&Graph, &Vec<Subrequest>)| {
        let missing = || Error::mismatch(ROUTE, format!("no answer to graph {}", graph.id));
        let answer = by_id.remove(&graph.id).ok_or_else(missing)?;
        let answers = in_order(ROUTE, answer.graph_response.composite_response, parts)?;
        let parts = answers.into_iter().map(PartAnswer::from).collect();
        Ok(GraphAnswer { is_successful: answer.is_successful, parts })
    };
    graphs.iter().zip(parts).map(answer_to).collect()
}

fn check(graphs: &[Graph]) -> Result<(), Error> {
    let nodes: usize = graphs.iter().map(|graph| graph.parts.len()).sum();
    if graphs.len() > MAX_GRAPHS || nodes > MAX_NODES {
        let reason = format!(
            "{} graphs of {nodes} parts, at most {MAX_GRAPHS} of {MAX_NODES}",
            graphs.len()
        );
        return Err(Error::invalid(ROUTE, reason));
    }
    let mut seen = BTreeSet::new();
    for graph in graphs {
        if !seen.insert(graph.id.as_str()) {
            return Err(Error::invalid(ROUTE, format!("the graph {} comes twice", graph.id)));
        }
        super::parts::check(&graph.parts)?;
        if let Some(outside) = graph.parts.iter().find(|part| !part.is_of_a_record()) {
            let reason = format!("{outside:?} is no address of records");
            return Err(Error::invalid(ROUTE, reason));
        }
    }
    Ok(())
}

//! Tests of the planner: its decision table row by row, and its properties.

mod creates;
mod fixture;
mod pairs;
mod properties;

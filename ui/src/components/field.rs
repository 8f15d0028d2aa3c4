//! Controls that take a value: text, a choice, yes or no.

mod choice;
mod frame;
mod select;
mod text;
mod toggle;

pub(crate) use choice::{Choice, RadioGroup, Segmented};
pub(crate) use select::SelectField;
pub(crate) use text::{TextArea, TextField, TextKind};
pub(crate) use toggle::{Checkbox, Switch};

//! Functions around a field: which fit which, and what comes out.

use std::collections::BTreeMap;

use crate::schema::{Field, FieldType};
use crate::soql::ast::{DatePart, Expression, Function};
use crate::soql::check::{Checked, Scope};
use crate::soql::checked::{Path, Reading};
use crate::soql::error::SoqlError;
use crate::soql::operand::{Family, family};

impl<'query> Scope<'query> {
    /// A value of a single row: a field, or a function of one.
    pub(super) fn row_path(&self, expression: &Expression) -> Checked<(Path, &'query Field)> {
        let (mut path, field) = self.resolve(&expression.path)?;
        match expression.functions.as_slice() {
            [] => {}
            [Function::ToLabel] => path.reading = label(field),
            [Function::ConvertCurrency] => self.is_amount(expression, field)?,
            [Function::Format] => self.format(expression, &mut path)?,
            [Function::Format, Function::ConvertCurrency] => {
                self.is_amount(expression, field)?;
                self.format(expression, &mut path)?;
            }
            [Function::Part(part)] => self.take_part(expression, *part, &mut path)?,
            [Function::Part(part), Function::ConvertTimezone] => {
                if path.column.kind != FieldType::DateTime {
                    return Err(self.wrong_function(expression, field));
                }
                // Simulated users live in UTC, so there is nothing to convert.
                self.take_part(expression, *part, &mut path)?;
            }
            _ => return Err(self.wrong_function(expression, field)),
        }
        Ok((path, field))
    }

    fn is_amount(&self, expression: &Expression, field: &Field) -> Checked<()> {
        if field.kind == FieldType::Currency {
            return Ok(());
        }
        Err(self.wrong_function(expression, field))
    }

    fn format(&self, expression: &Expression, path: &mut Path) -> Checked<()> {
        let kind = family(path.column.kind);
        if !matches!(kind, Family::Number | Family::Date | Family::DateTime | Family::Time) {
            let text = format!("field {} does not support FORMAT", path.column.name);
            return Err(SoqlError::at("INVALID_FIELD", self.source, expression.at, &text));
        }
        path.reading = Reading::Formatted;
        Ok(())
    }

    fn take_part(&self, expression: &Expression, part: DatePart, path: &mut Path) -> Checked<()> {
        let fits = match (part, family(path.column.kind)) {
            (DatePart::HourInDay | DatePart::DayOnly, kind) => kind == Family::DateTime,
            (_, kind) => matches!(kind, Family::Date | Family::DateTime),
        };
        if !fits {
            let name = Function::Part(part).name();
            let text = format!("field {} does not support function {name}", path.column.name);
            return Err(SoqlError::at("INVALID_FIELD", self.source, expression.at, &text));
        }
        let is_day = part == DatePart::DayOnly;
        path.column.kind = if is_day { FieldType::Date } else { FieldType::Int };
        path.reading = Reading::Part(part);
        Ok(())
    }

    pub(super) fn wrong_function(&self, expression: &Expression, field: &Field) -> SoqlError {
        let name = expression.functions.first().map_or("", |function| function.name());
        let text = format!("function {name} is not allowed here on field {}", field.name);
        self.malformed(expression.at, &text)
    }
}

fn label(field: &Field) -> Reading {
    let values = field.picklist_values.iter();
    let labels: BTreeMap<String, String> =
        values.map(|value| (value.value.clone(), value.label.clone())).collect();
    Reading::Label(labels)
}

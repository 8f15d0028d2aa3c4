//! Values as the partner WSDL writes them: texts in elements, nulls in a list of their own.

use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use quick_xml::escape::escape;

use crate::error::Error;
use crate::soql::Name;

/// The fields to clear and the fields to set, as XML.
pub(super) fn fields(
    route: &str,
    values: &[(FieldName, Value)],
) -> Result<(String, String), Error> {
    let (mut cleared, mut set) = (String::new(), String::new());
    for (name, value) in values {
        let name = Name::parse(name)?;
        match text(route, &name, value)? {
            None => cleared.push_str(&format!("<r:fieldsToNull>{name}</r:fieldsToNull>")),
            Some(text) => set.push_str(&format!("<r:{name}>{}</r:{name}>", escape(text.as_str()))),
        }
    }
    Ok((cleared, set))
}

/// A value's text; `None` for null.
fn text(route: &str, name: &Name, value: &Value) -> Result<Option<String>, Error> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::Text(text) => text.clone(),
        Value::Boolean(flag) => flag.to_string(),
        Value::Number(number) => number.normalize().to_string(),
        Value::Date(date) => date.to_string(),
        Value::DateTime(moment) => moment.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        Value::Time(time) => time.strftime("%H:%M:%S%.3fZ").to_string(),
        Value::Id(id) => id.to_string(),
        Value::Raw(_) => {
            return Err(Error::invalid(
                route,
                format!("{name} holds a value that SOAP cannot carry"),
            ));
        }
    };
    // XML 1.0 has no way to write the other control characters.
    let writable = |letter: char| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r');
    if !text.chars().all(writable) {
        return Err(Error::invalid(route, format!("{name} holds a control character")));
    }
    Ok(Some(text))
}

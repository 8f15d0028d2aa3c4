//! Files: the content of attachments, documents and content versions (REST API Developer Guide, "Insert or Update Blob Data",
//! "Get Blob Data").

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use futures_util::stream::{BoxStream, StreamExt, TryStreamExt};
use http::Method;
use isthmus_model::ids::RecordId;
use isthmus_model::schema::FieldName;
use isthmus_model::value::Value;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::client::{Call, Client, decode};
use crate::error::Error;
use crate::row::EncodedFields;
use crate::soql::Name;

/// The largest content that may travel inside JSON: the API takes 50 MB of text, of which base64 uses a third more.
pub const MAX_JSON_BYTES: usize = 37_500_000;
/// The largest content in a multipart body, for attachments and documents; content versions may have 2 GB.
pub const MAX_MULTIPART_BYTES: usize = 500 * 1024 * 1024;

/// How much of the digest stands in a boundary, which may have 70 characters (RFC 2046).
const BOUNDARY_BYTES: usize = 24;

/// A content as it arrives. An error ends it: what came before is the content's beginning and no more.
pub type BlobStream = BoxStream<'static, Result<Bytes, Error>>;

/// A content to upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The field that holds it: `Body`, or `VersionData` of a content version.
    pub field: FieldName,
    /// The file's name, for the multipart body.
    pub file_name: String,
    /// The content.
    pub content: Bytes,
}

/// How a content travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobForm {
    /// As base64 among the values: any object, up to [`MAX_JSON_BYTES`].
    Json,
    /// As it is, beside the values: attachments, documents and content versions.
    Multipart,
}

#[derive(Deserialize)]
struct Saved {
    id: RecordId,
}

impl Client {
    /// Reads a content by the address that stands in its record (`/services/data/v68.0/sobjects/Attachment/001.../Body`).
    ///
    /// # Errors
    /// [`Error::Invalid`] for an address that is no record's content; [`Error::ForeignHost`] for one on another host. The
    /// stream itself ends with an error where the content is cut.
    pub async fn blob(&self, address: &str) -> Result<BlobStream, Error> {
        let route = "sobjects/{id}/{blob}";
        let path = self.url(address)?.path().to_owned();
        if !path.starts_with("/services/data/") || !path.contains("/sobjects/") {
            return Err(Error::invalid(route, "the address is no record's content"));
        }
        let call = Call::get(path, route).header("accept", "*/*")?;
        let response = self.download(&call).await?;
        Ok(response.body.map_err(Error::from).boxed())
    }

    /// Creates a record with a content.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a content too large for its form, or an object that the form does not fit; [`Error::Api`]
    /// when the org refuses it.
    pub async fn create_with_blob(
        &self,
        object: &str,
        values: &[(FieldName, Value)],
        blob: &Blob,
        form: BlobForm,
    ) -> Result<RecordId, Error> {
        let (object, field) = (Name::parse(object)?, Name::parse(&blob.field)?);
        let route = format!("sobjects/{object}");
        check_size(&route, blob, form)?;
        let call = Call::new(Method::POST, self.data_path(&route), route.as_str());
        let fields = EncodedFields::new(values)?;
        let call = match form {
            BlobForm::Json => {
                let text = BASE64_STANDARD.encode(&blob.content);
                call.json(&fields.with_text(field.as_str(), &text)?)?
            }
            BlobForm::Multipart => {
                let part = part_name(&object)?;
                let values =
                    serde_json::to_vec(&fields).map_err(|cause| Error::invalid(&route, cause))?;
                let boundary = boundary(blob);
                let body = multipart(&boundary, part, &values, field.as_str(), blob);
                call.body(body, &format!("multipart/form-data; boundary=\"{boundary}\""))?
            }
        };
        let response = self.send(call.writing(self.write_options())?).await?;
        Ok(decode::<Saved>(&route, &response)?.id)
    }
}

fn check_size(route: &str, blob: &Blob, form: BlobForm) -> Result<(), Error> {
    let most = match form {
        BlobForm::Json => MAX_JSON_BYTES,
        BlobForm::Multipart => MAX_MULTIPART_BYTES,
    };
    let size = blob.content.len();
    if size <= most {
        return Ok(());
    }
    Err(Error::invalid(route, format!("the file has {size} bytes, at most {most}")))
}

/// The name of the part with the values, as the guide's examples have it.
fn part_name(object: &Name) -> Result<&'static str, Error> {
    match object.as_str() {
        name if name.eq_ignore_ascii_case("ContentVersion") => Ok("entity_content"),
        name if name.eq_ignore_ascii_case("Document") => Ok("entity_document"),
        name if name.eq_ignore_ascii_case("Attachment") => Ok("entity_attachment"),
        name => Err(Error::invalid(
            "sobjects (multipart)",
            format!("{name} takes no multipart body; send the content as JSON"),
        )),
    }
}

/// A line that the content does not have: drawn from the content itself, so that the same upload is the same bytes.
fn boundary(blob: &Blob) -> String {
    let digest = Sha256::digest(&blob.content);
    let hex: String =
        digest.iter().take(BOUNDARY_BYTES).map(|byte| format!("{byte:02x}")).collect();
    // A file that contains so much of its own digest would need to break SHA-256.
    format!("isthmus-{hex}")
}

fn multipart(boundary: &str, part: &str, values: &[u8], field: &str, blob: &Blob) -> Bytes {
    let file_name: String = blob
        .file_name
        .chars()
        .map(
            |letter| if letter.is_control() || matches!(letter, '"' | '\\') { '_' } else { letter },
        )
        .collect();
    let mut body = Vec::with_capacity(blob.content.len() + values.len() + 1024);
    body.extend_from_slice(
        format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{part}\"\r\nContent-Type: application/json\r\n\r\n"
        )
        .as_bytes(),
    );
    body.extend_from_slice(values);
    body.extend_from_slice(
        format!(
            "\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
        )
        .as_bytes(),
    );
    body.extend_from_slice(&blob.content);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    Bytes::from(body)
}

#[cfg(test)]
mod tests;

//! Files up and down.

use bytes::Bytes;
use futures_util::TryStreamExt;
use isthmus_model::value::Value;

use crate::api::blobs::{Blob, BlobForm, MAX_JSON_BYTES};
use crate::error::Error;
use crate::testing::{FakeTransport, body_text, client, reply};

const SAVED: &str = r#"{"id":"0685500001QdQWaAAN","success":true,"errors":[]}"#;

fn blob(content: &'static [u8]) -> Blob {
    let content = Bytes::from_static(content);
    Blob { field: "VersionData".to_owned(), file_name: "a\"b\r\n.txt".to_owned(), content }
}

fn title() -> Vec<(String, Value)> {
    vec![
        ("Title".to_owned(), Value::from("Plan")),
        ("PathOnClient".to_owned(), Value::from("a.txt")),
    ]
}

#[tokio::test]
async fn a_content_is_read_from_the_address_in_its_record() {
    let transport = FakeTransport::new(|_| reply(200, "\u{0}bytes"));
    let address = "/services/data/v68.0/sobjects/Attachment/00P5500001QdQWaAAN/Body";
    let client = client(transport.clone());
    let pieces: Vec<Bytes> = client.blob(address).await.unwrap().try_collect().await.unwrap();
    assert_eq!(pieces.concat(), b"\0bytes");
    assert_eq!(transport.sent()[0].headers["accept"], "*/*");
    assert_eq!(transport.sent()[0].url.path(), address);
    let foreign = "https://evil.example/services/data/v68.0/sobjects/Attachment/00P/Body";
    assert!(matches!(client.blob(foreign).await, Err(Error::ForeignHost(_))));
    for other in ["/services/oauth2/userinfo", "/services/data/v68.0/limits"] {
        assert!(matches!(client.blob(other).await, Err(Error::Invalid { .. })), "{other}");
    }
    assert_eq!(transport.sent().len(), 1);
}

#[tokio::test]
async fn a_content_that_is_gone_is_an_error_and_no_content() {
    let gone = r#"[{"errorCode":"NOT_FOUND","message":"The requested resource does not exist"}]"#;
    let transport = FakeTransport::new(move |_| reply(404, gone));
    let address = "/services/data/v68.0/sobjects/Attachment/00P5500001QdQWaAAN/Body";
    assert!(client(transport).blob(address).await.is_err_and(|error| error.has_code("NOT_FOUND")));
}

#[tokio::test]
async fn a_file_travels_as_base64_among_its_values() {
    let transport = FakeTransport::new(|_| reply(201, SAVED));
    client(transport.clone())
        .create_with_blob("ContentVersion", &title(), &blob(b"hello"), BlobForm::Json)
        .await
        .unwrap();
    assert_eq!(
        body_text(&transport.sent()[0]),
        r#"{"Title":"Plan","PathOnClient":"a.txt","VersionData":"aGVsbG8="}"#
    );
}

#[tokio::test]
async fn a_file_travels_as_it_is_beside_its_values() {
    let transport = FakeTransport::new(|_| reply(201, SAVED));
    let id = client(transport.clone())
        .create_with_blob("ContentVersion", &title(), &blob(b"--x\r\n\0"), BlobForm::Multipart)
        .await
        .unwrap();
    assert_eq!(id.key_prefix(), "068");
    let request = &transport.sent()[0];
    let kind = request.headers["content-type"].to_str().unwrap().to_owned();
    let boundary =
        kind.strip_prefix("multipart/form-data; boundary=\"").unwrap().trim_end_matches('"');
    let body = body_text(request);
    let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4);
    assert!(parts[1].contains("name=\"entity_content\"") && parts[1].contains("application/json"));
    assert!(parts[1].ends_with("\r\n\r\n{\"Title\":\"Plan\",\"PathOnClient\":\"a.txt\"}\r\n"));
    assert!(parts[2].contains("name=\"VersionData\"; filename=\"a_b__.txt\""), "{}", parts[2]);
    assert!(parts[2].ends_with("\r\n\r\n--x\r\n\0\r\n"));
    assert_eq!(parts[3], "--\r\n");
    assert!(boundary.len() <= 70, "RFC 2046 allows 70 characters");
}

#[tokio::test]
async fn a_file_too_large_or_for_another_object_is_not_sent() {
    let transport = FakeTransport::new(|_| reply(201, SAVED));
    let client = client(transport.clone());
    let large = Blob { content: Bytes::from(vec![0; MAX_JSON_BYTES + 1]), ..blob(b"") };
    assert!(client.create_with_blob("Attachment", &[], &large, BlobForm::Json).await.is_err());
    let other = client.create_with_blob("Account", &[], &blob(b"x"), BlobForm::Multipart).await;
    assert!(matches!(other, Err(Error::Invalid { .. })));
    let values = [("versiondata".to_owned(), Value::from("x"))];
    let twice =
        client.create_with_blob("ContentVersion", &values, &blob(b"x"), BlobForm::Json).await;
    assert!(matches!(twice, Err(Error::Invalid { .. })));
    assert!(transport.sent().is_empty());
}

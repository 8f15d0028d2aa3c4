//! Contents of files: there and back, byte for byte.

use futures_util::TryStreamExt as _;
use isthmus_salesforce::api::blobs::{Blob, BlobForm};
use isthmus_tests::window::tell;
use serde_json::json;

use crate::rig::{ORG, accounts, client, held, serve, values};

#[test]
fn a_content_comes_back_as_it_was_sent_in_either_form() {
    let orgs = serve(1);
    orgs.control(ORG, "setup", &json!({ "features": ["files"] }));
    let parent = accounts(&orgs, 1)[0].to_string();
    tell(async {
        let client = client(&orgs);
        for form in [BlobForm::Json, BlobForm::Multipart] {
            let content: Vec<u8> = (0..=255).cycle().take(70_000).collect();
            let blob = Blob {
                field: "Body".into(),
                file_name: "scan.bin".to_owned(),
                content: content.clone().into(),
            };
            let named = values(&[("Name", "scan.bin"), ("ParentId", &parent)]);
            let id =
                client.create_with_blob("Attachment", &named, &blob, form).await.expect("an id");
            assert!(held(&orgs, "Attachment", id, "Name").is_some());
            let address =
                format!("/services/data/v{}/sobjects/Attachment/{id}/Body", client.version());
            let pieces: Vec<_> = client
                .blob(&address)
                .await
                .expect("it is there")
                .try_collect()
                .await
                .expect("whole");
            assert_eq!(pieces.concat(), content, "{form:?}");
        }
    });
}

//! Describes in memory, asked about again with each use and sent again only when they have changed.
//!
//! One cache is for one org and one connected user: another user may see other fields.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use isthmus_model::schema::ObjectSchema;

use crate::api::describe::ObjectSummary;
use crate::api::describe::conditional::{Conditional, Validators};
use crate::api::versions::ApiVersion;
use crate::client::Client;
use crate::error::Error;

/// The most objects kept: a large one has some hundred kilobytes, and a mapping uses some dozen.
pub const MAX_KEPT_OBJECTS: usize = 200;

/// What an org said of its objects. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct DescribeCache {
    kept: Arc<Mutex<Kept>>,
}

#[derive(Debug, Default)]
struct Kept {
    objects: BTreeMap<(ApiVersion, String), Entry<ObjectSchema>>,
    lists: BTreeMap<ApiVersion, Entry<[ObjectSummary]>>,
    /// Counts uses, so that the one unused for longest makes room.
    uses: u64,
}

#[derive(Debug)]
struct Entry<T: ?Sized> {
    said: Arc<T>,
    validators: Validators,
    last_use: u64,
}

impl Client {
    /// One object with its fields: from the cache where the org says that it has not changed.
    ///
    /// # Errors
    /// As [`Client::describe`]. What is kept stays kept: an error says nothing about it.
    pub async fn describe_cached(
        &self,
        cache: &DescribeCache,
        object: &str,
    ) -> Result<Arc<ObjectSchema>, Error> {
        let key = (self.version(), object.to_ascii_lowercase());
        let known = cache.with(|kept| {
            kept.objects.get(&key).map(|entry| (Arc::clone(&entry.said), entry.validators.clone()))
        });
        let validators = known.as_ref().map(|(_, validators)| validators.clone());
        let answer = self.describe_if_changed(object, &validators.unwrap_or_default()).await?;
        let (said, validators) = match (answer, known) {
            (Conditional::Unchanged, Some(known)) => known,
            (Conditional::Changed { answer, validators }, _) => (Arc::new(answer), validators),
            (Conditional::Unchanged, None) => return Ok(Arc::new(self.describe(object).await?)),
        };
        cache.keep(key, Arc::clone(&said), validators);
        Ok(said)
    }

    /// All objects: from the cache where the org says that they have not changed.
    ///
    /// # Errors
    /// [`Error`]
    pub async fn describe_global_cached(
        &self,
        cache: &DescribeCache,
    ) -> Result<Arc<[ObjectSummary]>, Error> {
        let version = self.version();
        let known = cache.with(|kept| {
            kept.lists
                .get(&version)
                .map(|entry| (Arc::clone(&entry.said), entry.validators.clone()))
        });
        let validators = known.as_ref().map(|(_, validators)| validators.clone());
        match (self.describe_global_if_changed(&validators.unwrap_or_default()).await?, known) {
            (Conditional::Unchanged, Some((said, _))) => Ok(said),
            (Conditional::Unchanged, None) => Ok(self.describe_global().await?.into()),
            (Conditional::Changed { answer, validators }, _) => {
                let said: Arc<[ObjectSummary]> = answer.into();
                let entry = Entry { said: Arc::clone(&said), validators, last_use: 0 };
                cache.with(|kept| kept.lists.insert(version, entry));
                Ok(said)
            }
        }
    }
}

impl DescribeCache {
    /// Forgets everything: another user is connected now.
    pub fn clear(&self) {
        self.with(|kept| *kept = Kept::default());
    }

    fn keep(&self, key: (ApiVersion, String), said: Arc<ObjectSchema>, validators: Validators) {
        self.with(|kept| {
            kept.uses += 1;
            let entry = Entry { said, validators, last_use: kept.uses };
            kept.objects.insert(key, entry);
            while kept.objects.len() > MAX_KEPT_OBJECTS {
                let oldest = kept.objects.iter().min_by_key(|(_, entry)| entry.last_use);
                let Some(oldest) = oldest.map(|(key, _)| key.clone()) else { return };
                kept.objects.remove(&oldest);
            }
        });
    }

    fn with<T>(&self, action: impl FnOnce(&mut Kept) -> T) -> T {
        action(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use http::HeaderValue;

    use super::{DescribeCache, MAX_KEPT_OBJECTS};
    use crate::testing::{FakeTransport, client, reply};

    const STAMP: &str = "Fri, 14 Aug 2020 20:53:02 GMT";

    /// An org whose metadata never changes.
    fn steady() -> Arc<FakeTransport> {
        FakeTransport::new(|request| {
            if request.headers.get("if-modified-since").is_some_and(|since| since == STAMP) {
                return reply(304, "");
            }
            let object = request.url.path_segments().unwrap().nth(4).map(str::to_owned);
            let mut answer = match object {
                Some(object) => reply(200, &format!(r#"{{"name":"{object}","fields":[]}}"#)),
                None => reply(200, r#"{"sobjects":[{"name":"Account"}]}"#),
            }?;
            answer.headers.insert("last-modified", HeaderValue::from_static(STAMP));
            answer.headers.insert("etag", HeaderValue::from_static("\"baf7f695\""));
            Ok(answer)
        })
    }

    #[tokio::test]
    async fn what_has_not_changed_is_the_same_value_and_costs_no_body() {
        let transport = steady();
        let (client, cache) = (client(transport.clone()), DescribeCache::default());
        let first = client.describe_cached(&cache, "Account").await.unwrap();
        let second = client.describe_cached(&cache, "ACCOUNT").await.unwrap();
        assert!(Arc::ptr_eq(&first, &second));
        let lists = [
            client.describe_global_cached(&cache).await.unwrap(),
            client.describe_global_cached(&cache).await.unwrap(),
        ];
        assert!(Arc::ptr_eq(&lists[0], &lists[1]));
        let conditions: Vec<bool> = transport
            .sent()
            .iter()
            .map(|request| request.headers.contains_key("if-modified-since"))
            .collect();
        assert_eq!(conditions, [false, true, false, true]);
        cache.clear();
        client.describe_cached(&cache, "Account").await.unwrap();
        assert!(!transport.sent()[4].headers.contains_key("if-modified-since"));
    }

    #[tokio::test]
    async fn an_org_that_tells_no_age_is_asked_in_full() {
        let transport = FakeTransport::new(|_| reply(200, r#"{"name":"Account","fields":[]}"#));
        let (client, cache) = (client(transport.clone()), DescribeCache::default());
        for _ in 0..2 {
            assert_eq!(client.describe_cached(&cache, "Account").await.unwrap().name, "Account");
        }
        assert!(
            transport.sent().iter().all(|sent| !sent.headers.contains_key("if-modified-since"))
        );
    }

    #[tokio::test]
    async fn the_object_unused_for_longest_makes_room() {
        let transport = steady();
        let (client, cache) = (client(transport.clone()), DescribeCache::default());
        for number in 0..=MAX_KEPT_OBJECTS {
            client.describe_cached(&cache, &format!("Object{number}__c")).await.unwrap();
        }
        for name in ["Object0__c", "Object200__c"] {
            client.describe_cached(&cache, name).await.unwrap();
        }
        let last: Vec<bool> = transport.sent()[MAX_KEPT_OBJECTS + 1..]
            .iter()
            .map(|request| request.headers.contains_key("if-modified-since"))
            .collect();
        assert_eq!(last, [false, true]);
    }
}

//! One org being filled: resolves parents, stamps rows and remembers where each row of the world went.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::ids;
use crate::org::{Org, User};
use crate::rows::{Row, RowId, Table};
use crate::schema::{FieldType, Schema};
use crate::seed::entity::{Entity, Facts};
use crate::seed::world::pick;

/// The oldest row was created so many seconds ago: 400 days.
const OLDEST: i64 = 400 * 24 * 60 * 60;

/// No row was changed in the last minute, so that a first incremental read starts behind all of them.
const NEWEST: i64 = 60;

/// Where a row of the world is in this org.
#[derive(Debug, Clone)]
pub(super) struct Planted {
    id: RowId,
    created_ago: i64,
}

/// What rows of one object need beside their facts.
#[derive(Debug, Clone, Default)]
struct Shape {
    checkboxes: Vec<(String, bool)>,
    numbered: Option<String>,
    owned: bool,
    record_types: BTreeMap<String, String>,
}

/// One org being filled.
pub(super) struct Target<'org> {
    index: usize,
    organization_id: &'org str,
    name: &'org str,
    user: &'org User,
    schema: &'org mut Schema,
    tables: &'org mut BTreeMap<String, Table>,
    now: Timestamp,
    users: Vec<RowId>,
    planted: BTreeMap<&'static str, Vec<Option<Planted>>>,
    shapes: BTreeMap<&'static str, Shape>,
    counted: BTreeMap<&'static str, u64>,
}

impl<'org> Target<'org> {
    pub(super) fn new(org: &'org mut Org, index: usize) -> Self {
        let now = org.clock.now();
        let Org { id, name, user, schema, tables, .. } = org;
        Self::of_parts(index, id, name, user, schema, tables, now)
    }

    /// A target made of an org's parts; `now` is cut to the whole second.
    pub(super) fn of_parts(
        index: usize,
        organization_id: &'org str,
        name: &'org str,
        user: &'org User,
        schema: &'org mut Schema,
        tables: &'org mut BTreeMap<String, Table>,
        now: Timestamp,
    ) -> Self {
        Self {
            index,
            organization_id,
            name,
            user,
            schema,
            tables,
            now: Timestamp::from_second(now.as_second()).unwrap_or(now),
            users: Vec::new(),
            planted: BTreeMap::new(),
            shapes: BTreeMap::new(),
            counted: BTreeMap::new(),
        }
    }

    /// The org's position on its server; 0 is the first.
    pub(super) fn index(&self) -> usize {
        self.index
    }

    /// The org's present moment.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The organization id.
    pub(super) fn organization_id(&self) -> &'org str {
        self.organization_id
    }

    /// The instance code that the org's ids carry.
    pub(super) fn instance(&self) -> &'org str {
        ids::instance_code(self.organization_id)
    }

    /// The name given on the command line.
    pub(super) fn name(&self) -> &'org str {
        self.name
    }

    /// The connected user.
    pub(super) fn user(&self) -> &'org User {
        self.user
    }

    /// The org's schema, to be changed before the first row goes in.
    pub(super) fn schema(&mut self) -> &mut Schema {
        self.schema
    }

    /// True when all parents without which `entity` cannot be are in this org.
    pub(super) fn has_required_parents(&self, entity: &Entity) -> bool {
        let mut required = entity.parents.iter().filter(|parent| parent.required);
        required.all(|parent| self.find(parent.object, parent.number).is_some())
    }

    /// Inserts a row of the world.
    pub(super) fn insert(
        &mut self,
        object: &'static str,
        entity: &Entity,
        facts: Facts,
        rng: &mut ChaCha8Rng,
    ) -> Option<Planted> {
        let mut row: Row =
            facts.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
        let mut oldest = OLDEST;
        for parent in &entity.parents {
            if let Some(planted) = self.find(parent.object, parent.number) {
                oldest = oldest.min(planted.created_ago);
                row.insert(parent.field.to_owned(), Value::from(&*planted.id));
            }
        }
        self.complete(object, entity.record_type, &mut row, rng);
        let created_ago = rng.random_range(NEWEST..=oldest);
        self.stamp(&mut row, created_ago, rng);
        if let (Some(field), Some(end)) = (entity.ended, row.get("LastModifiedDate").cloned()) {
            row.insert(field.to_owned(), end);
        }
        self.insert_row(object, row).map(|id| Planted { id, created_ago })
    }

    /// Inserts a row that has all its fields but the id, which it may have.
    pub(super) fn insert_row(&mut self, object: &str, mut row: Row) -> Option<RowId> {
        let table = self.table(object)?;
        let id: RowId = match row.get("Id").and_then(Value::as_str) {
            Some(id) => RowId::from(id),
            None => table.next_id(),
        };
        row.insert("Id".to_owned(), Value::from(&*id));
        table.insert_seeded(row);
        Some(id)
    }

    /// Notes where row `number` of the world went.
    pub(super) fn remember(&mut self, object: &'static str, number: u64, planted: Option<Planted>) {
        let Ok(number) = usize::try_from(number) else { return };
        let places = self.planted.entry(object).or_default();
        if places.len() <= number {
            places.resize(number + 1, None);
        }
        places[number] = planted;
    }

    /// Users who may own and change rows; the first one is the connected user.
    pub(super) fn add_user(&mut self, id: RowId) {
        self.users.push(id);
    }

    /// Writes who created and changed a row, and when: `created_ago` seconds before now and some time after that.
    pub(super) fn stamp(&self, row: &mut Row, created_ago: i64, rng: &mut ChaCha8Rng) {
        let modified_ago = rng.random_range(NEWEST..=created_ago);
        let modified = self.moment(modified_ago);
        let mut put = |field: &str, value: &str| {
            row.insert(field.to_owned(), Value::from(value));
        };
        put("CreatedDate", &self.moment(created_ago));
        put("LastModifiedDate", &modified);
        put("SystemModstamp", &modified);
        if !self.users.is_empty() {
            let (creator, changer) = (pick(rng, &self.users), pick(rng, &self.users));
            put("CreatedById", creator);
            put("LastModifiedById", changer);
        }
    }

    /// Fills in checkboxes, numbers, owner and record type.
    pub(super) fn complete(
        &mut self,
        object: &'static str,
        record_type: Option<&str>,
        row: &mut Row,
        rng: &mut ChaCha8Rng,
    ) {
        let shape = self.shapes.entry(object).or_insert_with(|| shape(self.schema, object));
        for (field, value) in &shape.checkboxes {
            row.entry(field.clone()).or_insert(Value::Bool(*value));
        }
        if let Some(field) = &shape.numbered {
            let count = self.counted.entry(object).or_default();
            *count += 1;
            row.insert(field.clone(), Value::from(format!("{count:08}")));
        }
        if shape.owned && !self.users.is_empty() {
            row.insert("OwnerId".to_owned(), Value::from(&**pick(rng, &self.users)));
        }
        if let Some(id) = record_type.and_then(|name| shape.record_types.get(name)) {
            row.insert("RecordTypeId".to_owned(), Value::from(id.as_str()));
        }
    }

    fn find(&self, object: &str, number: u64) -> Option<&Planted> {
        self.planted.get(object)?.get(usize::try_from(number).ok()?)?.as_ref()
    }

    fn table(&mut self, object: &str) -> Option<&mut Table> {
        if !self.tables.contains_key(object) {
            let table = Table::new(self.schema.object(object)?, self.organization_id);
            self.tables.insert(object.to_owned(), table);
        }
        self.tables.get_mut(object)
    }

    fn moment(&self, seconds_ago: i64) -> String {
        let moment = self.now.saturating_sub(SignedDuration::from_secs(seconds_ago));
        let moment = moment.unwrap_or(self.now);
        moment.strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
    }
}

fn shape(schema: &Schema, object: &str) -> Shape {
    let Some(object) = schema.object(object) else { return Shape::default() };
    let checkboxes = object.fields.iter().filter(|field| field.kind == FieldType::Boolean);
    let record_types = object.record_types.iter().filter(|record_type| !record_type.master);
    Shape {
        checkboxes: checkboxes
            .map(|field| (field.name.clone(), field.default_value == Some(Value::Bool(true))))
            .collect(),
        numbered: object.fields.iter().find(|field| field.auto_number).map(|one| one.name.clone()),
        owned: object.field("OwnerId").is_some(),
        record_types: record_types
            .map(|one| (one.developer_name.clone(), one.id.clone()))
            .collect(),
    }
}

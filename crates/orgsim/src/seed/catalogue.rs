//! Products, price books and prices.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde_json::Value;

use crate::seed::companies::whole;
use crate::seed::entity::{Entity, Facts, Kind};
use crate::seed::words::PRODUCTS;
use crate::seed::world::{World, chance, erp_key};

pub(super) const PRODUCT: Kind = Kind {
    object: "Product2",
    records: 40,
    overlap: 90,
    duplicates: false,
    make: product,
    drift: drift_product,
};

pub(super) const PRICEBOOK: Kind = Kind {
    object: "Pricebook2",
    records: 2,
    overlap: 100,
    duplicates: false,
    make: pricebook,
    drift: drift_pricebook,
};

pub(super) const PRICEBOOK_ENTRY: Kind = Kind {
    object: "PricebookEntry",
    records: 80,
    overlap: 100,
    duplicates: false,
    make: pricebook_entry,
    drift: drift_pricebook_entry,
};

const PRICE_BOOKS: [&str; 4] = ["Partner", "Export", "Service", "Framework Agreement"];

/// Name and code of a product.
fn names(number: u64) -> (String, String) {
    let count = PRODUCTS.len() as u64;
    let (name, letters) = PRODUCTS[usize::try_from(number % count).unwrap_or_default()];
    let size = (number / count + 1) * 50;
    (format!("{name} {letters}-{size}"), format!("{letters}-{size:05}"))
}

fn product(world: &World, number: u64) -> Entity {
    let mut rng = world.rng("Product2", number, 0);
    let (name, code) = names(number);
    let service = name.starts_with("Maintenance") || name.starts_with("Remote");
    Entity::default()
        .set("Description", format!("{name}, for industrial use."))
        .set("Name", name)
        .set("StockKeepingUnit", format!("SKU-{code}"))
        .set("ProductCode", code)
        .set("Family", if service { "Services" } else { "Hardware" })
        .set("QuantityUnitOfMeasure", if service { "Hour" } else { "Each" })
        .set("IsActive", chance(&mut rng, 92))
        .set("ERP_Key__c", erp_key("P", number))
}

/// Price book 0 is the standard one, which every org has.
fn pricebook(_: &World, number: u64) -> Entity {
    let standard = number == 0;
    let name = match number {
        0 => "Standard Price Book".to_owned(),
        _ => {
            let kinds = PRICE_BOOKS.len() as u64;
            let kind = usize::try_from((number - 1) % kinds).unwrap_or_default();
            format!("{} Prices {}", PRICE_BOOKS[kind], (number - 1) / kinds + 1)
        }
    };
    let book = Entity::default()
        .set("Name", name)
        .set("IsActive", true)
        .set("IsStandard", standard)
        .set("ERP_Key__c", erp_key("B", number));
    Entity { everywhere: standard, ..book }
}

/// Each product comes once in each price book, the standard book first.
fn pricebook_entry(world: &World, number: u64) -> Entity {
    let products = world.extent("Product2").shared;
    let product = number.checked_rem(products).unwrap_or_default();
    let book = number.checked_div(products).unwrap_or_default();
    let mut rng = world.rng("Price", product, 0);
    let (name, code) = names(product);
    let price = rng.random_range(20..9_000_i64) * 5 * if book == 0 { 1 } else { 2 };
    Entity::default()
        .set("Name", name)
        .set("ProductCode", code)
        .set("UnitPrice", whole(price))
        .set("IsActive", true)
        .set("ERP_Key__c", erp_key("E", number))
        .under("Pricebook2Id", "Pricebook2", book)
        .under("Product2Id", "Product2", product)
}

fn drift_product(_: &mut ChaCha8Rng, facts: &mut Facts) {
    facts.insert("Description", Value::from("See the catalogue."));
}

fn drift_pricebook(_: &mut ChaCha8Rng, facts: &mut Facts) {
    facts.insert("Description", Value::from("Prices without tax"));
}

fn drift_pricebook_entry(rng: &mut ChaCha8Rng, facts: &mut Facts) {
    facts.insert("UnitPrice", whole(rng.random_range(20..9_000_i64) * 5));
}

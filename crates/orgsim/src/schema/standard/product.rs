//! Products, price books and prices.

use crate::schema::Object;
use crate::schema::build::{
    checkbox, currency, erp_key, identity, lookup, object, picklist, stamps, text, text_area, url,
    views,
};

pub(crate) fn product() -> Object {
    object("Product2", "Product", "Products", "01t")
        .with(identity("Product"))
        .with([
            text("Name", "Product Name", 255).naming().required(),
            text("ProductCode", "Product Code", 255),
            text_area("Description", "Product Description", 4000),
            checkbox("IsActive", "Active"),
        ])
        .with(stamps())
        .with([
            picklist("Family", "Product Family", 255, &["Hardware", "Software", "Services"]),
            url("DisplayUrl", "Display URL").of_length(1000),
            picklist("QuantityUnitOfMeasure", "Quantity Unit Of Measure", 255, &["Each", "Hour"]),
            checkbox("IsArchived", "Archived").system(),
            text("StockKeepingUnit", "Product SKU", 180),
        ])
        .with(views())
        .with([erp_key()])
}

pub(crate) fn pricebook() -> Object {
    object("Pricebook2", "Price Book", "Price Books", "01s")
        .with(identity("Price Book"))
        .with([text("Name", "Price Book Name", 255).naming().required()])
        .with(stamps())
        .with([
            checkbox("IsActive", "Active"),
            checkbox("IsArchived", "Archived").system(),
            text("Description", "Description", 255),
            checkbox("IsStandard", "Is Standard Price Book").system(),
        ])
        .with(views())
        .with([erp_key()])
}

pub(crate) fn pricebook_entry() -> Object {
    object("PricebookEntry", "Price Book Entry", "Price Book Entries", "01u")
        .with(identity("Price Book Entry"))
        .with([
            text("Name", "Product Name", 255).naming().read_only(),
            lookup("Pricebook2Id", "Price Book ID", &["Pricebook2"], "Pricebook2")
                .create_only()
                .required()
                .children("PricebookEntries")
                .deleted_with_parent(),
            lookup("Product2Id", "Product ID", &["Product2"], "Product2")
                .create_only()
                .required()
                .children("PricebookEntries")
                .deleted_with_parent(),
            currency("UnitPrice", "List Price", 18, 2).required(),
            checkbox("IsActive", "Active"),
            checkbox("UseStandardPrice", "Use Standard Price"),
        ])
        .with(stamps())
        .with([
            text("ProductCode", "Product Code", 255).read_only(),
            checkbox("IsArchived", "Archived").system(),
            erp_key(),
        ])
}

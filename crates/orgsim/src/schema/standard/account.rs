//! Companies.

use crate::schema::build::{
    address, checkbox, currency, erp_key, identity, integer, labelled_picklist, last_activity,
    lookup, master_record, object, owner, phone, photo_url, picklist, record_type_id, stamps, text,
    text_area, url, views,
};
use crate::schema::standard::picklists::{
    CLEAN_STATUSES, CUSTOMER_TIERS, INDUSTRIES, LEAD_SOURCES, RATINGS,
};
use crate::schema::{Field, Object};

const TYPES: [&str; 7] = [
    "Prospect",
    "Customer - Direct",
    "Customer - Channel",
    "Channel Partner / Reseller",
    "Installation Partner",
    "Technology Partner",
    "Other",
];

pub(crate) fn account() -> Object {
    object("Account", "Account", "Accounts", "001")
        .with(identity("Account"))
        .with([
            master_record("Account"),
            text("Name", "Account Name", 255)
                .part_of("Name")
                .extra("switchablepersonname")
                .naming()
                .required(),
            picklist("Type", "Account Type", 40, &TYPES),
            record_type_id(),
            lookup("ParentId", "Parent Account ID", &["Account"], "Parent")
                .children("ChildAccounts"),
        ])
        .with(address("Billing"))
        .with(address("Shipping"))
        .with([
            phone("Phone", "Account Phone"),
            phone("Fax", "Account Fax"),
            text("AccountNumber", "Account Number", 40),
            url("Website", "Website"),
            photo_url(),
        ])
        .with(business())
        .with([
            picklist("Rating", "Account Rating", 40, &RATINGS),
            text("Site", "Account Site", 80),
            owner(&["User"]),
        ])
        .with(stamps())
        .with([last_activity()])
        .with(views())
        .with([
            checkbox("IsPartner", "Partner Account").update_only(),
            checkbox("IsCustomerPortal", "Customer Portal Account").update_only(),
            text("ChannelProgramName", "Channel Program Name", 255)
                .read_only()
                .not_filterable()
                .not_sortable(),
            text("ChannelProgramLevelName", "Channel Program Level Name", 255)
                .read_only()
                .not_filterable()
                .not_sortable(),
            text("Jigsaw", "Data.com Key", 20),
            text("JigsawCompanyId", "Jigsaw Company ID", 20).read_only(),
            labelled_picklist("CleanStatus", "Clean Status", 40, &CLEAN_STATUSES).restricted(),
            picklist("AccountSource", "Account Source", 40, &LEAD_SOURCES),
        ])
        .with(register())
        .with([
            lookup("DandbCompanyId", "D&B Company ID", &["DandBCompany"], "DandbCompany"),
            lookup("OperatingHoursId", "Operating Hour ID", &["OperatingHours"], "OperatingHours"),
            erp_key(),
            text("Legacy_Code__c", "Legacy Code", 20).external_id(),
            picklist("Customer_Tier__c", "Customer Tier", 255, &CUSTOMER_TIERS).restricted(),
        ])
        .record_type("Customer Account", "Customer_Account", 1)
        .record_type("Partner Account", "Partner_Account", 2)
}

/// What company registers say.
fn register() -> [Field; 6] {
    [
        text("DunsNumber", "D-U-N-S Number", 9),
        text("Tradestyle", "Tradestyle", 255),
        text("NaicsCode", "NAICS Code", 8),
        text("NaicsDesc", "NAICS Description", 120),
        text("YearStarted", "Year Started", 4),
        text("SicDesc", "SIC Description", 80),
    ]
}

/// What the company does, and how big it is.
fn business() -> [Field; 7] {
    [
        text("Sic", "SIC Code", 20),
        picklist("Industry", "Industry", 40, &INDUSTRIES),
        currency("AnnualRevenue", "Annual Revenue", 18, 0),
        integer("NumberOfEmployees", "Employees", 8),
        picklist("Ownership", "Ownership", 40, &["Public", "Private", "Subsidiary", "Other"]),
        text("TickerSymbol", "Ticker Symbol", 20),
        text_area("Description", "Account Description", 32000),
    ]
}

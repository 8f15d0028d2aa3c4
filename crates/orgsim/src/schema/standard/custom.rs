//! Two custom objects: sites of a customer, and visits to the machines there.

use crate::schema::build::{
    checkbox, currency, date, date_time, email, erp_key, identity, lookup, multi_picklist, number,
    object, owner, percent, phone, picklist, stamps, text, text_area, time, url,
};
use crate::schema::{Field, Object};

/// What a customer uses a site for.
pub(crate) const SITE_KINDS: [&str; 5] = ["Headquarters", "Plant", "Warehouse", "Office", "Store"];

/// What is done at a site.
pub(crate) const SITE_SERVICES: [&str; 5] =
    ["Assembly", "Cold Storage", "Packing", "Repair", "Shipping"];

/// How a visit ended.
pub(crate) const VISIT_OUTCOMES: [&str; 4] =
    ["Done", "Parts Missing", "No Access", "Follow-up Needed"];

/// A customer's place, the detail of an Account: it is deleted with its Account and never moves to another one.
pub(crate) fn site() -> Object {
    object("Site__c", "Site", "Sites", "a00")
        .with(identity("Record"))
        .with([name()])
        .with(stamps())
        .with([
            lookup("Account__c", "Account", &["Account"], "Account__r")
                .create_only()
                .required()
                .children("Sites__r")
                .deleted_with_parent(),
            erp_key(),
            picklist("Kind__c", "Kind", 255, &SITE_KINDS).restricted(),
            multi_picklist("Services__c", "Services", &SITE_SERVICES),
            checkbox("Is_Active__c", "Active").default_on(),
            text_area("Street__c", "Street", 255),
            text("City__c", "City", 40),
            text("Postal_Code__c", "Postal Code", 20),
            text("Country__c", "Country", 80),
            phone("Phone__c", "Phone"),
            email("Contact_Email__c", "Contact Email"),
            number("Floor_Area__c", "Floor Area (m²)", 10, 2),
            percent("Occupancy__c", "Occupancy", 5, 1),
            date("Opened_On__c", "Opened On"),
            time("Opens_At__c", "Opens At"),
            date_time("Last_Inspection__c", "Last Inspection"),
            text_area("Access_Notes__c", "Access Notes", 32768),
        ])
}

/// A technician's visit to a site.
pub(crate) fn asset_visit() -> Object {
    object("Asset_Visit__c", "Asset Visit", "Asset Visits", "a01")
        .with(identity("Record"))
        .with([name(), owner(&["Group", "User"])])
        .with(stamps())
        .with([
            lookup("Site__c", "Site", &["Site__c"], "Site__r").children("Asset_Visits__r"),
            lookup("Contact__c", "Met With", &["Contact"], "Contact__r")
                .children("Asset_Visits__r"),
            erp_key(),
            date("Visit_Date__c", "Visit Date").required(),
            date_time("Started_At__c", "Started At"),
            number("Hours__c", "Hours", 4, 2),
            currency("Cost__c", "Cost", 16, 2),
            picklist("Outcome__c", "Outcome", 255, &VISIT_OUTCOMES).restricted(),
            url("Report_Url__c", "Report"),
            text_area("Notes__c", "Notes", 255),
        ])
}

/// The name of a custom object's row; the org puts the id there when it is left out.
fn name() -> Field {
    text("Name", "Name", 80).naming().id_lookup().defaulted()
}

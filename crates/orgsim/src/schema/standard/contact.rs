//! People at companies.

use crate::schema::Object;
use crate::schema::build::{
    address, checkbox, date, date_time, email, erp_key, identity, labelled_picklist, last_activity,
    lookup, master_record, object, owner, phone, photo_url, picklist, stamps, text, text_area,
    views,
};
use crate::schema::standard::picklists::{CLEAN_STATUSES, LEAD_SOURCES};

pub(crate) fn contact() -> Object {
    object("Contact", "Contact", "Contacts", "003")
        .with(identity("Contact"))
        .with([
            master_record("Contact"),
            lookup("AccountId", "Account ID", &["Account"], "Account")
                .children("Contacts")
                .deleted_with_parent(),
            text("LastName", "Last Name", 80).part_of_name().required(),
            text("FirstName", "First Name", 40).part_of_name(),
            picklist("Salutation", "Salutation", 40, &["Mr.", "Ms.", "Mrs.", "Dr.", "Prof."])
                .part_of_name(),
            text("Name", "Full Name", 121).extra("personname").naming().read_only().required(),
        ])
        .with(address("Other"))
        .with(address("Mailing"))
        .with([
            phone("Phone", "Business Phone"),
            phone("Fax", "Business Fax"),
            phone("MobilePhone", "Mobile Phone"),
            phone("HomePhone", "Home Phone"),
            phone("OtherPhone", "Other Phone"),
            phone("AssistantPhone", "Asst. Phone"),
            lookup("ReportsToId", "Reports To ID", &["Contact"], "ReportsTo"),
            email("Email", "Email").id_lookup(),
            text("Title", "Title", 128),
            text("Department", "Department", 80),
            text("AssistantName", "Assistant's Name", 40),
            picklist("LeadSource", "Lead Source", 255, &LEAD_SOURCES),
            date("Birthdate", "Birthdate"),
            text_area("Description", "Contact Description", 32000),
            owner(&["User"]),
        ])
        .with(stamps())
        .with([
            last_activity(),
            date_time("LastCURequestDate", "Last Stay-in-Touch Request Date").read_only(),
            date_time("LastCUUpdateDate", "Last Stay-in-Touch Save Date").read_only(),
        ])
        .with(views())
        .with([
            text("EmailBouncedReason", "Email Bounced Reason", 255),
            date_time("EmailBouncedDate", "Email Bounced Date"),
            checkbox("IsEmailBounced", "Is Email Bounced").system(),
            photo_url(),
            text("Jigsaw", "Data.com Key", 20),
            text("JigsawContactId", "Jigsaw Contact ID", 20).read_only(),
            labelled_picklist("CleanStatus", "Clean Status", 40, &CLEAN_STATUSES).restricted(),
            lookup("IndividualId", "Individual ID", &["Individual"], "Individual"),
            erp_key(),
        ])
}

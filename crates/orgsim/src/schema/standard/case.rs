//! Customer questions and complaints.

use crate::schema::Object;
use crate::schema::build::{
    checkbox, date_time, email, erp_key, identity, lookup, master_record, object, owner, phone,
    picklist, record_type_id, stamps, text, text_area, views,
};

pub(crate) fn case() -> Object {
    object("Case", "Case", "Cases", "500")
        .with(identity("Case"))
        .with([
            master_record("Case"),
            text("CaseNumber", "Case Number", 30).naming().numbered().id_lookup(),
            lookup("ContactId", "Contact ID", &["Contact"], "Contact")
                .children("Cases")
                .keeps_parent(),
            lookup("AccountId", "Account ID", &["Account"], "Account")
                .children("Cases")
                .keeps_parent(),
            lookup("AssetId", "Asset ID", &["Asset"], "Asset"),
            lookup("ParentId", "Parent Case ID", &["Case"], "Parent").children("Cases"),
            text("SuppliedName", "Name", 80),
            email("SuppliedEmail", "Email Address"),
            text("SuppliedPhone", "Phone", 40),
            text("SuppliedCompany", "Company", 80),
            picklist(
                "Type",
                "Case Type",
                40,
                &["Mechanical", "Electrical", "Electronic", "Structural", "Other"],
            ),
            picklist("Status", "Status", 40, &["New", "Working", "Escalated", "Closed"])
                .default_to("New"),
            picklist(
                "Reason",
                "Case Reason",
                40,
                &[
                    "Installation",
                    "Equipment Complexity",
                    "Performance",
                    "Breakdown",
                    "Equipment Design",
                    "Feedback",
                    "Other",
                ],
            ),
            picklist("Origin", "Case Origin", 40, &["Phone", "Email", "Web"]),
            text("Subject", "Subject", 255),
            picklist("Priority", "Priority", 40, &["High", "Medium", "Low"]).default_to("Medium"),
            text_area("Description", "Description", 32000),
            checkbox("IsClosed", "Closed").system(),
            date_time("ClosedDate", "Closed Date").read_only(),
            checkbox("IsEscalated", "Escalated"),
            owner(&["Group", "User"]),
        ])
        .with(stamps())
        .with([
            phone("ContactPhone", "Contact Phone").read_only(),
            phone("ContactMobile", "Contact Mobile").read_only(),
            email("ContactEmail", "Contact Email").read_only(),
            phone("ContactFax", "Contact Fax").read_only(),
            text_area("Comments", "Internal Comments", 4000).sortable(),
        ])
        .with(views())
        .with([record_type_id(), erp_key()])
        .record_type("Support", "Support", 21)
        .record_type("Warranty", "Warranty", 22)
}

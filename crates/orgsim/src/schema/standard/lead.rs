//! People who are not yet customers.

use crate::schema::build::{
    address, checkbox, currency, date, date_time, email, erp_key, identity, integer,
    labelled_picklist, last_activity, lookup, master_record, object, owner, phone, photo_url,
    picklist, stamps, text, text_area, url, views,
};
use crate::schema::standard::picklists::{CLEAN_STATUSES, INDUSTRIES, LEAD_SOURCES, RATINGS};
use crate::schema::{Field, Object};

pub(crate) fn lead() -> Object {
    object("Lead", "Lead", "Leads", "00Q")
        .with(identity("Lead"))
        .with([
            master_record("Lead"),
            text("LastName", "Last Name", 80).part_of_name().required(),
            text("FirstName", "First Name", 40).part_of_name(),
            picklist(
                "Salutation",
                "Salutation",
                40,
                &["Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx."],
            )
            .part_of_name(),
            text("Name", "Full Name", 121).extra("personname").naming().read_only().required(),
            text("Title", "Title", 128),
            text("Company", "Company", 255).required(),
        ])
        .with(address(""))
        .with([
            phone("Phone", "Phone"),
            phone("MobilePhone", "Mobile Phone"),
            phone("Fax", "Fax"),
            email("Email", "Email").id_lookup(),
            url("Website", "Website"),
            photo_url(),
            text_area("Description", "Description", 32000),
            picklist("LeadSource", "Lead Source", 255, &LEAD_SOURCES),
            picklist(
                "Status",
                "Status",
                255,
                &[
                    "Open - Not Contacted",
                    "Working - Contacted",
                    "Closed - Converted",
                    "Closed - Not Converted",
                ],
            )
            .required()
            .default_to("Open - Not Contacted"),
            picklist("Industry", "Industry", 255, &INDUSTRIES),
            picklist("Rating", "Rating", 255, &RATINGS),
            currency("AnnualRevenue", "Annual Revenue", 18, 0),
            integer("NumberOfEmployees", "Employees", 8),
            owner(&["Group", "User"]),
        ])
        .with(conversion())
        .with([checkbox("IsUnreadByOwner", "Unread By Owner")])
        .with(stamps())
        .with([last_activity()])
        .with(views())
        .with([
            text("Jigsaw", "Data.com Key", 20),
            text("JigsawContactId", "Jigsaw Contact ID", 20).read_only(),
            labelled_picklist("CleanStatus", "Clean Status", 40, &CLEAN_STATUSES).restricted(),
            text("CompanyDunsNumber", "Company D-U-N-S Number", 9),
            lookup("DandbCompanyId", "D&B Company ID", &["DandBCompany"], "DandbCompany"),
            text("EmailBouncedReason", "Email Bounced Reason", 255).update_only(),
            date_time("EmailBouncedDate", "Email Bounced Date").update_only(),
            lookup("IndividualId", "Individual ID", &["Individual"], "Individual"),
            erp_key(),
        ])
}

/// What became of the Lead.
fn conversion() -> [Field; 5] {
    [
        checkbox("IsConverted", "Converted").create_only(),
        date("ConvertedDate", "Converted Date").read_only(),
        lookup("ConvertedAccountId", "Converted Account ID", &["Account"], "ConvertedAccount")
            .read_only(),
        lookup("ConvertedContactId", "Converted Contact ID", &["Contact"], "ConvertedContact")
            .read_only(),
        lookup(
            "ConvertedOpportunityId",
            "Converted Opportunity ID",
            &["Opportunity"],
            "ConvertedOpportunity",
        )
        .read_only(),
    ]
}

//! Marketing campaigns and who takes part in them.

use crate::schema::Object;
use crate::schema::build::{
    checkbox, currency, date, erp_key, identity, last_activity, lookup, number, object, owner,
    percent, picklist, stamps, text, text_area, views,
};

const CAMPAIGN_TYPES: [&str; 12] = [
    "Conference",
    "Webinar",
    "Trade Show",
    "Public Relations",
    "Partners",
    "Referral Program",
    "Advertisement",
    "Banner Ads",
    "Direct Mail",
    "Email",
    "Telemarketing",
    "Other",
];

const CAMPAIGN_STATUSES: [&str; 4] = ["Planned", "In Progress", "Completed", "Aborted"];

pub(crate) fn campaign() -> Object {
    object("Campaign", "Campaign", "Campaigns", "701")
        .with(identity("Campaign"))
        .with([
            text("Name", "Name", 80).naming().required(),
            lookup("ParentId", "Campaign ID", &["Campaign"], "Parent").children("ChildCampaigns"),
            picklist("Type", "Type", 255, &CAMPAIGN_TYPES),
            picklist("Status", "Status", 255, &CAMPAIGN_STATUSES).default_to("Planned"),
            date("StartDate", "Start Date"),
            date("EndDate", "End Date"),
            currency("ExpectedRevenue", "Expected Revenue", 18, 0),
            currency("BudgetedCost", "Budgeted Cost", 18, 0),
            currency("ActualCost", "Actual Cost", 18, 0),
            percent("ExpectedResponse", "Expected Response (%)", 10, 2),
            number("NumberSent", "Num Sent", 18, 0),
            checkbox("IsActive", "Active"),
            text_area("Description", "Description", 32000),
            owner(&["User"]),
        ])
        .with(stamps())
        .with([last_activity()])
        .with(views())
        .with([erp_key()])
}

pub(crate) fn campaign_member() -> Object {
    object("CampaignMember", "Campaign Member", "Campaign Members", "00v")
        .with(identity("Campaign Member"))
        .with([
            lookup("CampaignId", "Campaign ID", &["Campaign"], "Campaign")
                .create_only()
                .required()
                .children("CampaignMembers")
                .deleted_with_parent(),
            lookup("LeadId", "Lead ID", &["Lead"], "Lead")
                .create_only()
                .children("CampaignMembers")
                .deleted_with_parent(),
            lookup("ContactId", "Contact ID", &["Contact"], "Contact")
                .create_only()
                .children("CampaignMembers")
                .deleted_with_parent(),
            picklist("Status", "Status", 40, &["Sent", "Responded"]).default_to("Sent"),
        ])
        .with(stamps())
        .with([erp_key()])
}

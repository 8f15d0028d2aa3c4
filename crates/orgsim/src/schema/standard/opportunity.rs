//! Deals.

use crate::schema::build::{
    checkbox, currency, date, date_time, erp_key, identity, integer, labelled_picklist,
    last_activity, lookup, number, object, owner, percent, picklist, record_type_id, stamps, text,
    text_area, views,
};
use crate::schema::standard::picklists::LEAD_SOURCES;
use crate::schema::{Field, Object};

const STAGES: [&str; 10] = [
    "Prospecting",
    "Qualification",
    "Needs Analysis",
    "Value Proposition",
    "Id. Decision Makers",
    "Perception Analysis",
    "Proposal/Price Quote",
    "Negotiation/Review",
    "Closed Won",
    "Closed Lost",
];

const TYPES: [&str; 4] = [
    "Existing Customer - Upgrade",
    "Existing Customer - Replacement",
    "Existing Customer - Downgrade",
    "New Customer",
];

const FORECASTS: [(&str, &str); 6] = [
    ("Omitted", "Omitted"),
    ("Pipeline", "Pipeline"),
    ("BestCase", "Best Case"),
    ("MostLikely", "Most Likely"),
    ("Forecast", "Commit"),
    ("Closed", "Closed"),
];

const FORECAST_NAMES: [&str; 5] = ["Omitted", "Pipeline", "Best Case", "Commit", "Closed"];

pub(crate) fn opportunity() -> Object {
    object("Opportunity", "Opportunity", "Opportunities", "006")
        .with(identity("Opportunity"))
        .with([
            lookup("AccountId", "Account ID", &["Account"], "Account")
                .children("Opportunities")
                .deleted_with_parent(),
            checkbox("IsPrivate", "Private"),
            text("Name", "Name", 120).naming().required().id_lookup(),
            text_area("Description", "Description", 32000),
            picklist("StageName", "Stage", 255, &STAGES).required(),
            currency("Amount", "Amount", 18, 2),
            percent("Probability", "Probability (%)", 3, 0).defaulted(),
            currency("ExpectedRevenue", "Expected Amount", 18, 2).read_only(),
            number("TotalOpportunityQuantity", "Quantity", 18, 2),
            date("CloseDate", "Close Date").required(),
            picklist("Type", "Opportunity Type", 255, &TYPES),
            text("NextStep", "Next Step", 255),
            picklist("LeadSource", "Lead Source", 255, &LEAD_SOURCES),
            checkbox("IsClosed", "Closed").system(),
            checkbox("IsWon", "Won").system(),
            labelled_picklist("ForecastCategory", "Forecast Category", 40, &FORECASTS)
                .read_only()
                .required()
                .restricted(),
            picklist("ForecastCategoryName", "Forecast Category", 255, &FORECAST_NAMES)
                .defaulted()
                .restricted(),
            lookup("CampaignId", "Campaign ID", &["Campaign"], "Campaign")
                .children("Opportunities"),
            checkbox("HasOpportunityLineItem", "Has Line Item").system(),
            lookup("Pricebook2Id", "Price Book ID", &["Pricebook2"], "Pricebook2").defaulted(),
            owner(&["User"]),
        ])
        .with(stamps())
        .with([
            last_activity(),
            date_time("LastStageChangeDate", "Last Stage Change Date").read_only(),
            integer("FiscalQuarter", "Fiscal Quarter", 8).part_of("Fiscal").read_only(),
            integer("FiscalYear", "Fiscal Year", 8).part_of("Fiscal").read_only(),
            text("Fiscal", "Fiscal Period", 6).read_only(),
            lookup("ContactId", "Contact ID", &["Contact"], "")
                .without_relationship()
                .create_only()
                .children("Opportunities"),
        ])
        .with(views())
        .with([
            checkbox("HasOpenActivity", "Has Open Activity")
                .system()
                .not_filterable()
                .not_sortable(),
            checkbox("HasOverdueTask", "Has Overdue Task").system().not_filterable().not_sortable(),
        ])
        .with(histories())
        .with([record_type_id(), erp_key()])
        .record_type("New Business", "New_Business", 11)
        .record_type("Renewal", "Renewal", 12)
}

/// The last changes of amount and close date.
fn histories() -> [Field; 2] {
    [
        lookup(
            "LastAmountChangedHistoryId",
            "Opportunity History ID",
            &["OpportunityHistory"],
            "LastAmountChangedHistory",
        )
        .read_only(),
        lookup(
            "LastCloseDateChangedHistoryId",
            "Opportunity History ID",
            &["OpportunityHistory"],
            "LastCloseDateChangedHistory",
        )
        .read_only(),
    ]
}

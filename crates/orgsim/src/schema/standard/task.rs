//! Activities.

use crate::schema::Object;
use crate::schema::build::{
    checkbox, combobox, date, date_time, erp_key, identity, integer, lookup, object, owner,
    picklist, stamps, text, text_area,
};

const STATUSES: [&str; 5] =
    ["Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"];

const SUBJECTS: [&str; 5] = ["Call", "Email", "Send Letter", "Send Quote", "Other"];

/// Objects with activities; a real org lists every object that allows them.
const SUBJECTS_OF_WORK: [&str; 7] =
    ["Account", "Asset_Visit__c", "Campaign", "Case", "Opportunity", "Product2", "Site__c"];

pub(crate) fn task() -> Object {
    object("Task", "Task", "Tasks", "00T")
        .with(identity("Activity"))
        .with([
            lookup("WhoId", "Name ID", &["Contact", "Lead"], "Who")
                .children("Tasks")
                .deleted_with_parent(),
            lookup("WhatId", "Related To ID", &SUBJECTS_OF_WORK, "What")
                .children("Tasks")
                .deleted_with_parent(),
            combobox("Subject", "Subject", 255, &SUBJECTS).naming(),
            date("ActivityDate", "Due Date Only"),
            picklist("Status", "Status", 255, &STATUSES).required().default_to("Not Started"),
            picklist("Priority", "Priority", 255, &["High", "Normal", "Low"])
                .required()
                .default_to("Normal"),
            checkbox("IsHighPriority", "High Priority").system(),
            owner(&["Group", "User"]),
            text_area("Description", "Description", 32000),
            lookup("AccountId", "Account ID", &["Account"], "Account").read_only(),
            checkbox("IsClosed", "Closed").system(),
        ])
        .with(stamps())
        .with([
            checkbox("IsArchived", "Archived").system(),
            integer("CallDurationInSeconds", "Call Duration", 8),
            picklist("CallType", "Call Type", 40, &["Internal", "Inbound", "Outbound"])
                .restricted(),
            text("CallDisposition", "Call Result", 255),
            date_time("ReminderDateTime", "Reminder Date/Time"),
            checkbox("IsReminderSet", "Reminder Set"),
            date_time("CompletedDateTime", "Completed Date/Time").read_only(),
            erp_key(),
        ])
}

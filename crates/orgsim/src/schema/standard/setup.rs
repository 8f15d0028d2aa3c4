//! Objects of an org's setup: users, record types and the organization itself.

use crate::schema::build::{
    address, checkbox, date_time, email, integer, lookup, object, phone, picklist, record_id,
    stamps, text, url, views,
};
use crate::schema::{Field, Object};

const TIME_ZONES: [&str; 7] = [
    "America/Los_Angeles",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Tokyo",
    "Europe/Berlin",
    "Europe/London",
    "GMT",
];

const LOCALES: [&str; 7] = ["en_US", "en_GB", "de_DE", "fr_FR", "ja_JP", "pl_PL", "pt_BR"];

const LANGUAGES: [&str; 5] = ["en_US", "de", "fr", "ja", "pt_BR"];

const ENCODINGS: [&str; 2] = ["UTF-8", "ISO-8859-1"];

const USER_TYPES: [&str; 4] = ["Standard", "PowerPartner", "CspLitePortal", "Guest"];

const EDITIONS: [&str; 6] = [
    "Team Edition",
    "Professional Edition",
    "Enterprise Edition",
    "Developer Edition",
    "Unlimited Edition",
    "Base Edition",
];

/// Objects that may have record types.
const TYPED_OBJECTS: [&str; 12] = [
    "Account",
    "Asset_Visit__c",
    "Campaign",
    "CampaignMember",
    "Case",
    "Contact",
    "Lead",
    "Opportunity",
    "Pricebook2",
    "Product2",
    "Site__c",
    "Task",
];

pub(crate) fn user() -> Object {
    let user = object("User", "User", "Users", "005")
        .with([record_id("User ID")])
        .with(person())
        .with(address(""))
        .with(account_settings())
        .with(stamps())
        .with(views());
    Object { deletable: false, ..user }
}

fn person() -> [Field; 7] {
    [
        text("Username", "Username", 80).required().id_lookup().unique(),
        text("LastName", "Last Name", 80).required().part_of_name(),
        text("FirstName", "First Name", 40).part_of_name(),
        text("Name", "Full Name", 121).read_only().required().extra("personname").naming(),
        text("CompanyName", "Company Name", 80),
        text("Department", "Department", 80),
        text("Title", "Title", 80),
    ]
}

fn account_settings() -> [Field; 19] {
    [
        email("Email", "Email").of_length(128).required().id_lookup(),
        phone("Phone", "Phone"),
        phone("Fax", "Fax"),
        phone("MobilePhone", "Mobile"),
        text("Alias", "Alias", 8).required(),
        text("CommunityNickname", "Nickname", 40).required().unique(),
        checkbox("IsActive", "Active"),
        picklist("TimeZoneSidKey", "Time Zone", 40, &TIME_ZONES).required().restricted(),
        picklist("LocaleSidKey", "Locale", 40, &LOCALES).required().restricted(),
        picklist("EmailEncodingKey", "Email Encoding", 40, &ENCODINGS).required().restricted(),
        picklist("LanguageLocaleKey", "Language", 40, &LANGUAGES).required().restricted(),
        lookup("UserRoleId", "Role ID", &["UserRole"], "UserRole"),
        lookup("ProfileId", "Profile ID", &["Profile"], "Profile").required(),
        picklist("UserType", "User Type", 40, &USER_TYPES).read_only().restricted(),
        text("EmployeeNumber", "Employee Number", 20),
        lookup("ManagerId", "Manager ID", &["User"], "Manager").children("ManagedUsers"),
        date_time("LastLoginDate", "Last Login").read_only(),
        text("FederationIdentifier", "SAML Federation ID", 512).unique(),
        url("SmallPhotoUrl", "Url for Thumbnail sized Photo").of_length(1024).read_only(),
    ]
}

pub(crate) fn record_type() -> Object {
    object("RecordType", "Record Type", "Record Types", "012")
        .with([
            record_id("Record Type ID"),
            text("Name", "Name", 80).naming().required(),
            text("DeveloperName", "Record Type Name", 80).required(),
            text("NamespacePrefix", "Namespace Prefix", 15).read_only(),
            text("Description", "Description", 255),
            picklist("SobjectType", "SObject Type Name", 40, &TYPED_OBJECTS)
                .required()
                .create_only()
                .restricted(),
            checkbox("IsActive", "Active"),
        ])
        .with(stamps())
        .setup_only()
}

pub(crate) fn organization() -> Object {
    let address = address("").into_iter().map(|part| Field { createable: false, ..part });
    let organization = object("Organization", "Organization", "Organizations", "00D")
        .with([
            record_id("Organization ID"),
            text("Name", "Name", 80).naming().required().update_only(),
            text("Division", "Division", 80).update_only(),
        ])
        .with(address)
        .with([
            phone("Phone", "Phone").update_only(),
            phone("Fax", "Fax").update_only(),
            text("PrimaryContact", "Primary Contact", 80).update_only(),
            picklist("DefaultLocaleSidKey", "Locale", 40, &LOCALES)
                .required()
                .update_only()
                .restricted(),
            picklist("TimeZoneSidKey", "Time Zone", 40, &TIME_ZONES)
                .required()
                .update_only()
                .restricted(),
            picklist("LanguageLocaleKey", "Language", 40, &LANGUAGES)
                .required()
                .update_only()
                .restricted(),
            integer("FiscalYearStartMonth", "Fiscal Year Starts In", 8).read_only(),
            date_time("TrialExpirationDate", "Trial Expiration Date").read_only(),
            picklist("OrganizationType", "Edition", 40, &EDITIONS).read_only().restricted(),
            text("NamespacePrefix", "Namespace Prefix", 15).read_only(),
            text("InstanceName", "Instance Name", 5).read_only(),
            checkbox("IsSandbox", "Is Sandbox").system(),
            checkbox("IsReadOnly", "Is Read Only").system(),
        ])
        .with(stamps());
    Object { createable: false, deletable: false, ..organization }
}

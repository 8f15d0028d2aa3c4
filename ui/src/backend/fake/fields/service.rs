//! Northwind Service and Contoso EMEA: the right side of the demo.

/// 50 fields, as the map is drawn.
pub(super) const ACCOUNT: &str = "
    Service_Tier__c | Service Tier | picklist Platinum;Gold;Silver;Bronze;Prospect;Trial;Partner;Reseller;Public;Education;Former | required restricted
    Region_Code__c | Region Code | string 4 | required
    Onboarding_Status__c | Onboarding Status | picklist Not started;In progress;Done | required restricted
    ERP_Key__c | ERP Key | string 40 | key
    Name | Account Name | string 255 | required name
    Phone | Account Phone | phone |
    Sector__c | Sector | picklist Consumer;Finance;Industry;Public;Services;Utilities;Other | restricted
    BillingCountryCode | Billing Country Code | picklist AT;BE;CH;DE;ES;FR;GB;IT;MX;NL;SE;US |
    Headcount__c | Headcount | double 4,0 |
    OwnerId | Owner ID | reference User | required defaulted
    Notes__c | Notes | string 255 |
    Health_Score__c | Health Score | double 5,2 | formula
    Website__c | Website | url |
    Id | Account ID | id |
    IsDeleted | Deleted | boolean | fixed
    MasterRecordId | Master Record ID | reference Account | fixed
    Type | Account Type | picklist Customer;Partner;Former customer |
    ParentId | Parent Account ID | reference Account |
    BillingStreet | Billing Street | textarea 255 |
    BillingCity | Billing City | string 40 |
    BillingState | Billing State/Province | string 80 |
    BillingPostalCode | Billing Zip/Postal Code | string 20 |
    BillingCountry | Billing Country | string 80 |
    BillingAddress | Billing Address | address | fixed
    ShippingStreet | Shipping Street | textarea 255 |
    ShippingCity | Shipping City | string 40 |
    ShippingPostalCode | Shipping Zip/Postal Code | string 20 |
    ShippingCountryCode | Shipping Country Code | picklist AT;BE;CH;DE;ES;FR;GB;IT;MX;NL;SE;US |
    ShippingAddress | Shipping Address | address | fixed
    Fax | Account Fax | phone |
    AccountNumber | Account Number | string 40 |
    Industry | Industry | picklist Banking;Energy;Manufacturing;Retail;Technology |
    AnnualRevenue | Annual Revenue | currency 18,0 |
    Rating | Account Rating | picklist Hot;Warm;Cold |
    Description | Account Description | textarea 32000 |
    CreatedDate | Created Date | datetime | fixed required defaulted
    CreatedById | Created By ID | reference User | fixed required defaulted
    LastModifiedDate | Last Modified Date | datetime | fixed required defaulted
    LastModifiedById | Last Modified By ID | reference User | fixed required defaulted
    SystemModstamp | System Modstamp | datetime | fixed required defaulted
    LastActivityDate | Last Activity | date | fixed
    VAT_ID__c | VAT ID | string 14 |
    Contract_Start__c | Contract Start | date |
    Contract_End__c | Contract End | datetime |
    Support_Level__c | Support Level | picklist Standard;Premium;Mission critical | restricted
    Open_Cases__c | Open Cases | double 6,0 | formula
    First_Response__c | First Response | datetime |
    Language__c | Language | picklist de;en;fr;es | restricted
    Reference_Customer__c | Reference Customer | boolean |
    Case_Number__c | Case Number | string 30 | auto
";

/// The people.
pub(super) const CONTACT: &str = "
    Id | Contact ID | id |
    LastName | Last Name | string 80 | required
    FirstName | First Name | string 40 |
    Name | Full Name | string 121 | fixed required name
    AccountId | Account ID | reference Account |
    Contact_Key__c | Contact Key | string 40 | key
    Email | Email | email |
    Phone | Business Phone | phone |
    Mobile__c | Mobile | phone |
    Title | Title | string 128 |
    Role__c | Role | picklist Decision maker;User;Other | restricted
    Language__c | Language | picklist de;en;fr;es | restricted
    OwnerId | Owner ID | reference User | required defaulted
    CreatedDate | Created Date | datetime | fixed required defaulted
    SystemModstamp | System Modstamp | datetime | fixed required defaulted
";

/// The pipeline.
pub(super) const OPPORTUNITY: &str = "
    Id | Opportunity ID | id |
    Name | Name | string 120 | required name
    AccountId | Account ID | reference Account |
    StageName | Stage | picklist Prospecting;Proposal;Closed Won;Closed Lost | required restricted
    CloseDate | Close Date | date | required
    Amount | Amount | currency 16,2 |
    Probability | Probability (%) | percent 3,0 |
    Deal_Key__c | Deal Key | string 40 | key
    Source__c | Source | string 40 |
    Comment__c | Comment | textarea 1000 |
    OwnerId | Owner ID | reference User | required defaulted
    CreatedDate | Created Date | datetime | fixed required defaulted
    SystemModstamp | System Modstamp | datetime | fixed required defaulted
";

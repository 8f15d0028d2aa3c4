//! Northwind Sales: the left side of the demo.

/// 62 fields, as the map is drawn.
pub(super) const ACCOUNT: &str = "
    Customer_Tier__c | Customer Tier | picklist Platinum;Gold;Silver;Bronze;Prospect;Trial;Partner;Reseller;Public;Education;Non-profit;Former | required
    Region__c | Region | picklist North;South;East;West;Central;International | required
    Name | Account Name | string 255 | required name
    ERP_Key__c | ERP Key | string 40 | external unique
    Industry | Industry | picklist Aerospace;Banking;Construction;Education;Energy;Food & Beverage;Healthcare;Insurance;Manufacturing;Media;Retail;Technology;Utilities |
    Phone | Account Phone | phone |
    BillingCountryCode | Billing Country Code | picklist AT;BE;CH;DE;ES;FR;GB;IT;MX;NL;SE;US |
    NumberOfEmployees | Employees | int 8 |
    Description | Account Description | textarea 32000 |
    OwnerId | Owner ID | reference User | required defaulted
    Health_Score__c | Health Score | double 5,2 |
    Id | Account ID | id |
    IsDeleted | Deleted | boolean | fixed
    MasterRecordId | Master Record ID | reference Account | fixed
    Type | Account Type | picklist Customer;Partner;Competitor;Prospect |
    ParentId | Parent Account ID | reference Account |
    BillingStreet | Billing Street | textarea 255 |
    BillingCity | Billing City | string 40 |
    BillingState | Billing State/Province | string 80 |
    BillingPostalCode | Billing Zip/Postal Code | string 20 |
    BillingCountry | Billing Country | string 80 |
    BillingLatitude | Billing Latitude | double 3,15 |
    BillingLongitude | Billing Longitude | double 3,15 |
    BillingAddress | Billing Address | address | fixed
    ShippingStreet | Shipping Street | textarea 255 |
    ShippingCity | Shipping City | string 40 |
    ShippingState | Shipping State/Province | string 80 |
    ShippingPostalCode | Shipping Zip/Postal Code | string 20 |
    ShippingCountry | Shipping Country | string 80 |
    ShippingCountryCode | Shipping Country Code | picklist AT;BE;CH;DE;ES;FR;GB;IT;MX;NL;SE;US |
    ShippingLatitude | Shipping Latitude | double 3,15 |
    ShippingLongitude | Shipping Longitude | double 3,15 |
    ShippingAddress | Shipping Address | address | fixed
    Fax | Account Fax | phone |
    AccountNumber | Account Number | string 40 |
    Website | Website | url |
    Sic | SIC Code | string 20 |
    SicDesc | SIC Description | string 80 |
    AnnualRevenue | Annual Revenue | currency 18,0 |
    Ownership | Ownership | picklist Public;Private;Subsidiary;Other |
    TickerSymbol | Ticker Symbol | string 20 |
    Rating | Account Rating | picklist Hot;Warm;Cold |
    Site | Account Site | string 80 |
    CreatedDate | Created Date | datetime | fixed required defaulted
    CreatedById | Created By ID | reference User | fixed required defaulted
    LastModifiedDate | Last Modified Date | datetime | fixed required defaulted
    LastModifiedById | Last Modified By ID | reference User | fixed required defaulted
    SystemModstamp | System Modstamp | datetime | fixed required defaulted
    LastActivityDate | Last Activity | date | fixed
    LastViewedDate | Last Viewed Date | datetime | fixed
    LastReferencedDate | Last Referenced Date | datetime | fixed
    AccountSource | Account Source | picklist Web;Phone Inquiry;Partner Referral;Purchased List;Other |
    VAT_Number__c | VAT Number | string 20 |
    Contract_Start__c | Contract Start | date |
    Contract_End__c | Contract End | date |
    Credit_Limit__c | Credit Limit | currency 14,2 |
    Discount__c | Discount | percent 3,2 |
    Key_Account__c | Key Account | boolean |
    Preferred_Language__c | Preferred Language | picklist German;English;French;Spanish |
    Interests__c | Interests | multipicklist Hardware;Software;Training;Support |
    Lifetime_Value__c | Lifetime Value | currency 14,2 | formula
    Customer_Number__c | Customer Number | string 30 | auto
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
    MobilePhone | Mobile Phone | phone |
    Title | Title | string 128 |
    Department | Department | string 80 |
    Birthdate | Birthdate | date |
    LeadSource | Lead Source | picklist Web;Phone Inquiry;Partner Referral;Purchased List;Other |
    MailingStreet | Mailing Street | textarea 255 |
    MailingCity | Mailing City | string 40 |
    MailingPostalCode | Mailing Zip/Postal Code | string 20 |
    HasOptedOutOfEmail | Email Opt Out | boolean |
    DoNotCall | Do Not Call | boolean |
    ReportsToId | Reports To ID | reference Contact |
    OwnerId | Owner ID | reference User | required defaulted
    CreatedDate | Created Date | datetime | fixed required defaulted
    SystemModstamp | System Modstamp | datetime | fixed required defaulted
";

/// The pipeline.
pub(super) const OPPORTUNITY: &str = "
    Id | Opportunity ID | id |
    Name | Name | string 120 | required name
    AccountId | Account ID | reference Account |
    StageName | Stage | picklist Prospecting;Qualification;Proposal;Negotiation;Closed Won;Closed Lost | required
    CloseDate | Close Date | date | required
    Amount | Amount | currency 16,2 |
    Probability | Probability (%) | percent 3,0 |
    Deal_Key__c | Deal Key | string 40 | key
    Type | Opportunity Type | picklist New Business;Existing Business;Renewal |
    LeadSource | Lead Source | picklist Web;Phone Inquiry;Partner Referral;Purchased List;Other |
    NextStep | Next Step | string 255 |
    Description | Description | textarea 32000 |
    ExpectedRevenue | Expected Amount | currency 16,2 | formula
    IsClosed | Closed | boolean | fixed
    IsWon | Won | boolean | fixed
    OwnerId | Owner ID | reference User | required defaulted
    CreatedDate | Created Date | datetime | fixed required defaulted
    SystemModstamp | System Modstamp | datetime | fixed required defaulted
";

/// What every other object has.
pub(super) const OTHER: &str = "
    Id | Record ID | id |
    Name | Name | string 80 | required name
    External_Key__c | External Key | string 40 | key
    OwnerId | Owner ID | reference User | required defaulted
    CreatedDate | Created Date | datetime | fixed required defaulted
    LastModifiedDate | Last Modified Date | datetime | fixed required defaulted
    SystemModstamp | System Modstamp | datetime | fixed required defaulted
";

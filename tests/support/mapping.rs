//! Mapping files for the tests.

/// Account only: the shortest sync.
pub const ACCOUNTS: &str = "\
isthmus: 1
sync: accounts
lanes:
  - {left: sales, right: service}
objects:
  - left: Account
    right: Account
    match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
    policies: {first_contact: left}
    fields:
      - {left: ERP_Key__c, right: ERP_Key__c}
      - {left: Name, right: Name}
      - {left: Phone, right: Phone}
      - {left: BillingCity, right: BillingCity}
";

/// Account, Contact and the custom child, parents named after children on purpose.
pub const FAMILY: &str = "\
isthmus: 1
sync: family
lanes:
  - {left: sales, right: service}
objects:
  - left: Site__c
    right: Site__c
    match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
    policies: {first_contact: left}
    fields:
      - {left: ERP_Key__c, right: ERP_Key__c}
      - {left: Name, right: Name}
      - {left: Account__c, right: Account__c}
  - left: Contact
    right: Contact
    match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
    policies: {first_contact: left}
    fields:
      - {left: ERP_Key__c, right: ERP_Key__c}
      - {left: FirstName, right: FirstName}
      - {left: LastName, right: LastName}
      - {left: Email, right: Email}
      - {left: AccountId, right: AccountId}
  - left: Account
    right: Account
    match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
    policies: {first_contact: left}
    fields:
      - {left: ERP_Key__c, right: ERP_Key__c}
      - {left: Name, right: Name}
      - {left: Phone, right: Phone}
      - {left: BillingCity, right: BillingCity}
";

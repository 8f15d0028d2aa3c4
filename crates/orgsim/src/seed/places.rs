//! Countries with cities, streets and the shapes of postal codes and telephone numbers.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::seed::entity::Entity;
use crate::seed::world::{digits, pick};

/// One country.
pub(super) struct Country {
    pub(super) name: &'static str,
    /// Legal forms of companies.
    pub(super) forms: [&'static str; 3],
    /// City, state and postal code; `#` stands for a digit.
    cities: [(&'static str, &'static str, &'static str); 6],
    streets: [&'static str; 6],
    number_first: bool,
    /// A telephone number kept free for fiction, or one that is not in use.
    phone: &'static str,
}

pub(super) const COUNTRIES: [Country; 8] = [
    Country {
        name: "United States",
        forms: ["Inc.", "LLC", "Corp."],
        cities: [
            ("Columbus", "OH", "432##"),
            ("Denver", "CO", "802##"),
            ("Portland", "OR", "972##"),
            ("Raleigh", "NC", "276##"),
            ("San José", "CA", "951##"),
            ("St. Paul", "MN", "551##"),
        ],
        streets: [
            "Maple Avenue",
            "Oak Street",
            "Foundry Road",
            "Mill Lane",
            "5th Street",
            "Lakeview Drive",
        ],
        number_first: true,
        phone: "(614) 555-01##",
    },
    Country {
        name: "Germany",
        forms: ["GmbH", "AG", "GmbH & Co. KG"],
        cities: [
            ("Düsseldorf", "Nordrhein-Westfalen", "402##"),
            ("Göttingen", "Niedersachsen", "370##"),
            ("Köln", "Nordrhein-Westfalen", "506##"),
            ("Leipzig", "Sachsen", "041##"),
            ("München", "Bayern", "803##"),
            ("Würzburg", "Bayern", "970##"),
        ],
        streets: [
            "Bahnhofstraße",
            "Gartenweg",
            "Hafenallee",
            "Industriestraße",
            "Königsplatz",
            "Mühlgasse",
        ],
        number_first: false,
        phone: "+49 30 23125 ###",
    },
    Country {
        name: "United Kingdom",
        forms: ["Ltd", "plc", "LLP"],
        cities: [
            ("Bristol", "", "BS# #AA"),
            ("Cardiff", "", "CF## #AB"),
            ("Edinburgh", "", "EH# #BD"),
            ("Leeds", "", "LS# #QR"),
            ("Norwich", "", "NR# #GT"),
            ("Sheffield", "", "S# #HX"),
        ],
        streets: [
            "Canal Street",
            "Church Road",
            "High Street",
            "Quayside",
            "Station Approach",
            "Victoria Road",
        ],
        number_first: true,
        phone: "+44 20 7946 0###",
    },
    Country {
        name: "France",
        forms: ["SA", "SARL", "SAS"],
        cities: [
            ("Besançon", "", "250##"),
            ("Lyon", "", "690##"),
            ("Nantes", "", "440##"),
            ("Nîmes", "", "300##"),
            ("Orléans", "", "450##"),
            ("Rennes", "", "350##"),
        ],
        streets: [
            "avenue de la Gare",
            "boulevard Carnot",
            "place du Marché",
            "quai Neuf",
            "rue des Écoles",
            "rue du Moulin",
        ],
        number_first: true,
        phone: "+33 1 99 00 ## ##",
    },
    Country {
        name: "Sweden",
        forms: ["AB", "HB", "KB"],
        cities: [
            ("Göteborg", "", "41# ##"),
            ("Linköping", "", "58# ##"),
            ("Malmö", "", "21# ##"),
            ("Örebro", "", "70# ##"),
            ("Umeå", "", "90# ##"),
            ("Västerås", "", "72# ##"),
        ],
        streets: [
            "Björkvägen",
            "Hamngatan",
            "Kungsgatan",
            "Norra Ågatan",
            "Skolgatan",
            "Verkstadsgatan",
        ],
        number_first: false,
        phone: "+46 8 465 004 ##",
    },
    Country {
        name: "Ireland",
        forms: ["Ltd", "DAC", "plc"],
        cities: [
            ("Cork", "Co. Cork", "T12 A###"),
            ("Dún Laoghaire", "Co. Dublin", "A96 B###"),
            ("Galway", "Co. Galway", "H91 C###"),
            ("Limerick", "Co. Limerick", "V94 D###"),
            ("Sligo", "Co. Sligo", "F91 E###"),
            ("Waterford", "Co. Waterford", "X91 F###"),
        ],
        streets: [
            "Abbey Street",
            "Bridge Street",
            "Harbour Road",
            "Main Street",
            "Mill Quay",
            "Shannon Park",
        ],
        number_first: true,
        phone: "+353 20 91# ####",
    },
    Country {
        name: "Japan",
        forms: ["K.K.", "G.K.", "Co., Ltd."],
        cities: [
            ("Kōbe", "Hyōgo", "650-00##"),
            ("Kyoto", "Kyoto", "604-00##"),
            ("Nagoya", "Aichi", "460-00##"),
            ("Ōsaka", "Ōsaka", "530-00##"),
            ("Sapporo", "Hokkaido", "060-00##"),
            ("Sendai", "Miyagi", "980-00##"),
        ],
        streets: ["Chūō", "Honmachi", "Kitahama", "Marunouchi", "Sakae", "Tenjin"],
        number_first: false,
        phone: "+81 3 0000 ####",
    },
    Country {
        name: "Poland",
        forms: ["Sp. z o.o.", "S.A.", "Sp. k."],
        cities: [
            ("Gdańsk", "pomorskie", "80-0##"),
            ("Kraków", "małopolskie", "30-0##"),
            ("Łódź", "łódzkie", "90-0##"),
            ("Poznań", "wielkopolskie", "60-0##"),
            ("Rzeszów", "podkarpackie", "35-0##"),
            ("Wrocław", "dolnośląskie", "50-0##"),
        ],
        streets: [
            "ul. Długa",
            "ul. Fabryczna",
            "ul. Kolejowa",
            "ul. Lipowa",
            "ul. Portowa",
            "ul. Świętojańska",
        ],
        number_first: false,
        phone: "+48 22 000 ## ##",
    },
];

impl Country {
    /// A telephone number.
    pub(super) fn phone(&self, rng: &mut ChaCha8Rng) -> String {
        digits(rng, self.phone)
    }

    /// A street with a house number.
    pub(super) fn street(&self, rng: &mut ChaCha8Rng) -> String {
        let (street, house) = (pick(rng, &self.streets), rng.random_range(1..240_u32));
        if self.number_first { format!("{house} {street}") } else { format!("{street} {house}") }
    }
}

/// A place to write to.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) street: String,
    pub(super) city: &'static str,
    state: &'static str,
    pub(super) postal_code: String,
    pub(super) country: &'static str,
}

impl Place {
    /// A place in a country.
    pub(super) fn within(country: &Country, rng: &mut ChaCha8Rng) -> Self {
        let (city, state, postal_code) = pick(rng, &country.cities);
        Self {
            street: country.street(rng),
            city,
            state,
            postal_code: digits(rng, postal_code),
            country: country.name,
        }
    }
}

/// The API names of an address's components.
pub(super) struct AddressFields {
    street: &'static str,
    city: &'static str,
    state: &'static str,
    postal_code: &'static str,
    country: &'static str,
}

pub(super) const BILLING: AddressFields = AddressFields {
    street: "BillingStreet",
    city: "BillingCity",
    state: "BillingState",
    postal_code: "BillingPostalCode",
    country: "BillingCountry",
};

pub(super) const SHIPPING: AddressFields = AddressFields {
    street: "ShippingStreet",
    city: "ShippingCity",
    state: "ShippingState",
    postal_code: "ShippingPostalCode",
    country: "ShippingCountry",
};

pub(super) const MAILING: AddressFields = AddressFields {
    street: "MailingStreet",
    city: "MailingCity",
    state: "MailingState",
    postal_code: "MailingPostalCode",
    country: "MailingCountry",
};

pub(super) const LEAD: AddressFields = AddressFields {
    street: "Street",
    city: "City",
    state: "State",
    postal_code: "PostalCode",
    country: "Country",
};

impl Entity {
    /// Sets the components of an address.
    pub(super) fn at(self, fields: &AddressFields, place: &Place) -> Self {
        self.set(fields.street, place.street.as_str())
            .set(fields.city, place.city)
            .set_if(!place.state.is_empty(), fields.state, place.state)
            .set(fields.postal_code, place.postal_code.as_str())
            .set(fields.country, place.country)
    }
}

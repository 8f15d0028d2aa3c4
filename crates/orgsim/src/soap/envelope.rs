//! The envelope around calls, answers and faults.

use crate::router::reply::Reply;
use crate::xml::{Element, element};

/// The media type of SOAP 1.1.
const MEDIA_TYPE: &str = "text/xml;charset=UTF-8";

/// Which WSDL a caller uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavour {
    Partner,
    Enterprise,
}

impl Flavour {
    /// By the path's word.
    pub(crate) fn named(word: &str) -> Option<Self> {
        match word {
            "u" => Some(Self::Partner),
            "c" => Some(Self::Enterprise),
            _ => None,
        }
    }

    /// The path's word.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Partner => "u",
            Self::Enterprise => "c",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Enterprise => "enterprise",
        }
    }

    /// An answer.
    pub(crate) fn response(self, operation: &str, inside: &str) -> Reply {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns=\"urn:{}.soap.sforce.com\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
             <soapenv:Body><{operation}Response>{inside}</{operation}Response></soapenv:Body></soapenv:Envelope>",
            self.name()
        );
        Reply::xml(200, MEDIA_TYPE, text)
    }

    /// A fault; its status is 500, as SOAP 1.1 wants.
    pub(crate) fn fault(self, fault: &Fault) -> Reply {
        let (code, message) = (fault.code.as_str(), fault.message.as_str());
        let detail = fault.detail.map(|kind| {
            format!(
                "<detail><sf:{kind} xsi:type=\"sf:{kind}\">{}{}</sf:{kind}></detail>",
                element("sf:exceptionCode", code),
                element("sf:exceptionMessage", message)
            )
        });
        let (shown, text) = match fault.detail {
            // Recorded answers name a refused login without a prefix and everything else with it.
            Some("LoginFault") => (code.to_owned(), format!("{code}: {message}")),
            Some(_) => (format!("sf:{code}"), format!("{code}: {message}")),
            None => (code.to_owned(), message.to_owned()),
        };
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
             <soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns:sf=\"urn:fault.{}.soap.sforce.com\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
             <soapenv:Body><soapenv:Fault>{}{}{}</soapenv:Fault></soapenv:Body></soapenv:Envelope>",
            self.name(),
            element("faultcode", shown),
            element("faultstring", text),
            detail.unwrap_or_default()
        );
        Reply::xml(500, MEDIA_TYPE, text)
    }
}

/// Why a call has no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    code: String,
    message: String,
    /// The type in `detail`; faults of the envelope have none.
    detail: Option<&'static str>,
}

impl Fault {
    /// A fault of the API.
    pub(crate) fn new(code: &str, message: &str) -> Self {
        Self::of_kind("UnexpectedErrorFault", code, message)
    }

    /// A fault of a documented type.
    pub(crate) fn of_kind(kind: &'static str, code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), message: message.to_owned(), detail: Some(kind) }
    }

    /// A call that the WSDL does not have.
    pub(crate) fn no_operation(flavour: Flavour, operation: &str) -> Self {
        let message = format!(
            "No operation available for request {{urn:{}.soap.sforce.com}}{operation}, please check the WSDL for the \
             service.",
            flavour.name()
        );
        Self { code: "soapenv:Client".to_owned(), message, detail: None }
    }
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// The `sessionId` of the header.
    pub(crate) session: Option<String>,
    /// The body's one element.
    pub(crate) operation: Element,
}

impl Call {
    /// Reads an envelope.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Fault> {
        let unreadable = |message: &str| Fault::new("UNKNOWN_EXCEPTION", message);
        let text = std::str::from_utf8(body).map_err(|_| unreadable("The body is not UTF-8"))?;
        let envelope = Element::parse(text).map_err(|error| unreadable(&error))?;
        let session = envelope
            .child("Header")
            .and_then(|header| header.child("SessionHeader"))
            .and_then(|header| header.text_of("sessionId"))
            .map(str::to_owned);
        let operation = envelope.child("Body").and_then(|body| body.children.first().cloned());
        let operation = operation.ok_or_else(|| unreadable("The envelope has no body"))?;
        Ok(Self { session, operation })
    }
}

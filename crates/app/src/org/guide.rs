//! What an External Client App must be set to, from the same constants that a login uses.

use isthmus_contract::org::ConnectGuide;
use isthmus_salesforce::oauth::SCOPES;
use isthmus_salesforce::oauth::listener::{CALLBACK_PORTS, callback_address};

/// Callback URLs and scopes, ready to be copied into Setup.
#[must_use]
pub fn guide() -> ConnectGuide {
    ConnectGuide {
        callback_urls: CALLBACK_PORTS.iter().map(|port| callback_address(*port)).collect(),
        scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use isthmus_salesforce::oauth::listener::LoopbackListener;

    use super::guide;

    #[test]
    fn the_guide_names_the_callbacks_that_a_login_sends() {
        let guide = guide();
        assert_eq!(guide.callback_urls[0], "http://localhost:17817/oauth/callback");
        assert_eq!(guide.callback_urls.len(), 3);
        assert_eq!(guide.scopes, ["api", "refresh_token"]);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _inside = runtime.enter();
        let listener = LoopbackListener::bind(&[0]).unwrap();
        let sent = listener.redirect_uri().unwrap().to_string();
        let port = listener.port().to_string();
        assert_eq!(sent, guide.callback_urls[0].replace("17817", &port));
    }
}

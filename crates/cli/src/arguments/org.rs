//! `isthmus org`: connect, list, test, disconnect.

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(crate) enum OrgCommand {
    /// Connect an org through the browser, or with a session that exists already.
    #[command(after_long_help = "\
You need the client id (consumer key) of an External Client App in the org, with these settings:
  callback addresses  http://localhost:17817/oauth/callback
                      http://localhost:21817/oauth/callback
                      http://localhost:27817/oauth/callback
  scopes              api, refresh_token
  flow                authorization code with PKCE; a secret is not needed

Examples:
  isthmus org connect sales --client-id 3MVG9...
  isthmus org connect service --sandbox --client-id 3MVG9...
  isthmus org connect emea --login-url https://acme.my.salesforce.com --client-id 3MVG9...
  isthmus org connect sales --client-id 3MVG9... --client-secret-stdin < secret.txt
  isthmus org connect scratch --access-token-stdin \\
      --instance-url https://acme.scratch.my.salesforce.com < token.txt")]
    Connect(Box<ConnectArguments>),
    /// List the orgs of the workspace.
    List,
    /// Test a connection step by step: login, identity, limits, reading, writing.
    Test {
        /// The org's name.
        org: String,
    },
    /// Revoke the grant and clear the keychain; what the ledger knows of the org's records stays.
    Disconnect {
        /// The org's name.
        org: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ConnectArguments {
    /// The name the org gets in this workspace; mapping files refer to it.
    pub(crate) name: String,
    /// Log in at login.salesforce.com (the default).
    #[arg(long, group = "host")]
    pub(crate) production: bool,
    /// Log in at test.salesforce.com.
    #[arg(long, group = "host")]
    pub(crate) sandbox: bool,
    /// Log in at the org's My Domain or another address.
    #[arg(long, group = "host", value_name = "URL")]
    pub(crate) login_url: Option<String>,
    /// The client id (consumer key) of your External Client App.
    #[arg(long, value_name = "ID", required_unless_present = "access_token_stdin")]
    pub(crate) client_id: Option<String>,
    /// Read the client secret from stdin, where the app needs one.
    #[arg(long, requires = "client_id")]
    pub(crate) client_secret_stdin: bool,
    /// Print the login address instead of opening the browser.
    #[arg(long)]
    pub(crate) no_browser: bool,
    /// Read an access token from stdin and take its session as it is; it is not refreshed.
    #[arg(long, requires = "instance_url", conflicts_with_all = ["client_id", "host", "no_browser"])]
    pub(crate) access_token_stdin: bool,
    /// The org's own address, for --access-token-stdin.
    #[arg(long, value_name = "URL", requires = "access_token_stdin")]
    pub(crate) instance_url: Option<String>,
    /// Callback ports to try instead of the registered three.
    #[arg(long, hide = true, value_delimiter = ',', value_name = "PORT")]
    pub(crate) callback_port: Vec<u16>,
}

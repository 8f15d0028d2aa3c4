//! `isthmus org`.

use isthmus_app::org::{
    NO_BROWSER_OPENED, Secrets, connect, connect_session, disconnect, list, test,
};
use isthmus_app::workspace::Workspace;
use isthmus_app::{Error, Result};
use isthmus_contract::org::{GrantEnd, LoginStep, OrgView};
use isthmus_contract::problem::{Code, Problem};
use isthmus_contract::request::{Browser, ConnectRequest, LoginHost, SessionRequest};

use super::{confirm, with_workspace};
use crate::arguments::{ConnectArguments, GlobalArguments, OrgCommand};
use crate::exit::Exit;
use crate::output::{complain, orgs, print_json, print_problem, tell};
use crate::progress::busy;
use crate::secrets;

pub(super) async fn carry_out(global: &GlobalArguments, command: OrgCommand) -> Result<Exit> {
    with_workspace(global, async |workspace| match command {
        OrgCommand::Connect(arguments) => connect_org(global, workspace, *arguments).await,
        OrgCommand::List => {
            let view = list(workspace)?;
            if global.json {
                print_json(&view)
            } else {
                tell(&orgs::list(&view))
            }
            Ok(Exit::Succeeded)
        }
        OrgCommand::Test { org } => {
            let view = busy(global.json, "testing step by step", test(workspace, &org)).await?;
            if global.json {
                print_json(&view)
            } else {
                tell(&orgs::test(&view))
            }
            Ok(if view.passed { Exit::Succeeded } else { Exit::Bad })
        }
        OrgCommand::Disconnect { org, yes } => disconnect_org(global, workspace, &org, yes).await,
    })
    .await
}

async fn disconnect_org(
    global: &GlobalArguments,
    workspace: &Workspace,
    org: &str,
    yes: bool,
) -> Result<Exit> {
    confirm(global, yes, &format!("Revoke the grant of {org} and forget its tokens?")).await?;
    let view = disconnect(workspace, org).await?;
    if global.json {
        print_json(&view);
        return Ok(Exit::Succeeded);
    }
    let grant = match view.grant {
        GrantEnd::Revoked => "its grant is revoked".to_owned(),
        GrantEnd::NotOurs => "its session was given as it is and goes on".to_owned(),
        GrantEnd::Standing => format!("but its grant still stands: {}", view.remedy),
    };
    tell(&format!("Disconnected {}; {grant}.", view.org));
    Ok(Exit::Succeeded)
}

async fn connect_org(
    global: &GlobalArguments,
    workspace: &Workspace,
    arguments: ConnectArguments,
) -> Result<Exit> {
    let view = if arguments.access_token_stdin {
        take_session(workspace, arguments).await?
    } else {
        tokio::select! {
            view = log_in(workspace, arguments) => view?,
            _ = tokio::signal::ctrl_c() => {
                let hint = "connect again whenever you like";
                let problem = Problem::new(Code::Cancelled, "stopped; no org was connected", hint);
                print_problem(&problem, global.json);
                return Ok(Exit::Cancelled);
            }
        }
    };
    if global.json {
        print_json(&view);
    } else {
        tell(&format!(
            "Connected {} ({}) as {}.\nNext: isthmus org test {}",
            view.name, view.label, view.username, view.name
        ));
    }
    Ok(Exit::Succeeded)
}

async fn take_session(workspace: &Workspace, arguments: ConnectArguments) -> Result<OrgView> {
    let token = secrets::from_stdin("the access token")?;
    let request = SessionRequest {
        name: arguments.name,
        instance_url: arguments.instance_url.unwrap_or_default(),
    };
    connect_session(workspace, &request, token).await
}

async fn log_in(workspace: &Workspace, arguments: ConnectArguments) -> Result<OrgView> {
    let client_secret = match arguments.client_secret_stdin {
        true => Some(secrets::from_stdin("the client secret")?),
        false => None,
    };
    let request = ConnectRequest {
        name: arguments.name.clone(),
        host: host(&arguments),
        client_id: arguments.client_id.ok_or_else(|| Error::BadRequest {
            text: "no client id was given".to_owned(),
            hint: "give --client-id, or a session with --access-token-stdin --instance-url"
                .to_owned(),
        })?,
        browser: if arguments.no_browser { Browser::Show } else { Browser::Open },
        callback_ports: arguments.callback_port,
    };
    if request.browser == Browser::Open {
        complain(
            "Log in and allow Isthmus in the browser; this waits two minutes, and Ctrl-C stops it. No page? Add --no-browser.",
        );
    }
    let shows = request.browser == Browser::Show;
    let on_step = |step: LoginStep| {
        // Where the browser was opened, its address is of no use on the terminal.
        if let Some(url) = step.address.filter(|_| shows || step.text == NO_BROWSER_OPENED) {
            complain(&format!("Open this address and log in:\n{url}"));
        }
    };
    connect(workspace, &request, Secrets { client_secret }, on_step).await
}

fn host(arguments: &ConnectArguments) -> LoginHost {
    match (&arguments.login_url, arguments.sandbox) {
        (Some(url), _) => LoginHost::Custom(url.clone()),
        (None, true) => LoginHost::Sandbox,
        (None, false) => LoginHost::Production,
    }
}

//! A long run and short questions on one thread: the questions are answered while the run goes on.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use isthmus_app::overview::overview;
use isthmus_app::run::run;
use isthmus_app::syncs::{delete, save};
use isthmus_app::{Error, diagnose};
use isthmus_contract::problem::Code;
use isthmus_contract::request::RunRequest;
use isthmus_contract::sync::SaveRequest;
use isthmus_model::run::RunEnd;
use isthmus_tests::orgs::Orgs;
use tokio_util::sync::CancellationToken;

use crate::rig::on_one_thread;

const ACCOUNTS: &str = "\
isthmus: 1
sync: accounts
lanes: [{left: sales, right: service}]
objects:
  - left: Account
    right: Account
    match: {key: {left: ERP_Key__c, right: ERP_Key__c}}
    fields: [{left: Name, right: Name}]
    policies: {first_contact: left}
";

fn wish() -> RunRequest {
    RunRequest { sync: "accounts".to_owned(), records: None }
}

#[test]
fn questions_are_answered_while_a_run_goes_on_and_a_second_run_waits() {
    on_one_thread(Orgs::pair(1500, 0), async |console| {
        console.connect("sales").await;
        console.connect("service").await;
        let draft = SaveRequest { text: ACCOUNTS.to_owned(), based_on: None, sync: None };
        save(&console.workspace, &draft).await.expect("the sync is stored");

        let steps = Rc::new(Cell::new(0));
        let ended = Rc::new(RefCell::new(None));
        let (workspace, told, end) =
            (Rc::clone(&console.workspace), Rc::clone(&steps), Rc::clone(&ended));
        let job = tokio::task::spawn_local(async move {
            let watch = |_| told.set(told.get() + 1);
            let view = run(&workspace, &wish(), watch, CancellationToken::new()).await;
            *end.borrow_mut() = Some(view.expect("the run is carried out").end);
        });
        let (mut answered, mut refused) = (0, 0);
        while ended.borrow().is_none() {
            let view = overview(&console.workspace).expect("the overview");
            assert!(view.alerts.is_empty(), "a run at work is not interrupted: {:?}", view.alerts);
            assert_eq!(view.syncs[0].interrupted, None);
            if steps.get() > 0 && refused == 0 && ended.borrow().is_none() {
                let second =
                    run(&console.workspace, &wish(), |_| (), CancellationToken::new()).await;
                // It may have had to ask the orgs until the first one was done.
                if let Err(error) = second {
                    assert_eq!(diagnose(&error).code, Code::JobAtWork);
                }
                refused += 1;
                if ended.borrow().is_none() {
                    let deleted = delete(&console.workspace, "accounts");
                    assert!(matches!(deleted, Err(Error::Store(_))), "{deleted:?}");
                }
            }
            answered += 1;
            tokio::task::yield_now().await;
        }
        job.await.expect("the job ends");
        assert_eq!(*ended.borrow(), Some(Some(RunEnd::Succeeded)));
        assert!(answered > 5, "{answered} answers while the run went on");
        let view = overview(&console.workspace).expect("the overview");
        assert!(view.days[29].written > 0 || view.days[28].written > 0, "{:?}", view.days);
    });
}

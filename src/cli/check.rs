//! `gonogo check`: verify everything and say GO or NO-GO.

use jiff::Timestamp;

use crate::assess::{Blocker, Rule, Verdict};
use crate::model::ItemId;
use crate::session::Session;

use super::args::{Check, Global};
use super::failure::Failure;
use super::{Ending, print, run, sync};

pub(super) fn run(global: &Global, args: &Check) -> Result<Ending, Failure> {
    let unfetched = if args.fetch { sync::fetch(global)? } else { None };
    let session = run::open(global)?;
    let only = chosen(&session, &args.only)?;
    let results = run::checks(&session, only.as_deref(), global.offline)?;
    let mut assessment = session.assess(&results, Timestamp::now());
    if let Some(only) = &only {
        assessment = assessment.only(only);
    }
    if let Some(why) = &unfetched {
        assessment = assessment.blocked_by(Blocker::new(Rule::Ledger, why));
    }
    let repository = run::repository(&session);
    let page = run::page(&session, &repository, &results, &assessment);
    print(|out| (args.format.write)(&page, out))?;
    Ok(match assessment.verdict {
        Verdict::Go => Ending::Good,
        Verdict::Partial if assessment.is_clear() => Ending::Good,
        Verdict::NoGo | Verdict::Partial => Ending::NoGo,
    })
}

fn chosen(session: &Session, given: &[String]) -> Result<Option<Vec<ItemId>>, Failure> {
    if given.is_empty() {
        return Ok(None);
    }
    let mut ids = Vec::new();
    for text in given {
        let id: ItemId = text.parse().map_err(|_| Failure::Usage(session.no_such_item(text)))?;
        session.item(&id)?;
        ids.push(id);
    }
    Ok(Some(ids))
}

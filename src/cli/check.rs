//! `gonogo check`: verify everything and say GO or NO-GO.

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;

use crate::assess::{Blocker, Rule, Verdict};
use crate::model::ItemId;
use crate::report;
use crate::session::Session;

use super::failure::Failure;
use super::global::Global;
use super::{Ending, print, run, sync};

/// `gonogo check`
#[derive(Args, Debug)]
pub(super) struct CheckArgs {
    /// The format of the report
    #[arg(long, value_name = "FORMAT", default_value = usual_format(), value_parser = formats())]
    pub format: &'static report::Format,
    /// Verify only these items
    #[arg(long, value_name = "ID", num_args = 1.., value_delimiter = ',')]
    pub only: Vec<String>,
    /// Fetch the ledger of the remote first and join it; push nothing
    #[arg(long)]
    pub fetch: bool,
}

impl CheckArgs {
    /// Everything, in the usual format.
    pub(super) fn usual() -> Self {
        Self { format: &report::FORMATS[0], only: Vec::new(), fetch: false }
    }
}

pub(super) fn run(global: &Global, args: &CheckArgs) -> Result<Ending, Failure> {
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
    match print(|out| (args.format.write)(&page, out)) {
        // the verdict stands, however much of the report was read
        Ok(()) | Err(Failure::Pipe) => {}
        Err(failure) => return Err(failure),
    }
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

/// The formats of a report, as the command line takes them.
fn formats() -> impl TypedValueParser<Value = &'static report::Format> {
    let values =
        report::FORMATS.iter().map(|format| PossibleValue::new(format.name).help(format.about));
    PossibleValuesParser::new(values).try_map(|name| {
        report::find_format(&name).ok_or_else(|| format!("there is no format `{name}`"))
    })
}

fn usual_format() -> &'static str {
    report::FORMATS[0].name
}

//! `gonogo show`: one item in full.

use clap::Args;
use jiff::Timestamp;

use crate::model::ItemId;
use crate::report;

use super::failure::Failure;
use super::global::Global;
use super::{Ending, print, run};

/// `gonogo show`
#[derive(Args, Debug)]
pub(super) struct ShowArgs {
    /// The item
    #[arg(value_name = "ID")]
    pub item: ItemId,
}

pub(super) fn run(global: &Global, args: &ShowArgs) -> Result<Ending, Failure> {
    let session = run::open(global)?;
    session.item(&args.item)?;
    let only = [args.item.clone()];
    let results = run::checks(&session, Some(&only), global.offline)?;
    let now = Timestamp::now();
    let assessment = session.assess(&results, now).only(&only);
    let repository = run::repository(&session);
    let page = run::page(&session, &repository, &results, &assessment);
    print(|out| match page.row(&args.item) {
        Some(row) => report::item(&page, &row, now, out),
        None => Ok(()),
    })?;
    Ok(Ending::Good)
}

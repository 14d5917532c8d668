//! `gonogo schema`: the JSON Schema of checklists.

use crate::checklist;

use super::failure::Failure;
use super::{Ending, print};

pub(super) fn run() -> Result<Ending, Failure> {
    let schema = checklist::schema();
    print(|out| {
        serde_json::to_writer_pretty(&mut *out, &schema)?;
        writeln!(out)
    })?;
    Ok(Ending::Good)
}

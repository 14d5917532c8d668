//! A verdict as one neutral page, and that page in each format. Nothing is
//! decided here.

mod format;
mod item;
mod lines;
mod list;
pub(crate) mod next;
mod page;
mod records;
pub(crate) mod style;
pub(crate) mod words;
pub(crate) mod wrap;

pub use format::{FORMATS, Format, find as find_format, records_json};
pub use item::item;
pub use list::list;
pub use next::after_record;
pub use page::{Page, Row, head_line, ledger_line, verdict_line};
pub use records::{CLAIM, record_line, records, synced_line};

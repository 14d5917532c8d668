//! A verdict as one neutral page, and that page in each format. Nothing is
//! decided here.

mod format;
mod item;
mod list;
mod page;
mod records;
mod style;
mod wrap;

pub use format::{FORMATS, Format, find as find_format, records_json};
pub use item::item;
pub use list::list;
pub use page::{Page, Row, head_line, ledger_line};
pub use records::{CLAIM, ago, record_line, records};
pub use style::{GLYPHS, of_severity, of_standing, of_verdict};
pub use wrap::wrap;

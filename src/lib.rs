//! gonogo answers one question before a deploy: **go or no-go?**
//!
//! It loads a checklist from YAML, verifies by itself what a program can
//! verify, keeps the sign-offs of people with the repository, and says GO only
//! when nothing blocks it. ARCHITECTURE.md tells how the layers fit;
//! `tests/it/layers.rs` proves that no arrow points back:
//!
//! ```text
//! cli, tui → report, session → assess → engine, ledger, fix, trust → checklist → check → facts
//!         → repo → lang, secret → model
//! ```

pub mod assess;
pub mod check;
pub(crate) mod checklist;
pub mod cli;
pub mod engine;
pub mod facts;
pub(crate) mod fix;
pub(crate) mod lang;
pub(crate) mod ledger;
pub mod model;
pub mod repo;
pub mod report;
pub(crate) mod secret;
pub(crate) mod session;
pub(crate) mod tui;

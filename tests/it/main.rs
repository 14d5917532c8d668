//! Everything that is tested from outside: the real program on real
//! repositories, in a temporary folder, with no configuration of the person
//! who runs the tests.

#![allow(clippy::expect_used, clippy::panic, reason = "this is test code")]

mod cases;
mod cli;
mod crowd;
mod denied;
mod docs;
mod fix;
mod hostile;
mod layers;
mod screen;
mod support;
mod sync;
mod told;
mod ways;

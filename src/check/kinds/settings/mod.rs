//! Kinds that look at the settings of an app.

pub(in crate::check) mod hardcoded_setting;

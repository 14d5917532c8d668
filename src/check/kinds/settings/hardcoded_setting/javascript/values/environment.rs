//! What the environment gives.

use super::super::value::{At, Values};
use super::{ANY, Search};
use crate::lang::javascript::chain;

/// Variables that every process has, and that tell nothing secret.
const COMMON: &[&str] = &[
    "NODE_ENV",
    "PORT",
    "HOST",
    "HOSTNAME",
    "USER",
    "USERNAME",
    "HOME",
    "PWD",
    "PATH",
    "SHELL",
    "LANG",
    "TZ",
    "LOGNAME",
    "DYNO",
    "APP_NAME",
    "npm_package_name",
    "npm_package_version",
    "COMPUTERNAME",
];

/// A variable of that name.
pub(super) fn variable<'w>(at: &At<'w>, name: &str) -> Values<'w> {
    if COMMON.contains(&name) {
        return Values::unknown(
            at,
            format!("comes from the variable {name}, which others can guess"),
        );
    }
    Values::variable(if name == ANY { "" } else { name })
}

impl<'w> Search<'_, 'w> {
    /// `process.env.X`, `import.meta.env.X`, `Bun.env.X`; none for something else.
    pub(super) fn environment(&self, at: &At<'w>, way: &[String]) -> Option<Values<'w>> {
        let code = at.code();
        let named = ["process.env", "import.meta.env", "Bun.env"].iter().find_map(|start| {
            let rest = code.strip_prefix(start)?;
            (rest.is_empty() || rest.starts_with(['.', '[', '?', '!'])).then_some(rest)
        })?;
        let name = match chain(at.module.text, at.node) {
            Some((_, own)) => own.into_iter().skip(1).chain(way.iter().cloned()).next(),
            None => named
                .trim_start_matches(['.', '[', '?', '!', '"', '\''])
                .split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .filter(|name| !name.is_empty())
                .map(str::to_owned)
                .or_else(|| way.first().cloned()),
        };
        Some(name.map_or_else(Values::outside, |name| variable(at, &name)))
    }
}

//! The switches and environment names that conditions ask for.

use super::words::{Meaning, meaning, words};

/// What a condition asks: a switch or the name of an environment.
pub(super) struct Subject {
    pub(super) name: String,
    /// What it is when nobody sets it, where the code says so.
    pub(super) default: Option<Unset>,
}

/// What a subject is when nobody sets it.
pub(super) enum Unset {
    Text(String),
    Truth(bool),
}

impl Subject {
    /// Whether it is on in production.
    pub(super) fn truth(&self) -> Option<bool> {
        let default = match &self.default {
            Some(Unset::Truth(on)) => Some(*on),
            Some(Unset::Text(text)) => Some(switch(text).unwrap_or(!text.is_empty())),
            None => None,
        };
        if matches!(self.name.as_str(), "TYPE_CHECKING") {
            return Some(false);
        }
        match switched_by(&self.name)? {
            Meaning::Development => (default != Some(true)).then_some(false),
            Meaning::Production => Some(true),
        }
    }

    /// Whether it equals one of these in production.
    pub(super) fn is_one_of(&self, names: &[String]) -> Option<bool> {
        if names.is_empty() {
            return None;
        }
        let switches: Vec<Option<bool>> = names.iter().map(|name| switch(name)).collect();
        if let Some(first) = switches.first().copied().flatten()
            && switches.iter().all(|switch| *switch == Some(first))
        {
            return self.truth().map(|truth| truth == first);
        }
        if !is_environment(&self.name) {
            return None;
        }
        let all = |wanted| names.iter().all(|name| meaning(name) == Some(wanted));
        let (answer, wanted) = if all(Meaning::Development) {
            (false, Meaning::Development)
        } else if all(Meaning::Production) {
            (true, Meaning::Production)
        } else {
            return None;
        };
        match &self.default {
            None => Some(answer),
            Some(Unset::Text(text)) => match (meaning(text), wanted) {
                (Some(Meaning::Development), _) => None,
                (Some(Meaning::Production), _) => Some(answer),
                (None, _) => Some(answer).filter(|_| !names.contains(text)),
            },
            Some(Unset::Truth(_)) => Some(answer),
        }
    }
}

/// For what a switch of this name is on. Its last words must say so, and a name
/// that is not a constant may say nothing else: `TEST_DATABASE_URL` is not a switch,
/// nor is a call of `test_connection()`.
fn switched_by(name: &str) -> Option<Meaning> {
    const FILLERS: &[&str] = &[
        "is",
        "in",
        "on",
        "get",
        "app",
        "env",
        "environment",
        "mode",
        "flag",
        "enabled",
        "flask",
        "django",
        "run",
        "running",
        "use",
        "current",
        "we",
        "are",
    ];
    let mut words = words(name);
    let is_constant = !name.contains(|c: char| c.is_lowercase());
    if is_constant {
        while words.len() > 1 && words.last().is_some_and(|word| FILLERS.contains(&word.as_str())) {
            words.pop();
        }
        meaning(name).filter(|said| words.last().is_some_and(|word| meaning(word) == Some(*said)))
    } else {
        let plain = |word: &String| meaning(word).is_some() || FILLERS.contains(&word.as_str());
        meaning(name).filter(|_| words.iter().all(plain))
    }
}

/// What people write to switch something on or off.
fn switch(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "true" | "yes" | "on" | "y" | "t" => Some(true),
        "0" | "false" | "no" | "off" | "n" | "f" | "" => Some(false),
        _ => None,
    }
}

pub(super) fn is_switch_conversion(name: &str) -> bool {
    matches!(
        name,
        "bool"
            | "int"
            | "str"
            | "strtobool"
            | "str2bool"
            | "str_to_bool"
            | "to_bool"
            | "parse_bool"
            | "loads"
            | "literal_eval"
    )
}

/// Whether something of this name may hold the name of an environment.
fn is_environment(name: &str) -> bool {
    words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "env"
                | "environment"
                | "mode"
                | "stage"
                | "profile"
                | "config"
                | "configuration"
                | "deployment"
                | "deploy"
                | "tier"
                | "settings"
                | "target"
                | "app"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_switches_are_switches() {
        let development = ["DEBUG", "debug", "is_dev", "MYAPP_DEBUG", "SHOP_DEV_MODE", "isTesting"];
        for name in development {
            assert_eq!(switched_by(name), Some(Meaning::Development), "{name}");
        }
        assert_eq!(switched_by("is_production"), Some(Meaning::Production));
        let none = ["TEST_DATABASE_URL", "test_connection", "local_settings", "LOCAL_PATH", "env"];
        for name in none {
            assert_eq!(switched_by(name), None, "{name}");
        }
    }
}

//! The checklists that come with gonogo.

use super::words;

/// A checklist that comes with gonogo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Builtin {
    /// Its name: `general` is asked for as `builtin:general`.
    pub name: &'static str,
    /// Its YAML.
    pub text: &'static str,
    /// Whom it is for, in one line.
    pub about: &'static str,
}

const BUILTINS: &[Builtin] = &[
    Builtin {
        name: "flask-production",
        text: include_str!("../../checklists/flask-production.yaml"),
        about: "a Flask app that goes to production",
    },
    Builtin {
        name: GENERAL,
        text: include_str!("../../checklists/general.yaml"),
        about: "any repository that is deployed",
    },
];

pub(super) const FLASK: &str = "flask-production";
pub(super) const GENERAL: &str = "general";

/// All of them, by name.
pub(crate) fn builtins() -> &'static [Builtin] {
    BUILTINS
}

/// The one of that name.
pub(super) fn find(name: &str) -> Option<&'static Builtin> {
    BUILTINS.iter().find(|builtin| builtin.name == name)
}

/// What to do about a name that is none.
pub(super) fn meant(name: &str) -> String {
    let known: Vec<String> =
        BUILTINS.iter().map(|builtin| format!("builtin:{}", builtin.name)).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    words::meant(&format!("builtin:{name}"), &known)
}

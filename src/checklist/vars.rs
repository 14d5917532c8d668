//! `${name}` in a checklist stands for a variable of the checklist, never for
//! one of the environment.

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::words;

/// Why a text cannot be filled in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// No variable of that name is defined.
    Unknown(String),
    /// `${` without `}`, or without a name.
    NoName,
}

impl Trouble {
    /// It in words.
    pub(super) fn explain(&self, values: &Values) -> Diagnostic {
        match self {
            Self::Unknown(name) => {
                let known = values.keys().map(String::as_str);
                let told =
                    Diagnostic::error(format!("there is no variable `{}`", words::shorten(name)));
                match words::nearest(name, known) {
                    Some(near) => told.help(format!("did you mean `${{{near}}}`?")),
                    None => told.help("define it under `vars`; for `${` itself write `$${`"),
                }
            }
            Self::NoName => {
                Diagnostic::error("`${` is not followed by the name of a variable and `}`")
                    .help("write `${name}`; for `${` itself write `$${`")
            }
        }
    }
}

/// The values by name.
pub(super) type Values = BTreeMap<String, String>;

/// Fills in a text of which every `${name}` must be known; `$${` gives `${`.
pub(super) fn fill(text: &str, values: &Values) -> Result<String, Trouble> {
    let mut out = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Escaped(_) => out.push_str("${"),
            Part::Open(_) => return Err(Trouble::NoName),
            Part::Name(name) if !is_name(name) => return Err(Trouble::NoName),
            Part::Name(name) => match values.get(name) {
                Some(value) => out.push_str(value),
                None => return Err(Trouble::Unknown(name.to_owned())),
            },
        }
    }
    Ok(out)
}

/// Fills in prose, which may hold shell code: what is unknown stays as it is.
pub(super) fn fill_known(text: &str, values: &Values) -> String {
    let mut out = String::with_capacity(text.len());
    for part in parts(text) {
        match part {
            Part::Text(text) | Part::Open(text) => out.push_str(text),
            Part::Escaped(rest) => {
                let name = rest.split_once('}').map(|(name, _)| name);
                let known = name.is_some_and(|name| values.contains_key(name));
                out.push_str(if known { "${" } else { "$${" });
            }
            Part::Name(name) => match values.get(name) {
                Some(value) => out.push_str(value),
                None => out.extend(["${", name, "}"]),
            },
        }
    }
    out
}

/// How long a text is at most when it is filled in.
pub(super) fn measure(text: &str, values: &Values) -> usize {
    let value = |name| values.get(name).map_or(0, String::len);
    names(text).map(value).fold(text.len(), usize::saturating_add)
}

/// The names that a text uses.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    parts(text).filter_map(|part| match part {
        Part::Name(name) => Some(name),
        _ => None,
    })
}

/// Letters, digits and `_`, not beginning with a digit.
pub(super) fn is_name(name: &str) -> bool {
    name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
}

enum Part<'a> {
    Text(&'a str),
    /// What stands between `${` and `}`.
    Name(&'a str),
    /// `$${`, and what follows it.
    Escaped(&'a str),
    /// `${` that is never closed, to the end.
    Open(&'a str),
}

fn parts(text: &str) -> impl Iterator<Item = Part<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        if let Some(after) = rest.strip_prefix("$${") {
            rest = after;
            return Some(Part::Escaped(after));
        }
        if let Some(after) = rest.strip_prefix("${") {
            return Some(match after.split_once('}') {
                Some((name, after)) => {
                    rest = after;
                    Part::Name(name)
                }
                None => Part::Open(std::mem::take(&mut rest)),
            });
        }
        // `$$${` is a dollar sign and an escape
        let at = match rest.find("${") {
            Some(at) if rest[..at].ends_with('$') => at - 1,
            Some(at) => at,
            None => rest.len(),
        };
        let (part, after) = rest.split_at(at);
        rest = after;
        Some(Part::Text(part))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        [("a", "1"), ("b_2", "${a}")].map(|(k, v)| (k.to_owned(), v.to_owned())).into()
    }

    #[test]
    fn strict() {
        let cases = [
            ("x", "x"),
            ("${a}", "1"),
            ("x${a}y${b_2}z", "x1y${a}z"),
            ("$${a}", "${a}"),
            ("$$${a}", "$${a}"),
            ("$a $ {a} $", "$a $ {a} $"),
            ("ä${a}ä", "ä1ä"),
            ("$$", "$$"),
            ("$$x${a}", "$$x1"),
        ];
        for (text, expected) in cases {
            assert_eq!(fill(text, &values()).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(fill("${c}", &values()), Err(Trouble::Unknown("c".into())));
        for text in ["${", "x${a", "${}", "${a-b}", "${A:-x}", "${1}"] {
            assert_eq!(fill(text, &values()), Err(Trouble::NoName), "{text}");
        }
    }

    #[test]
    fn prose() {
        let cases = [
            ("${a} ${HOME} ${X:-y} ${", "1 ${HOME} ${X:-y} ${"),
            ("$${a} $${HOME} $$ $5", "${a} $${HOME} $$ $5"),
        ];
        for (text, expected) in cases {
            assert_eq!(fill_known(text, &values()), expected, "{text}");
        }
    }

    #[test]
    fn measured_before_it_is_filled() {
        let values: Values = [("a".to_owned(), "x".repeat(100))].into();
        for text in ["", "plain", "${a}", "$${a} ${a} ${b}", "${a}${a"] {
            let filled = fill_known(text, &values).len();
            let most = measure(text, &values);
            assert!(filled <= most && most <= filled + text.len(), "{text}: {filled} {most}");
        }
    }

    #[test]
    fn names_used() {
        assert_eq!(names("${a} $${b} ${c").collect::<Vec<_>>(), ["a"]);
    }
}

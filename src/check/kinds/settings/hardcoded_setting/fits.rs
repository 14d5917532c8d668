//! Whether a text that code puts together can be the name of a file or module.

use super::texts::{Part, Text};
use crate::lang::own::{self, Whose};
use crate::model::RepoPath;

/// How well a name fits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Fit {
    /// It is another.
    No,
    /// It is, if what comes from outside says so.
    Told,
    /// It may be.
    Perhaps,
    /// It is.
    Yes,
}

/// Folders of a system that no repository is checked out into.
const SYSTEM: &[&str] = &[
    "run", "etc", "var", "proc", "dev", "home", "root", "tmp", "mnt", "vault", "secrets", "media",
    "sys", "boot", "private", "data",
];

/// Less of a name tells nothing.
const LEAST: usize = 3;

/// Whether a text is the dotted name of something: of the file, or of a class in it.
pub(super) fn dotted(text: &Text, name: &str) -> Fit {
    let mut parts = text.clone();
    if let Some(Part::Said(first)) = parts.first_mut() {
        *first = first.trim_start_matches('.').replace(':', ".");
    }
    fits(&parts, name, '.')
}

/// Whether a text is the path of a tracked file.
pub(super) fn path(text: &Text, path: &RepoPath) -> Fit {
    let mut parts = text.clone();
    let mut surely = true;
    match (parts.first().cloned(), parts.get(1).cloned()) {
        // a folder that is told from outside is another one
        (Some(Part::Outside), Some(Part::Said(rest))) if rest.starts_with('/') => return Fit::No,
        (Some(Part::Unknown), Some(Part::Said(rest))) if rest.starts_with('/') => {
            parts.remove(0);
            if let Some(first) = parts.first_mut() {
                *first = Part::Said(rest.trim_start_matches('/').to_owned());
            }
        }
        (Some(Part::Said(first)), _) if first.starts_with('~') => return Fit::No,
        (Some(Part::Said(first)), _) if first.starts_with('/') => {
            let first = first.trim_start_matches('/');
            let (top, rest) = first.split_once('/').unwrap_or((first, ""));
            if SYSTEM.contains(&top) {
                return Fit::No;
            }
            surely = false;
            // `/app/key.txt`, `/usr/src/app/key.txt`
            let rest = rest.trim_start_matches("src/").trim_start_matches("app/");
            if let Some(own) = parts.first_mut() {
                *own = Part::Said(rest.to_owned());
            }
        }
        _ => {}
    }
    for part in &mut parts {
        if let Part::Said(text) = part {
            *text = plain(text);
        }
    }
    let name = path.to_string();
    let fit = fits(&parts, &name, '/');
    let whole = matches!(parts.as_slice(), [Part::Said(said)] if *said == name);
    let aside = [Whose::Test, Whose::Docs, Whose::Example, Whose::Vendored, Whose::Installed];
    if !whole && own::lies_in(path, &aside) {
        return Fit::No;
    }
    if surely { fit } else { fit.min(Fit::Perhaps) }
}

/// Without `./` and `../`, and what those take back.
fn plain(text: &str) -> String {
    let lead = text.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    let all: Vec<&str> = text.split('/').collect();
    let last = all.len().saturating_sub(1);
    for (index, part) in all.into_iter().enumerate() {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            "" if index != last && !(index == 0 && lead) => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether the parts, one behind the other, are the end of a name, from one of its
/// separators on.
fn fits(parts: &[Part], name: &str, separator: char) -> Fit {
    let said: usize = parts
        .iter()
        .filter_map(|part| match part {
            Part::Said(text) => Some(text.chars().filter(|c| c.is_alphanumeric()).count()),
            _ => None,
        })
        .sum();
    if said < LEAST {
        return Fit::No;
    }
    let starts = std::iter::once(0).chain(name.match_indices(separator).map(|(at, _)| at + 1));
    if !starts.filter_map(|at| name.get(at..)).any(|rest| is(parts, rest)) {
        return Fit::No;
    }
    if parts.contains(&Part::Unknown) {
        Fit::Perhaps
    } else if parts.contains(&Part::Outside) {
        Fit::Told
    } else {
        Fit::Yes
    }
}

/// Whether parts, of which some may be anything, are a text.
fn is(parts: &[Part], text: &str) -> bool {
    match parts {
        [] => text.is_empty(),
        [Part::Said(said), rest @ ..] => {
            text.strip_prefix(said.as_str()).is_some_and(|t| is(rest, t))
        }
        [_] => true,
        [_, rest @ ..] => {
            let mut starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
            starts.any(|at| text.get(at..).is_some_and(|text| is(rest, text)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Part {
        Part::Said(text.to_owned())
    }

    #[test]
    fn paths_fit() {
        for (text, name, expected) in [
            (vec![said("key.txt")], "key.txt", Fit::Yes),
            (vec![said("key.txt")], "shop/key.txt", Fit::Yes),
            (vec![said("key.txt")], "tests/key.txt", Fit::No),
            (vec![said("key.txt")], "monkey.txt", Fit::No),
            (vec![said("./conf/../key.txt")], "key.txt", Fit::Yes),
            (vec![Part::Unknown, said("/key.txt")], "a/key.txt", Fit::Yes),
            (vec![Part::Unknown, said("/../key.txt")], "key.txt", Fit::Yes),
            (vec![Part::Outside, said("/key.txt")], "key.txt", Fit::No),
            (vec![said("conf/"), Part::Outside, said(".cfg")], "conf/prod.cfg", Fit::Told),
            (vec![said("conf/"), Part::Unknown, said(".cfg")], "conf/prod.cfg", Fit::Perhaps),
            (vec![said("conf/"), Part::Unknown, said(".cfg")], "conf/prod.txt", Fit::No),
            (vec![Part::Unknown], "key.txt", Fit::No),
            (vec![said("/run/secrets/key")], "secrets/key", Fit::No),
            (vec![said("/app/key.txt")], "key.txt", Fit::Perhaps),
            (vec![said("~/key.txt")], "key.txt", Fit::No),
        ] {
            let file = RepoPath::new(name).expect("a path");
            assert_eq!(path(&text, &file), expected, "{text:?} {name}");
        }
    }

    #[test]
    fn dotted_names_fit() {
        let settings = "shop.settings.dev";
        assert_eq!(dotted(&vec![said("shop.settings.dev")], settings), Fit::Yes);
        assert_eq!(dotted(&vec![said("settings.dev")], settings), Fit::Yes);
        assert_eq!(dotted(&vec![said(".dev")], settings), Fit::Yes);
        assert_eq!(dotted(&vec![said("shop.settings."), Part::Outside], settings), Fit::Told);
        assert_eq!(dotted(&vec![said("shop.settings."), Part::Unknown], settings), Fit::Perhaps);
        assert_eq!(dotted(&vec![said("shop.conf."), Part::Unknown], settings), Fit::No);
    }
}

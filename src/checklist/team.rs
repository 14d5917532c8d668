//! Who is in which role.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

use super::diagnostic::Diagnostic;
use super::include::Files;
use super::place::Place;
use super::rivals::{Families, Rivals};
use super::told::Told;
use super::words;
use crate::model::Role;

/// The roles of all files; those of an including file win.
pub(super) fn team(gathered: &mut Files) -> BTreeMap<Role, Vec<String>> {
    let mut team = BTreeMap::new();
    let mut told = Told::default();
    let families = Families::of(gathered);
    let (mut rivals, mut given) = (Rivals::default(), BTreeMap::<Role, Place>::new());
    for &index in &gathered.order {
        let files = &gathered.files;
        for (name, emails) in files[index].raw.team.iter().flatten() {
            if told.full() {
                break;
            }
            let at = Place::top(index, "team").key(name);
            let role: Role = match name.parse() {
                Ok(role) => role,
                Err(reason) => {
                    told.push(Diagnostic::error(reason).at(at.key_of(files, "")));
                    continue;
                }
            };
            if emails.is_empty() {
                told.push(
                    Diagnostic::error(format!("the role `{role}` has no people"))
                        .at(at.value(files, "empty"))
                        .help("list the emails of its people, or remove the role"),
                );
            }
            let mut seen: HashMap<String, usize> = HashMap::new();
            for (nth, email) in emails.iter().enumerate() {
                if let Some(reason) = not_an_email(email) {
                    told.push(
                        Diagnostic::error(format!(
                            "`{}` is not an email address: {reason}",
                            words::shorten(email)
                        ))
                        .at(at.index(nth).value(files, "not an email address"))
                        .help("people are told apart by the email that git knows them by"),
                    );
                }
                match seen.entry(email.to_lowercase()) {
                    Entry::Occupied(first) => told.push(
                        Diagnostic::error(format!(
                            "`{}` is in the role `{role}` twice",
                            words::shorten(email)
                        ))
                        .at(at.index(nth).value(files, "again here"))
                        .also(at.index(*first.get()).value(files, "first here"))
                        .help("one person counts once; remove one of them"),
                    ),
                    Entry::Vacant(free) => {
                        free.insert(nth);
                    }
                }
            }
            if let Some(first) = given.get(&role) {
                let same = team.get(&role) == Some(emails);
                if !rivals.decide(&families, &format!("the role `{role}`"), first, &at, same) {
                    continue;
                }
            }
            given.insert(role.clone(), at);
            team.insert(role, emails.clone());
        }
    }
    rivals.tell(&gathered.files, &mut told);
    gathered.told.extend(told.take());
    team
}

/// A rough look: what git would never match is refused.
fn not_an_email(email: &str) -> Option<&'static str> {
    let mut parts = email.split('@');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(name), Some(host), None) if !name.is_empty() && !host.is_empty() => {
            let bad = |c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c);
            if email.contains(bad) {
                Some("it holds a space, a bracket or a comma")
            } else if host.starts_with('.') || host.ends_with('.') || host.contains("..") {
                Some("what follows the `@` is not a host name")
            } else {
                None
            }
        }
        (_, None, _) => Some("it has no `@`"),
        _ => Some("it has one `@`, with something on both sides"),
    }
}

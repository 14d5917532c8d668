//! One merged draft → one item, with everything that is wrong about it.

mod checks;
mod digest;
mod gate;
mod policy;
mod weight;

use std::collections::BTreeMap;

use super::diagnostic::Diagnostic;
use super::file::{self, File};
use super::merge::Draft;
use super::place::{Given, Place};
use super::raw::RawFix;
use super::rivals::Families;
use super::told::Told;
use super::vars::{self, Values};
use super::{Fix, Item, environment, words};
use crate::model::{CleanText, Role, Severity};

/// All texts of a checklist together, with variables filled in, in bytes.
const MOST_EXPANDED: usize = 8 << 20;

/// What building an item needs to know.
pub(super) struct Builder<'a> {
    files: &'a [File],
    families: Families,
    values: &'a Values,
    /// The same where patterns of paths are asked.
    in_patterns: Values,
    team: &'a BTreeMap<Role, Vec<String>>,
    /// All ids, for suggestions.
    ids: &'a [String],
    /// How many checks were met.
    checks: usize,
    /// What their patterns weigh.
    weight: u64,
    /// How long all texts are together when they are filled in.
    expanded: usize,
    pub told: Told,
}

impl<'a> Builder<'a> {
    pub(super) fn new(
        files: &'a [File],
        families: Families,
        values: &'a Values,
        team: &'a BTreeMap<Role, Vec<String>>,
        ids: &'a [String],
    ) -> Self {
        let in_patterns = environment::in_patterns(values);
        let told = Told::default();
        Self {
            files,
            families,
            values,
            in_patterns,
            team,
            ids,
            checks: 0,
            weight: 0,
            expanded: 0,
            told,
        }
    }

    pub(super) fn item(&mut self, draft: Draft) -> Item {
        self.complete(&draft);
        let title = self.line(draft.title.as_ref());
        let why = self.block(draft.why.as_ref());
        let disabled = draft.disabled.as_ref().map(|reason| self.block(Some(reason)));
        let checks = draft.check.as_ref().map(|check| self.checks(check)).unwrap_or_default();
        let sign_off = draft.sign_off.as_ref().map(|policy| self.policy(policy));
        let when_undecided = draft.when_undecided.as_ref().map(|policy| {
            self.only_automatic(&draft, policy);
            self.policy(policy)
        });
        let waive = self.waive(draft.waive.as_ref());
        let severity = draft.severity.as_ref().map_or(Severity::Critical, |given| given.value);
        let asserted = digest::Asserted {
            title: &title,
            severity,
            checks: &checks,
            sign_off: sign_off.as_ref(),
            when_undecided: when_undecided.as_ref(),
            waive: &waive,
        };
        let file = &self.files[draft.at.file];
        Item {
            digest: asserted.digest(),
            id: draft.id.value.clone(),
            title,
            failing: draft.failing.as_ref().map(|failing| self.line(Some(failing))),
            severity,
            why,
            fix: draft.fix.as_ref().map(|fix| self.fix(fix)),
            refs: draft.refs.as_ref().map(|refs| self.refs(refs)).unwrap_or_default(),
            checks,
            sign_off,
            when_undecided,
            waive,
            disabled,
            defined_at: (file.source.name.clone(), file.line(&draft.at.path)),
        }
    }

    /// Fills in what is known in prose; unknown names stay.
    pub(super) fn prose(&mut self, text: &str, at: &Place) -> String {
        if self.has_room(text, at) { vars::fill_known(text, self.values) } else { String::new() }
    }

    /// Whether the checklist stays within its size when a text is filled in. A
    /// short file could otherwise stand for any number of gigabytes.
    fn has_room(&mut self, text: &str, at: &Place) -> bool {
        let before = self.expanded;
        self.expanded = before.saturating_add(vars::measure(text, self.values));
        if self.expanded <= MOST_EXPANDED {
            return true;
        }
        if before <= MOST_EXPANDED {
            self.told.push(
                Diagnostic::error(format!(
                    "with its variables filled in, the checklist is larger than {} MiB",
                    MOST_EXPANDED >> 20
                ))
                .at(at.value(self.files, "up to here"))
                .help("use long variables less often, or split the checklist"),
            );
        }
        false
    }

    /// Tells what an item lacks.
    fn complete(&mut self, draft: &Draft) {
        // what is there but mistaken was told already
        let has = |key: &str| self.files[draft.at.file].has(&draft.at.key(key).path);
        let mut lacks: Vec<&str> = Vec::new();
        if draft.title.is_none() && !has("title") {
            lacks.push("`title`");
        }
        if draft.severity.is_none() && !has("severity") {
            lacks.push("`severity`");
        }
        if draft.why.is_none() && !has("why") {
            lacks.push("`why`");
        }
        let settled = draft.check.is_some() || draft.sign_off.is_some();
        if !settled && !has("check") && !has("sign_off") {
            lacks.push("`check` or `sign_off`");
        }
        let Some((last, rest)) = lacks.split_last() else {
            return;
        };
        let lacks = match rest {
            [] => (*last).to_owned(),
            rest => format!("{} and {last}", rest.join(", ")),
        };
        let id = &draft.id.value;
        let place = if has("id") { draft.id.at.clone() } else { draft.at.clone() };
        let includes =
            self.files[draft.at.file].raw.include.as_ref().is_some_and(|i| !i.is_empty());
        let told = if includes && has("id") {
            let others = self.ids.iter().map(String::as_str).filter(|other| *other != id.as_str());
            let near = words::nearest(id.as_str(), others);
            Diagnostic::error(format!(
                "`{id}` is in no included checklist, so it is a new item and needs {lacks}"
            ))
            .maybe_help(near.map(|near| format!("did you mean `{near}`?")))
        } else {
            let told = Diagnostic::error(format!("this item needs {lacks}"));
            match last {
                l if l.contains("check") => told.help("a check looks by itself, a sign-off asks a person, such as `sign_off: { valid: 90d }`"),
                _ => told,
            }
        };
        self.told.push(told.at(place.value(self.files, "incomplete")));
    }

    fn not_empty(&mut self, text: &str, at: &Place) {
        if text.trim().is_empty() {
            let key = file::field(&at.path).unwrap_or_default().to_owned();
            self.told.push(
                Diagnostic::error(format!("`{key}` is empty"))
                    .at(at.value(self.files, "empty"))
                    .help("say it in a few words"),
            );
        }
    }

    fn line(&mut self, given: Option<&Given<String>>) -> CleanText {
        given.map_or_else(CleanText::default, |given| {
            self.not_empty(&given.value, &given.at);
            // a folded title ends in a line break
            CleanText::line(self.prose(given.value.trim(), &given.at))
        })
    }

    fn block(&mut self, given: Option<&Given<String>>) -> CleanText {
        given.map_or_else(CleanText::default, |given| {
            self.not_empty(&given.value, &given.at);
            CleanText::block(self.prose(given.value.trim_end(), &given.at))
        })
    }

    fn fix(&mut self, fix: &Given<RawFix>) -> Fix {
        let mut clean = |text: &String| CleanText::block(self.prose(text.trim_end(), &fix.at));
        match &fix.value {
            RawFix::Text(text) => {
                let shown = clean(text);
                self.not_empty(text, &fix.at);
                Fix { text: Some(shown), ..Fix::default() }
            }
            RawFix::Parts(parts) => {
                let made = Fix {
                    text: parts.text.as_ref().map(&mut clean),
                    steps: parts.steps.iter().flatten().map(&mut clean).collect(),
                    code: parts.code.as_ref().map(&mut clean),
                };
                if made == Fix::default() {
                    self.told.push(
                        Diagnostic::error("`fix` is empty")
                            .at(fix.at.key_of(self.files, "nothing in it"))
                            .help("write `text`, `steps` or `code` below it, or remove it"),
                    );
                }
                made
            }
        }
    }

    fn refs(&mut self, refs: &Given<Vec<String>>) -> Vec<CleanText> {
        for (nth, url) in refs.value.iter().enumerate() {
            let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
            let good = host.is_some_and(|host| {
                host.starts_with(|c: char| c.is_alphanumeric() || c == '[')
                    && !host.contains(|c: char| c.is_whitespace() || c.is_control())
            });
            if !good {
                self.told.push(
                    Diagnostic::error(format!("`{}` is not a web address", words::shorten(url)))
                        .at(refs.at.index(nth).value(self.files, "not an address"))
                        .help("an address begins with `https://` or `http://`"),
                );
            }
        }
        refs.value.iter().map(CleanText::line).collect()
    }
}

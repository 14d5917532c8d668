//! The items of all files put together: an item with an included item's id
//! overrides it, field by field.

use std::collections::HashMap;

use serde_yaml::Value;

use super::diagnostic::Diagnostic;
use super::file::File;
use super::include::Files;
use super::place::{Given, Place};
use super::raw::{RawFix, RawItem, RawPolicy, RawSignOff, RawWaive};
use super::rivals::{Families, Rivals};
use crate::model::{ItemId, Period, Severity};

/// Items of a whole checklist, includes among them.
const MOST_ITEMS: usize = 2_000;

/// Items under one heading.
#[derive(Debug)]
pub(super) struct DraftSection {
    pub title: String,
    /// Where the title is first.
    pub at: Place,
    pub items: Vec<Draft>,
}

/// An item with what all files say about it.
#[derive(Debug)]
pub(super) struct Draft {
    pub id: Given<ItemId>,
    /// The mapping that defines it first.
    pub at: Place,
    pub title: Option<Given<String>>,
    pub failing: Option<Given<String>>,
    pub severity: Option<Given<Severity>>,
    pub why: Option<Given<String>>,
    pub fix: Option<Given<RawFix>>,
    pub refs: Option<Given<Vec<String>>>,
    pub check: Option<Given<Value>>,
    pub sign_off: Option<DraftPolicy>,
    pub when_undecided: Option<DraftPolicy>,
    pub waive: Option<DraftWaive>,
    pub disabled: Option<Given<String>>,
}

/// A sign-off policy with what all files say about it.
#[derive(Debug)]
pub(super) struct DraftPolicy {
    /// What holds it.
    pub at: Place,
    pub by: Option<Given<String>>,
    pub count: Option<Given<u32>>,
    pub valid: Option<Given<Period>>,
    pub covers: Option<Given<Vec<String>>>,
    /// It replaces what it overrides, since it says `anyone`.
    anyone: bool,
}

/// What all files say about an item's waivers.
#[derive(Debug)]
pub(super) enum DraftWaive {
    Never,
    Rule { by: Option<Given<String>>, longest: Option<Given<Period>> },
}

/// Puts the items of all files together, those of an including file last.
pub(super) fn merge(gathered: &mut Files) -> Vec<DraftSection> {
    let mut merger = Merger { families: Families::of(gathered), ..Merger::default() };
    for index in gathered.order.clone() {
        let sections = gathered.files[index].raw.sections.take().unwrap_or_default();
        let mut in_file: HashMap<ItemId, Place> = HashMap::new();
        for (nth, section) in sections.into_iter().enumerate() {
            let at = Place::top(index, "sections").index(nth);
            let title = section.title.unwrap_or_default();
            let file = &gathered.files[index];
            if title.trim().is_empty() && !(title.is_empty() && file.has(&at.key("title").path)) {
                gathered.told.push(
                    Diagnostic::error("a section needs a `title`")
                        .at(at.value(&gathered.files, "this section"))
                        .help("write `title: its heading` beside `items`"),
                );
            }
            let items = section.items.unwrap_or_default();
            if gathered.told.full() {
                break;
            }
            if items.is_empty() {
                gathered.told.push(empty_section(&gathered.files, &at));
            }
            for (nth, item) in items.into_iter().enumerate() {
                if gathered.told.full() {
                    break;
                }
                if merger.known.len() + merger.nameless >= MOST_ITEMS {
                    let item = at.key("items").index(nth);
                    gathered.told.push(too_many(&gathered.files, &item));
                    return merger.finish(gathered);
                }
                let of_item = at.key("items").index(nth);
                let section = (title.as_str(), &at.key("title"));
                merger.add(gathered, &mut in_file, section, item, of_item);
            }
        }
    }
    merger.finish(gathered)
}

fn too_many(files: &[File], at: &Place) -> Diagnostic {
    Diagnostic::error(format!("more than {MOST_ITEMS} items in one checklist"))
        .at(at.value(files, "one more"))
        .help("split the checklist; nobody goes through so many before a deploy")
}

fn empty_section(files: &[File], at: &Place) -> Diagnostic {
    let items = at.key("items");
    if files[at.file].has(&items.path) {
        Diagnostic::warning("this section has no items").at(items.key_of(files, "nothing in it"))
    } else {
        Diagnostic::error("a section needs `items`")
            .at(at.value(files, "this section"))
            .help("write them below `items:`")
    }
}

#[derive(Default)]
struct Merger {
    sections: Vec<DraftSection>,
    /// The section of each title.
    titles: HashMap<String, usize>,
    /// Section and item of each id.
    known: HashMap<ItemId, (usize, usize)>,
    nameless: usize,
    families: Families,
    rivals: Rivals,
}

impl Merger {
    fn finish(self, gathered: &mut Files) -> Vec<DraftSection> {
        self.rivals.tell(&gathered.files, &mut gathered.told);
        self.sections
    }

    fn add(
        &mut self,
        gathered: &mut Files,
        in_file: &mut HashMap<ItemId, Place>,
        section: (&str, &Place),
        item: RawItem,
        at: Place,
    ) {
        let id = self.id(gathered, &item, &at);
        let at_id = at.key("id");
        if let Some(first) = in_file.get(&id) {
            let told = Diagnostic::error(format!("the id `{id}` is used twice"))
                .at(at_id.value(&gathered.files, "again here"))
                .also(first.value(&gathered.files, "first here"))
                .help("sign-offs refer to the id, so each item needs its own");
            gathered.told.push(told);
            // its other mistakes are still told
            let nameless = self.name();
            let draft = Draft::new(nameless, item, at);
            self.push(section, draft);
            return;
        }
        in_file.insert(id.clone(), at_id);
        let draft = Draft::new(id.clone(), item, at);
        match self.known.get(&id) {
            Some(&(section, item)) => {
                let mut over =
                    Over { id: id.to_string(), families: &self.families, rivals: &mut self.rivals };
                self.sections[section].items[item].overlay(draft, &mut over);
            }
            None => {
                let place = self.push(section, draft);
                self.known.insert(id, place);
            }
        }
    }

    fn push(&mut self, (title, section_at): (&str, &Place), draft: Draft) -> (usize, usize) {
        let section = *self.titles.entry(title.to_owned()).or_insert_with(|| {
            let at = section_at.clone();
            self.sections.push(DraftSection { title: title.to_owned(), at, items: Vec::new() });
            self.sections.len() - 1
        });
        let items = &mut self.sections[section].items;
        items.push(draft);
        (section, items.len() - 1)
    }

    fn id(&mut self, gathered: &mut Files, item: &RawItem, at: &Place) -> ItemId {
        let at_id = at.key("id");
        let told = match item.id.as_deref().map(str::parse) {
            Some(Ok(id)) => return id,
            Some(Err(reason)) => {
                let reason: String = reason;
                let spelled = item.id.as_deref().map(spelling).unwrap_or_default();
                let told = Diagnostic::error(reason).at(at_id.value(&gathered.files, ""));
                match spelled.parse::<ItemId>() {
                    Ok(id) => told.help(format!("write `{id}`")),
                    Err(_) => told.help("an id is spelled like `secret-key-strong`"),
                }
            }
            // a mistake that was told already
            None if gathered.files[at.file].has(&at_id.path) => return self.name(),
            None => Diagnostic::error("an item needs an `id`")
                .at(at.value(&gathered.files, "this item"))
                .help("give it a name such as `id: secret-key-strong`; sign-offs refer to it"),
        };
        gathered.told.push(told);
        self.name()
    }

    /// A name for an item without a usable one, so that the rest of it can be
    /// looked at; the checklist is refused anyway.
    fn name(&mut self) -> ItemId {
        loop {
            self.nameless += 1;
            match format!("nameless-item-{}", self.nameless).parse() {
                Ok(id) if !self.known.contains_key(&id) => return id,
                _ => {}
            }
        }
    }
}

/// What an id would look like if it were spelled as one.
fn spelling(id: &str) -> String {
    let lower = id.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

impl Draft {
    fn new(id: ItemId, item: RawItem, at: Place) -> Self {
        let policy =
            |raw: Option<RawSignOff>, key| raw.map(|raw| DraftPolicy::new(raw, at.key(key)));
        let sign_off = policy(item.sign_off, "sign_off");
        let when_undecided = policy(item.when_undecided, "when_undecided");
        Self {
            id: Given { value: id, at: at.key("id") },
            title: given(item.title, &at, "title"),
            failing: given(item.failing, &at, "failing"),
            severity: given(item.severity.map(|level| level.0), &at, "severity"),
            why: given(item.why, &at, "why"),
            fix: given(item.fix, &at, "fix"),
            refs: given(item.refs, &at, "refs"),
            check: given(item.check, &at, "check"),
            sign_off,
            when_undecided,
            waive: item.waive.map(|raw| DraftWaive::new(raw, &at.key("waive"))),
            disabled: given(item.disabled, &at, "disabled"),
            at,
        }
    }

    /// Takes over what another file says about it.
    fn overlay(&mut self, over: Self, now: &mut Over<'_>) {
        now.replace_prose(&mut self.title, over.title);
        now.replace_prose(&mut self.failing, over.failing);
        if over.check.is_some() && over.fix.is_none() {
            self.drop_code();
        }
        now.replace("severity", &mut self.severity, over.severity);
        now.replace_prose(&mut self.why, over.why);
        now.replace_prose(&mut self.fix, over.fix);
        now.replace_prose(&mut self.refs, over.refs);
        now.replace("check", &mut self.check, over.check);
        now.replace("disabled", &mut self.disabled, over.disabled);
        if self.sign_off.is_none() && over.sign_off.is_some() {
            // the item becomes an assisted one, which its sign-off settles
            self.when_undecided = None;
        }
        overlay_policy("sign_off", &mut self.sign_off, over.sign_off, now);
        overlay_policy("when_undecided", &mut self.when_undecided, over.when_undecided, now);
        let (first_waive, over_waive) = (self.at.key("waive"), over.at.key("waive"));
        match (&mut self.waive, over.waive) {
            (
                Some(DraftWaive::Rule { by, longest }),
                Some(DraftWaive::Rule { by: over_by, longest: over_longest }),
            ) => {
                now.replace("waive.by", by, over_by);
                now.replace("waive.longest", longest, over_longest);
            }
            (waive, Some(over)) => {
                let same = matches!((&*waive, &over), (Some(DraftWaive::Never), DraftWaive::Never));
                if waive.is_none() || now.wins("waive", &first_waive, &over_waive, same) {
                    *waive = Some(over);
                }
            }
            (_, None) => {}
        }
    }
}

impl Draft {
    /// The code of a how-to is about the check that it came with: the names
    /// that it lists, say.
    fn drop_code(&mut self) {
        if let Some(Given { value: RawFix::Parts(parts), .. }) = &mut self.fix
            && (parts.text.is_some() || parts.steps.is_some())
        {
            parts.code = None;
        }
    }
}

fn overlay_policy(
    key: &str,
    policy: &mut Option<DraftPolicy>,
    over: Option<DraftPolicy>,
    now: &mut Over<'_>,
) {
    match (policy, over) {
        (Some(policy), Some(over)) if !over.anyone => policy.overlay(over, key, now),
        (policy, Some(over)) => {
            let before = policy.as_ref().map(|before| (&before.at, before.anyone));
            if before.is_none_or(|(at, same)| now.wins(key, at, &over.at, same)) {
                *policy = Some(over);
            }
        }
        (_, None) => {}
    }
}

impl DraftWaive {
    fn new(raw: RawWaive, at: &Place) -> Self {
        match raw {
            RawWaive::Never => Self::Never,
            RawWaive::Rule(rule) => Self::Rule {
                by: given(rule.by, at, "by"),
                longest: given(rule.longest.map(|written| written.0), at, "longest"),
            },
        }
    }
}

impl DraftPolicy {
    fn new(raw: RawSignOff, at: Place) -> Self {
        let (raw, anyone) = match raw {
            RawSignOff::Policy(raw) => (raw, false),
            RawSignOff::Anyone => {
                (RawPolicy { by: None, count: None, valid: None, covers: None }, true)
            }
        };
        Self {
            by: given(raw.by, &at, "by"),
            count: given(raw.count, &at, "count"),
            valid: given(raw.valid.map(|written| written.0), &at, "valid"),
            covers: given(raw.covers, &at, "covers"),
            anyone,
            at,
        }
    }

    fn overlay(&mut self, over: Self, key: &str, now: &mut Over<'_>) {
        now.replace(&format!("{key}.by"), &mut self.by, over.by);
        now.replace(&format!("{key}.count"), &mut self.count, over.count);
        now.replace(&format!("{key}.valid"), &mut self.valid, over.valid);
        now.replace(&format!("{key}.covers"), &mut self.covers, over.covers);
    }
}

fn given<T>(value: Option<T>, at: &Place, key: &str) -> Option<Given<T>> {
    value.map(|value| Given { value, at: at.key(key) })
}

/// What one file says over another about an item.
struct Over<'a> {
    id: String,
    families: &'a Families,
    rivals: &'a mut Rivals,
}

impl Over<'_> {
    fn replace<T: PartialEq>(
        &mut self,
        key: &str,
        field: &mut Option<Given<T>>,
        over: Option<Given<T>>,
    ) {
        let wins = match (&*field, &over) {
            (Some(before), Some(after)) => {
                self.wins(key, &before.at, &after.at, before.value == after.value)
            }
            _ => over.is_some(),
        };
        if wins {
            *field = over;
        }
    }

    /// What binds nothing may differ.
    fn replace_prose<T>(&mut self, field: &mut Option<Given<T>>, over: Option<Given<T>>) {
        let wins = match (&*field, &over) {
            (Some(before), Some(after)) => self.wins("", &before.at, &after.at, true),
            _ => over.is_some(),
        };
        if wins {
            *field = over;
        }
    }

    fn wins(&mut self, key: &str, first: &Place, again: &Place, same: bool) -> bool {
        let what = format!("`{key}` of the item `{}`", self.id);
        self.rivals.decide(self.families, &what, first, again, same)
    }
}

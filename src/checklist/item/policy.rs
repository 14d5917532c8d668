//! The manual part of an item, and whether anybody can satisfy it.

use std::collections::BTreeSet;

use super::Builder;
use super::checks::Texts;
use crate::check::params::Globs;
use crate::checklist::diagnostic::Diagnostic;
use crate::checklist::merge::{Draft, DraftPolicy, DraftWaive};
use crate::checklist::place::{Given, Place};
use crate::checklist::{Policy, Waive, WaiverRule, words};
use crate::model::Role;

impl Builder<'_> {
    pub(super) fn policy(&mut self, draft: &DraftPolicy) -> Policy {
        let by = draft.by.as_ref().and_then(|by| self.role(by));
        let count = draft.count.as_ref().map_or(1, |count| count.value);
        if let Some(given) = &draft.count {
            self.can_be_met(given, by.as_ref());
        }
        let policy = Policy {
            by,
            count,
            valid: draft.valid.as_ref().map(|valid| valid.value),
            covers: draft.covers.as_ref().and_then(|covers| self.covers(covers)),
            covers_by_team: draft
                .covers
                .as_ref()
                .is_some_and(|covers| !self.files[covers.at.file].builtin),
        };
        self.lint(draft, &policy);
        policy
    }

    /// Warns of a policy that asks too little or too often.
    fn lint(&mut self, draft: &DraftPolicy, policy: &Policy) {
        // what is there but mistaken was told already
        let has = |key: &str| self.files[draft.at.file].has(&draft.at.key(key).path);
        if policy.valid.is_none() && policy.covers.is_none() && !has("valid") && !has("covers") {
            self.told.push(
                Diagnostic::warning("a sign-off by this policy never ends, and is lost when its commit is rebased or squashed")
                    .at(draft.at.key_of(self.files, "neither `valid` nor `covers`"))
                    .help("write `valid: 90d`, or `covers` with the files that it is about"),
            );
        }
        let (Some(covers), Some(given)) = (&policy.covers, &draft.covers) else {
            return;
        };
        for (nth, pattern) in covers
            .patterns()
            .iter()
            .enumerate()
            .filter(|(_, p)| Globs::new(&[p]).is_ok_and(|globs| globs.match_everything()))
        {
            self.told.push(
                Diagnostic::warning(format!(
                    "`{}` covers every file, so that each commit asks again",
                    words::shorten(pattern)
                ))
                .at(given.at.index(nth).value(self.files, "every file"))
                .help("name the files that the sign-off is about"),
            );
        }
    }

    /// What an item says of its waivers.
    pub(super) fn waive(&mut self, draft: Option<&DraftWaive>) -> Waive {
        match draft {
            None => Waive::Default,
            Some(DraftWaive::Never) => Waive::Never,
            Some(DraftWaive::Rule { by, longest }) => Waive::Rule(WaiverRule {
                by: by.as_ref().and_then(|by| self.role(by)),
                longest: longest.as_ref().map(|longest| longest.value),
            }),
        }
    }

    /// Refuses `when_undecided` where something else settles the item.
    pub(super) fn only_automatic(&mut self, draft: &Draft, policy: &DraftPolicy) {
        // a check or sign-off that is there but mistaken was told of already
        let has = |key: &str| self.files[draft.at.file].has(&draft.at.key(key).path);
        let (message, help) = if draft.check.is_none() && !has("check") {
            (
                "`when_undecided` needs a `check` that may not decide; this item has none",
                "call it `sign_off`: a manual item is settled by its sign-off alone",
            )
        } else if draft.sign_off.is_some() {
            (
                "`when_undecided` is for items without a `sign_off`; here the sign-off also counts while the check cannot decide",
                "remove `when_undecided`, or `sign_off` if its findings are to be fixed and not judged",
            )
        } else {
            return;
        };
        let told = Diagnostic::error(message).at(policy.at.key_of(self.files, "")).help(help);
        self.told.push(told);
    }

    pub(in crate::checklist) fn role(&mut self, by: &Given<String>) -> Option<Role> {
        if let Some(role) = self.team.keys().find(|role| role.as_str() == by.value) {
            return Some(role.clone());
        }
        let known: Vec<&str> = self.team.keys().map(Role::as_str).collect();
        let help = if known.is_empty() {
            "the checklist has no `team` yet; write `team: { ROLE: [EMAIL] }`".to_owned()
        } else {
            words::meant(&by.value, &known)
        };
        self.told.push(
            Diagnostic::error(format!("there is no role `{}`", words::shorten(&by.value)))
                .at(by.at.value(self.files, "unknown role"))
                .help(help),
        );
        None
    }

    fn can_be_met(&mut self, count: &Given<u32>, by: Option<&Role>) {
        let people = by.and_then(|role| {
            let emails = self.team.get(role)?.iter().map(|email| email.to_lowercase());
            Some((role, emails.collect::<BTreeSet<String>>().len()))
        });
        let told = match people {
            _ if count.value == 0 => Diagnostic::error("a sign-off by 0 people asks nobody")
                .help("ask for at least 1, or remove `sign_off`"),
            Some((role, people)) if people < count.value as usize => Diagnostic::error(format!(
                "nobody can satisfy this: {} people must sign, and the role `{role}` has {people}",
                count.value
            ))
            .help("ask for fewer, or add people to the role under `team`"),
            _ => return,
        };
        self.told.push(told.at(count.at.value(self.files, "")));
    }

    fn covers(&mut self, covers: &Given<Vec<String>>) -> Option<Globs> {
        if covers.value.is_empty() {
            self.told.push(
                Diagnostic::error("`covers` is an empty list")
                    .at(covers.at.value(self.files, "nothing in it"))
                    .help("name the files, or remove it"),
            );
            return None;
        }
        let places = covers.value.iter().enumerate();
        let filled: Vec<(Place, String)> = places
            .filter_map(|(nth, pattern)| {
                let at = covers.at.index(nth);
                Some((at.clone(), self.fill_text(pattern, &at, Texts::Patterns)?))
            })
            .collect();
        let patterns: Vec<&String> = filled.iter().map(|(_, pattern)| pattern).collect();
        let globs = Globs::new(&patterns);
        if globs.is_err() {
            for (at, pattern) in &filled {
                if let Err(reason) = Globs::new(&[pattern]) {
                    self.told.push(Diagnostic::error(reason).at(at.value(self.files, "")));
                }
            }
        }
        globs.ok()
    }
}

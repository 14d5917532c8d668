//! What a record is compared with, and why it does not or no longer count.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

use crate::assess::basis::Uncommitted;
use crate::assess::people::People;
use crate::assess::{clock, words};
use crate::checklist::{Checklist, Item, MayWaive, Mode, Policy};
use crate::ledger::{self, Act, Entry, Ledger, Statement};
use crate::model::{CheckError, CleanText, CommitId, Date, Digest, ItemResult, Person, Role};

/// So many changed files are named.
const MOST_FILES: usize = 5;

const GONE: &str = "the item is not in the checklist";

/// What the records of one item are compared with.
pub(in crate::assess) struct Grounds<'a> {
    /// The item; none when the checklist does not have it any more.
    pub item: Option<&'a Item>,
    /// The checklist that it is of.
    pub checklist: &'a Checklist,
    /// All records.
    pub ledger: &'a Ledger,
    /// The covered files now; none when nobody looked, which matches nothing.
    pub covered: Option<&'a BTreeMap<String, String>>,
    /// What of the work tree differs from the commit, where the work tree is what
    /// is deployed.
    pub deployed: Option<&'a Uncommitted>,
    /// Which addresses are one person.
    pub people: &'a People,
    /// Of the records' commits those that the judged commit descends from.
    pub ancestors: &'a HashSet<CommitId>,
    /// How its checks ended; none while they have not.
    pub result: Option<&'a ItemResult>,
    /// The moment to assess for.
    pub now: Timestamp,
}

impl Grounds<'_> {
    /// Who may sign, and what that rests on. An item with neither check nor
    /// policy asks for anybody's word; an automatic one asks people only while
    /// its checks cannot decide.
    pub(crate) fn policy(&self) -> Option<Policy> {
        let anybody =
            || Policy { by: None, count: 1, valid: None, covers: None, covers_by_team: false };
        let item = self.item?;
        match item.mode() {
            Mode::Automatic => item.when_undecided.clone(),
            Mode::Assisted => item.sign_off.clone(),
            Mode::Manual => Some(item.sign_off.clone().unwrap_or_else(anybody)),
        }
    }

    /// Who has a role.
    pub(crate) fn members(&self, role: &Role) -> &[String] {
        self.checklist.team.get(role).map(Vec::as_slice).unwrap_or_default()
    }

    /// Why a record could not count, whatever else holds.
    pub(crate) fn never_counts(&self, entry: &Entry) -> Option<String> {
        if let Some(flaw) = self.ledger.flaw(entry) {
            return Some(flaw.to_string());
        }
        let statement = &entry.record.statement;
        let outside = match statement {
            Statement::SignOff { .. } => self.may_sign(&entry.author),
            Statement::Waiver { .. } => self.may_waive(&entry.author),
            Statement::Overruling { of, .. } => {
                self.own_objection(entry, of).or_else(|| self.may_overrule(&entry.author))
            }
            Statement::Objection { .. } | Statement::Withdrawal { .. } | Statement::Legacy(_) => {
                return None;
            }
        };
        outside.or_else(|| {
            clock::is_far_ahead(entry.at, self.now).then(|| {
                format!(
                    "it is dated {}, which is in the future; somebody's clock is wrong",
                    Date::of(entry.at)
                )
            })
        })
    }

    fn may_sign(&self, author: &Person) -> Option<String> {
        if self.item.is_none() {
            return Some(GONE.to_owned());
        }
        match self.policy() {
            None => Some("its checks alone settle the item; it takes no sign-off".to_owned()),
            Some(policy) => policy.by.and_then(|role| self.lacks(author, &role)),
        }
    }

    fn may_waive(&self, author: &Person) -> Option<String> {
        let Some(item) = self.item else { return Some(GONE.to_owned()) };
        let Some(limits) = self.checklist.waiver_limits(item) else {
            return Some("the checklist says that nobody may waive this item".to_owned());
        };
        match limits.who {
            MayWaive::Anyone => None,
            MayWaive::Role(role) => self.lacks(author, &role),
            MayWaive::Team => {
                let in_team = self.checklist.team.values().flatten().any(|email| author.is(email));
                (!in_team).then(|| format!("{} is not in the team", author.email))
            }
        }
    }

    fn may_overrule(&self, author: &Person) -> Option<String> {
        self.checklist.gate.overrule.as_ref().and_then(|role| self.lacks(author, role))
    }

    /// Why an overruling is of its author's own objection, under another address.
    fn own_objection(&self, entry: &Entry, of: &CommitId) -> Option<String> {
        let objection = self.ledger.before(of, &entry.id)?;
        let own = self.people.are_one(entry, objection)
            || self.people.is_author(&entry.committer, objection);
        own.then(|| {
            format!(
                "nobody overrules their own objection, and `.mailmap` says that {} and {} are one person",
                entry.author.email, objection.author.email
            )
        })
    }

    fn lacks(&self, author: &Person, role: &Role) -> Option<String> {
        let has_it = self.members(role).iter().any(|member| author.is(member));
        (!has_it).then(|| format!("{} is not in the role `{role}`", author.email))
    }

    /// Why a standing record no longer matches what is there; nothing when it does.
    pub(crate) fn reasons(&self, entry: &Entry) -> Vec<CleanText> {
        let record = &entry.record;
        let statement = &record.statement;
        let act = statement.act();
        if act == Act::Objection {
            return Vec::new();
        }
        let policy = self.policy().filter(|_| act == Act::SignOff);
        let same_item = match act {
            Act::Overruling => record.item_digest == ledger::state_digest(self.item),
            _ => self.item.is_some_and(|item| record.item_digest == item.digest),
        };
        let changed_item = (!same_item).then(|| "the item was changed since".to_owned());
        let policy = policy.as_ref();
        [
            changed_item,
            policy.and_then(|policy| self.changed_files(policy, entry, same_item)),
            policy.and_then(|policy| self.elsewhere(policy, entry)),
            self.result.and_then(|result| not_accepted(result, statement.accepted())),
            policy.and_then(|policy| run_out(policy, entry, self.now)),
            self.waiver_over(entry),
        ]
        .into_iter()
        .flatten()
        .map(CleanText::line)
        .collect()
    }

    /// A sign-off that neither files nor time bind holds for the commit that it
    /// was made on and for what follows it. One that covered no file is bound by
    /// none.
    fn elsewhere(&self, policy: &Policy, entry: &Entry) -> Option<String> {
        let covers = policy.covers.is_some()
            && entry.record.statement.covered().is_some_and(|files| !files.is_empty());
        let bound = covers || policy.valid.is_some();
        let commit = &entry.record.commit;
        (!bound && !self.ancestors.contains(commit)).then(|| {
            format!("it was made on {}, which this commit does not descend from", commit.short())
        })
    }

    fn waiver_over(&self, entry: &Entry) -> Option<String> {
        let until = entry.record.statement.until()?;
        let last = last_day(self, entry)?;
        (last.end() <= self.now).then(|| {
            if last < until {
                format!(
                    "it was to last until {until}, and the checklist lets it count until {last}"
                )
            } else {
                format!("its last day was {until}")
            }
        })
    }

    /// Compares the covered files. When the item itself was changed it may cover
    /// other files than it did, so then only those count that it covers still.
    fn changed_files(&self, policy: &Policy, entry: &Entry, same_item: bool) -> Option<String> {
        let covers = policy.covers.as_ref()?;
        let Some(now) = self.covered else {
            return Some("the files that it covers could not be compared".to_owned());
        };
        let nothing = BTreeMap::new();
        let then = entry.record.statement.covered().unwrap_or(&nothing);
        let of_then = then.iter().filter_map(|(path, blob)| match now.get(path) {
            Some(same) if is_same(blob, same) => None,
            Some(_) => Some((path, "changed")),
            None => same_item.then_some((path, "removed")),
        });
        let added = now.keys().filter(|path| same_item && !then.contains_key(*path));
        let mut changes: Vec<_> = of_then.chain(added.map(|path| (path, "added"))).collect();
        changes.sort();
        let here = self.deployed.into_iter().flat_map(|around| {
            let changed = around.tracked.iter().map(|(path, _)| (path, "changed, not committed"));
            changed.chain(around.untracked.iter().map(|path| (path, "added, not committed")))
        });
        let here = here.filter(|(path, _)| covers.matches(path));
        let named: Vec<String> = changes
            .iter()
            .map(|(path, how)| format!("{path} ({how})"))
            .chain(here.map(|(path, how)| format!("{path} ({how})")))
            .collect();
        (!named.is_empty()).then(|| {
            let files = if named.len() == 1 { "a covered file" } else { "covered files" };
            format!("{files} changed since: {}", crate::model::words::list(&named, MOST_FILES))
        })
    }
}

/// Whether a covered file is what it was: by blob and mode, of which records of
/// old hold the blob alone.
fn is_same(then: &str, now: &str) -> bool {
    let blob = |file| str::split(file, ' ').next();
    then == now || (!then.contains(' ') && blob(now) == Some(then))
}

/// The last day of a waiver, which may be earlier than it says: a longer one than
/// the checklist allows counts up to the limit, from its record's time and to the
/// end of the day on which that falls.
pub(in crate::assess) fn last_day(grounds: &Grounds<'_>, entry: &Entry) -> Option<Date> {
    let says = entry.record.statement.until()?;
    let limits = grounds.checklist.waiver_limits(grounds.item?)?;
    Some(says.min(limits.last_day(entry.at)))
}

/// What stands there now and was not accepted: findings, needs and errors. Two
/// equal ones are two: one that was accepted does not stand for both.
fn not_accepted(result: &ItemResult, accepted: &[Digest]) -> Option<String> {
    let mut left: HashMap<&Digest, usize> = HashMap::new();
    for identity in accepted {
        *left.entry(identity).or_default() += 1;
    }
    let mut is_new = |identity: Digest| match left.get_mut(&identity) {
        Some(number) if *number > 0 => {
            *number -= 1;
            false
        }
        _ => true,
    };
    let mut parts = Vec::new();
    let findings: Vec<_> = result.findings().filter(|finding| is_new(finding.identity())).collect();
    if !findings.is_empty() {
        parts.push(words::findings(&findings, "new finding", " since"));
    }
    let needs: Vec<_> = result.needs().filter(|need| is_new(need.identity())).collect();
    if let Some(first) = needs.first() {
        parts.push(format!("not known since: {}", first.message));
    }
    let errors: Vec<&CheckError> =
        result.errors().filter(|error| is_new(error.identity())).collect();
    if let Some(first) = errors.first() {
        parts.push(format!("an error since: {first}"));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// Whether a sign-off's time is over, counted from when it was made.
fn run_out(policy: &Policy, entry: &Entry, now: Timestamp) -> Option<String> {
    let valid = policy.valid?;
    let end = valid.after(entry.at);
    (end <= now).then(|| {
        format!("signed {}, held for {valid}, until {}", Date::of(entry.at), words::moment(end))
    })
}

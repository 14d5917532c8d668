//! What blocks a GO, and who may set a blocker aside for how long.

use jiff::Timestamp;

use super::{Checklist, Item};
use crate::model::{Date, Period, Role, Severity};

/// For how long an item may be waived when nothing says so.
pub(super) const USUAL: Period = Period::days(90);
const USUAL_CRITICAL: Period = Period::days(30);

/// What blocks a GO, and who may set a blocker aside.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Gate {
    /// Items less severe than this only warn.
    pub blocks_from: Severity,
    /// Who may waive, and for how long.
    pub waivers: WaiverRule,
    /// The role that may overrule somebody else's objection.
    pub overrule: Option<Role>,
    /// What uncommitted changes mean.
    pub uncommitted: Uncommitted,
    /// What is known of the ledger's copies elsewhere.
    pub ledger: LedgerRule,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            blocks_from: Severity::Low,
            waivers: WaiverRule::default(),
            overrule: None,
            uncommitted: Uncommitted::default(),
            ledger: LedgerRule::default(),
        }
    }
}

/// Who may waive, and for how long; what is left out is decided elsewhere, see
/// [`Checklist::waiver_limits`].
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WaiverRule {
    /// The role that may.
    pub by: Option<Role>,
    /// The longest time.
    pub longest: Option<Period>,
}

/// What uncommitted changes of tracked files mean for a GO.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Uncommitted {
    /// GO waits for the commit.
    #[default]
    Block,
    /// They are named, and the verdict is about the work tree.
    Warn,
}

/// Whether the ledger is shared with others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LedgerRule {
    /// Through a remote; the last sync may be that old.
    Shared {
        /// No limit when there is none.
        max_age: Option<Period>,
    },
    /// It stays on this machine, knowingly.
    Local,
}

impl Default for LedgerRule {
    fn default() -> Self {
        Self::Shared { max_age: None }
    }
}

/// What an item says of its own waivers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Waive {
    /// Nothing: the gate decides.
    #[default]
    Default,
    /// Nobody may waive it.
    Never,
    /// This goes before what the gate says.
    Rule(WaiverRule),
}

/// Who may waive an item, and for how long.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WaiverLimits {
    /// Whose waiver counts.
    pub who: MayWaive,
    /// Longer waivers count only up to this, from the time of their record.
    pub longest: Period,
}

impl WaiverLimits {
    /// The last day allowed to a waiver of that moment: the day on which the
    /// limit falls, to its end.
    pub fn last_day(&self, made: Timestamp) -> Date {
        Date::of(self.longest.after(made))
    }
}

/// Whose waiver counts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MayWaive {
    /// Anyone's: there is no team.
    Anyone,
    /// That of anyone in the team.
    Team,
    /// That of the people in this role.
    Role(Role),
}

impl Checklist {
    /// Who may waive an item and for how long; nothing when nobody may.
    ///
    /// What the item says goes before what the gate says, field by field. Where
    /// neither names a role, that of the item's sign-off holds, else the team,
    /// else anyone may. Where neither names a length, it is 90 days, and 30 for a
    /// critical item; only the item itself can give a critical item more.
    pub fn waiver_limits(&self, item: &Item) -> Option<WaiverLimits> {
        self.limits_of(item, &item.waive)
    }

    /// The limits that an item would have if it said this of its waivers.
    pub(super) fn limits_of(&self, item: &Item, says: &Waive) -> Option<WaiverLimits> {
        let silent = WaiverRule::default();
        let own = match says {
            Waive::Never => return None,
            Waive::Default => &silent,
            Waive::Rule(rule) => rule,
        };
        let gate = &self.gate.waivers;
        let signer = || item.sign_off.as_ref().and_then(|policy| policy.by.as_ref());
        let who = match own.by.as_ref().or(gate.by.as_ref()).or_else(signer) {
            Some(role) => MayWaive::Role(role.clone()),
            None if self.team.is_empty() => MayWaive::Anyone,
            None => MayWaive::Team,
        };
        let usual = if item.severity == Severity::Critical { USUAL_CRITICAL } else { USUAL };
        let longest = own.longest.unwrap_or_else(|| match gate.longest {
            Some(longest) if item.severity == Severity::Critical => longest.min(usual),
            Some(longest) => longest,
            None => usual,
        });
        Some(WaiverLimits { who, longest })
    }
}

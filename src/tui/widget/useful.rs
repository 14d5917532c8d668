//! Which keys are of use for an item, for the bottom line.

use crate::assess::{Sharing, Standing};
use crate::checklist::{Item, Mode};
use crate::tui::dialog::{overrule, sync};
use crate::tui::keys::intent::{Action, Intent};
use crate::tui::known::Known;

/// What settles the item, and what else can be done about it.
pub(crate) fn actions(known: &Known, item: &Item) -> (Vec<Intent>, Vec<Intent>) {
    let standing = known.standing(&item.id);
    let settled = standing.is_settled();
    let objected = standing == Standing::Objected;
    let writable = known.read_only().is_none();
    let signable = item.takes_sign_off(known.results.get(&item.id)) && !objected;
    let limits = known.loaded.as_ref().and_then(|loaded| loaded.checklist.waiver_limits(item));
    let fixable = !known.fixes(item).is_empty();
    let placed = known.results.get(&item.id).is_some_and(|result| {
        result.findings().any(|finding| finding.place().is_some())
            || result.needs().any(|need| need.place().is_some())
    });
    let first = [
        (Action::Fix, writable && fixable && !settled),
        (Action::SignOff, writable && signable && !settled),
    ];
    let rest = [
        (Action::Edit, placed),
        (Action::Waive, writable && !settled && !objected && limits.is_some()),
        (Action::Object, writable && item.mode() != Mode::Automatic),
        (Action::Withdraw, writable && known.is_mine(&item.id)),
    ];
    let chosen = |all: &[(Action, bool)]| {
        all.iter().filter(|(_, of_use)| *of_use).map(|(action, _)| Intent::Item(*action)).collect()
    };
    let mut first: Vec<Intent> = chosen(&first);
    if objected && writable {
        first.push(overrule::OPENER.binding.intent);
    }
    (first, chosen(&rest))
}

/// What can be done about any item.
pub(crate) fn always() -> [Intent; 2] {
    [Action::Rerun, Action::Copy].map(Intent::Item)
}

/// The key that shares the ledger, while there is something to share.
pub(crate) fn sharing(known: &Known) -> Option<Intent> {
    let loaded = known.loaded.as_ref().filter(|_| known.read_only().is_none())?;
    match &loaded.basis.ledger.sharing {
        Sharing::Never(_) => Some(sync::OPENER.binding.intent),
        Sharing::Synced { ahead, behind, .. } if ahead + behind > 0 => {
            Some(sync::OPENER.binding.intent)
        }
        _ => None,
    }
}

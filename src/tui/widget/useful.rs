//! Which keys are of use for an item, for the bottom line.

use crate::checklist::{Item, Mode};
use crate::tui::keys::intent::{Action, Intent};
use crate::tui::known::Known;

/// What settles the item, and what else can be done about it.
pub(crate) fn actions(known: &Known, item: &Item) -> (Vec<Intent>, Vec<Intent>) {
    let settled = known.standing(&item.id).is_settled();
    let writable = known.read_only().is_none();
    let signable = item.mode() != Mode::Automatic || item.when_undecided.is_some();
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
        (Action::Waive, writable && !settled),
        (Action::Object, writable && item.mode() != Mode::Automatic),
        (Action::Withdraw, writable && known.is_mine(&item.id)),
    ];
    let chosen = |all: &[(Action, bool)]| {
        all.iter().filter(|(_, of_use)| *of_use).map(|(action, _)| Intent::Item(*action)).collect()
    };
    (chosen(&first), chosen(&rest))
}

/// What can be done about any item.
pub(crate) fn always() -> [Intent; 2] {
    [Action::Rerun, Action::Copy].map(Intent::Item)
}

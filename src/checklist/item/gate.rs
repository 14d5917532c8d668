//! The gate that all files give together, field by field.

use super::Builder;
use crate::checklist::place::{Given, Place};
use crate::checklist::raw::{RawGate, RawLedger, RawUncommitted};
use crate::checklist::rivals::Rivals;
use crate::checklist::{Gate, LedgerRule, Uncommitted, WaiverRule};

impl Builder<'_> {
    /// The outermost file that says something decides, for each field.
    pub(crate) fn gate(&mut self) -> Gate {
        let waivers = &["waivers", "by"];
        let by = self.given(waivers, |gate| gate.waivers.as_ref()?.by.clone());
        let overrule = self.given(&["overrule"], |gate| gate.overrule.clone());
        let blocks_from = self.given(&["blocks_from"], |gate| Some(gate.blocks_from?.0));
        let longest =
            self.given(&["waivers", "longest"], |gate| Some(gate.waivers.as_ref()?.longest?.0));
        let uncommitted = self.given(&["uncommitted"], |gate| gate.uncommitted);
        let ledger = self.given(&["ledger"], |gate| gate.ledger);
        let usual = Gate::default();
        Gate {
            blocks_from: blocks_from.map_or(usual.blocks_from, |given| given.value),
            waivers: WaiverRule {
                by: by.and_then(|by| self.role(&by)),
                longest: longest.map(|given| given.value),
            },
            overrule: overrule.and_then(|role| self.role(&role)),
            uncommitted: match uncommitted.map(|given| given.value) {
                Some(RawUncommitted::Warn) => Uncommitted::Warn,
                Some(RawUncommitted::Block) | None => Uncommitted::Block,
            },
            ledger: match ledger.map(|given| given.value) {
                Some(RawLedger::Local) => LedgerRule::Local,
                Some(RawLedger::Shared(shared)) => {
                    LedgerRule::Shared { max_age: shared.max_age.map(|written| written.0) }
                }
                None => usual.ledger,
            },
        }
    }

    fn given<T: PartialEq>(
        &mut self,
        path: &[&str],
        get: impl Fn(&RawGate) -> Option<T>,
    ) -> Option<Given<T>> {
        // an including file stands before what it includes
        let all = self.files.iter().enumerate().rev().filter_map(|(index, file)| {
            let value = get(file.raw.gate.as_ref()?)?;
            let at = path.iter().fold(Place::top(index, "gate"), |at, key| at.key(key));
            Some(Given { value, at })
        });
        let what = format!("`{}` of the gate", path.join("."));
        let mut rivals = Rivals::default();
        let given = all.reduce(|known, given| {
            let same = known.value == given.value;
            match rivals.decide(&self.families, &what, &known.at, &given.at, same) {
                true => given,
                false => known,
            }
        });
        rivals.tell(self.files, &mut self.told);
        given
    }
}

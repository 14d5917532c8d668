//! Sharing the ledger with the remote; `esc` gives the work up.

use crossterm::event::KeyCode;

use super::base::{Dialog, Opener, Step};
use super::notice::Notice;
use crate::assess::Sharing;
use crate::model::words::{ago, count};
use crate::tui::keys::binding::{Binding, Group, ch};
use crate::tui::keys::intent::Intent;
use crate::tui::known::Known;
use crate::tui::message::Question;
use crate::tui::theme::Role;
use crate::tui::widget::sheet::{Page, Sheet};
use crate::tui::widget::writer::Writer;

/// How it opens.
pub(crate) const OPENER: Opener = Opener {
    binding: Binding {
        chords: &[ch('S')],
        intent: Intent::Open("sync"),
        group: Group::Program,
        hint: "sync",
        help: "share the ledger with the remote: fetch, join, push",
    },
    open: |known, _, _| Some(open(known)),
};

fn open(known: &Known) -> Box<dyn Dialog> {
    let refused = |text: String| Box::new(Notice { title: "The ledger cannot be synced", text });
    let Some(loaded) = &known.loaded else {
        return refused("The repository is still being read.".to_owned());
    };
    if let Some(why) = known.read_only() {
        return refused(why);
    }
    if known.offline {
        return refused("A sync asks the remote, and --offline forbids that.".to_owned());
    }
    match &loaded.basis.ledger.sharing {
        Sharing::NoRemote => refused(
            "This repository has no remote. Add one with `git remote add origin URL`, then sync."
                .to_owned(),
        ),
        Sharing::Gone(remote) => refused(format!(
            "The ledger was synced with `{remote}`, and this repository has no such remote now. Add it with `git remote add {remote} URL`, then sync."
        )),
        sharing => Box::new(SyncDialog { sharing: sharing.clone() }),
    }
}

/// A sync.
#[derive(Debug)]
struct SyncDialog {
    /// What is known of it so far.
    sharing: Sharing,
}

impl Dialog for SyncDialog {
    fn sheet(&self, page: &Page<'_>) -> Sheet {
        let known = page.known;
        let mut w = Writer::new(known, page.columns);
        match &self.sharing {
            Sharing::NoRemote | Sharing::Gone(_) => {}
            Sharing::Never(remote) => {
                w.text(Role::Heading, 0, &format!("Share the ledger with `{remote}`"));
                w.text(Role::Text, 0, "It was never synced with this remote.");
            }
            Sharing::Synced { remote, ahead, behind, at } => {
                w.text(Role::Heading, 0, &format!("Share the ledger with `{remote}`"));
                let text = format!("{} to send", count(*ahead, "record"));
                w.text(Role::Text, 0, &text);
                if *behind > 0 {
                    let text = format!("{} known to be waiting there", count(*behind, "record"));
                    w.text(Role::Text, 0, &text);
                }
                if let Some(at) = at {
                    w.text(Role::Muted, 0, &format!("last synced {}", ago(*at, known.now)));
                }
            }
            Sharing::Unknown(why) => {
                w.text(Role::Heading, 0, "Share the ledger with the remote");
                w.text(Role::Text, 0, why.as_str());
            }
        }
        w.blank();
        w.text(
            Role::Muted,
            0,
            "git fetches the remote's records, gonogo joins them to yours, and git pushes the union. Where a password has to be typed, use `gonogo sync` in a shell.",
        );
        Sheet::new("Sync", w).with_keys(&[("enter", "sync"), ("esc", "cancel")])
    }

    fn on_key(&mut self, key: &crossterm::event::KeyEvent, _known: &Known) -> Step {
        match key.code {
            KeyCode::Char('S') => Step::Close,
            _ => Step::Unused,
        }
    }

    fn enter(&mut self, _known: &Known) -> Step {
        Step::Ask(Question::Sync)
    }
}

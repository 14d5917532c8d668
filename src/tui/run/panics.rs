//! Tells of panics without writing across the screen.

use std::panic::PanicHookInfo;
use std::sync::Arc;

use crossbeam_channel::Sender;

use super::event::Event;
use super::terminal;
use crate::engine;
use crate::tui::message::Message;

type Hook = dyn Fn(&PanicHookInfo<'_>) + Send + Sync;

/// Puts the former hook back when it is dropped.
pub(crate) struct PanicReports(Arc<Hook>);

/// From now on, a panic of the thread that draws restores the terminal before
/// it is told; one of another thread is shown in a dialog, since it would
/// otherwise be written across the screen.
pub(crate) fn report_panics(events: Sender<Event>) -> PanicReports {
    let before: Arc<Hook> = Arc::from(std::panic::take_hook());
    let drawing = std::thread::current().id();
    let former = before.clone();
    std::panic::set_hook(Box::new(move |panic| {
        if engine::is_guarded() {
            return; // caught, and told as the check's error
        }
        if std::thread::current().id() == drawing {
            terminal::leave();
            former(panic);
            return;
        }
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        // not the panic's own words: they may hold what a file held
        let text = format!(
            "A part of gonogo failed at {place}. This is a defect of gonogo; please report it. \
             What was asked for was not done; the rest goes on."
        );
        let _ = events.send(Event::Message(Message::Defect(text)));
    }));
    PanicReports(before)
}

impl Drop for PanicReports {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let before = self.0.clone();
            std::panic::set_hook(Box::new(move |panic| before(panic)));
        }
    }
}

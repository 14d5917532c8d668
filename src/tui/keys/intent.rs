//! What a person wants. Each kind is matched in full where it is carried out, so
//! that a new one does not compile until somebody does it.

/// What a person wants.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Intent {
    /// Something about the screen in front: the screen knows.
    Move(Move),
    /// Something about the selected item.
    Item(Action),
    /// Something about the program.
    Program(Command),
    /// Open the dialog that is registered under this name.
    Open(&'static str),
    /// Show the screen that is registered under this name.
    Show(&'static str),
}

/// Moving about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Move {
    /// Up or down by some way.
    Scroll(Scroll),
    /// To the list, or close the section.
    Left,
    /// To the detail, or open the section.
    Right,
    /// The keys go to the other pane.
    OtherPane,
    /// Open what is selected.
    Enter,
    /// One step back.
    Back,
    /// Type a filter.
    Filter,
    /// To the next item that blocks.
    NextBlocker,
    /// To the one before.
    PreviousBlocker,
}

/// Ways up and down.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Scroll {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// A pane's height up.
    PageUp,
    /// A pane's height down.
    PageDown,
    /// Half a pane up.
    HalfUp,
    /// Half a pane down.
    HalfDown,
    /// To the top.
    First,
    /// To the bottom.
    Last,
}

impl Scroll {
    /// Where it leads from `at`, in a pane of this height, with this last place.
    pub(crate) fn from(self, at: usize, height: usize, last: usize) -> usize {
        let page = height.saturating_sub(1).max(1);
        let half = (height / 2).max(1);
        let to = match self {
            Self::Up => at.saturating_sub(1),
            Self::Down => at + 1,
            Self::PageUp => at.saturating_sub(page),
            Self::PageDown => at + page,
            Self::HalfUp => at.saturating_sub(half),
            Self::HalfDown => at + half,
            Self::First => 0,
            Self::Last => last,
        };
        to.min(last)
    }
}

/// What can be done about the selected item.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Action {
    /// Sign it off.
    SignOff,
    /// Object to it.
    Object,
    /// Waive it.
    Waive,
    /// Withdraw one's own record.
    Withdraw,
    /// Let gonogo make it hold.
    Fix,
    /// Check it again.
    Rerun,
    /// Open the place in the editor.
    Edit,
    /// Copy the place or the id.
    Copy,
    /// Copy the fix's code.
    CopyCode,
}

/// What concerns the program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Command {
    /// Read everything and check all again.
    RerunAll,
    /// Take the latest fix back.
    Undo,
    /// Mouse on or off.
    Mouse,
    /// The next theme.
    Theme,
    /// Leave the program.
    Quit,
    /// Stop the program until the shell's `fg`.
    Suspend,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scrolling_stays_inside() {
        let cases = [
            (Scroll::Up, 0, 0),
            (Scroll::Down, 9, 9),
            (Scroll::PageDown, 2, 6),
            (Scroll::PageUp, 2, 0),
            (Scroll::HalfDown, 2, 4),
            (Scroll::HalfUp, 5, 3),
            (Scroll::First, 5, 0),
            (Scroll::Last, 5, 9),
        ];
        for (way, from, to) in cases {
            assert_eq!(way.from(from, 5, 9), to, "{way:?}");
        }
        assert_eq!(Scroll::PageDown.from(0, 0, 9), 1, "a pane without height still moves");
    }
}

//! What each role on the screen looks like. Views name roles, never colours.

use ratatui::style::{Color, Modifier, Style};

use super::options::ThemeChoice;
use crate::assess::{Standing, Verdict};
use crate::model::Severity;
use crate::report::style::{self, Tone};

/// A look of the whole screen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Theme {
    /// Light letters on a dark terminal.
    Dark,
    /// Dark letters on a light terminal.
    Light,
    /// No colour at all: weight, underline and reverse only.
    Plain,
}

/// What a piece of text is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// Ordinary text.
    Text,
    /// Text that should step back.
    Muted,
    /// A heading.
    Heading,
    /// Lines between parts.
    Rule,
    /// The title of the pane that has the keys.
    Focused,
    /// The glyph that points at the selection.
    Pointer,
    /// The selected row of the pane that has the keys.
    Selected,
    /// The selected row of another pane.
    SelectedElsewhere,
    /// Where an item stands.
    Standing(Standing),
    /// How bad it is.
    Severity(Severity),
    /// The verdict's badge.
    Badge(Badge),
    /// Code to copy, and lines of files.
    Code,
    /// `file:line:column`
    Place,
    /// The name of a key.
    Key,
    /// Something to be careful about.
    Warning,
    /// Something that went wrong.
    Error,
    /// Something that went well.
    Success,
    /// A line that a fix adds.
    Added,
    /// A line that a fix takes away.
    Removed,
    /// A field that is being typed into.
    Input,
}

/// What the verdict's badge says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Badge {
    /// All is known.
    Verdict(Verdict),
    /// Checks still run.
    Checking,
}

impl Theme {
    /// The theme for a choice; `auto` looks at the environment.
    ///
    /// `NO_COLOR` (no-color.org) counts when it is not empty. `COLORFGBG` is
    /// set by rxvt, Konsole and others to `foreground;background`, where 7 and
    /// 15 are the light backgrounds. The terminal itself is not asked: a late
    /// answer would arrive as typed text.
    pub(crate) fn choose(choice: ThemeChoice, env: impl Fn(&str) -> Option<String>) -> Self {
        match choice {
            ThemeChoice::Dark => Self::Dark,
            ThemeChoice::Light => Self::Light,
            ThemeChoice::None => Self::Plain,
            ThemeChoice::Auto => {
                if env("NO_COLOR").is_some_and(|value| !value.is_empty())
                    || env("TERM").is_some_and(|term| term == "dumb" || term.ends_with("-m"))
                {
                    return Self::Plain;
                }
                let colours = env("COLORFGBG").unwrap_or_default();
                match colours.rsplit(';').next() {
                    Some("7" | "15") => Self::Light,
                    _ => Self::Dark,
                }
            }
        }
    }

    /// The one after this, for the key that goes round.
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Dark => Self::Light,
            Self::Light => Self::Plain,
            Self::Plain => Self::Dark,
        }
    }

    /// Its name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
            Self::Plain => "colourless",
        }
    }

    /// The style of a role.
    pub(crate) fn style(self, role: Role) -> Style {
        let style = Style::new().add_modifier(weight(role));
        match self {
            Self::Plain => style,
            Self::Dark => tint(style, role, &DARK),
            Self::Light => tint(style, role, &LIGHT),
        }
    }
}

/// Colours by number in the 256-colour palette, which, unlike the first 16, no
/// terminal's own scheme moves.
struct Palette {
    muted: u8,
    rule: u8,
    accent: u8,
    red: u8,
    orange: u8,
    yellow: u8,
    green: u8,
    cyan: u8,
    violet: u8,
    row: u8,
    /// Letters on a coloured badge.
    on_badge: u8,
}

impl Palette {
    fn of(&self, tone: Tone) -> u8 {
        match tone {
            Tone::Good => self.green,
            Tone::Signed => self.cyan,
            Tone::Waived => self.violet,
            Tone::Quiet => self.muted,
            Tone::Waits => self.yellow,
            Tone::Worn => self.orange,
            Tone::Bad => self.red,
        }
    }
}

const DARK: Palette = Palette {
    muted: 246,
    rule: 240,
    accent: 75,
    red: 203,
    orange: 215,
    yellow: 222,
    green: 114,
    cyan: 80,
    violet: 176,
    row: 237,
    on_badge: 16,
};

const LIGHT: Palette = Palette {
    muted: 241,
    rule: 250,
    accent: 25,
    red: 160,
    orange: 130,
    yellow: 94,
    green: 28,
    cyan: 30,
    violet: 90,
    row: 254,
    on_badge: 231,
};

fn tint(plain: Style, role: Role, palette: &Palette) -> Style {
    let fg = |colour: u8| plain.fg(Color::Indexed(colour));
    match role {
        Role::Text | Role::Selected | Role::Heading | Role::Input => plain,
        Role::Muted => fg(palette.muted),
        Role::Rule => fg(palette.rule),
        Role::Focused | Role::Pointer | Role::Key => fg(palette.accent),
        Role::Place => fg(palette.cyan),
        Role::SelectedElsewhere => plain.bg(Color::Indexed(palette.row)),
        Role::Standing(standing) => fg(palette.of(style::of_standing(standing))),
        Role::Severity(severity) => fg(palette.of(style::of_severity(severity))),
        Role::Badge(badge) => {
            let back = match badge {
                Badge::Verdict(verdict) => palette.of(style::of_verdict(verdict)),
                Badge::Checking => palette.accent,
            };
            fg(palette.on_badge).bg(Color::Indexed(back))
        }
        Role::Code => fg(palette.cyan),
        Role::Warning => fg(palette.orange),
        Role::Error | Role::Removed => fg(palette.red),
        Role::Success | Role::Added => fg(palette.green),
    }
}

/// What a role looks like without colour; colours come on top.
fn weight(role: Role) -> Modifier {
    match role {
        Role::Selected => Modifier::REVERSED,
        Role::Badge(_)
        | Role::SelectedElsewhere
        | Role::Heading
        | Role::Focused
        | Role::Pointer
        | Role::Key
        | Role::Error
        | Role::Warning => Modifier::BOLD,
        Role::Standing(standing) if !standing.is_settled() && standing != Standing::Pending => {
            Modifier::BOLD
        }
        Role::Input => Modifier::UNDERLINED,
        Role::Text
        | Role::Muted
        | Role::Rule
        | Role::Standing(_)
        | Role::Severity(_)
        | Role::Code
        | Role::Place
        | Role::Success
        | Role::Added
        | Role::Removed => Modifier::empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn env(pairs: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| pairs.iter().find(|(key, _)| *key == name).map(|(_, v)| (*v).to_owned())
    }

    #[test]
    fn the_environment_chooses() {
        let cases: [(&'static [(&str, &str)], Theme); 6] = [
            (&[], Theme::Dark),
            (&[("NO_COLOR", "1")], Theme::Plain),
            (&[("NO_COLOR", "")], Theme::Dark),
            (&[("TERM", "dumb")], Theme::Plain),
            (&[("COLORFGBG", "0;15")], Theme::Light),
            (&[("COLORFGBG", "15;default;0")], Theme::Dark),
        ];
        for (pairs, expected) in cases {
            assert_eq!(Theme::choose(ThemeChoice::Auto, env(pairs)), expected, "{pairs:?}");
        }
        let asked = Theme::choose(ThemeChoice::Light, env(&[("NO_COLOR", "1")]));
        assert_eq!(asked, Theme::Light, "what was asked for counts more");
    }

    fn roles() -> Vec<Role> {
        let mut roles = vec![
            Role::Text,
            Role::Muted,
            Role::Heading,
            Role::Rule,
            Role::Focused,
            Role::Pointer,
            Role::Selected,
            Role::SelectedElsewhere,
            Role::Badge(Badge::Verdict(Verdict::Go)),
            Role::Badge(Badge::Verdict(Verdict::NoGo)),
            Role::Badge(Badge::Checking),
            Role::Code,
            Role::Place,
            Role::Key,
            Role::Warning,
            Role::Error,
            Role::Success,
            Role::Added,
            Role::Removed,
            Role::Input,
        ];
        roles.extend(Standing::ALL.map(Role::Standing));
        roles.extend(Severity::ALL.map(Role::Severity));
        roles
    }

    #[test]
    fn the_colourless_theme_has_no_colour() {
        for role in roles() {
            let style = Theme::Plain.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{role:?}");
        }
    }

    #[test]
    fn the_selection_is_reversed_everywhere() {
        for theme in [Theme::Dark, Theme::Light, Theme::Plain] {
            assert!(theme.style(Role::Selected).add_modifier.contains(Modifier::REVERSED));
        }
    }

    #[test]
    fn what_stands_against_a_go_does_not_look_like_what_is_settled() {
        for theme in [Theme::Dark, Theme::Light, Theme::Plain] {
            for bad in Standing::ALL.into_iter().filter(|s| !s.is_settled()) {
                for good in Standing::ALL.into_iter().filter(|s| s.is_settled()) {
                    if bad != Standing::Pending {
                        let (bad, good) = (Role::Standing(bad), Role::Standing(good));
                        assert_ne!(theme.style(bad), theme.style(good), "{bad:?} {good:?}");
                    }
                }
            }
        }
    }
}

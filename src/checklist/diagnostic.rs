//! What is wrong with a checklist, where, and how that is shown: the one place
//! that renders it.

use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::model::CleanText;
use crate::secret::redact;

/// One thing to say about a checklist file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Diagnostic {
    /// Whether the checklist cannot be used because of it.
    pub error: bool,
    /// What is wrong, in one sentence.
    pub message: CleanText,
    /// Where; a mistake that concerns no line (a missing file) has none.
    pub place: Option<Box<Spot>>,
    /// Other places that belong to it, each with its label.
    pub also: Vec<Spot>,
    /// What to do: expected words, a suggestion.
    pub help: Vec<CleanText>,
}

/// A place in a YAML file, with its line made safe to show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Spot {
    /// The file, for people.
    pub file: CleanText,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// What is to be seen there; may be empty.
    pub label: CleanText,
    /// The line, or the part of a long one around the place.
    pub shown: CleanText,
    /// The bytes of `shown` that are meant.
    pub caret: Range<usize>,
}

/// A longer line is cut around the place, in characters.
const SHOWN_BEFORE: usize = 50;
const SHOWN_AFTER: usize = 60;
const SHOWN_WHOLE: usize = 110;

/// More diagnostics than these are counted, not shown.
const MOST_SHOWN: usize = 100;

impl Spot {
    /// `range` are the bytes of `line` that are meant.
    pub(super) fn new(
        file: CleanText,
        number: u32,
        line: &str,
        range: Range<usize>,
        label: String,
    ) -> Self {
        let (before, rest) = line.split_at(range.start);
        let (meant, after) = rest.split_at(range.end - range.start);
        let column = u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX);
        let (before, meant, after) = cut(before, meant, after);
        let whole = format!("{before}{meant}{after}");
        let (before, meant) = (CleanText::line(before), CleanText::line(meant));
        let mut caret = before.as_str().len()..before.as_str().len() + meant.as_str().len();
        let mut shown = CleanText::line(&whole);
        // a checklist holds no secret, but a file taken for one may
        let redacted = redact::line(&whole, &[]);
        if redacted.as_str() != shown.as_str() {
            caret = redacted
                .as_str()
                .find(meant.as_str())
                .filter(|_| !meant.is_empty())
                .map_or(0..redacted.as_str().len(), |at| at..at + meant.as_str().len());
            shown = CleanText::line(redacted.as_str());
        }
        Self { file, line: number, column, label: CleanText::line(label), shown, caret }
    }

    /// Adds this place to a group of the renderer's.
    fn add_to<'a>(&'a self, group: Group<'a>, kind: AnnotationKind, labelled: bool) -> Group<'a> {
        let mut annotation = kind.span(self.caret.clone());
        if labelled && !self.label.is_empty() {
            annotation = annotation.label(self.label.as_str());
        }
        let snippet = Snippet::source(self.shown.as_str())
            .line_start(self.line as usize)
            .annotation(annotation);
        // the renderer counts columns in what is shown, which may be part of the line
        let before = self.shown.as_str().get(..self.caret.start).unwrap_or_default();
        if before.chars().count() + 1 == self.column as usize {
            return group.element(snippet.path(self.file.as_str()));
        }
        let origin = Origin::path(self.file.as_str())
            .line(self.line as usize)
            .char_column(self.column as usize);
        group.element(origin).element(snippet)
    }
}

fn cut<'a>(before: &'a str, meant: &'a str, after: &'a str) -> (String, String, String) {
    let length = |text: &str| text.chars().take(SHOWN_WHOLE + 1).count();
    if length(before) + length(meant) + length(after) <= SHOWN_WHOLE {
        return (before.to_owned(), meant.to_owned(), after.to_owned());
    }
    let skipped = before.chars().count().saturating_sub(SHOWN_BEFORE);
    let before: String = before.chars().skip(skipped).collect();
    let before = if skipped > 0 { format!("…{before}") } else { before };
    let meant = first(meant, SHOWN_AFTER);
    let left = SHOWN_AFTER.saturating_sub(meant.chars().count());
    let after = if meant.ends_with('…') { String::new() } else { first(after, left) };
    (before, meant, after)
}

/// The first characters of a text, `…` where it was longer.
pub(super) fn first(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

impl Diagnostic {
    /// A mistake: the checklist cannot be used.
    pub(super) fn error(message: impl AsRef<str>) -> Self {
        Self {
            error: true,
            message: CleanText::line(message),
            place: None,
            also: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Something to look at; the checklist can be used.
    pub(super) fn warning(message: impl AsRef<str>) -> Self {
        Self { error: false, ..Self::error(message) }
    }

    pub(super) fn at(mut self, place: Spot) -> Self {
        self.place = Some(Box::new(place));
        self
    }

    pub(super) fn also(mut self, place: Spot) -> Self {
        self.also.push(place);
        self
    }

    pub(super) fn help(mut self, help: impl AsRef<str>) -> Self {
        self.help.push(CleanText::line(help));
        self
    }

    pub(super) fn maybe_help(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// As a compiler shows it: the sentence, `file:line:column`, the line with a
    /// caret, what to do. Ends without a line break.
    pub(crate) fn render(&self, colour: bool) -> String {
        let level = if self.error { Level::ERROR } else { Level::WARNING };
        let mut main = Group::with_title(level.primary_title(self.message.as_str()));
        if let Some(place) = &self.place {
            main = place.add_to(main, AnnotationKind::Primary, true);
        }
        for help in &self.help {
            main = main.element(Level::HELP.message(help.as_str()));
        }
        let mut groups = vec![main];
        for place in &self.also {
            let label = if place.label.is_empty() { "see also" } else { place.label.as_str() };
            let group = Group::with_title(Level::NOTE.secondary_title(label));
            groups.push(place.add_to(group, AnnotationKind::Context, false));
        }
        let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
        renderer.render(&groups)
    }
}

impl fmt::Display for Diagnostic {
    /// In one line: `file:line:column: what is wrong; what to do`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{}:{}:{}: ", place.file, place.line, place.column)?;
        }
        f.write_str(self.message.as_str())?;
        self.help.iter().try_for_each(|help| write!(f, "; {help}"))
    }
}

/// Why a checklist cannot be used: every mistake in all of its files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct LoadError {
    /// At least one of them is an error; warnings are among them.
    pub diagnostics: Vec<Diagnostic>,
}

impl LoadError {
    pub(super) fn one(diagnostic: Diagnostic) -> Self {
        Self { diagnostics: vec![diagnostic] }
    }

    /// All diagnostics, then how many mistakes there are.
    pub(crate) fn render(&self, colour: bool) -> String {
        let mut out = render_all(&self.diagnostics, colour);
        let count = self.diagnostics.iter().filter(|diagnostic| diagnostic.error).count();
        if count > 1 {
            out.push_str(&format!("\n\n{count} mistakes in this checklist"));
        }
        out
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for LoadError {}

/// Diagnostics one after the other, an empty line between them; without a line
/// break at the end.
pub(crate) fn render_all(diagnostics: &[Diagnostic], colour: bool) -> String {
    let mut told: Vec<&Diagnostic> = diagnostics.iter().collect();
    if told.len() > MOST_SHOWN {
        // warnings never hide the mistake that they stand beside
        told.sort_by_key(|diagnostic| !diagnostic.error);
    }
    let mut shown: Vec<String> =
        told.iter().take(MOST_SHOWN).map(|diagnostic| diagnostic.render(colour)).collect();
    if let Some(more) = diagnostics.len().checked_sub(MOST_SHOWN).filter(|&more| more > 0) {
        shown.push(format!("… and {more} more"));
    }
    shown.join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(line: &str, range: Range<usize>) -> Spot {
        Spot::new("a.yaml".into(), 3, line, range, "here".into())
    }

    fn meant(spot: &Spot) -> &str {
        &spot.shown.as_str()[spot.caret.clone()]
    }

    #[test]
    fn the_line_is_safe_and_the_caret_stays() {
        let line = "\u{1b}[31m: \u{202e}x y";
        let at = line.find('y').expect("there");
        let spot = spot(line, at..at + 1);
        assert_eq!(spot.shown.as_str(), "␛[31m: <U+202E>x y");
        assert_eq!(meant(&spot), "y");
        assert_eq!(spot.column, 11);
    }

    #[test]
    fn a_long_line_is_cut_around_the_place() {
        let line = format!("{}HERE{}", "a ".repeat(500), " b".repeat(500));
        let spot = spot(&line, 1000..1004);
        assert_eq!(meant(&spot), "HERE");
        assert!(spot.shown.as_str().chars().count() < 150);
        assert_eq!(spot.column, 1001);
    }

    #[test]
    fn what_looks_like_a_secret_is_masked() {
        let line = "nmae: 1, API_PASSWORD: hunter2hunter2";
        let at = line.find("nmae").expect("there");
        let spot = spot(line, at..at + 4);
        assert!(!spot.shown.as_str().contains("hunter2"), "{}", spot.shown);
        assert_eq!(meant(&spot), "nmae");
    }

    #[test]
    fn shown_as_a_compiler_does() {
        let line = "    severty: high";
        let diagnostic = Diagnostic::error("`severty` is not a field of an item")
            .at(spot(line, 4..11))
            .also(spot("  - id: x", 8..9))
            .help("did you mean `severity`?");
        let shown = diagnostic.render(false);
        assert!(shown.contains("--> a.yaml:3:5"), "{shown}");
        assert!(shown.contains("^^^^^^^ here"), "{shown}");
        assert!(shown.contains("help: did you mean `severity`?"), "{shown}");
        assert!(diagnostic.render(true).contains("\u{1b}["));
        assert!(!shown.contains("\u{1b}"));
        assert_eq!(
            diagnostic.to_string(),
            "a.yaml:3:5: `severty` is not a field of an item; did you mean `severity`?"
        );
    }
}

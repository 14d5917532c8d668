//! Words about numbers, time and lists, the same in text, log and screen.

use std::io;

use jiff::Timestamp;

use super::{CleanText, Period};

/// `1 item`, `3 items`.
pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// The first few, and how many more there are: `a, b and 3 more`.
pub(crate) fn list(things: &[String], most: usize) -> String {
    let shown = things.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    match things.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

/// `a; b; c`.
pub(crate) fn joined(reasons: &[CleanText]) -> String {
    reasons.iter().map(CleanText::as_str).collect::<Vec<_>>().join("; ")
}

/// The system's words for an error without their number: `permission denied`.
pub(crate) fn system(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((said, _)) => said.to_lowercase(),
        None => text,
    }
}

/// What to do about a file of the project that the system did not let gonogo read.
pub(crate) fn after_system(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "give yourself permission to read it",
        _ => "see that it can be read",
    }
}

/// With a capital letter.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// How long ago something was, in the largest whole unit: `3 days ago`.
pub(crate) fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second().saturating_sub(at.as_second());
    // clocks of different machines differ a little
    if seconds < -60 {
        return "in the future, by its author's clock".to_owned();
    }
    let minutes = seconds / 60;
    let (number, unit) = match minutes {
        ..1 => return "just now".to_owned(),
        1..60 => (minutes, "minute"),
        60..1440 => (minutes / 60, "hour"),
        1440..86_400 => (minutes / 1440, "day"),
        86_400..1_051_200 => (minutes / 43_800, "month"),
        _ => (minutes / 525_600, "year"),
    };
    format!("{} ago", count(usize::try_from(number).unwrap_or_default(), unit))
}

/// `90 days`, `1 hour`.
pub(crate) fn length(period: Period) -> String {
    let hours = period.hours();
    let (number, unit) =
        if hours.is_multiple_of(24) { (hours / 24, "day") } else { (hours, "hour") };
    count(usize::try_from(number).unwrap_or(usize::MAX), unit)
}

/// How long something took: `184 ms`, `2.1 s`.
pub(crate) fn took(time: std::time::Duration) -> String {
    match time.as_millis() {
        ms @ ..1000 => format!("{ms} ms"),
        _ => format!("{:.1} s", time.as_secs_f64()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn lists_are_cut() {
        let things: Vec<String> = ["a", "b", "c"].map(String::from).into();
        assert_eq!(list(&things, 3), "a, b, c");
        assert_eq!(list(&things, 1), "a and 2 more");
        assert_eq!(list(&[], 1), "");
    }

    #[test]
    fn ages_read_naturally() {
        let now: Timestamp = "2026-03-31T12:00:00Z".parse().expect("a moment");
        let cases = [
            ("2026-03-31T12:00:30Z", "just now"),
            ("2026-03-31T13:00:00Z", "in the future, by its author's clock"),
            ("2026-03-31T11:59:01Z", "just now"),
            ("2026-03-31T11:59:00Z", "1 minute ago"),
            ("2026-03-31T10:00:00Z", "2 hours ago"),
            ("2026-03-30T11:00:00Z", "1 day ago"),
            ("2026-02-01T12:00:00Z", "58 days ago"),
            ("2026-01-01T12:00:00Z", "2 months ago"),
            ("2020-03-31T12:00:00Z", "6 years ago"),
        ];
        for (then, expected) in cases {
            assert_eq!(ago(then.parse().expect(then), now), expected, "{then}");
        }
    }

    #[test]
    fn lengths_are_told_in_the_largest_unit() {
        for (period, expected) in [("90d", "90 days"), ("24h", "1 day"), ("1h", "1 hour")] {
            assert_eq!(length(period.parse().expect(period)), expected);
        }
        assert_eq!(took(Duration::from_millis(184)), "184 ms");
        assert_eq!(took(Duration::from_millis(2140)), "2.1 s");
        assert_eq!(sentence("ändern"), "Ändern");
        assert_eq!(sentence(""), "");
    }
}

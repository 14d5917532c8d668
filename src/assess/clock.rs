//! How far a clock may be wrong before its times are not believed.

use jiff::{SignedDuration, Timestamp};

/// So far.
const SLACK: SignedDuration = SignedDuration::from_hours(24);

/// Whether a moment lies so far ahead of another that a clock was wrong.
pub(super) fn is_far_ahead(moment: Timestamp, of: Timestamp) -> bool {
    of.checked_add(SLACK).is_ok_and(|latest| moment > latest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_forgiven_and_not_more() {
        let at = |text: &str| text.parse::<Timestamp>().expect("a moment");
        let now = at("2026-03-15T12:00:00Z");
        for (moment, expected) in [
            ("2026-03-15T12:00:00Z", false),
            ("2026-03-16T12:00:00Z", false),
            ("2026-03-16T12:00:00.000000001Z", true),
            ("1999-01-01T00:00:00Z", false),
        ] {
            assert_eq!(is_far_ahead(at(moment), now), expected, "{moment}");
        }
        assert!(!is_far_ahead(Timestamp::MAX, Timestamp::MAX));
    }
}

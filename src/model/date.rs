//! Days, in UTC.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::Period;

/// A day in UTC, written `2026-03-31`. As a last day it counts to its end.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(civil::Date);

impl Date {
    /// The day of a moment, in UTC.
    pub fn of(moment: Timestamp) -> Self {
        Self(moment.to_zoned_datetime(TimeZone::UTC).date())
    }

    /// The day's first moment.
    pub fn start(self) -> Timestamp {
        self.0.to_zoned_datetime(TimeZone::UTC).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }

    /// The first moment after the day.
    pub fn end(self) -> Timestamp {
        self.0.checked_add(1.day()).map_or(Timestamp::MAX, |next| Self(next).start())
    }
}

impl Date {
    /// A day as it is written, or the day so long after a moment: `2026-03-31`, `90d`.
    ///
    /// # Errors
    /// A sentence that says how either is written.
    pub fn given(text: &str, now: Timestamp) -> Result<Self, String> {
        if text.contains('-') {
            return text.parse();
        }
        match text.parse::<Period>() {
            Ok(period) => Ok(Self::of(period.after(now))),
            // months and minutes look alike
            Err(how) if text.ends_with('m') => Err(how),
            Err(_) => Err("a day is written `2026-03-31`, or `90d` from now".to_owned()),
        }
    }
}

impl FromStr for Date {
    type Err = String;

    /// # Errors
    /// A sentence that says how a date is written.
    fn from_str(text: &str) -> Result<Self, String> {
        const HOW: &str = "a date is written year-month-day, such as `2026-03-31`";
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| match i {
                4 | 7 => *b == b'-',
                _ => b.is_ascii_digit(),
            });
        if !shaped {
            return Err(HOW.to_owned());
        }
        text.parse().map(Self).map_err(|_| format!("there is no such day; {HOW}"))
    }
}

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Date> for String {
    fn from(date: Date) -> String {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    #[test]
    fn spelling() {
        assert_eq!("2026-03-31".parse::<Date>().expect("a day").to_string(), "2026-03-31");
        for bad in ["2015/10/21", "2026-3-1", "2026-02-30", "31-03-2026", "2026-03-31T00:00", ""] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_may_be_given_as_a_duration() {
        let now = "2026-03-31T12:00:00Z".parse().expect("a moment");
        for (text, day) in [
            ("90d", "2026-06-29"),
            ("2w", "2026-04-14"),
            ("12h", "2026-04-01"),
            ("2027-01-02", "2027-01-02"),
        ] {
            assert_eq!(Date::given(text, now).expect(text).to_string(), day, "{text}");
        }
        for bad in ["", "soon", "3m", "2026-02-30", "-3d"] {
            assert!(Date::given(bad, now).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_last_day_is_included() {
        let day: Date = "2026-12-31".parse().expect("a day");
        assert_eq!(day.end().to_string(), "2027-01-01T00:00:00Z");
        assert_eq!(Date::of("2026-12-31T23:59:59Z".parse().expect("a moment")), day);
    }
}

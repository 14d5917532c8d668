//! Lengths of time whose unit cannot be misread.

use std::fmt;
use std::str::FromStr;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A length of time: `12h`, `90d`, `2w`.
///
/// Hours, days of 24 hours, weeks. `m` is refused, since people read it as
/// minutes and as months.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    hours: u32,
}

impl Period {
    /// So many days.
    pub const fn days(days: u16) -> Self {
        Self { hours: 24 * days as u32 }
    }

    /// The moment this long after another; far-off moments stop at the last one
    /// that can be told.
    pub fn after(self, moment: Timestamp) -> Timestamp {
        let length = SignedDuration::from_hours(i64::from(self.hours));
        moment.checked_add(length).unwrap_or(Timestamp::MAX)
    }

    /// Its length in hours.
    pub fn hours(self) -> u32 {
        self.hours
    }
}

impl FromStr for Period {
    type Err = String;

    /// # Errors
    /// A sentence that says how a duration is written.
    fn from_str(text: &str) -> Result<Self, String> {
        const HOW: &str = "a duration is a whole number with `h` (hours), `d` (days) or `w` (weeks), such as `90d`";
        let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
        let (number, unit) = (digits, &text[digits.len()..]);
        let hours_each = match unit {
            "h" => 1,
            "d" => 24,
            "w" => 24 * 7,
            "m" => return Err(format!("`m` reads as minutes or as months; {HOW}")),
            _ => return Err(HOW.to_owned()),
        };
        let number: u32 = number.parse().map_err(|_| HOW.to_owned())?;
        match number.checked_mul(hours_each) {
            Some(0) => Err("a duration is longer than nothing".to_owned()),
            Some(hours) if hours <= 24 * 36_500 => Ok(Self { hours }),
            _ => Err("a duration is at most 100 years".to_owned()),
        }
    }
}

impl TryFrom<String> for Period {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.hours {
            h if h % 24 == 0 => write!(f, "{}d", h / 24),
            h => write!(f, "{h}h"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Period;

    #[test]
    fn spelling() {
        for (given, shown) in [("90d", "90d"), ("12h", "12h"), ("2w", "14d"), ("48h", "2d")] {
            assert_eq!(given.parse::<Period>().expect(given).to_string(), shown);
        }
        for bad in ["", "90", "1m", "d", "-1d", "1.5d", "90 d", "0d", "99999999999d", "9000000d"] {
            assert!(bad.parse::<Period>().is_err(), "{bad}");
        }
    }
}

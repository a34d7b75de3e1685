//! Calendar dates. Callers pass the current date, so results do not depend on the clock.

use std::fmt;

use thiserror::Error;

/// A date such as `2027-01-31`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

/// An error from parsing a date.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("invalid date `{0}`; write YYYY-MM-DD")]
pub struct ParseDateError(String);

impl Date {
    /// Returns the date this many days after 1970-01-01, up to the year 9999.
    pub fn of_days(days: u64) -> Date {
        // 9999-12-31.
        let mut days = days.min(2_932_896);
        let mut year = 1970;
        while days >= u64::from(days_of_year(year)) {
            days -= u64::from(days_of_year(year));
            year += 1;
        }
        let mut month = 1;
        while days >= u64::from(days_of_month(year, month)) {
            days -= u64::from(days_of_month(year, month));
            month += 1;
        }
        Date {
            year,
            month,
            day: u8::try_from(days + 1).unwrap_or(1),
        }
    }
}

fn is_leap(year: u16) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days_of_year(year: u16) -> u16 {
    if is_leap(year) { 366 } else { 365 }
}

fn days_of_month(year: u16, month: u8) -> u8 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl std::str::FromStr for Date {
    type Err = ParseDateError;

    fn from_str(text: &str) -> Result<Date, ParseDateError> {
        let error = || ParseDateError(text.to_owned());
        let bytes = text.as_bytes();
        let has_form = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, byte)| {
                if matches!(at, 4 | 7) {
                    *byte == b'-'
                } else {
                    byte.is_ascii_digit()
                }
            });
        if !has_form {
            return Err(error());
        }
        let mut parts = text.split('-');
        let mut part = || {
            parts
                .next()
                .and_then(|part| part.parse::<u16>().ok())
                .ok_or_else(error)
        };
        let (year, month, day) = (part()?, part()?, part()?);
        let (month, day) = (
            u8::try_from(month).map_err(|_| error())?,
            u8::try_from(day).map_err(|_| error())?,
        );
        let exists = (1..=12).contains(&month) && (1..=days_of_month(year, month)).contains(&day);
        exists
            .then_some(Date { year, month, day })
            .ok_or_else(error)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_days_from_1970() {
        for (days, date) in [
            (0, "1970-01-01"),
            (58, "1970-02-28"),
            (59, "1970-03-01"),
            (789, "1972-02-29"),
            (11_016, "2000-02-29"),
            (20_454, "2026-01-01"),
            (47_540, "2100-02-28"),
            (47_541, "2100-03-01"),
            (u64::MAX, "9999-12-31"),
        ] {
            assert_eq!(Date::of_days(days).to_string(), date);
        }
    }

    #[test]
    fn parses_only_dates_of_the_calendar() {
        for text in ["2024-02-29", "2026-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "2026-1-1",
            "2026-02-29",
            "2026-13-01",
            "2026-00-10",
            "2026-04-31",
            "20260-1-01",
            "+026-01-01",
            "2026/01/01",
        ] {
            assert_eq!(text.parse::<Date>(), Err(ParseDateError(text.to_owned())));
        }
        assert!("2026-12-31".parse::<Date>().unwrap() < "2027-01-01".parse().unwrap());
    }
}

//! Days of the calendar, in universal time.

use std::fmt;

/// Days before the first of March of each month, counted from March, so that the day which leap
/// years add comes last.
const BEFORE_MONTH: [i64; 12] = [0, 31, 61, 92, 122, 153, 184, 214, 245, 275, 306, 337];

/// Days from the first of March of the year 0 to the first of January 1970.
const EPOCH: i64 = 719_468;

/// Seconds of a day.
const SECONDS: i64 = 86_400;

/// A day, from the year 1970 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i64);

impl Day {
    /// The day of a time in seconds since the beginning of 1970; earlier times count as that day.
    pub fn of_unix_seconds(seconds: i64) -> Self {
        Self(seconds.max(0) / SECONDS)
    }

    /// The day that begins `text`, written like `2026-01-31` or `2026-01-31T08:00:00Z`.
    pub fn find(text: &str) -> Option<Self> {
        let date = text.get(..10)?;
        if text
            .get(10..11)
            .is_some_and(|next| next != "T" && next != " ")
        {
            return None;
        }
        let mut parts = date.split('-').zip([4, 2, 2]).map(|(part, length)| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            let fine = digits && part.len() == length;
            fine.then(|| part.parse::<i64>().ok()).flatten()
        });
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let fine = (1970..=9999).contains(&year) && (1..=12).contains(&month);
        let found = Self::of_date(year, month, day)?;
        // A day that the month does not have would be one of the next month.
        (fine && found.date() == (year, month, day)).then_some(found)
    }

    /// How many days `later` comes after this one; negative when it comes before.
    pub fn days_until(self, later: Self) -> i64 {
        later.0 - self.0
    }

    fn of_date(year: i64, month: i64, day: i64) -> Option<Self> {
        let (year, month) = if month > 2 {
            (year, month - 3)
        } else {
            (year - 1, month + 9)
        };
        let before = BEFORE_MONTH.get(usize::try_from(month).ok()?)?;
        let leaps = year / 4 - year / 100 + year / 400;
        Some(Self(year * 365 + leaps + before + day - 1 - EPOCH))
    }

    /// Year, month and day.
    fn date(self) -> (i64, i64, i64) {
        let days = self.0 + EPOCH;
        let (century, in_century) = (days / 146_097, days % 146_097);
        let year =
            (in_century - in_century / 1_460 + in_century / 36_524 - in_century / 146_096) / 365;
        let in_year = in_century - (year * 365 + year / 4 - year / 100);
        let month = BEFORE_MONTH
            .iter()
            .rposition(|before| *before <= in_year)
            .unwrap_or(0);
        let before = BEFORE_MONTH.get(month).copied().unwrap_or(0);
        let month = i64::try_from(month).unwrap_or(0);
        let (year, month) = if month < 10 {
            (year, month + 3)
        } else {
            (year + 1, month - 9)
        };
        (century * 400 + year, month, in_year - before + 1)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.date();
        write!(formatter, "{year:04}-{month:02}-{day:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn every_day_of_two_centuries_is_read_as_it_is_written() {
        let mut before = None;
        for number in 0..73_050 {
            let day = Day(number);
            let text = day.to_string();
            assert_eq!(Day::find(&text), Some(day), "{text}");
            assert!(before < Some(text.clone()), "{text} comes after {before:?}");
            before = Some(text);
        }
        assert_eq!(before.as_deref(), Some("2170-01-01"));
    }

    #[test]
    fn known_days_have_their_dates() {
        let shown = |seconds| Day::of_unix_seconds(seconds).to_string();
        assert_eq!(shown(0), "1970-01-01");
        assert_eq!(shown(-5), "1970-01-01");
        assert_eq!(shown(951_782_400), "2000-02-29");
        assert_eq!(shown(1_704_067_199), "2023-12-31");
    }

    #[test]
    fn only_dates_are_days() {
        assert_eq!(
            Day::find("2024-02-29T23:59:59.123Z"),
            Day::find("2024-02-29")
        );
        for text in [
            "",
            "2024",
            "2023-02-29",
            "2024-13-01",
            "2024-00-10",
            "2024-1-011",
            "1969-12-31",
            "+024-01-01",
            "2024-01-01x",
            "2024-01-0é",
            "10000-01-01",
            "2024-01-00",
        ] {
            assert_eq!(Day::find(text), None, "{text}");
        }
    }
}

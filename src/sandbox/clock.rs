//! The sandbox's time: handed in by whoever starts it, written the way GitHub writes it.

use std::sync::Arc;

use crate::store::Millis;

/// Tells the time. The caller chooses where it comes from, so tests can turn it.
pub type Clock = Arc<dyn Fn() -> Millis + Send + Sync>;

const MILLIS_PER_DAY: i64 = 86_400_000;

/// `at` in UTC, to the second, such as `2026-04-27T09:30:00Z`.
pub(crate) fn iso(at: Millis) -> String {
    let (year, month, day) = civil(at.0.div_euclid(MILLIS_PER_DAY));
    let second = at.0.rem_euclid(MILLIS_PER_DAY) / 1_000;
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        second / 3_600,
        second / 60 % 60,
        second % 60
    )
}

/// Whole seconds since 1970.
pub(crate) fn epoch_seconds(at: Millis) -> i64 {
    at.0.div_euclid(1_000)
}

/// Year, month and day of a number of days since 1970-01-01 in the Gregorian calendar.
fn civil(days: i64) -> (i64, i64, i64) {
    // Counting from 1 March of year 0 puts the leap day last, at the end of a 400-year era.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

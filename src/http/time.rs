//! The two ways in which services write times, both in UTC.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds of a day.
const DAY: u64 = 86_400;

/// Days from the first of March of year 0 to 1970-01-01, where days of a month count from 1.
const EPOCH: u64 = 719_469;

/// Months as headers name them.
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads an RFC 3339 time in UTC such as `2026-11-22T23:45:06Z`; fractions are dropped.
pub fn parse_timestamp(text: &str) -> Option<SystemTime> {
    let (date, time) = text.split_once('T')?;
    let mut parts = date.split('-').map(parse_number);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let time = time
        .strip_suffix('Z')
        .or_else(|| time.strip_suffix("+00:00"))?;
    let whole = time.split('.').next()?;
    at(year, month, day, whole)
}

/// Reads the time of a `Date` header, such as `Sun, 22 Nov 2026 23:45:06 GMT`.
pub fn parse_date_header(text: &str) -> Option<SystemTime> {
    let (_, rest) = text.split_once(", ")?;
    let mut words = rest.split(' ');
    let day = parse_number(words.next()?)?;
    let name = words.next()?;
    let month = MONTHS
        .into_iter()
        .zip(1..)
        .find(|(month, _)| *month == name)?
        .1;
    let year = parse_number(words.next()?)?;
    let time = words.next()?;
    (words.next()? == "GMT").then(|| at(year, month, day, time))?
}

/// The point in time of a date and `hh:mm:ss`, from 1970 on.
fn at(year: u64, month: u64, day: u64, time: &str) -> Option<SystemTime> {
    let mut parts = time.split(':').map(parse_number);
    let (hours, minutes, seconds) = (parts.next()??, parts.next()??, parts.next()??);
    let sane = (1970..=9999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hours < 24
        && minutes < 60
        && seconds <= 60;
    let total = days(year, month, day)? * DAY + hours * 3600 + minutes * 60 + seconds;
    sane.then(|| UNIX_EPOCH + Duration::from_secs(total))
}

/// Days from 1970-01-01 to a date. Years are counted from March, so that a leap day comes last.
fn days(year: u64, month: u64, day: u64) -> Option<u64> {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year.checked_sub(1)?, month + 9)
    };
    let leap_days = year / 4 - year / 100 + year / 400;
    let since_march = (153 * month + 2) / 5;
    (year * 365 + leap_days + since_march + day).checked_sub(EPOCH)
}

fn parse_number(text: &str) -> Option<u64> {
    let fine = (1..=4).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fine.then(|| text.parse().ok())?
}

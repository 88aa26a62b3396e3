//! The figures for people.

use std::fmt::Write as _;

use crate::cli::eval::verify::tally::{Tally, percent};

/// A table of true plans, a table of mistakes, and the sums.
pub(super) fn text(tally: &Tally) -> String {
    let mut text = String::new();
    // Writing to a `String` does not fail.
    let _ = writeln!(
        text,
        "{} plans from {} repositories; {} of {} anchors were placed on another line",
        tally.plans, tally.repositories, tally.misplaced, tally.anchors
    );
    let _ = writeln!(
        text,
        "\n{:<44} {:>5} {:>7} {:>7}  checks",
        "true plans", "n", "hard %", "soft %"
    );
    for variant in &tally.true_plans {
        let checks = variant.checks.iter();
        let checks: Vec<String> = checks
            .map(|(check, count)| format!("{check} {count}"))
            .collect();
        let (hard, soft) = (
            percent(variant.hard, variant.plans),
            percent(variant.soft, variant.plans),
        );
        let line = format!(
            "{:<44} {:>5} {hard:>7} {soft:>7}  {}",
            variant.variant,
            variant.plans,
            checks.join(", ")
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    push_mistakes(&mut text, tally);
    let (found, seeded) = tally.hard_found();
    let (alarms, plans) = tally.alarms();
    let _ = writeln!(
        text,
        "\nhard kinds: {} % of {seeded} found; true plans: {} % of {plans} with a hard finding, {} % with a soft one alone",
        percent(found, seeded),
        percent(alarms, plans),
        percent(tally.notes(), plans),
    );
    text
}

fn push_mistakes(text: &mut String, tally: &Tally) {
    let _ = writeln!(
        text,
        "\n{:<44} {:>5} {:>7} {:>7}  checks",
        "mistakes", "n", "told %", "fixed %"
    );
    for kind in &tally.kinds {
        let (told, fixed) = (
            percent(kind.told, kind.seeded),
            percent(kind.fixed, kind.seeded),
        );
        let (class, short) = match (kind.hard, kind.is_enough()) {
            (true, true) => ("", ""),
            (true, false) => ("", "  <- too few"),
            (false, _) => (" (note)", ""),
        };
        let _ = writeln!(
            text,
            "{:<44} {:>5} {told:>7} {fixed:>7}  {}{class}{short}",
            kind.kind,
            kind.seeded,
            kind.checks.join(" ")
        );
    }
}

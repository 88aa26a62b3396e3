//! Redacting twice changes nothing more, and every line keeps its number.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use planwright::redact::Redactor;

static REDACTOR: LazyLock<Redactor> = LazyLock::new(|| Redactor::new(&[]));

fuzz_target!(|text: &str| {
    let once = REDACTOR.redact(text).text;
    let twice = REDACTOR.redact(&once).text;
    assert_eq!(once, twice);
    assert_eq!(once.matches('\n').count(), text.matches('\n').count());
});

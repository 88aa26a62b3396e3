//! Our own secrets, found by their exact values however they are written.

mod forms;

use std::ops::Range;

use aho_corasick::AhoCorasick;
use secrecy::ExposeSecret;
use secrecy::SecretString;

use crate::redact::finding::Finding;
use forms::Form;

/// Shorter values are not looked for: they stand in many a text by chance, and a marker in their place
/// would tell a reader of the comment what they are. No provider gives out keys as short as that.
pub const SHORTEST_OWN_SECRET: usize = 8;

/// Fewest bytes of a value of which parts are looked for, too.
const MIN_DIVISIBLE: usize = 20;

/// Bytes of a part that give a value away.
const PART: usize = 12;

/// Least entropy, in bits for each character, of a value of which parts are looked for: parts of
/// sentences stand in other sentences.
const DIVISIBLE_ENTROPY: f64 = 3.0;

/// Where a part of a form begins.
#[derive(Debug)]
struct Seed {
    form: usize,
    offset: usize,
}

/// The values, as they may be written.
pub(super) struct OwnSecrets {
    forms: Vec<Form>,
    seeds: Vec<Seed>,
    automaton: Option<AhoCorasick>,
}

impl OwnSecrets {
    /// Takes the values of at least [`SHORTEST_OWN_SECRET`] bytes. Of a text with several long lines,
    /// such as a key in armour, each line is a value.
    pub(super) fn new(secrets: &[SecretString]) -> Self {
        let mut forms: Vec<Form> = Vec::new();
        for value in secrets.iter().flat_map(values) {
            for form in forms::all(value.as_bytes()) {
                if !forms.iter().any(|known| known.bytes == form.bytes) {
                    forms.push(form);
                }
            }
        }
        let (seeds, parts): (Vec<_>, Vec<_>) = forms
            .iter()
            .enumerate()
            .flat_map(|(number, form)| {
                form.parts().map(move |(offset, part)| {
                    let seed = Seed {
                        form: number,
                        offset,
                    };
                    (seed, part)
                })
            })
            .unzip();
        let automaton = AhoCorasick::new(&parts).ok().filter(|_| !parts.is_empty());
        Self {
            seeds,
            automaton,
            forms,
        }
    }

    /// Adds the places where one of the values stands.
    pub(super) fn scan<'k>(&self, text: &str, findings: &mut Vec<Finding<'k>>) {
        let Some(automaton) = &self.automaton else {
            return;
        };
        let mut last = 0..0;
        for hit in automaton.find_overlapping_iter(text) {
            let seed = self.seeds.get(hit.pattern().as_usize());
            let range = seed.and_then(|seed| {
                let form = self.forms.get(seed.form)?;
                Some(form.extend(text.as_bytes(), &hit.range(), seed.offset))
            });
            // The parts of one value all lead to the same place.
            if let Some(range) = range.filter(|range| *range != last) {
                last = range.clone();
                findings.push(found(range));
            }
        }
    }
}

fn found<'k>(range: Range<usize>) -> Finding<'k> {
    Finding {
        range,
        kind: "own-secret",
        rank: 0,
    }
}

/// The value itself, and its lines where it has several.
fn values(secret: &SecretString) -> Vec<String> {
    let text = secret.expose_secret().trim();
    let armour = |line: &str| line.starts_with("-----");
    let values: Vec<&str> = match text.contains('\n') {
        true => text
            .lines()
            .map(str::trim)
            .filter(|line| !armour(line))
            .collect(),
        false => vec![text],
    };
    let fine = |value: &&str| value.len() >= SHORTEST_OWN_SECRET;
    values
        .into_iter()
        .filter(fine)
        .map(ToOwned::to_owned)
        .collect()
}

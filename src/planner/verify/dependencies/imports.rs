//! Imports of libraries that nobody vouches for do not stay in a plan.

use crate::domain::package::Ecosystem;
use crate::planner::draft::Draft;
use crate::planner::verify::Log;
use crate::repository::facts::Declared;
use crate::repository::facts::imports::provides;

/// Words that stand before what is imported.
const KEYWORDS: [&str; 16] = [
    "pub",
    "use",
    "extern",
    "crate",
    "import",
    "from",
    "require",
    "require_once",
    "using",
    "global",
    "static",
    "include",
    "#include",
    "#import",
    "type",
    "alias",
];

/// Takes imports of `doubted` packages out of all changes, unless a dependency at hand may provide
/// them too.
pub(super) fn drop_doubted(
    draft: &mut Draft,
    doubted: &[(Ecosystem, String)],
    declared: &Declared,
    log: &mut Log,
) {
    for (i, change) in draft.changes.iter_mut().enumerate() {
        let mut position = 0;
        change.imports.retain(|line| {
            let at = format!("/changes/{i}/imports/{position}");
            position += 1;
            let modules = modules(line);
            let imports = |ecosystem: Ecosystem, package: &str| {
                let mut modules = modules.iter();
                !package.is_empty() && modules.any(|module| provides(ecosystem, package, module))
            };
            let doubtful = doubted.iter().find(|(ecosystem, package)| {
                let mut at_hand = declared.dependencies.iter();
                imports(*ecosystem, package)
                    && !at_hand.any(|known| {
                        known.ecosystem == *ecosystem && imports(*ecosystem, &known.name)
                    })
            });
            match doubtful {
                Some((_, package)) => {
                    let message = format!("an import needs `{package}`, which is not verified");
                    log.fixed("R4", &at, message);
                    false
                }
                None => true,
            }
        });
    }
}

/// What a line imports, in whatever language: quoted texts, or else the words behind the keywords.
fn modules(line: &str) -> Vec<&str> {
    let mut quoted: Vec<&str> = line.split(['"', '\'', '`']).skip(1).step_by(2).collect();
    if !quoted.is_empty() {
        quoted.truncate(8);
        return quoted;
    }
    let words = line.split([' ', '\t', ',', ';', '(', ')', '<', '>']);
    let words = words.filter(|word| !word.is_empty());
    let mut words = words.skip_while(|word| KEYWORDS.contains(word));
    let several = !line.contains(" from ") && !line.trim_start().starts_with("from ");
    words.by_ref().take(if several { 8 } else { 1 }).collect()
}

//! Whether licences are open-source ones.

/// What deps.dev says for licences without an identifier.
const NON_STANDARD: &str = "non-standard";

/// SPDX identifiers of licences that the Open Source Initiative has approved, in lower case and
/// without the endings `-only`, `-or-later` and `+`; and a few dedications to the public that are
/// commonly taken like them.
const OPEN: &[&str] = &[
    "0bsd",
    "aal",
    "afl-1.1",
    "afl-1.2",
    "afl-2.0",
    "afl-2.1",
    "afl-3.0",
    "agpl-3.0",
    "apache-1.1",
    "apache-2.0",
    "apl-1.0",
    "apsl-2.0",
    "artistic-1.0",
    "artistic-1.0-cl8",
    "artistic-1.0-perl",
    "artistic-2.0",
    "blueoak-1.0.0",
    "bsd-1-clause",
    "bsd-2-clause",
    "bsd-2-clause-patent",
    "bsd-2-clause-views",
    "bsd-3-clause",
    "bsd-3-clause-clear",
    "bsd-3-clause-lbnl",
    "bsl-1.0",
    "cal-1.0",
    "catosl-1.1",
    "cc0-1.0",
    "cddl-1.0",
    "cddl-1.1",
    "cecill-2.1",
    "cern-ohl-p-2.0",
    "cern-ohl-s-2.0",
    "cern-ohl-w-2.0",
    "cpal-1.0",
    "cpl-1.0",
    "ecl-2.0",
    "efl-2.0",
    "entessa",
    "epl-1.0",
    "epl-2.0",
    "eudatagrid",
    "eupl-1.1",
    "eupl-1.2",
    "fair",
    "frameworx-1.0",
    "gpl-2.0",
    "gpl-3.0",
    "hpnd",
    "icu",
    "intel",
    "ipa",
    "ipl-1.0",
    "isc",
    "lgpl-2.0",
    "lgpl-2.1",
    "lgpl-3.0",
    "liliq-p-1.1",
    "lpl-1.02",
    "lppl-1.3c",
    "mir-os",
    "miros",
    "mit",
    "mit-0",
    "mit-cmu",
    "mit-modern-variant",
    "motosoto",
    "mpl-1.0",
    "mpl-1.1",
    "mpl-2.0",
    "mpl-2.0-no-copyleft-exception",
    "ms-pl",
    "ms-rl",
    "mulanpsl-2.0",
    "multics",
    "nasa-1.3",
    "ncsa",
    "ngpl",
    "nokia",
    "nposl-3.0",
    "ntp",
    "ofl-1.1",
    "ogtsl",
    "oldap-2.8",
    "osl-1.0",
    "osl-2.0",
    "osl-2.1",
    "osl-3.0",
    "php-3.0",
    "php-3.01",
    "postgresql",
    "psf-2.0",
    "python-2.0",
    "qpl-1.0",
    "rpl-1.1",
    "rpl-1.5",
    "rpsl-1.0",
    "rscpl",
    "ruby",
    "simpl-2.0",
    "sissl",
    "sleepycat",
    "spl-1.0",
    "ucl-1.0",
    "unicode-3.0",
    "unicode-dfs-2016",
    "unlicense",
    "upl-1.0",
    "vsl-1.0",
    "w3c",
    "watcom-1.0",
    "wtfpl",
    "xnet",
    "zlib",
    "zpl-2.0",
    "zpl-2.1",
];

/// Whether one can rely on `licences` being open-source ones: each expression is, except that a
/// licence without a name beside one that is open says nothing.
pub(super) fn is_open(licences: &[String]) -> bool {
    let mut known = licences
        .iter()
        .filter(|licence| *licence != NON_STANDARD)
        .peekable();
    known.peek().is_some() && known.all(|licence| is_open_expression(licence))
}

/// `A OR B` needs one that is open, `A AND B` both. Brackets are left out, as if `OR` bound least:
/// so `(A OR B) AND C` with A and C open is open only when the rest allows it.
fn is_open_expression(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], " ").replace('/', " OR ");
    let words: Vec<&str> = plain.split_whitespace().collect();
    let is_word = |word: &&str, wanted: &str| word.eq_ignore_ascii_case(wanted);
    words.split(|word| is_word(word, "or")).any(|all| {
        !all.is_empty()
            && all
                .split(|word| is_word(word, "and"))
                .all(|one| one.first().is_some_and(|id| is_open_id(id)))
    })
}

fn is_open_id(id: &str) -> bool {
    let id = id.to_lowercase();
    let id = ["-only", "-or-later", "+"]
        .iter()
        .fold(&*id, |id, ending| id.strip_suffix(ending).unwrap_or(id));
    OPEN.contains(&id)
}

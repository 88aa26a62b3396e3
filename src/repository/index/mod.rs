//! What is known of a snapshot's contents: terms, definitions, and who uses what.

mod build;
mod codec;
mod defined;
mod dictionary;
mod outlines;
mod pack;
mod postings;
mod reading;
pub(super) mod terms;

use crate::domain::repository::RepoPath;
use crate::repository::cache::Shelf;
use crate::repository::parallel;
use crate::repository::priors::Standing;
use crate::repository::syntax::Syntax;
use crate::repository::{Definition, File, Snapshot};
use build::{Field, Tables};
use defined::Defined;
use dictionary::Dictionary;
use postings::Lengths;
use reading::{Known, Reading};

pub(super) use postings::{saturate, to_float};

/// A snapshot with everything that searching it needs.
#[derive(Debug)]
pub struct Index {
    snapshot: Snapshot,
    tables: Tables,
    defined: Defined,
}

/// What earlier snapshots left on a shelf for the index. It can be loaded while the snapshot is
/// still being read.
#[derive(Default)]
pub struct Recalled(Known);

impl Recalled {
    /// Loads it. Blocks.
    pub fn load(shelf: &Shelf) -> Self {
        Self(Known::load(shelf))
    }
}

/// A term of a question, with how much it matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Asked {
    /// The term's number.
    pub(super) term: u32,
    /// Its weight; 1 for a term that is asked once.
    pub(super) weight: f64,
}

impl Index {
    /// Reads all texts of `snapshot` once. Runs for seconds on large repositories: call it where
    /// blocking is allowed.
    pub fn build(snapshot: Snapshot) -> Self {
        let reading = Reading::new(&snapshot.files, &mut Known::default());
        let tables = Tables::new(&snapshot.files, &reading);
        Self {
            snapshot,
            tables,
            defined: reading.into_defined(),
        }
    }

    /// Does what [`Self::build`] does, with the same result, but reads only the blobs that `shelf`
    /// does not know yet, and puts what it found on the shelf. Blocks.
    pub fn build_with(snapshot: Snapshot, shelf: &Shelf) -> Self {
        Self::build_recalling(snapshot, Recalled::load(shelf), shelf)
    }

    /// Does what [`Self::build_with`] does with what was recalled from the shelf ahead of time.
    pub fn build_recalling(snapshot: Snapshot, recalled: Recalled, shelf: &Shelf) -> Self {
        let mut known = recalled.0;
        let reading = Reading::new(&snapshot.files, &mut known);
        let (tables, ()) = parallel::both(
            || Tables::new(&snapshot.files, &reading),
            || reading.keep(shelf, &known),
        );
        Self {
            snapshot,
            tables,
            defined: reading.into_defined(),
        }
    }

    /// The snapshot.
    pub fn snapshot(&self) -> &Snapshot {
        &self.snapshot
    }

    /// The file at `path`, case-exact, with its position.
    pub fn find(&self, path: &RepoPath) -> Option<(usize, &File)> {
        let position = *self.snapshot.by_path.get(path)?;
        Some((position, self.snapshot.files.get(position)?))
    }

    /// The definitions of a file, in the order of their lines.
    pub fn definitions(&self, file: usize) -> &[Definition] {
        self.defined.of(file)
    }

    /// How many definitions a file has; quicker than looking at them.
    pub fn count_definitions(&self, file: usize) -> usize {
        self.defined.count(file)
    }

    /// Whether a file defines a name that fits; quicker than looking at its definitions.
    pub fn defines(&self, file: usize, fits: impl Fn(&str) -> bool) -> bool {
        self.defined.any(file, fits)
    }

    /// Takes what the syntax tree of a file holds in place of what the scanner found, once; a second
    /// time changes nothing.
    pub(super) fn sharpen(&self, file: usize, syntax: Syntax) {
        self.defined.sharpen(file, syntax);
    }

    /// All definitions of exactly this name: position of the file, and the definition.
    pub fn find_definitions(&self, name: &str) -> Vec<(usize, &Definition)> {
        let definitions = self.find_definers(name).into_iter().flat_map(|file| {
            let definitions = self.definitions(file).iter();
            definitions.map(move |definition| (file, definition))
        });
        definitions
            .filter(|(_, definition)| definition.name == name)
            .collect()
    }

    /// Positions of the files that define exactly this name, in order; quicker than finding the
    /// definitions.
    pub fn find_definers(&self, name: &str) -> Vec<usize> {
        self.defined.files(name)
    }

    /// Positions of the files whose text uses `identifier`, in order. A qualified name (`a.b`,
    /// `a::b`) or one with other signs in it (`empty?`) is looked up as it is written.
    pub fn find_users(&self, identifier: &str) -> Vec<usize> {
        let mut words: Vec<&str> = terms::words(identifier).collect();
        words.sort_by_key(|word| self.users(word).len());
        let Some(rarest) = words.first() else {
            return Vec::new();
        };
        let is_word = *rarest == identifier;
        let has_it = |file: &usize| {
            let file = self.snapshot.files.get(*file);
            let text = file.and_then(|file| file.text.as_deref());
            text.is_some_and(|text| text.contains(identifier))
        };
        let users = self
            .users(rarest)
            .iter()
            .map(|posting| posting.file as usize);
        if is_word {
            return users.collect();
        }
        users.filter(has_it).collect()
    }

    /// Positions of the files of code that have the word `name`: first those whose syntax tree shows that
    /// they use or import it, then the others, each in order.
    pub fn find_dependents(&self, name: &str) -> Vec<usize> {
        let mut dependents = self.find_users(name);
        dependents.retain(|file| self.count_definitions(*file) > 0);
        let uses = |file| {
            self.defined
                .syntax(file)
                .is_some_and(|tree| tree.uses(name))
        };
        dependents.sort_by_key(|file| !uses(*file));
        dependents
    }

    /// Whether a file is, by its path, code of the product itself: no test, documentation, example or data.
    pub fn is_product_code(&self, file: usize) -> bool {
        let standing = self.standing(file);
        standing.is_code() && !standing.is_test() && !standing.is_aside()
    }

    /// What the path of a file promises.
    pub(super) fn standing(&self, file: usize) -> Standing {
        self.tables.standings.get(file).copied().unwrap_or_default()
    }

    /// The number of a term, when any text or path has it.
    pub(super) fn term(&self, term: &str) -> Option<u32> {
        self.tables.terms.get(term).copied()
    }

    /// BM25 of every file's text for the terms asked.
    pub(super) fn score_contents(&self, asked: &[Asked]) -> Vec<f64> {
        let mut scores = self.zeroes();
        let mut counts = vec![0_u32; self.snapshot.files.len()];
        for question in asked {
            let files = self.count_term(question.term, &mut counts);
            let lengths = &self.tables.contents;
            let rarity = lengths.rarity(files.len()) * question.weight;
            add(&mut scores, lengths, rarity, files.into_iter());
        }
        scores
    }

    /// In how many files' texts a term occurs, as rarity.
    pub(super) fn rarity(&self, term: u32) -> f64 {
        let mut counts = vec![0_u32; self.snapshot.files.len()];
        let files = self.count_term(term, &mut counts).len();
        self.tables.contents.rarity(files)
    }

    /// The files whose texts have a term.
    pub(super) fn files_with(&self, term: u32) -> Vec<usize> {
        let words = self.tables.term_words.of(term).iter();
        let postings = words.flat_map(|word| self.tables.users.of(*word));
        let mut files: Vec<usize> = postings.map(|posting| posting.file as usize).collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    /// The rarity of a term if no file used two of the words that it stands for: quick, and for most
    /// terms exact.
    pub(super) fn rough_rarity(&self, term: u32) -> f64 {
        let words = self.tables.term_words.of(term).iter();
        let files: usize = words.map(|word| self.tables.users.of(*word).len()).sum();
        let files = files.min(self.snapshot.files.len());
        self.tables.contents.rarity(files)
    }

    /// BM25 of the names that every file defines.
    pub(super) fn score_names(&self, asked: &[Asked]) -> Vec<f64> {
        self.score_field(&self.tables.names, asked)
    }

    /// BM25 of every path.
    pub(super) fn score_paths(&self, asked: &[Asked]) -> Vec<f64> {
        self.score_field(&self.tables.paths, asked)
    }

    /// The words of the snapshot by number, for counting terms in parts of a text.
    pub(super) fn words(&self) -> &Dictionary {
        &self.tables.words
    }

    /// The words that a term finds.
    pub(super) fn words_of(&self, term: u32) -> &[u32] {
        self.tables.term_words.of(term)
    }

    fn users(&self, word: &str) -> &[postings::Posting] {
        let word = self.tables.words.get(word);
        word.map_or(&[], |word| self.tables.users.of(*word))
    }

    fn zeroes(&self) -> Vec<f64> {
        vec![0.0; self.snapshot.files.len()]
    }

    /// The files that have a term, with how often; `counts` is all zero before and after.
    fn count_term(&self, term: u32, counts: &mut [u32]) -> Vec<(u32, u32)> {
        let mut files = Vec::new();
        let words = self.tables.term_words.of(term).iter();
        for posting in words.flat_map(|word| self.tables.users.of(*word)) {
            if let Some(count) = counts.get_mut(posting.file as usize) {
                if *count == 0 {
                    files.push(posting.file);
                }
                *count += posting.count;
            }
        }
        let taken = files.into_iter().map(|file| {
            let count = counts.get_mut(file as usize).map_or(0, std::mem::take);
            (file, count)
        });
        taken.collect()
    }

    fn score_field(&self, field: &Field, asked: &[Asked]) -> Vec<f64> {
        let mut scores = self.zeroes();
        for question in asked {
            let postings = field.postings.of(question.term);
            let rarity = field.lengths.rarity(postings.len()) * question.weight;
            let files = postings.iter().map(|posting| (posting.file, posting.count));
            add(&mut scores, &field.lengths, rarity, files);
        }
        scores
    }
}

fn add(
    scores: &mut [f64],
    lengths: &Lengths,
    rarity: f64,
    files: impl Iterator<Item = (u32, u32)>,
) {
    for (file, count) in files {
        if let Some(score) = scores.get_mut(file as usize) {
            *score += rarity * lengths.fit(file, count);
        }
    }
}

#[cfg(test)]
mod tests;

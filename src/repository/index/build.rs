//! The tables over everything that was read.
//!
//! Words and terms are numbered in the order in which the files, sorted by path, name them first.
//! So the tables follow from the snapshot alone, whichever packs its parts came in.

use std::collections::HashMap;

use super::dictionary::{Dictionary, Strings, number};
use super::pack::{Analysis, Pack, Rows};
use super::postings::{Filling, Lengths, Lists, Posting};
use super::reading::Reading;
use super::terms;
use crate::repository::File;
use crate::repository::parallel;
use crate::repository::priors::{self, Standing};

/// Everything that is derived from the texts.
#[derive(Debug)]
pub(super) struct Tables {
    /// Identifiers as written, by number.
    pub(super) words: Dictionary,
    /// Who uses a word.
    pub(super) users: Lists<Posting>,
    /// Terms by number.
    pub(super) terms: Dictionary,
    /// The words that a term finds.
    pub(super) term_words: Lists<u32>,
    /// Terms per file.
    pub(super) contents: Lengths,
    /// Terms in the names that a file defines.
    pub(super) names: Field,
    /// Terms in a file's path.
    pub(super) paths: Field,
    /// What a path promises.
    pub(super) standings: Vec<Standing>,
}

/// Terms in short texts that belong to files.
#[derive(Debug)]
pub(super) struct Field {
    /// Where a term occurs.
    pub(super) postings: Lists<Posting>,
    /// How long the texts are.
    pub(super) lengths: Lengths,
}

impl Tables {
    /// Makes the tables over `files`, which were read into `reading`.
    pub(super) fn new(files: &[File], reading: &Reading) -> Self {
        let mut numbering = Numbering::new(reading);
        numbering.number(reading);
        let ((mut terms, names, paths), (users, standings)) = parallel::both(
            || {
                let mut terms = Terms::new(&numbering, reading.packs());
                let names = names_field(reading, &mut terms);
                let paths = paths_field(files, &mut terms);
                (terms, names, paths)
            },
            || {
                let standings = files.iter().map(|file| Standing::of(&file.path));
                (numbering.users(reading), standings.collect())
            },
        );
        let fields = [names, paths].map(|field| field.finish(terms.terms.len()));
        let [names, paths] = fields;
        let (contents, term_words) = parallel::both(
            || term_counts(reading, &numbering, &terms),
            || invert(terms.terms.len(), &terms.of_words),
        );
        Self {
            contents: Lengths::new(contents, 0.75),
            terms: std::mem::take(&mut terms.terms),
            words: numbering.words,
            users,
            term_words,
            names,
            paths,
            standings,
        }
    }
}

/// Numbers for the words of all packs.
struct Numbering {
    words: Dictionary,
    /// Where each word was met first: its pack, and its number there.
    origins: Vec<(usize, u32)>,
    /// In how many files each word is.
    files: Vec<u32>,
    /// For each pack, the numbers that its words have here; [`UNMET`] for those that no file has.
    own: Vec<Vec<u32>>,
}

const UNMET: u32 = u32::MAX;

impl Numbering {
    fn new(reading: &Reading) -> Self {
        let packs = reading.packs().iter();
        let most = packs.clone().map(|pack| pack.words.len()).max();
        Self {
            words: Dictionary::with_capacity(most.unwrap_or(0)),
            origins: Vec::new(),
            files: Vec::new(),
            own: packs.map(|pack| vec![UNMET; pack.words.len()]).collect(),
        }
    }

    /// Numbers all words in the order in which the files name them.
    fn number(&mut self, reading: &Reading) {
        for (pack, analysis) in reading.analyses().flatten() {
            let Some(words) = reading.packs().get(pack).map(|pack| &pack.words) else {
                continue;
            };
            for (word, _) in &analysis.uses {
                self.meet(pack, *word, words);
            }
        }
    }

    fn meet(&mut self, pack: usize, word: u32, words: &Strings) {
        let own = self.own.get_mut(pack);
        let Some(own) = own.and_then(|own| own.get_mut(word as usize)) else {
            return;
        };
        if *own == UNMET {
            let (number, is_new) = self.words.intern(words.get(word));
            *own = number;
            if is_new {
                self.origins.push((pack, word));
                self.files.push(0);
            }
        }
        if let Some(files) = self.files.get_mut(*own as usize) {
            *files += 1;
        }
    }

    /// The words of an analysis by their numbers here.
    fn uses<'a>(
        &'a self,
        (pack, analysis): (usize, &'a Analysis),
    ) -> impl Iterator<Item = (u32, u32)> + 'a {
        let own = self.own.get(pack).map_or(&[][..], Vec::as_slice);
        let uses = analysis.uses.iter();
        uses.filter_map(|(word, count)| Some((*own.get(*word as usize)?, *count)))
    }

    fn users(&self, reading: &Reading) -> Lists<Posting> {
        let mut users = Filling::new(&self.files);
        for (analysis, file) in reading.analyses().zip(0_u32..) {
            for (word, count) in analysis.into_iter().flat_map(|found| self.uses(found)) {
                users.push(word, Posting { file, count });
            }
        }
        users.finish()
    }
}

/// The number of a pack's term among all terms; `own` remembers those that were met.
fn renumber(own: &mut [u32], pack: &Pack, term: u32, terms: &mut Dictionary) -> Option<u32> {
    let number = own.get_mut(term as usize)?;
    if *number == UNMET {
        (*number, _) = terms.intern(pack.terms.get(term));
    }
    Some(*number)
}

/// Terms by number.
struct Terms<'a> {
    words: &'a Dictionary,
    terms: Dictionary,
    /// The terms of every word, in the order of their numbers.
    of_words: Rows,
    /// The terms of words that are in no text, but in a name or path.
    of_others: HashMap<String, Vec<u32>>,
}

impl<'a> Terms<'a> {
    /// Numbers the terms of all words in the order of the words.
    fn new(numbering: &'a Numbering, packs: &[Pack]) -> Self {
        let mut own: Vec<Vec<u32>> = packs
            .iter()
            .map(|pack| vec![UNMET; pack.terms.len()])
            .collect();
        let mut terms = Dictionary::with_capacity(numbering.words.len() / 2);
        let mut of_words = Rows::default();
        let mut row = Vec::new();
        for (pack, word) in &numbering.origins {
            row.clear();
            if let (Some(own), Some(pack)) = (own.get_mut(*pack), packs.get(*pack)) {
                let all = pack.word_terms.of(*word).iter();
                row.extend(all.filter_map(|term| renumber(own, pack, *term, &mut terms)));
            }
            row.sort_unstable();
            of_words.push(row.iter().copied());
        }
        Self {
            words: &numbering.words,
            terms,
            of_words,
            of_others: HashMap::new(),
        }
    }

    /// The terms of a word of a name or path; a new one is numbered.
    fn of(&mut self, word: &str) -> &[u32] {
        if let Some(word) = self.words.get(word) {
            return self.of_words.of(*word);
        }
        if !self.of_others.contains_key(word) {
            let terms = terms::terms(word);
            let mut numbers: Vec<u32> =
                terms.iter().map(|term| self.terms.intern(term).0).collect();
            numbers.sort_unstable();
            numbers.dedup();
            self.of_others.insert(word.to_owned(), numbers);
        }
        self.of_others.get(word).map_or(&[], Vec::as_slice)
    }
}

/// How many terms each file's text has.
fn term_counts(reading: &Reading, numbering: &Numbering, terms: &Terms<'_>) -> Vec<u32> {
    let of_words = terms.of_words.iter();
    let of_words: Vec<u32> = of_words.map(|terms| number(terms.len())).collect();
    let count = |(word, count): (u32, u32)| {
        let terms = of_words.get(word as usize).copied().unwrap_or(0);
        terms.saturating_mul(count)
    };
    let analyses = reading.analyses();
    analyses
        .map(|analysis| {
            let uses = analysis.into_iter().flat_map(|found| numbering.uses(found));
            uses.map(count).fold(0, u32::saturating_add)
        })
        .collect()
}

fn invert(keys: usize, rows: &Rows) -> Lists<u32> {
    let pairs = rows.iter().zip(0_u32..);
    let pairs = pairs.flat_map(|(keys, position)| keys.iter().map(move |key| (*key, position)));
    Lists::new(keys, pairs)
}

fn names_field(reading: &Reading, terms: &mut Terms<'_>) -> FieldMaker {
    let mut field = FieldMaker::new(0.5);
    let packs = reading.packs().iter();
    let mut known: Vec<KnownNames> = packs.map(KnownNames::new).collect();
    for analysis in reading.analyses() {
        if let Some((pack, analysis)) = analysis
            && let (Some(pack), Some(known)) = (reading.packs().get(pack), known.get_mut(pack))
        {
            for row in pack.outlines.rows(analysis.definitions) {
                field.add(known.terms(row.name, pack.outlines.names(), terms));
            }
        }
        field.end();
    }
    field
}

/// The terms of a pack's names: files define the same ones again and again.
struct KnownNames {
    /// For each name its list of terms, from 1; 0 for names that were not met.
    places: Vec<u32>,
    terms: Rows,
}

impl KnownNames {
    fn new(pack: &Pack) -> Self {
        Self {
            places: vec![0; pack.outlines.names().len()],
            terms: Rows::default(),
        }
    }

    fn terms(&mut self, name: u32, names: &Strings, terms: &mut Terms<'_>) -> &[u32] {
        let Some(place) = self.places.get_mut(name as usize) else {
            return &[];
        };
        if *place == 0 {
            let words = terms::words(names.get(name));
            self.terms
                .push(words.flat_map(|word| terms.of(word).to_vec()));
            *place = number(self.terms.len());
        }
        self.terms.of(*place - 1)
    }
}

/// The words of folders and file name; the stem counts twice.
fn paths_field(files: &[File], terms: &mut Terms<'_>) -> FieldMaker {
    let mut field = FieldMaker::new(0.3);
    for file in files {
        let stem = priors::stem(file.path.file_name());
        for word in terms::words(file.path.as_str()).chain(terms::words(stem)) {
            field.add(terms.of(word));
        }
        field.end();
    }
    field
}

/// A field in the making, file by file.
struct FieldMaker {
    /// How much the length of a document matters.
    weight: f64,
    document: Vec<u32>,
    lengths: Vec<u32>,
    pairs: Vec<(u32, Posting)>,
}

impl FieldMaker {
    fn new(weight: f64) -> Self {
        Self {
            weight,
            document: Vec::new(),
            lengths: Vec::new(),
            pairs: Vec::new(),
        }
    }

    /// Adds terms to the document of the file at hand.
    fn add(&mut self, terms: &[u32]) {
        self.document.extend_from_slice(terms);
    }

    /// Goes on to the next file.
    fn end(&mut self) {
        self.document.sort_unstable();
        let file = number(self.lengths.len());
        for run in self.document.chunk_by(|left, right| left == right) {
            let count = number(run.len());
            let posting = Posting { file, count };
            self.pairs.extend(run.first().map(|term| (*term, posting)));
        }
        self.lengths.push(number(self.document.len()));
        self.document.clear();
    }

    /// The field, when all terms are numbered.
    fn finish(self, terms: usize) -> Field {
        Field {
            postings: Lists::new(terms, self.pairs.iter().copied()),
            lengths: Lengths::new(self.lengths, self.weight),
        }
    }
}

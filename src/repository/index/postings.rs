//! Lists of numbers under numbers, packed; and how well a document fits the terms of a question.

/// Values under keys `0..n`, in one block of memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lists<T> {
    starts: Vec<u32>,
    values: Vec<T>,
}

/// Lists in the making.
pub(super) struct Filling<T> {
    lists: Lists<T>,
    /// Where the next value of each key goes.
    next: Vec<u32>,
}

impl<T: Copy + Default> Filling<T> {
    /// Makes room for as many values under each key as `counts` says.
    pub(super) fn new(counts: &[u32]) -> Self {
        let mut total = 0;
        let mut starts = Vec::with_capacity(counts.len() + 1);
        starts.push(0);
        for count in counts {
            total += *count;
            starts.push(total);
        }
        Self {
            next: starts.clone(),
            lists: Lists {
                starts,
                values: vec![T::default(); total as usize],
            },
        }
    }

    /// Appends a value to the list of its key.
    pub(super) fn push(&mut self, key: u32, value: T) {
        if let Some(at) = self.next.get_mut(key as usize)
            && let Some(place) = self.lists.values.get_mut(*at as usize)
        {
            *place = value;
            *at += 1;
        }
    }

    /// The lists.
    pub(super) fn finish(self) -> Lists<T> {
        self.lists
    }
}

impl<T: Copy + Default> Lists<T> {
    /// Sorts pairs into lists; the order of the pairs stays within each list.
    pub(super) fn new(keys: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut counts = vec![0_u32; keys];
        for (key, _) in pairs.clone() {
            if let Some(count) = counts.get_mut(key as usize) {
                *count += 1;
            }
        }
        let mut filling = Filling::new(&counts);
        for (key, value) in pairs {
            filling.push(key, value);
        }
        filling.finish()
    }

    /// The values under `key`; empty for unknown keys.
    pub(super) fn of(&self, key: u32) -> &[T] {
        let key = key as usize;
        match (self.starts.get(key), self.starts.get(key + 1)) {
            (Some(start), Some(end)) => self
                .values
                .get(*start as usize..*end as usize)
                .unwrap_or_default(),
            _ => &[],
        }
    }
}

/// How often a thing occurs in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Posting {
    /// The document's position.
    pub(super) file: u32,
    /// How often.
    pub(super) count: u32,
}

/// Saturation of repeated occurrences.
const K1: f64 = 1.2;

/// The lengths of all documents of a field, and how much they matter.
#[derive(Debug)]
pub(super) struct Lengths {
    lengths: Vec<u32>,
    average: f64,
    /// 0: length does not matter; 1: it matters fully.
    weight: f64,
}

impl Lengths {
    /// Takes the lengths of all documents.
    pub(super) fn new(lengths: Vec<u32>, weight: f64) -> Self {
        let filled = lengths.iter().filter(|length| **length > 0).count().max(1);
        let total: u64 = lengths.iter().map(|length| u64::from(*length)).sum();
        Self {
            average: (to_float(total) / to_float(filled as u64)).max(1.0),
            lengths,
            weight,
        }
    }

    /// How rare a term is that occurs in `documents`.
    pub(super) fn rarity(&self, documents: usize) -> f64 {
        let all = to_float(self.lengths.len() as u64);
        let with = to_float(documents as u64);
        ((all - with + 0.5) / (with + 0.5)).ln_1p()
    }

    /// BM25 of `count` occurrences in a document, without rarity.
    pub(super) fn fit(&self, file: u32, count: u32) -> f64 {
        let length = self.lengths.get(file as usize).copied().unwrap_or(0);
        saturate(count, f64::from(length) / self.average, self.weight)
    }
}

/// BM25's measure of `count` occurrences in a text of `relative_length` times the usual.
pub(in crate::repository) fn saturate(count: u32, relative_length: f64, weight: f64) -> f64 {
    let count = f64::from(count);
    count * (K1 + 1.0) / (count + K1 * (1.0 - weight + weight * relative_length))
}

/// Counts are far below 2^52.
#[expect(
    clippy::cast_precision_loss,
    reason = "exact below 2^52, and more is not counted"
)]
pub(in crate::repository) fn to_float(count: u64) -> f64 {
    count as f64
}

//! Lists of numbers under numbers, packed; and how well a document fits the terms of a question.

/// Values under keys `0..n`, in one block of memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lists<T> {
    starts: Vec<u32>,
    values: Vec<T>,
}

impl<T: Copy + Default> Lists<T> {
    /// Sorts pairs into lists; the order of the pairs stays within each list.
    pub(super) fn new(keys: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut starts = vec![0_u32; keys + 1];
        for (key, _) in pairs.clone() {
            if let Some(count) = starts.get_mut(key as usize + 1) {
                *count += 1;
            }
        }
        let mut total = 0;
        for start in &mut starts {
            total += *start;
            *start = total;
        }
        let mut next = starts.clone();
        let mut values = vec![T::default(); total as usize];
        for (key, value) in pairs {
            if let Some(at) = next.get_mut(key as usize)
                && let Some(place) = values.get_mut(*at as usize)
            {
                *place = value;
                *at += 1;
            }
        }
        Self { starts, values }
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

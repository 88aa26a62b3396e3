//! Unguessable texts: tokens, secrets and delivery ids.

use aws_lc_rs::rand;

use crate::sandbox::SandboxError;

const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// `N` random bytes.
///
/// # Errors
/// [`SandboxError::Random`] when the system has none to give.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], SandboxError> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).map_err(|_| SandboxError::Random)?;
    Ok(bytes)
}

/// A stream of random texts from one seed, so that the world itself stays free of side effects.
#[derive(Debug)]
pub(crate) struct Texts {
    key: aws_lc_rs::hmac::Key,
    count: u64,
}

impl Texts {
    /// Texts that follow from `seed`.
    pub(crate) fn new(seed: &[u8; 32]) -> Self {
        Self {
            key: aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA512, seed),
            count: 0,
        }
    }

    /// `length` letters and digits, at most 64.
    pub(crate) fn letters(&mut self, length: usize) -> String {
        let block = self.block();
        block
            .iter()
            .take(length)
            .filter_map(|byte| LETTERS.get(usize::from(*byte) % LETTERS.len()))
            .map(|letter| char::from(*letter))
            .collect()
    }

    /// A random id in the 8-4-4-4-12 form of GitHub's delivery ids.
    pub(crate) fn guid(&mut self) -> String {
        let digits = hex::encode(self.block());
        let mut digits = digits.chars();
        [8, 4, 4, 4, 12]
            .map(|length| digits.by_ref().take(length).collect::<String>())
            .join("-")
    }

    fn block(&mut self) -> Vec<u8> {
        self.count += 1;
        let tag = aws_lc_rs::hmac::sign(&self.key, &self.count.to_be_bytes());
        tag.as_ref().to_vec()
    }
}

//! The App's RSA key pair: made when the sandbox starts, handed to the bot as GitHub hands it out.

use aws_lc_rs::encoding::AsDer;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{KeyPair, RSA_PKCS1_2048_8192_SHA256, RsaKeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::SecretString;

use crate::sandbox::SandboxError;

/// `AlgorithmIdentifier { rsaEncryption, NULL }`, behind which PKCS#8 wraps the PKCS#1 key.
const RSA_ENCRYPTION: &[u8] = &[
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// A key pair of an App; clones share nothing secret beyond what they hold.
#[derive(Debug, Clone)]
pub struct AppKey {
    private_pem: SecretString,
    public_der: Vec<u8>,
}

impl AppKey {
    /// Makes a pair of 2,048 bits, which takes a noticeable part of a second.
    ///
    /// # Errors
    /// [`SandboxError::Key`] when the library cannot make one.
    pub fn generate() -> Result<Self, SandboxError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| SandboxError::Key)?;
        let wrapped = pair.as_der().map_err(|_| SandboxError::Key)?;
        let inner = unwrap_pkcs1(wrapped.as_ref()).ok_or(SandboxError::Key)?;
        Ok(Self {
            private_pem: SecretString::from(pem(inner)),
            public_der: pair.public_key().as_ref().to_vec(),
        })
    }

    /// The private half in PKCS#1 PEM, as GitHub's download has it.
    pub fn private_pem(&self) -> &SecretString {
        &self.private_pem
    }

    /// Whether `signature` over `message` was made with RS256 by the private half.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public_der)
            .verify(message, signature)
            .is_ok()
    }
}

/// The contents of the octet string that follows the algorithm in a PKCS#8 key.
fn unwrap_pkcs1(pkcs8: &[u8]) -> Option<&[u8]> {
    let at = pkcs8
        .windows(RSA_ENCRYPTION.len())
        .position(|window| window == RSA_ENCRYPTION)?;
    let octets = pkcs8.get(at + RSA_ENCRYPTION.len()..)?;
    match octets {
        // Tag 4, then a length in two bytes: every key of 2,048 bits is between 256 B and 64 KiB.
        [0x04, 0x82, high, low, rest @ ..] => {
            rest.get(..usize::from(u16::from_be_bytes([*high, *low])))
        }
        _ => None,
    }
}

fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let mut pem = String::from("-----BEGIN RSA PRIVATE KEY-----\n");
    let mut column = 0;
    for letter in text.chars() {
        pem.push(letter);
        column += 1;
        if column % 64 == 0 {
            pem.push('\n');
        }
    }
    if column % 64 != 0 {
        pem.push('\n');
    }
    pem.push_str("-----END RSA PRIVATE KEY-----\n");
    pem
}

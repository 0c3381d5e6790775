//! Hash algorithms over bytes, alone, keyed, and repeated into keys.

use hmac::digest::KeyInit;
use hmac::{Hmac, Mac};
use md5::Md5;
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha384, Sha512};

/// A hash algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// 128 bits.
    Md5,
    /// 160 bits.
    Sha1,
    /// 256 bits.
    Sha256,
    /// 384 bits.
    Sha384,
    /// 512 bits.
    Sha512,
}

impl Algorithm {
    /// The algorithm of a name such as `SHA256` or `SHA-256`, in any letter case.
    pub fn by_name(name: &str) -> Option<Algorithm> {
        let name = name.replace('-', "").to_ascii_uppercase();
        let name = name
            .strip_prefix("SYSTEM.SECURITY.CRYPTOGRAPHY.")
            .unwrap_or(&name);
        Some(match name {
            "MD5" => Algorithm::Md5,
            "SHA" | "SHA1" => Algorithm::Sha1,
            "SHA256" => Algorithm::Sha256,
            "SHA384" => Algorithm::Sha384,
            "SHA512" => Algorithm::Sha512,
            _ => return None,
        })
    }

    /// Its name in .NET.
    pub fn name(self) -> &'static str {
        match self {
            Algorithm::Md5 => "MD5",
            Algorithm::Sha1 => "SHA1",
            Algorithm::Sha256 => "SHA256",
            Algorithm::Sha384 => "SHA384",
            Algorithm::Sha512 => "SHA512",
        }
    }

    /// Length of a hash in bytes.
    pub fn length(self) -> usize {
        match self {
            Algorithm::Md5 => 16,
            Algorithm::Sha1 => 20,
            Algorithm::Sha256 => 32,
            Algorithm::Sha384 => 48,
            Algorithm::Sha512 => 64,
        }
    }

    /// The hash of bytes.
    pub fn hash(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Algorithm::Md5 => Md5::digest(bytes).to_vec(),
            Algorithm::Sha1 => Sha1::digest(bytes).to_vec(),
            Algorithm::Sha256 => Sha256::digest(bytes).to_vec(),
            Algorithm::Sha384 => Sha384::digest(bytes).to_vec(),
            Algorithm::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    /// The keyed hash of bytes (HMAC, RFC 2104).
    pub fn keyed(self, key: &[u8], bytes: &[u8]) -> Vec<u8> {
        match self {
            Algorithm::Md5 => keyed::<Hmac<Md5>>(key, bytes),
            Algorithm::Sha1 => keyed::<Hmac<Sha1>>(key, bytes),
            Algorithm::Sha256 => keyed::<Hmac<Sha256>>(key, bytes),
            Algorithm::Sha384 => keyed::<Hmac<Sha384>>(key, bytes),
            Algorithm::Sha512 => keyed::<Hmac<Sha512>>(key, bytes),
        }
    }

    /// A key from a password (PBKDF2, RFC 2898).
    pub fn derive(self, password: &[u8], salt: &[u8], rounds: u32, length: usize) -> Vec<u8> {
        let mut key = vec![0; length];
        match self {
            Algorithm::Md5 => pbkdf2_hmac::<Md5>(password, salt, rounds, &mut key),
            Algorithm::Sha1 => pbkdf2_hmac::<Sha1>(password, salt, rounds, &mut key),
            Algorithm::Sha256 => pbkdf2_hmac::<Sha256>(password, salt, rounds, &mut key),
            Algorithm::Sha384 => pbkdf2_hmac::<Sha384>(password, salt, rounds, &mut key),
            Algorithm::Sha512 => pbkdf2_hmac::<Sha512>(password, salt, rounds, &mut key),
        }
        key
    }
}

fn keyed<M: Mac + KeyInit>(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    // HMAC takes keys of every length.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(bytes);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn hashes_keyed_and_derived() {
        assert_eq!(
            hex(&Algorithm::Md5.hash(b"abc")),
            "900150983cd24fb0d6963f7d28e17f72"
        );
        assert_eq!(
            hex(&Algorithm::Sha256.keyed(b"key", b"The quick brown fox jumps over the lazy dog")),
            "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
        );
        assert_eq!(
            hex(&Algorithm::Sha1.derive(b"password", b"salt", 2, 20)),
            "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"
        );
        assert_eq!(Algorithm::by_name("sha-512"), Some(Algorithm::Sha512));
    }
}

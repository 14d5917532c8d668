//! Fingerprints by which something is recognised again.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// SHA-256 over a list of parts, in lower-case hexadecimal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Digest(String);

impl Digest {
    /// Digests the parts; each is preceded by its length, so that moving a
    /// boundary changes the digest.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        Self::of_bytes(parts.into_iter().map(str::as_bytes))
    }

    /// The same of parts that need not be text.
    pub fn of_bytes<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(data_encoding::HEXLOWER.encode(&hasher.finalize()))
    }

    /// The hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Digest {
    type Error = String;

    /// # Errors
    /// A sentence, when the text is not a digest.
    fn try_from(text: String) -> Result<Self, String> {
        let hex = text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        if hex && text.len() == 64 {
            Ok(Self(text))
        } else {
            Err("a digest is written as 64 hexadecimal digits in lower case".to_owned())
        }
    }
}

impl From<Digest> for String {
    fn from(digest: Digest) -> String {
        digest.0
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.get(..12).unwrap_or(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn boundaries_count() {
        assert_ne!(Digest::of(["ab", "c"]), Digest::of(["a", "bc"]));
        assert_ne!(Digest::of(["a"]), Digest::of(["a", ""]));
        assert_eq!(Digest::of(["a", "b"]), Digest::of(["a", "b"]));
    }
    #[test]
    fn only_digests_are_read() {
        let digest = Digest::of(["a"]);
        let text = serde_json::to_string(&digest).expect("JSON");
        assert_eq!(text, format!("\"{}\"", digest.as_str()));
        assert_eq!(serde_json::from_str::<Digest>(&text).expect("a digest"), digest);
        for bad in ["", "abc", &"A".repeat(64), &"\u{202e}".repeat(64)] {
            assert!(Digest::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}

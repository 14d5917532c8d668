//! Digests of words that are tried first: they look random and are not.

use blake2::digest::consts::U32;
use blake2::{Blake2b, Blake2b512, Blake2s256};
use data_encoding::HEXLOWER_PERMISSIVE;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_224, Sha512_256};
use sha3::{Keccak256, Sha3_224, Sha3_256, Sha3_384, Sha3_512};

use super::guessable::bytes_written;
use super::known_keys;
use super::placeholder;

/// Numbers below this are tried, and years.
const NUMBERS: u32 = 1_000;
const YEARS: std::ops::RangeInclusive<u32> = 1_900..=2_100;

/// What people put behind a word.
const ENDINGS: &[&str] =
    &["1", "12", "123", "1234", "!", "1!", "123!", "01", "2023", "2024", "2025", "2026", "@123"];

/// A value that is cut shorter than this is no part of a digest by more than
/// chance, in bytes.
const LEAST: usize = 8;

/// What stands before a digest.
const LABELS: &[&str] = &[
    "0x",
    "0X",
    "md5:",
    "sha1:",
    "sha224:",
    "sha256:",
    "sha384:",
    "sha512:",
    "sha3-256:",
    "blake2b:",
    "md5-",
    "sha1-",
    "sha256-",
    "sha384-",
    "sha512-",
    "{SHA}",
    "{MD5}",
    "{SHA256}",
    "{SHA512}",
];

/// Words that many secrets begin with, beside those of placeholders.
const WORDS: &[&str] = &[
    "",
    "hello",
    "hello world",
    "Hello World",
    "helloworld",
    "foo",
    "bar",
    "letmein",
    "let me in",
    "welcome",
    "iloveyou",
    "monkey",
    "dragon",
    "master",
    "sunshine",
    "princess",
    "football",
    "shadow",
    "superman",
    "batman",
    "trustno1",
    "abc123",
    "123456",
    "12345678",
    "123456789",
    "1234567890",
    "password1",
    "password123",
    "qwerty",
    "qwerty123",
    "admin123",
    "secret123",
    "changeme",
    "secret key",
    "my secret",
    "my secret key",
    "this is a secret",
    "this is a secret key",
    "super secret",
    "super secret key",
    "my password",
    "secret_key",
    "secret-key",
    "SECRET_KEY",
    "mysecretkey",
    "my_secret_key",
    "supersecretkey",
    "flasksecret",
    "flask secret key",
    "random",
    "random string",
    "some random string",
    "test123",
    "root",
    "toor",
    "pass",
    "correct horse battery staple",
    "the quick brown fox jumps over the lazy dog",
    "The quick brown fox jumps over the lazy dog",
];

/// The functions, by name.
type Function = (&'static str, fn(&[u8]) -> Vec<u8>);
const FUNCTIONS: &[Function] = &[
    ("MD5", |bytes| Md5::digest(bytes).to_vec()),
    ("SHA-1", |bytes| Sha1::digest(bytes).to_vec()),
    ("SHA-224", |bytes| Sha224::digest(bytes).to_vec()),
    ("SHA-256", |bytes| Sha256::digest(bytes).to_vec()),
    ("SHA-384", |bytes| Sha384::digest(bytes).to_vec()),
    ("SHA-512", |bytes| Sha512::digest(bytes).to_vec()),
    ("SHA-512/224", |bytes| Sha512_224::digest(bytes).to_vec()),
    ("SHA-512/256", |bytes| Sha512_256::digest(bytes).to_vec()),
    ("SHA3-224", |bytes| Sha3_224::digest(bytes).to_vec()),
    ("SHA3-256", |bytes| Sha3_256::digest(bytes).to_vec()),
    ("SHA3-384", |bytes| Sha3_384::digest(bytes).to_vec()),
    ("SHA3-512", |bytes| Sha3_512::digest(bytes).to_vec()),
    ("Keccak-256", |bytes| Keccak256::digest(bytes).to_vec()),
    ("BLAKE2b", |bytes| Blake2b512::digest(bytes).to_vec()),
    ("BLAKE2b-256", |bytes| Blake2b::<U32>::digest(bytes).to_vec()),
    ("BLAKE2s", |bytes| Blake2s256::digest(bytes).to_vec()),
];

/// The name of the function, when a value is a digest of a word that is tried
/// first, such a digest cut off, or several of them. `hints` are more such words:
/// the app's name, the variable's.
pub(crate) fn digest_of_word(value: &str, hints: &[&str]) -> Option<&'static str> {
    let value = value.trim();
    let bare = LABELS.iter().find_map(|label| value.strip_prefix(label)).unwrap_or(value);
    // an odd digit at the end of what was cut
    let even = bare.get(..bare.len() / 2 * 2).unwrap_or(bare);
    let sought = HEXLOWER_PERMISSIVE
        .decode(even.as_bytes())
        .ok()
        .or_else(|| bytes_written(bare))
        .filter(|bytes| bytes.len() >= LEAST)?;
    let mut rest = sought.as_slice();
    let mut first = None;
    // digests one behind the other, each of which must be one
    while rest.len() >= LEAST {
        let (name, length) = part_of_digest(rest, hints)?;
        first = first.or(Some(name));
        rest = rest.get(length..).unwrap_or_default();
    }
    first
}

/// With which digest the bytes begin or which they are the beginning of, and how
/// many of them that takes.
fn part_of_digest(sought: &[u8], hints: &[&str]) -> Option<(&'static str, usize)> {
    let meets = |(name, function): &Function, bytes: &[u8]| {
        let digest = function(bytes);
        let common = digest.len().min(sought.len());
        (digest.get(..common) == sought.get(..common)).then_some((*name, common))
    };
    // a digest of a digest, as its hexadecimal digits
    let inner = |bytes: &[u8]| {
        FUNCTIONS.iter().filter(|(name, _)| matches!(*name, "MD5" | "SHA-1" | "SHA-256")).find_map(
            |(_, inner)| {
                let inner = HEXLOWER_PERMISSIVE.encode(&inner(bytes));
                FUNCTIONS.iter().take(6).find_map(|function| meets(function, inner.as_bytes()))
            },
        )
    };
    let once = |word: &str| FUNCTIONS.iter().find_map(|each| meets(each, word.as_bytes()));
    let is = |word: &str| once(word).or_else(|| inner(word.as_bytes()));
    let varied = |word: &str| {
        is(word)
            .or_else(|| once(&format!("{word}\n")))
            .or_else(|| once(&word.to_uppercase()))
            .or_else(|| once(&word.to_lowercase()))
            .or_else(|| once(&capital(word)))
    };
    let ended = |word: &str| {
        ENDINGS.iter().find_map(|ending| {
            once(&format!("{word}{ending}")).or_else(|| once(&format!("{}{ending}", capital(word))))
        })
    };
    let own: Vec<&str> = WORDS.iter().chain(hints).copied().collect();
    own.iter()
        .find_map(|word| varied(word))
        .or_else(|| placeholder::known_words().find_map(varied))
        .or_else(|| known_keys::all().find_map(is))
        .or_else(|| (0..NUMBERS).chain(YEARS).find_map(|number| is(&number.to_string())))
        .or_else(|| own.into_iter().chain(["password", "secret", "changeme"]).find_map(ended))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_of_words_are_known() {
        for (value, expected) in [
            ("5ebe2294ecd0e0f08eab7690d2a6ee69", Some("MD5")),
            ("5f4dcc3b5aa765d61d8327deb882cf99", Some("MD5")),
            ("D41D8CD98F00B204E9800998ECF8427E", Some("MD5")),
            ("5baa61e4c9b93f3f0682250b6cf8331b7ee68fd8", Some("SHA-1")),
            ("2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b", Some("SHA-256")),
            ("XohImNooBHFR0OVvjcYpJ3NgPQ1qq73WKhHvch0VQtg=", Some("SHA-256")),
            // of the hexadecimal digits of the MD5 digest of `password`
            ("696d29e0940a4957748fe3fc9efd22a3", Some("MD5")),
            ("9f2c1b7e4d8a6053f1e2d3c4b5a69788", None),
            ("9f2c1b7e", None),
            ("", None),
        ] {
            assert_eq!(digest_of_word(value, &[]), expected, "{value}");
        }
        let shop = HEXLOWER_PERMISSIVE.encode(&Sha256::digest(b"Minipass"));
        assert_eq!(digest_of_word(&shop, &["minipass"]), Some("SHA-256"));
        assert_eq!(digest_of_word(&shop, &[]), None);
    }

    /// The values stand as Python's hashlib and sha3sum give them.
    #[test]
    fn digests_of_other_functions_are_known() {
        let sha256 = |word: &str| HEXLOWER_PERMISSIVE.encode(&Sha256::digest(word.as_bytes()));
        let cut = "2bb80d537b1da3e38bd30361aa855686bde0eacd";
        let joined = "5ebe2294ecd0e0f08eab7690d2a6ee693c6e0b8a9c15224a8228b9a98ca1531d";
        for word in ["2024", "hello123", "letmein1", "Password!", "Welcome2024", "dev", "default"] {
            assert_eq!(digest_of_word(&sha256(word), &[]), Some("SHA-256"), "{word}");
        }
        for (value, expected) in [
            (cut.to_owned(), "SHA-256"),
            (format!("{cut}a"), "SHA-256"),
            (format!("0x{cut}"), "SHA-256"),
            (format!("sha256:{}", sha256("secret")), "SHA-256"),
            (joined.to_owned(), "MD5"),
            (HEXLOWER_PERMISSIVE.encode(&Sha3_256::digest(b"secret")), "SHA3-256"),
            (HEXLOWER_PERMISSIVE.encode(&Blake2b512::digest(b"secret")), "BLAKE2b"),
            (HEXLOWER_PERMISSIVE.encode(&Blake2s256::digest(b"secret")), "BLAKE2s"),
            (HEXLOWER_PERMISSIVE.encode(&Sha512_256::digest(b"secret")), "SHA-512/256"),
        ] {
            assert_eq!(digest_of_word(&value, &[]), Some(expected), "{value}");
        }
    }
}

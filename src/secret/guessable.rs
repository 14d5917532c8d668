//! Values that look random and are not: digests of words, and words written in
//! Base64 or in hexadecimal digits.

use data_encoding::{BASE32, BASE32_NOPAD, BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use data_encoding::{Encoding, HEXLOWER_PERMISSIVE};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use super::known_keys;
use super::placeholder;

/// A longer value is not decoded, in bytes.
const LONGEST: usize = 4096;

/// Numbers below this were tried as well.
const NUMBERS: u32 = 1_000;

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

/// The name of the function, when a value is a digest of a word that is tried
/// first. `hints` are more such words: the app's name, the variable's.
pub(crate) fn digest_of_word(value: &str, hints: &[&str]) -> Option<&'static str> {
    let value = value.trim();
    let digest = HEXLOWER_PERMISSIVE
        .decode(value.as_bytes())
        .ok()
        .or_else(|| text_encodings().find_map(|encoding| encoding.decode(value.as_bytes()).ok()))?;
    let name = match digest.len() {
        16 => "MD5",
        20 => "SHA-1",
        28 => "SHA-224",
        32 => "SHA-256",
        48 => "SHA-384",
        64 => "SHA-512",
        _ => return None,
    };
    let once = |bytes: &[u8]| of(name, bytes).is_some_and(|of| of == digest);
    // a digest of a digest, as its hexadecimal digits
    let is = |word: &str| {
        once(word.as_bytes())
            || ["MD5", "SHA-1", "SHA-256"].into_iter().any(|inner| {
                let inner = of(inner, word.as_bytes());
                inner.is_some_and(|inner| once(HEXLOWER_PERMISSIVE.encode(&inner).as_bytes()))
            })
    };
    let varied = |word: &str| {
        let mut capital = word.chars();
        let capital: String =
            capital.next().into_iter().flat_map(char::to_uppercase).chain(capital).collect();
        is(word)
            || is(&format!("{word}\n"))
            || is(&word.to_uppercase())
            || is(&word.to_lowercase())
            || is(&capital)
    };
    let found = WORDS.iter().chain(hints).any(|word| varied(word))
        || placeholder::known_words().any(varied)
        || known_keys::all().any(is)
        || (0..NUMBERS).any(|number| is(&number.to_string()));
    found.then_some(name)
}

/// What everybody knows by heart or can look up, when a value is that.
pub(crate) fn common_knowledge(value: &str) -> Option<&'static str> {
    const NUMBERS: [(&str, &str); 4] = [
        ("31415926535", "the digits of pi"),
        ("27182818284", "the digits of e"),
        ("14142135623", "the digits of the square root of 2"),
        ("16180339887", "the digits of the golden ratio"),
    ];
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    if digits.len() + 2 >= value.len()
        && let Some((_, name)) = NUMBERS.iter().find(|(start, _)| digits.starts_with(start))
    {
        return Some(name);
    }
    value.to_lowercase().contains("lorem ipsum").then_some("the text Lorem ipsum")
}

fn of(name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
    Some(match name {
        "MD5" => Md5::digest(bytes).to_vec(),
        "SHA-1" => Sha1::digest(bytes).to_vec(),
        "SHA-224" => Sha224::digest(bytes).to_vec(),
        "SHA-256" => Sha256::digest(bytes).to_vec(),
        "SHA-384" => Sha384::digest(bytes).to_vec(),
        "SHA-512" => Sha512::digest(bytes).to_vec(),
        _ => return None,
    })
}

/// The text that a value is another way of writing. Random bytes are not text:
/// sixteen of them are once in ten million.
pub(crate) fn decoded_text(value: &str) -> Option<String> {
    let value = value.trim();
    if value.len() < 8 || value.len() > LONGEST {
        return None;
    }
    let bare = value.replace([' ', ':', '\n'], "");
    let hex = bare.strip_prefix("0x").unwrap_or(&bare);
    std::iter::once(HEXLOWER_PERMISSIVE)
        .chain(text_encodings())
        .filter_map(|encoding| encoding.decode(hex.as_bytes()).ok())
        .filter_map(|bytes| String::from_utf8(bytes).ok())
        .find(|text| {
            text.len() >= 4
                && text.chars().all(|c| c.is_ascii_graphic() || c == ' ' || c == '\n' || c == '\r')
        })
}

fn text_encodings() -> impl Iterator<Item = Encoding> {
    [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, BASE32, BASE32_NOPAD].into_iter()
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

    #[test]
    fn what_everybody_knows_is_known() {
        for (value, expected) in [
            ("3.14159265358979323846264338327950288419716939937510", Some("the digits of pi")),
            ("2718281828459045", Some("the digits of e")),
            ("Lorem ipsum dolor sit amet", Some("the text Lorem ipsum")),
            ("9f2c1b7e3141592653589793", None),
            ("1234567890", None),
        ] {
            assert_eq!(common_knowledge(value), expected, "{value}");
        }
    }

    #[test]
    fn words_in_other_letters_are_read() {
        for (value, expected) in [
            ("c3VwZXItc2VjcmV0LWtleQ==", Some("super-secret-key")),
            ("c3VwZXItc2VjcmV0LWtleQ", Some("super-secret-key")),
            ("73757065722d7365637265742d6b6579", Some("super-secret-key")),
            ("ONSWG4TFOQWWWZLZ", Some("secret-key")),
            ("9f2c1b7e4d8a6053f1e2d3c4b5a69788", None),
            ("short", None),
        ] {
            assert_eq!(decoded_text(value).as_deref(), expected, "{value}");
        }
    }
}

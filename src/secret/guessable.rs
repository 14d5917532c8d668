//! Values that look random and are not: what everybody knows by heart, and words
//! written in Base64, in hexadecimal digits and in other ways.

use data_encoding::{BASE32, BASE32_NOPAD, BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};
use data_encoding::{Encoding, HEXLOWER_PERMISSIVE};

use super::base85;
use super::spellings::{character_references, percent_decoded};

/// A longer value is not decoded, in bytes.
const LONGEST: usize = 4096;

/// So many digits of a sequence are not met by chance.
const TELLING: usize = 12;

/// Words of hexadecimal digits, the longer before those that they begin with.
const HEX_WORDS: &[&str] = &[
    "badc0ffee",
    "badcoffee",
    "deadbeef",
    "deadc0de",
    "deadcode",
    "deadfa11",
    "deadbabe",
    "deadd00d",
    "cafebabe",
    "cafed00d",
    "cafefeed",
    "c0ffee",
    "feedface",
    "feedbabe",
    "feedbeef",
    "facefeed",
    "baadf00d",
    "badf00d",
    "8badf00d",
    "abadbabe",
    "abadcafe",
    "b16b00b5",
    "babecafe",
    "beefcafe",
    "beefbabe",
    "beefface",
    "decafbad",
    "defec8ed",
    "defaced",
    "d15ea5e",
    "ba5eba11",
    "facade",
    "1badb002",
    "0ff1ce",
    "f00dbabe",
    "f00d",
    "beef",
    "babe",
    "cafe",
    "dead",
    "face",
    "feed",
    "food",
    "fade",
    "bead",
    "deaf",
    "decade",
    "c0de",
    "d00d",
    "ace",
    "add",
    "bad",
    "bed",
    "fed",
    "dad",
    "1337",
    "0",
];

/// What everybody can read, whoever made it: by how it begins.
const PUBLIC: &[(&str, &str)] = &[
    ("ssh-ed25519 AAAA", "a public key"),
    ("ssh-rsa AAAA", "a public key"),
    ("ssh-dss AAAA", "a public key"),
    ("ecdsa-sha2-nistp", "a public key"),
    ("sk-ssh-ed25519@openssh.com AAAA", "a public key"),
    ("-----BEGIN CERTIFICATE", "a certificate"),
    ("-----BEGIN TRUSTED CERTIFICATE", "a certificate"),
    ("-----BEGIN X509 CRL", "a list of revoked certificates"),
    ("-----BEGIN PUBLIC KEY", "a public key"),
    ("-----BEGIN RSA PUBLIC KEY", "a public key"),
    ("-----BEGIN EC PUBLIC KEY", "a public key"),
    ("-----BEGIN PGP PUBLIC KEY", "a public key"),
    ("---- BEGIN SSH2 PUBLIC KEY", "a public key"),
    ("untrusted comment: minisign public key", "a public key"),
];

/// What everybody knows by heart or can look up, when a value is that.
pub(crate) fn common_knowledge(value: &str) -> Option<&'static str> {
    let value = value.trim();
    if let Some((_, name)) = PUBLIC.iter().find(|(start, _)| value.starts_with(start)) {
        return Some(name);
    }
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let separators = value.chars().filter(|c| " ,.-_:;/|".contains(*c)).count();
    if digits.len() >= TELLING
        && digits.len() + separators >= value.chars().count()
        && let Some(name) = sequence(&digits)
    {
        return Some(name);
    }
    let letters: String =
        value.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    if letters.contains("loremipsum") || letters.contains("consecteturadipiscing") {
        return Some("the text Lorem ipsum");
    }
    is_hex_words(value).then_some("made of words in hexadecimal digits")
}

/// The sequence of numbers from which the digits are.
fn sequence(digits: &str) -> Option<&'static str> {
    const CONSTANTS: &[(&str, &str)] = &[
        ("31415926535897932384626433832795028841971693993751", "the digits of pi"),
        ("27182818284590452353602874713526624977572470936999", "the digits of e"),
        (
            "14142135623730950488016887242096980785696718753769",
            "the digits of the square root of 2",
        ),
        (
            "17320508075688772935274463415058723669428052538103",
            "the digits of the square root of 3",
        ),
        ("16180339887498948482045868343656381177203091798057", "the digits of the golden ratio"),
    ];
    let known = |digits: &str, constant: &str| {
        let common = digits.len().min(constant.len());
        digits.get(..common) == constant.get(..common) || constant.contains(digits)
    };
    if let Some((_, name)) = CONSTANTS.iter().find(|(constant, _)| known(digits, constant)) {
        return Some(name);
    }
    let prime = |n: &u64| (2..*n).take_while(|d| d * d <= *n).all(|d| !n.is_multiple_of(d));
    let fibonacci =
        std::iter::successors(Some((1_u64, 1_u64)), |(a, b)| Some((*b, a.checked_add(*b)?)));
    let numbers: [(&str, Box<dyn Iterator<Item = u64>>); 8] = [
        ("the numbers from 1", Box::new(1..)),
        ("the numbers downwards", Box::new((1..=100).rev())),
        ("the even numbers", Box::new((1..).map(|n| n * 2))),
        ("the odd numbers", Box::new((0..).map(|n| n * 2 + 1))),
        ("the primes", Box::new((2..).filter(prime))),
        ("the squares", Box::new((1..).map(|n: u64| n * n))),
        ("the powers of 2", Box::new((0..60).map(|n| 1 << n))),
        ("the numbers of Fibonacci", Box::new(fibonacci.map(|(a, _)| a))),
    ];
    // a value may begin anywhere among the first of them
    let met = |numbers: Box<dyn Iterator<Item = u64>>| {
        let mut text = String::new();
        for number in numbers.take_while(|number| *number < u64::MAX / 8) {
            text.push_str(&number.to_string());
            if text.len() >= digits.len() + 200 {
                break;
            }
        }
        text.contains(digits)
    };
    numbers.into_iter().find_map(|(name, numbers)| met(numbers).then_some(name))
}

/// Whether a value is nothing but words such as `deadbeef`, however many.
fn is_hex_words(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    let bare = lower.strip_prefix("0x").unwrap_or(&lower).replace(['-', '_', ' ', ':'], "");
    if bare.len() < 8 || !bare.is_ascii() {
        return false;
    }
    // whether the first so many digits can be taken apart
    let mut reached = vec![true];
    for end in 1..=bare.len() {
        let here = HEX_WORDS.iter().any(|word| {
            let start = end.checked_sub(word.len());
            start.is_some_and(|start| {
                reached.get(start) == Some(&true) && bare.get(start..end) == Some(*word)
            })
        });
        reached.push(here);
    }
    reached.last() == Some(&true)
}

/// The bytes that a value is in Base64 or Base32.
pub(super) fn bytes_written(value: &str) -> Option<Vec<u8>> {
    text_encodings().find_map(|encoding| encoding.decode(value.as_bytes()).ok())
}

/// The text that a value is another way of writing. Random bytes are not
/// text: sixteen of them are once in ten million.
pub(super) fn decoded_text(value: &str) -> Option<String> {
    let value = value.trim();
    if value.len() < 8 || value.len() > LONGEST {
        return None;
    }
    let bare = value.replace([' ', ':', '\n'], "");
    let hex = bare.strip_prefix("0x").unwrap_or(&bare);
    let bytes = std::iter::once(HEXLOWER_PERMISSIVE)
        .chain(text_encodings())
        .filter_map(|encoding| encoding.decode(hex.as_bytes()).ok())
        .chain(base85::decoded(value))
        .filter_map(|bytes| String::from_utf8(bytes).ok());
    let escaped = percent_decoded(value).into_iter().chain(character_references(value));
    let is_text = |text: &String| {
        text.len() >= 4
            && text.chars().all(|c| c.is_ascii_graphic() || c == ' ' || c == '\n' || c == '\r')
    };
    bytes.chain(escaped).find(is_text)
}

fn text_encodings() -> impl Iterator<Item = Encoding> {
    [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD, BASE32, BASE32_NOPAD].into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_knows_is_known() {
        for (value, expected) in [
            ("3.14159265358979323846264338327950288419716939937510", Some("the digits of pi")),
            ("2718281828459045", Some("the digits of e")),
            ("Lorem ipsum dolor sit amet", Some("the text Lorem ipsum")),
            ("loremipsumdolorsitamet", Some("the text Lorem ipsum")),
            ("1234567891011121314151617181920212223242526", Some("the numbers from 1")),
            ("1123581321345589144233377610987159725844181", Some("the numbers of Fibonacci")),
            ("2357111317192329313741434753596167717379", Some("the primes")),
            ("149162536496481100121144169196225256289324361400", Some("the squares")),
            ("1,2,3,4,5,6,7,8,9,10,11", Some("the numbers from 1")),
            (
                "deadbeefcafebabefeedfacebaadf00dc0ffee00deadc0de",
                Some("made of words in hexadecimal digits"),
            ),
            ("DEADBEEFCAFEBABEFEEDFACE", Some("made of words in hexadecimal digits")),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4f8T1L9W user@host", Some("a public key")),
            ("-----BEGIN CERTIFICATE-----\nMIID", Some("a certificate")),
            ("9f2c1b7e3141592653589793", None),
            ("1234567890", None),
            ("83920173645529", None),
            ("9f2c1b7e4d8a6053f1e2d3c4b5a69788", None),
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
            ("%73%75%70%65%72%20%73%65%63%72%65%74", Some("super secret")),
            ("&#115;&#101;&#99;&#114;&#x65;&#116;", Some("secret")),
            ("b9HcKav*bMV{&D5", Some("super secret")),
            ("9f2c1b7e4d8a6053f1e2d3c4b5a69788", None),
            ("short", None),
        ] {
            assert_eq!(decoded_text(value).as_deref(), expected, "{value}");
        }
    }
}

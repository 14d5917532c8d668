//! Other ways in which a text is written: for an address, as references to
//! characters, in letters that stand 13 places further.

use std::collections::BTreeSet;

use data_encoding::BASE64_NOPAD;

/// The ways in which a secret is written down elsewhere and stays the same: to the
/// letter, in another case of hexadecimal digits, for an address, with its line
/// ends written out, in Base64.
pub(crate) fn all(secret: &str) -> Vec<String> {
    let mut ways = BTreeSet::from([secret.to_owned(), secret.replace('\n', "\\n")]);
    if secret.bytes().all(|b| b.is_ascii_hexdigit()) {
        ways.extend([secret.to_ascii_lowercase(), secret.to_ascii_uppercase()]);
    }
    ways.insert(percent_encoded(secret));
    ways.extend(percent_decoded(secret));
    // whatever follows, full groups of three bytes are written alike
    let whole: Vec<u8> = secret.as_bytes().chunks_exact(3).flatten().copied().collect();
    ways.insert(BASE64_NOPAD.encode(&whole));
    ways.into_iter().collect()
}

/// As it stands in an address, every sign escaped that may be.
fn percent_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What an address means. None when nothing in it is escaped, or it is not text.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    let mut escaped = false;
    while let Some((&byte, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        let code = digits
            .filter(|_| byte == b'%')
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        escaped |= code.is_some();
        out.push(code.unwrap_or(byte));
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(out).ok().filter(|_| escaped)
}

/// What references to characters mean: `&#115;`, `&#x73;`. None when it is not
/// made of nothing else.
pub(super) fn character_references(text: &str) -> Option<String> {
    let inner = text.strip_prefix("&#")?.strip_suffix(';')?;
    let code = |number: &str| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    inner.split(";&#").map(|number| code(number).and_then(char::from_u32)).collect()
}

/// Each letter 13 places further in the alphabet, and back by the same.
pub(super) fn rot13(text: &str) -> String {
    let turn = |c: char, first: u8| {
        let place = u8::try_from(c).unwrap_or(first) - first;
        char::from(first + (place + 13) % 26)
    };
    text.chars()
        .map(|c| match c {
            'a'..='z' => turn(c, b'a'),
            'A'..='Z' => turn(c, b'A'),
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_go_both_ways() {
        for (plain, escaped) in [("a b/c", "a%20b%2FC"), ("p@ss", "p%40ss"), ("ä", "%C3%A4")] {
            let decoded = percent_decoded(escaped);
            assert_eq!(decoded.map(|text| text.to_lowercase()).as_deref(), Some(plain));
            assert_eq!(percent_encoded(plain).to_lowercase(), escaped.to_lowercase());
        }
        for plain in ["", "abc", "100%", "%zz", "%f", "%ff"] {
            assert_eq!(percent_decoded(plain), None, "{plain}");
        }
    }

    #[test]
    fn letters_turn() {
        assert_eq!(rot13("guvf vf Zl frperg!"), "this is My secret!");
    }
}

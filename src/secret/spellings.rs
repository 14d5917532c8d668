//! Other ways in which a text is written: for an address, as references to
//! characters, in letters that stand 13 places further.

use std::collections::BTreeSet;

use data_encoding::{BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXLOWER_PERMISSIVE, HEXUPPER};

/// The least length of what an encoding stands for, in bytes: shorter texts that
/// decode are words like any other.
const LEAST_DECODED: usize = 8;

/// The ways in which a secret is written down elsewhere and stays the same: to the
/// letter, in another case of hexadecimal digits, for an address, with its line
/// ends written out, in Base64 and hexadecimal digits; and what it stands for when it
/// is written in one of these itself.
pub(crate) fn all(secret: &str) -> Vec<String> {
    let mut ways: BTreeSet<String> = plain(secret).into_iter().collect();
    ways.extend(encoded(secret));
    ways.into_iter().collect()
}

/// The ways in which it is a word by itself.
pub(crate) fn plain(secret: &str) -> Vec<String> {
    let decoded = decoded(secret);
    let mut ways = written(secret);
    if !decoded.is_empty() {
        // as others write it, without padding
        ways.insert(secret.trim_end_matches('=').to_owned());
    }
    let meant = decoded.into_iter().filter_map(|bytes| String::from_utf8(bytes).ok());
    let meant = meant.filter(|text| !text.contains(char::is_control));
    ways.extend(meant.flat_map(|text| written(&text)));
    ways.into_iter().collect()
}

/// The ways in which it may be a part of a longer word: encoded, with whatever
/// stands before and behind it.
pub(crate) fn encoded(secret: &str) -> Vec<String> {
    let mut ways = BTreeSet::new();
    for bytes in decoded(secret).into_iter().chain([secret.as_bytes().to_vec()]) {
        ways.extend([HEXLOWER.encode(&bytes), HEXUPPER.encode(&bytes)]);
        // whatever stands around it, full groups of three bytes are written alike
        for before in 0..3 {
            let own = bytes.get((3 - before) % 3..).unwrap_or_default();
            let whole: Vec<u8> = own.chunks_exact(3).flatten().copied().collect();
            ways.extend([BASE64_NOPAD.encode(&whole), BASE64URL_NOPAD.encode(&whole)]);
        }
    }
    // what is encoded in the same way is the secret itself, which stands alone
    let own = secret.to_ascii_lowercase();
    ways.retain(|way| way.len() >= LEAST_DECODED && !own.contains(&way.to_ascii_lowercase()));
    ways.into_iter().collect()
}

/// What a text stands for, when it is Base64 of either alphabet or hexadecimal digits.
fn decoded(text: &str) -> Vec<Vec<u8>> {
    let digits = text.trim_end_matches('=').as_bytes();
    let all = [&HEXLOWER_PERMISSIVE, &BASE64_NOPAD, &BASE64URL_NOPAD];
    let mut found: Vec<Vec<u8>> = all.iter().filter_map(|way| way.decode(digits).ok()).collect();
    found.dedup();
    found.retain(|bytes| bytes.len() >= LEAST_DECODED);
    found
}

/// To the letter and for an address.
fn written(secret: &str) -> BTreeSet<String> {
    let mut ways = BTreeSet::from([secret.to_owned(), secret.replace('\n', "\\n")]);
    if secret.bytes().all(|b| b.is_ascii_hexdigit()) {
        ways.extend([secret.to_ascii_lowercase(), secret.to_ascii_uppercase()]);
    }
    ways.insert(percent_encoded(secret));
    ways.extend(percent_decoded(secret));
    ways
}

/// What a line of a file means where it is escaped: for an address, or by `\` as in
/// JSON, a shell and double quotes.
pub(crate) fn meant(line: &str) -> Vec<String> {
    percent_decoded(line).into_iter().chain(unescaped(line)).collect()
}

/// Without `\` before signs, and with what `\u0026` and `\x26` stand for. None when
/// nothing is escaped.
fn unescaped(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let coded = [("u", 4), ("x", 2)].into_iter().find_map(|(letter, digits)| {
            let digits = after.strip_prefix(letter)?.get(..digits)?;
            let c = char::from_u32(u32::from_str_radix(digits, 16).ok()?)?;
            Some((c, after.get(1 + digits.len()..)?))
        });
        let mut signs = after.chars();
        (rest, _) = match (coded, signs.next()) {
            (Some((c, behind)), _) => (behind, out.push(c)),
            (None, Some(sign)) if !sign.is_alphanumeric() => (signs.as_str(), out.push(sign)),
            (None, _) => (after, out.push('\\')),
        };
    }
    out.push_str(rest);
    (out != text).then_some(out)
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
    fn signs_are_unescaped() {
        for (escaped, plain) in [
            (r"a\/b", "a/b"),
            (r"a\u0026b\x41", "a&bA"),
            (r"\$\\", r"$\"),
            (r"a\nb\/", r"a\nb/"),
            (r"\u00zz\/", r"\u00zz/"),
        ] {
            assert_eq!(unescaped(escaped).as_deref(), Some(plain), "{escaped}");
        }
        assert_eq!(unescaped(r"a\nb\"), None);
    }

    #[test]
    fn a_secret_is_found_in_every_spelling() {
        let secret = "k9$Xq/2vP+7rT=wZ1m\u{7f}B4";
        let bytes = secret.as_bytes();
        let around = |before: &str| [before.as_bytes(), bytes, b"!"].concat();
        let mut spelled = vec![HEXLOWER.encode(bytes), HEXUPPER.encode(bytes)];
        for before in ["", "u", "u:", "u::"] {
            spelled.push(BASE64_NOPAD.encode(&around(before)));
            spelled.push(BASE64URL_NOPAD.encode(&around(before)));
        }
        for text in &spelled {
            assert!(all(secret).iter().any(|way| text.contains(way.as_str())), "{text}");
        }
        // and back: what it stands for, written in another way
        let own = ["", "=", "=="].map(|pad| format!("{}{pad}", BASE64_NOPAD.encode(bytes)));
        for own in own.iter().chain([&HEXLOWER.encode(bytes), &BASE64URL_NOPAD.encode(bytes)]) {
            for text in &spelled[..4] {
                assert!(all(own).iter().any(|way| text.contains(way.as_str())), "{own} {text}");
            }
        }
        let own = BASE64_NOPAD.encode(b"tulip-harbour-93");
        assert!(plain(&own).contains(&"tulip-harbour-93".to_owned()));
        assert_eq!(encoded("short"), [HEXUPPER.encode(b"short"), HEXLOWER.encode(b"short")]);
    }

    #[test]
    fn letters_turn() {
        assert_eq!(rot13("guvf vf Zl frperg!"), "this is My secret!");
    }
}

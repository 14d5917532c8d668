//! Files that hold keys and are no text.

use std::path::Path;

/// How their names end.
const ENDINGS: &[&str] = &[
    "p12", "pfx", "pkcs12", "p8", "pk8", "jks", "jceks", "bks", "keystore", "der", "key", "ppk",
    "kdb", "kdbx", "gpg", "pgp", "keychain",
];

/// What Java's key stores, KeePass's data bases and GnuPG's key boxes begin with.
const STARTS: &[&[u8]] = &[
    &[0xfe, 0xed, 0xfe, 0xed],
    &[0xce, 0xce, 0xce, 0xce],
    &[0x03, 0xd9, 0xa2, 0x9a],
    &[0x00, 0x00, 0x00, 0x20, 0x01],
];

/// Whether a file is such a store of keys, or a key in DER, by name or content.
pub(crate) fn is_key_store(path: &Path, content: &[u8]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let named = ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    let is_text = std::str::from_utf8(content).is_ok_and(|text| !text.contains('\0'));
    !is_text && (named || STARTS.iter().any(|start| content.starts_with(start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_stores_are_told_by_name_or_content() {
        let der = [0x30, 0x82, 0x04, 0xa4, 0x00];
        for (name, content) in [
            ("certs/a.p12", &der[..]),
            ("a.JKS", &[0xfe, 0xed, 0xfe, 0xed]),
            ("store", &[0xfe, 0xed, 0xfe, 0xed, 0x00]),
            ("k.der", &der),
        ] {
            assert!(is_key_store(Path::new(name), content), "{name}");
        }
        for (name, content) in [("a.png", &der[..]), ("a.key", b"none"), ("a.der", b"")] {
            assert!(!is_key_store(Path::new(name), content), "{name}");
        }
    }
}

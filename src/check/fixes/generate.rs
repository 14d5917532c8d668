//! Fresh secrets from the operating system's generator.

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER};
use rand::TryRng;
use rand::rngs::SysRng;
use secrecy::SecretString;
use secrecy::zeroize::Zeroize;

use crate::model::FixError;

/// The fewest bytes that nobody can guess: 128 bits.
const FEWEST: usize = 16;

/// More bytes are a mistake, not a secret.
const MOST: usize = 1024;

/// How a fresh secret is written down.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum SecretFormat {
    /// Lower-case hexadecimal, as `secrets.token_hex` writes it.
    #[default]
    Hex,
    /// Base64 with padding.
    Base64,
    /// Base64 with `-` and `_`, without padding.
    UrlSafe,
}

/// A fresh secret of so many random bytes, written down in a format.
///
/// # Errors
/// When `bytes` is not from 16 to 1024, or the operating system gives none.
pub fn generate(bytes: usize, format: SecretFormat) -> Result<SecretString, FixError> {
    if !(FEWEST..=MOST).contains(&bytes) {
        return Err(FixError::new(format!(
            "a secret has from {FEWEST} to {MOST} bytes, not {bytes}; 32 are customary"
        )));
    }
    let mut raw = vec![0u8; bytes];
    let filled = SysRng.try_fill_bytes(&mut raw);
    let written = match format {
        SecretFormat::Hex => HEXLOWER.encode(&raw),
        SecretFormat::Base64 => BASE64.encode(&raw),
        SecretFormat::UrlSafe => BASE64URL_NOPAD.encode(&raw),
    };
    raw.zeroize();
    let secret = SecretString::from(written);
    filled.map(|()| secret).map_err(|error| {
        FixError::new(format!("the operating system's random generator failed: {error}; try again"))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn formats_and_lengths() {
        for (format, bytes, length) in [
            (SecretFormat::Hex, 32, 64),
            (SecretFormat::Base64, 32, 44),
            (SecretFormat::UrlSafe, 32, 43),
            (SecretFormat::Hex, 16, 32),
            (SecretFormat::UrlSafe, 1024, 1366),
        ] {
            let secret = generate(bytes, format).expect("random bytes");
            assert_eq!(secret.expose_secret().len(), length, "{format:?}");
        }
        for bytes in [0, 1, 15, 1025, usize::MAX] {
            assert!(generate(bytes, SecretFormat::Hex).is_err(), "{bytes}");
        }
    }

    #[test]
    fn no_two_are_alike_and_each_byte_is_random() {
        let all: HashSet<String> = (0..200)
            .map(|_| generate(16, SecretFormat::Hex).expect("random bytes"))
            .map(|secret| secret.expose_secret().to_owned())
            .collect();
        assert_eq!(all.len(), 200);
        for at in 0..16 {
            let seen: HashSet<&str> =
                all.iter().filter_map(|secret| secret.get(at * 2..at * 2 + 2)).collect();
            assert!(seen.len() > 50, "byte {at} takes only {} values", seen.len());
        }
    }

    #[test]
    fn debug_output_shows_nothing() {
        let secret = generate(32, SecretFormat::Hex).expect("random bytes");
        assert!(!format!("{secret:?}").contains(secret.expose_secret()));
    }
}

//! Base85: five characters for four bytes, in the three customary alphabets.

/// That of Git and of RFC 1924, and that of ZeroMQ. Ascii85 counts from `!` to `u`.
const GIT: &[u8; 85] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~";
const ZERO_MQ: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// The bytes that a text is in each of the alphabets that has its characters.
pub(super) fn decoded(text: &str) -> Vec<Vec<u8>> {
    let bare = text.strip_prefix("<~").and_then(|rest| rest.strip_suffix("~>")).unwrap_or(text);
    let among = |alphabet: &[u8], byte: u8| alphabet.iter().position(|known| *known == byte);
    let ascii = |byte: u8| (b'!'..=b'u').contains(&byte).then(|| usize::from(byte - b'!'));
    let all = [
        read(bare, |byte| among(GIT, byte)),
        read(bare, |byte| among(ZERO_MQ, byte)),
        read(bare, ascii),
    ];
    all.into_iter().flatten().collect()
}

fn read(text: &str, digit: impl Fn(u8) -> Option<usize>) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    for group in text.as_bytes().chunks(5) {
        if group.len() == 1 {
            return None;
        }
        let mut number: u64 = 0;
        for at in 0..5 {
            // a short group is filled up with the last digit
            let value = group.get(at).map_or(Some(84), |byte| digit(*byte))?;
            number = number * 85 + u64::try_from(value).ok()?;
        }
        let four = u32::try_from(number).ok()?.to_be_bytes();
        bytes.extend(four.get(..group.len() - 1)?);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::decoded;

    /// As Python's `base64` writes them: `b85encode` and `a85encode`.
    #[test]
    fn each_alphabet_is_read() {
        for text in ["b9HcKav*bMV{&D5", "F*2G5EZfF7@rc.&", "<~F*2G5EZfF7@rc.&~>"] {
            assert!(decoded(text).contains(&b"super secret".to_vec()), "{text}");
        }
        assert_eq!(decoded("b9HcKa"), Vec::<Vec<u8>>::new());
    }
}

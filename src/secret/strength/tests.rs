use data_encoding::{BASE32_NOPAD, BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::estimate;

const WEAK: &str = include_str!("../../../tests/data/weak_secrets.txt");

const HINTS: &[&str] = &["secret", "key"];

#[test]
fn what_people_write_stays_below_128_bits() {
    let cases: Vec<_> = WEAK.lines().skip(1).filter(|line| !line.is_empty()).collect();
    assert!(cases.len() >= 40);
    let wrong: Vec<_> = cases
        .iter()
        .map(|value| (value, estimate(value, HINTS)))
        .filter(|(_, bits)| *bits >= 128.0)
        .collect();
    assert!(wrong.is_empty(), "taken for strong: {wrong:#?}");
}

#[test]
fn repetition_adds_nothing() {
    for (value, most) in [
        ("a".repeat(64), 12.0),
        ("0123456789abcdef".repeat(4), 70.0),
        ("password".repeat(100), 60.0),
        ("9f2c1b7e".repeat(8), 40.0),
        ("ab".repeat(500), 20.0),
        ("01101001".repeat(16), 60.0),
    ] {
        let bits = estimate(&value, HINTS);
        assert!(bits <= most, "{value}: {bits}");
    }
}

/// Every way in which people write random bytes down.
fn written(random: &mut StdRng, bytes: usize) -> Vec<String> {
    let mut raw = vec![0u8; bytes];
    random.fill(raw.as_mut_slice());
    vec![
        HEXLOWER.encode(&raw),
        HEXUPPER.encode(&raw),
        BASE64.encode(&raw),
        BASE64URL_NOPAD.encode(&raw),
        BASE32_NOPAD.encode(&raw),
    ]
}

#[test]
fn random_values_keep_their_bits() {
    let rounds = std::env::var("GONOGO_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(20);
    let mut random = StdRng::seed_from_u64(7);
    for _ in 0..rounds {
        for bytes in [16, 24, 32, 64] {
            for value in written(&mut random, bytes) {
                let bits = estimate(&value, HINTS);
                assert!(bits >= 8.0 * bytes as f64, "{bytes} bytes as {value}: {bits}");
            }
        }
    }
}

#[test]
fn other_random_alphabets() {
    let printable: Vec<char> = ('!'..='~').collect();
    let alphanumeric: Vec<char> = ('0'..='9').chain('a'..='z').chain('A'..='Z').collect();
    let lower: Vec<char> = ('a'..='z').collect();
    let mut random = StdRng::seed_from_u64(11);
    for _ in 0..10 {
        for (alphabet, length, expected) in
            [(&printable, 50, 320.0), (&alphanumeric, 22, 128.0), (&lower, 28, 128.0)]
        {
            let value: String =
                (0..length).map(|_| alphabet[random.random_range(0..alphabet.len())]).collect();
            assert!(estimate(&value, HINTS) >= expected, "{value}");
        }
    }
}

#[test]
fn other_forms() {
    let uuid = estimate("3f2b9c1e-7a4d-4e6f-9b8c-0d1e2f3a4b5c", HINTS);
    assert!((121.0..123.0).contains(&uuid), "{uuid}");
    for uuid in ["123e4567-e89b-12d3-a456-426614174000", "01890a5d-ac96-774b-bcce-b302099a8057"] {
        assert!(estimate(uuid, HINTS) < 80.0, "{uuid}");
    }
    let bytes = estimate(r"\x9a{H\xe5<\x95\xf9\xe3\x96.5\xd1\x01O!\xd5\xa2\xa0\x9f\xa1", HINTS);
    assert!((128.0..180.0).contains(&bytes), "{bytes}");
    assert!(estimate("", HINTS) < 1.0);
    assert!(estimate("é", HINTS) < 10.0);
}

proptest::proptest! {
    #[test]
    fn any_text_has_an_estimate(text in "\\PC{0,120}") {
        let bits = estimate(&text, HINTS);
        proptest::prop_assert!(bits.is_finite() && bits >= 0.0);
    }
}

//! What a `record.json` looks like, and what is refused as one.

use super::*;

fn record() -> Record {
    Record::new(
        "restore-rehearsed".parse().expect("an id"),
        Digest::of(["item"]),
        CommitId::try_from("1a2b3c4d".repeat(5)).expect("a commit"),
        Statement::SignOff {
            covered: BTreeMap::from([("scripts/backup.sh".to_owned(), "ab".repeat(20))]),
            accepted: vec![Digest::of(["one"]), Digest::of(["one"])],
            role: Some("release".parse().expect("a role")),
            note: CleanText::block("Restored on spare-2.\nTook 4 minutes."),
        },
    )
}

fn saying(statement: Statement) -> Record {
    Record { statement, ..record() }
}

fn waiver(why: &str) -> Statement {
    Statement::Waiver {
        why: why.into(),
        until: "2026-03-31".parse().expect("a day"),
        accepted: vec![Digest::of(["one"])],
        role: None,
    }
}

fn all() -> Vec<(&'static str, Record)> {
    let of = || record().commit;
    let why = || CleanText::line("the spare machine has no disk");
    vec![
        ("sign_off", record()),
        ("objection", saying(Statement::Objection { why: why() })),
        ("waiver", saying(waiver("the vendor answers in May"))),
        ("withdrawal", saying(Statement::Withdrawal { of: of(), note: CleanText::default() })),
        (
            "overruling",
            saying(Statement::Overruling { of: of(), why: why(), accepted: vec![], role: None }),
        ),
    ]
}

#[test]
fn what_is_written_is_read_again() {
    for (key, record) in all() {
        let text = record.encode().expect("a valid record");
        assert!(
            text.starts_with("{\n  \"schema\": 2,\n  \"item\": \"restore-rehearsed\","),
            "{text}"
        );
        assert!(text.contains(&format!("\"statement\": {{\n    \"{key}\": {{")), "{text}");
        assert!(text.ends_with("}\n"), "{text}");
        assert_eq!(Record::decode(text.as_bytes()), Ok(record));
    }
}

#[test]
fn what_is_empty_is_left_out() {
    let bare = saying(Statement::SignOff {
        covered: BTreeMap::new(),
        accepted: Vec::new(),
        role: None,
        note: CleanText::default(),
    });
    let text = bare.encode().expect("a valid record");
    for field in ["covered", "accepted", "role", "note"] {
        assert!(!text.contains(field), "{field} in {text}");
    }
    assert_eq!(Record::decode(text.as_bytes()), Ok(bare));
}

#[test]
fn a_record_that_could_never_count_is_not_written() {
    let legacy =
        Legacy { act: Act::SignOff, role: None, note: CleanText::default(), until: None, of: None };
    let long = Statement::Objection { why: "the backup ".repeat(LONGEST / 10).into() };
    let cases = [
        (waiver("  "), "a waiver needs a reason"),
        (Statement::Objection { why: "no".into() }, "an objection needs a reason"),
        (Statement::Legacy(legacy), "schema 1"),
        (long, "shorten the note"),
    ];
    for (statement, says) in cases {
        let error = saying(statement).encode().expect_err(says);
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn what_is_no_record_is_refused_in_words() {
    let good = record().encode().expect("a valid record");
    let with = |from: &str, to: &str| good.replacen(from, to, 1).into_bytes();
    let cases = [
        (b"".to_vec(), "not a JSON object"),
        (b"{".to_vec(), "not a record: EOF"),
        (b"\xff\xfe".to_vec(), "not UTF-8"),
        (b"[1]".to_vec(), "not a JSON object"),
        (b"{}".to_vec(), "missing field `schema`"),
        ([b"{\"schema\":".to_vec(), b"[".repeat(100_000)].concat(), "not a record"),
        ([b"{\"x\":".to_vec(), b"[".repeat(100_000)].concat(), "not a record"),
        (vec![b' '; LONGEST + 1], "may be 1048576"),
        (with("\"schema\": 2", "\"schema\": 0"), "unknown version 0"),
        (with("\"schema\": 2", "\"schema\": \"2\""), "not a record"),
        (with("\"schema\": 2,", "\"schema\": 2, \"mood\": 2,"), "unknown field `mood`"),
        (with("\"schema\": 2,", "\"schema\": 2, \"schema\": 2,"), "duplicate field"),
        (with("\"accepted\"", "\"until\": \"2026-01-01\", \"accepted\""), "unknown field `until`"),
        (with("sign_off", "applaud"), "unknown variant"),
        (with("sign_off", "legacy"), "unknown variant"),
        (with("\"sign_off\"", "\"objection\": {\"why\": \"\"}, \"sign_off\""), "not a record"),
        (with("sign_off", "overruling"), "not a record"),
        (with("restore-rehearsed", "../../etc"), "not a record"),
        (with("1a2b3c4d", "xyz"), "40 hexadecimal digits"),
        (with("\"item_digest\": \"", "\"item_digest\": \"\u{202e}"), "64 hexadecimal digits"),
    ];
    for (bytes, says) in cases {
        match Record::decode(&bytes) {
            Err(Undecodable::Malformed(what)) => assert!(what.contains(says), "{says}: {what}"),
            other => panic!("{says}: {other:?}"),
        }
    }
}

#[test]
fn a_newer_form_is_named() {
    let newer = br#"{"schema": 3, "statement": {"blessing": {}}}"#;
    assert_eq!(Record::decode(newer), Err(Undecodable::Newer(3)));
}

#[test]
fn the_first_form_is_read_and_does_not_count() {
    let old = format!(
        r#"{{"schema": 1, "act": "waiver", "item": "a", "item_digest": "{}", "commit": "{}",
        "findings": ["{}"], "note": "until the new host", "until": "2026-03-31"}}"#,
        Digest::of(["item"]).as_str(),
        record().commit,
        Digest::of(["one"]).as_str(),
    );
    let read = Record::decode(old.as_bytes()).expect("a record");
    let Statement::Legacy(legacy) = &read.statement else { panic!("{read:?}") };
    assert_eq!((legacy.act, legacy.note.as_str()), (Act::Waiver, "until the new host"));
    assert_eq!(read.statement.until(), "2026-03-31".parse().ok());
    assert!(read.statement.lacks().is_some());
    assert_eq!(read.statement.of(), None);
    let withdrawal = old.replacen(
        "\"act\": \"waiver\"",
        &format!("\"act\": \"withdrawal\", \"withdraws\": \"{}\"", record().commit),
        1,
    );
    let read = Record::decode(withdrawal.as_bytes()).expect("a record");
    assert_eq!(read.statement.of(), Some(&record().commit));
    let mixed = old.replacen("\"act\"", "\"statement\": {}, \"act\"", 1);
    assert!(matches!(Record::decode(mixed.as_bytes()), Err(Undecodable::Malformed(_))));
}

#[test]
fn a_hostile_note_is_made_safe_when_it_is_read() {
    let text = record().encode().expect("a valid record");
    let hostile = text.replacen("Restored", "\\u001b[2J\\u202e", 1);
    let read = Record::decode(hostile.as_bytes()).expect("a record");
    let words = read.statement.words().as_str();
    assert!(words.starts_with("␛[2J<U+202E> on"), "{words:?}");
}

#[test]
fn the_message_is_a_summary() {
    assert_eq!(
        record().message(),
        "sign-off: restore-rehearsed on 1a2b3c4\n\nRestored on spare-2.\nTook 4 minutes.\n\nRole: release\n"
    );
    let ends = [
        "on 1a2b3c4",
        "on 1a2b3c4",
        "on 1a2b3c4 until 2026-03-31",
        "on 1a2b3c4, takes back 1a2b3c4",
        "on 1a2b3c4, overrules 1a2b3c4",
    ];
    for ((_, record), end) in all().into_iter().zip(ends) {
        assert!(record.summary().ends_with(end), "{}", record.summary());
    }
}

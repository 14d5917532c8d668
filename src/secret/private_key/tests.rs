use super::{LITERALS, Least, find};

const TEXTS: &str = include_str!("../../../tests/data/private_keys.txt");

const FIRST: &str = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
const SECOND: &str = "q8Zk3vT1xW2bLm9QdEf4GhYj7KpRs0Ua6IoNc5Vt+Bw/XzAaPqWe3rTyUiOpLkJh";

fn text(body: &str) -> String {
    let body = body.replace('¦', "").replace("@T", "\t").replace("@N", "\r");
    body.replace("@1", FIRST).replace("@2", SECOND).replace("@S", "q8Zk3vT1xW2bLm9QdEf4")
}

#[test]
fn keys_are_told_from_texts_about_keys() {
    let (mut count, mut wrong) = (0, Vec::new());
    for part in TEXTS.split("\n== ").skip(1) {
        let (expected, body) = part.split_once('\n').expect("a text");
        let text = text(body);
        let found = find(&text, Least::Much);
        let said = match found.first() {
            None => "none",
            Some(key) if key.encrypted => "encrypted",
            Some(_) => "plain",
        };
        count += 1;
        if said != expected.trim() || found.len() > 1 {
            wrong.push(format!("{expected}, not {said} ({}): {text}", found.len()));
        }
        let shown = LITERALS.iter().any(|literal| text.contains(literal));
        assert!(shown || found.is_empty(), "{text}");
    }
    assert!(count >= 50, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_for_keys_holds_one_with_any_body() {
    let header = format!("-----BEGIN {} KEY-----\n", "PRIVATE");
    for (body, expected) in [("MIIB\n", 1), ("", 0), ("...\n", 0), ("YOUR_KEY_HERE\n", 0)] {
        assert_eq!(find(&format!("{header}{body}"), Least::Something).len(), expected, "{body}");
        assert_eq!(find(&format!("{header}{body}"), Least::Much).len(), 0, "{body}");
    }
}

#[test]
fn each_key_is_found_once_and_where_it_stands() {
    let key = format!("-----BEGIN {} KEY-----\n{FIRST}\n-----END\n", "PRIVATE");
    let twice = format!("é\n{key}and\n{key}");
    let starts: Vec<usize> = find(&twice, Least::Much).iter().map(|key| key.range.start).collect();
    assert_eq!(starts, [3, 3 + key.len() + 4]);
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "(-----BEGIN |PRIVATE KEY-----|LS0tLS1CRUdJTi|[A-Za-z0-9+/=]{0,40}|\\\\n|\n|é){0,12}") {
        for key in find(&text, Least::Something) {
            proptest::prop_assert!(text.get(key.range).is_some());
        }
    }
}

//! Hostile and odd YAML.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn source(text: &str) -> Source {
    Source::new("t.yaml".into(), text.to_owned())
}

fn refusal(text: &str) -> String {
    let (_, mistakes) = read(&source(text));
    mistakes.first().map(|mistake| mistake.message.to_string()).unwrap_or_default()
}

/// Every value with its span's text, as `path=text`.
fn places(text: &str) -> Vec<String> {
    let source = source(text);
    let (document, mistakes) = read(&source);
    assert_eq!(mistakes, []);
    let mut out = Vec::new();
    list(&source, &document.expect("a document").places, "", &mut out);
    out
}

fn list(source: &Source, node: &Node, path: &str, out: &mut Vec<String>) {
    match &node.holds {
        Holds::Nothing => out.push(format!("{path}={}", &source.text[node.span.clone()])),
        Holds::List(nodes) => {
            for (index, node) in nodes.iter().enumerate() {
                list(source, node, &format!("{path}.{index}"), out);
            }
        }
        Holds::Map(entries) => {
            for (name, entry) in entries {
                assert!(source.text.is_char_boundary(entry.key.start), "{name}");
                assert!(source.text.is_char_boundary(entry.key.end), "{name}");
                list(source, &entry.value, &format!("{path}.{name}"), out);
            }
        }
    }
}

#[test]
fn places_are_those_of_the_text() {
    let text = "# ünïcode — comment\r\ntop:\r\n  - name: \"ä b\"\r\n    list: [ö, 'c d']\r\n  - → \nend: x # y\n";
    assert_eq!(
        places(text),
        [".top.0.name=\"ä b\"", ".top.0.list.0=ö", ".top.0.list.1='c d'", ".top.1=→", ".end=x"]
    );
}

#[test]
fn values_are_those_of_serde_yaml() {
    let cases = [
        "a: 0600\nb: 6\nc: 0x1f\nd: 0o17\ne: -1\nf: 1e3\ng: 1.5\nh: .5\ni: 1_000\nj: +1\nk: 0b1",
        "a: ~\nb: null\nc: Null\nd: true\ne: yes\nf: FALSE\ng: .inf\nh: -.inf\ni: nUll\nj:",
        "a: 2025-11-02\nb: 12:30\nc: 1.2.3\nd: 90d\ne: -\nf: --1\ng: 1-2\nh: 99999999999999999999",
        "a: |\n  x\n  y\nb: >\n  x\n  y\n\nc: 'it''s'\nd: \"a\\tb\"\ne: |-\n  z\nf: one\n  two",
        "a: {b: [c, {d: e}], f: g}\nh:\n- i\n-   j: k\n    l: m\n",
        "\"a\": 'true'\nb: \"1\"\nc: http://x.y/z#w\nd: a#b # c\ne: 'x': ",
        "a: 00\nb: 0\nc: -0\nd: 1.\ne: 0x\nf: 1e\ng: .e1\nh: +\ni: 0o8\nj: 08",
    ];
    for text in cases {
        let (document, mistakes) = read(&source(text));
        match serde_yaml::from_str::<Value>(text) {
            Ok(value) => {
                assert_eq!(mistakes, [], "{text}");
                assert_eq!(document.expect("a document").value, value, "{text}");
            }
            Err(_) => assert!(!mistakes.is_empty(), "{text}"),
        }
    }
}

#[test]
fn what_a_checklist_does_not_need_is_refused() {
    let cases = [
        ("a: &x 1\nb: *x\n", "no YAML anchors"),
        ("a: *.py\n", "no YAML anchors"),
        ("a: &\n", "no YAML anchors"),
        ("a: &x {b: 1}\nc: {<<: *x}\n", "no YAML anchors"),
        ("<<: {a: 1}\n", "merge keys"),
        ("a: !!str x\n", "no YAML tags"),
        ("a: !x {}\n", "no YAML tags"),
        ("%YAML 1.2\n---\na: b\n", "directives"),
        ("# c\n%TAG ! x\n---\na: b\n", "directives"),
        ("a: b\n---\nc: d\n", "second document"),
        ("a: b\na: c\n", "is given twice"),
        ("{a: b, \"a\": c}", "is given twice"),
        ("1: b\n", "a key is text"),
        ("true: b\n", "a key is text"),
        (": b\n", "a key is text"),
        ("? [a]\n: b\n", "a key is text"),
        ("{a: b}: c\n", "a key is text"),
        ("a: b\0c", "NUL"),
    ];
    for (text, expected) in cases {
        let said = refusal(text);
        assert!(said.contains(expected), "{text:?}: {said}");
    }
}

#[test]
fn mistakes_of_the_syntax_are_explained() {
    let cases = [
        ("a:\n\tb: c\n", "tab"),
        ("a:\n  - b: c\n\t  d: e\n", "tab"),
        ("a: @x\n", "begins with `@`"),
        ("a: %x\n", "begins with `%`"),
        ("a: `x`\n", "begins with ``"),
        ("a: \"b\nc: d\n", "never closed"),
        ("a: 'b\n", "never closed"),
        ("a: \"b\" c\n", "after the closing quote"),
        ("a: \"\\d\"\n", "backslash"),
        ("a: b\nc:d\n", "a space is missing after the colon"),
        ("a:b\nc: d\n", "a space is missing after the colon"),
        ("a: b: c\n", "needs quotes"),
        ("a: [b, c\nd: e\n", "not closed before this colon"),
        ("a: {b: c\n", "`}`"),
        ("a: b\n  c: d\n", "a key is not allowed here"),
        ("a:\n  b: c\n d: e\n", "indentation"),
        ("a: b\nc\n", "has no colon"),
        ("a: - b\n", "list entry"),
        ("a: b]\n", ""),
        ("a: ]\n", "bracket"),
    ];
    for (text, expected) in cases {
        let said = refusal(text);
        assert!(said.contains(expected), "{text:?}: {said}");
    }
}

#[test]
fn hostile_texts_end_soon() {
    // a debug build is some 20 times slower
    let mib = if cfg!(debug_assertions) { 1 << 17 } else { 1 << 20 };
    let most = Duration::from_secs(if cfg!(debug_assertions) { 4 } else { 1 });
    let billion = (0..9000).map(|i| format!("a{i}: &a{i} [*a{}, *a{0}]\n", i.max(1) - 1));
    let cases: Vec<(&str, String)> = vec![
        ("aliases", billion.collect()),
        ("alias list", format!("a: &a x\nb: [{}]", "*a,".repeat(100_000))),
        ("brackets", "[".repeat(100_000)),
        ("braces", "{".repeat(100_000)),
        ("brace keys", "{a: ".repeat(100_000)),
        ("bracket pairs", "[[],".repeat(100_000)),
        ("dashes", "- ".repeat(100_000)),
        ("dash lines", (0..3000).map(|i| format!("{}-\n", " ".repeat(i))).collect()),
        ("nested keys", (0..2500).map(|i| format!("{}a:\n", " ".repeat(i))).collect()),
        ("question marks", "? ".repeat(100_000)),
        ("question lines", "?\n".repeat(mib)),
        ("colons", ":".repeat(4 * mib)),
        ("colon spaces", ": ".repeat(2 * mib)),
        ("colon lines", ":\n".repeat(2 * mib)),
        ("commas", format!("[{}", ",".repeat(4 * mib - 1))),
        ("hyphens in brackets", format!("[{}", "- ".repeat(2 * mib - 1))),
        ("starts in brackets", format!("[\n{}", "---\n".repeat(mib - 1))),
        ("ends in brackets", format!("[\n{}", "...\n".repeat(mib - 1))),
        ("documents", "---\n".repeat(mib)),
        ("document ends", "...\n".repeat(mib)),
        ("line breaks", "\n".repeat(4 * mib)),
        ("returns", "\r".repeat(4 * mib)),
        ("breaks, not ASCII", format!("ä{}", "\n".repeat(4 * mib - 2))),
        ("spaces", " ".repeat(4 * mib)),
        ("tabs", "\t".repeat(4 * mib)),
        ("one word", "a".repeat(4 * mib)),
        ("one word, not ASCII", "ä".repeat(2 * mib)),
        ("words on lines", "a\n".repeat(2 * mib)),
        ("words in brackets", format!("[{}", "a\n".repeat(2 * mib - 1))),
        ("words far apart", "a\n\n\n".repeat(mib)),
        ("a huge quoted text", format!("a: \"{}\"", "b\\n".repeat(mib))),
        ("an open quote", format!("a: \"{}", "b\n".repeat(2 * mib - 10))),
        ("a huge block", format!("a: |\n{}", " b\n".repeat(mib))),
        ("a huge fold", format!("a: >\n{}", " b\n\n".repeat(mib - 10))),
        ("empty block lines", format!("a: |\n{}", "\n".repeat(4 * mib - 10))),
        (
            "widening block",
            format!(
                "a: |\n{}",
                (0..2800).map(|i| format!("{}\n", " ".repeat(i))).collect::<String>()
            ),
        ),
        ("keys", (0..300_000).map(|i| format!("k{i}: v\n")).collect()),
        (
            "keys in braces",
            format!("{{{}}}", (0..300_000).map(|i| format!("k{i}: v,")).collect::<String>()),
        ),
        ("same keys", "a: b\n".repeat(800_000)),
        ("bare keys", "a:\n".repeat(mib)),
        ("comments", "#\n".repeat(2 * mib)),
        ("a comment", format!("#{}", "é".repeat(2 * mib - 1))),
        ("anchors", "&a ".repeat(mib)),
        ("tags", "!a ".repeat(mib)),
        ("percent", "%".repeat(4 * mib)),
        ("percent lines", "%A\n".repeat(mib)),
        ("marks", "\u{feff}".repeat(mib)),
        ("mark lines", "\u{feff}\n".repeat(mib)),
        ("block heads", "|\n".repeat(2 * mib)),
        ("controls", "\u{1}".repeat(4 * mib)),
        ("deep then wide", format!("{}{}", "[".repeat(60), "a,".repeat(mib))),
    ];
    let mut slow = Vec::new();
    for (name, text) in &cases {
        let started = Instant::now();
        let (document, mistakes) = read(&source(text));
        let lasted = started.elapsed();
        assert!(
            document.is_some()
                || !mistakes.is_empty()
                || text.trim().is_empty()
                || text.starts_with('#'),
            "{name}"
        );
        for mistake in &mistakes {
            assert!(mistake.render(false).len() < 2000, "{name}");
        }
        if lasted > most {
            slow.push((name, lasted));
        }
        if std::env::var_os("GONOGO_SHOW").is_some() {
            let said = mistakes.first().map(ToString::to_string).unwrap_or_default();
            println!("{name:24} {:>6} ms  {}", lasted.as_millis(), first(&said, 90));
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(text in "\\PC{0,200}") {
        all_of_it(&text);
    }

    #[test]
    fn nothing_yaml_like_panics(
        parts in prop::collection::vec(prop::sample::select(PARTS.to_vec()), 0..40)
    ) {
        all_of_it(&parts.concat());
    }
}

const PARTS: &[&str] = &[
    "a", "b: ", ":", ": ", "- ", "-", "? ", "\n", "\r", "\r\n", " ", "  ", "\t", "[", "]", "{",
    "}", ",", "\"", "'", "|", ">", "|2", ">-", "&a", "*a", "!", "!!x ", "%", "@", "`", "#", " # c",
    "---", "...", "\u{feff}", "ä", "\u{2028}", "<<", "0", "~", "\\", "\0", "é: ", "\u{85}",
    "x: y\n",
];

fn all_of_it(text: &str) {
    let source = source(text);
    let (document, mistakes) = read(&source);
    for mistake in &mistakes {
        let _ = mistake.render(true);
        let place = mistake.place.as_ref().expect("every mistake has a place");
        assert!(place.shown.as_str().get(place.caret.clone()).is_some());
    }
    if let Some(document) = document {
        list(&source, &document.places, "", &mut Vec::new());
    }
}

//! Placeholders that ask for another value, unlike `password`.

/// Words that ask for another value, or say that there is none, wherever they stand.
const ASKING: &[&str] = &[
    "change",
    "replace",
    "fixme",
    "tbd",
    "tba",
    "todo",
    "placeholder",
    "example",
    "sample",
    "dummy",
    "fake",
    "insert",
    "none",
    "null",
    "nil",
    "undefined",
    "unset",
    "missing",
    "fill",
    "your",
    "goes",
    "here",
    "redacted",
    "hidden",
    "masked",
    "removed",
    "xxx",
    "foo",
    "bar",
    "baz",
    "lorem",
    "ipsum",
    "username",
    "enter",
    "put",
    "paste",
    "generate",
    "please",
    "must",
    "should",
];

/// Whether a placeholder's words ask for another value.
pub(super) fn asks(value: &str) -> bool {
    let lower = value.to_lowercase();
    ASKING.iter().any(|word| lower.contains(word))
}

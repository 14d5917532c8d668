//! What is no real value: placeholders, and values that are no secret.

/// Whether a value only stands for a real one: empty, `changeme`, `<your-key>`,
/// `xxx`, `${VAR}`, `your-secret-key-here`, …
pub fn is_placeholder(_value: &str) -> bool {
    todo!()
}

/// Whether a variable of this name with this value holds a secret: its name
/// says so (`SECRET`, `KEY`, `PASSWORD`, `TOKEN`, `DSN`, …) or its value does (a
/// URL with a password, a vendor's token format), and it is no placeholder.
pub fn holds_secret(_name: &str, _value: &str) -> bool {
    todo!()
}

use secrecy::ExposeSecret;

use super::EnvFile;

#[test]
fn starts() {
    let file = EnvFile::parse("A=1\nexport B = 'x' # c\nC=\"a\\n${X}\nb\"\r\nD\n");
    let seen: Vec<_> = file
        .entries
        .iter()
        .map(|e| (e.key.as_str(), e.value.expose_secret().to_owned(), e.line, e.column))
        .collect();
    assert_eq!(
        seen,
        [
            ("A", "1".to_owned(), 1, 1),
            ("B", "x".to_owned(), 2, 8),
            ("C", "a\n${X}\nb".to_owned(), 3, 1)
        ]
    );
    assert_eq!(file.problems.len(), 1);
    assert!(!format!("{file:?}").contains("${X}"));
}

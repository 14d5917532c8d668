//! A `.mailmap` (gitmailmap(5)): which names and addresses are one person.

use std::collections::HashMap;

/// Its lines, by the address that they replace.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Mailmap {
    /// Small letters throughout: by address, each name that a line is for (any, when
    /// there is none) with the address that stands for the person.
    proper: HashMap<String, Vec<(Option<String>, String)>>,
}

impl Mailmap {
    /// Reads it; a line that says nothing about addresses is passed over.
    pub(crate) fn read(content: &[u8]) -> Self {
        let text = String::from_utf8_lossy(content);
        let mut map = Self::default();
        for line in text.trim_start_matches('\u{feff}').lines() {
            let Some((_, proper, rest)) = addressed(line) else { continue };
            if line.trim_start().starts_with('#') {
                continue;
            }
            let Some((name, address, _)) = addressed(rest) else { continue };
            let name = (!name.is_empty()).then_some(name);
            map.proper.entry(address).or_default().push((name, proper));
        }
        map
    }

    /// Whether two people are one by it.
    pub(crate) fn joins(&self, one: (&str, &str), other: (&str, &str)) -> bool {
        !self.proper.is_empty() && self.address(one) == self.address(other)
    }

    /// The address that stands for a person, who is given by name and address. Of two
    /// lines the later counts; one that is for the name goes before one for any.
    fn address(&self, (name, address): (&str, &str)) -> String {
        let (name, address) = (words(name), words(address));
        let lines = self.proper.get(&address).map(Vec::as_slice).unwrap_or_default();
        let exactly = |want: Option<&str>| {
            lines.iter().rev().find(|(line, _)| line.as_deref() == want).map(|(_, to)| to.clone())
        };
        exactly(Some(&name)).or_else(|| exactly(None)).unwrap_or(address)
    }
}

/// The name before an address in `<…>`, the address, and what follows.
fn addressed(line: &str) -> Option<(String, String, &str)> {
    let (name, rest) = line.split_once('<')?;
    let (address, rest) = rest.split_once('>')?;
    Some((words(name), words(address), rest))
}

/// Small letters, single spaces.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::Mailmap;

    #[test]
    fn addresses_of_one_person() {
        let map = Mailmap::read(
            b"\xef\xbb\xbf# people\nAnn Doe <ann@work.example> <ANN@home.example>\r\n\
            <ann@work.example>  Ann  <shared@example.com>\n\
            Bob <bob@work.example>\n#<ann@work.example> <bob@home.example>\n\
            <bob@work.example> <bob@old.example> # since 2020\nno address\n<open",
        );
        let cases = [
            ("Ann", "ann@work.example", "A", "ann@home.example", true),
            ("Ann", "Ann@Home.example", "ann", "shared@example.com", true),
            ("Ann", "ann@work.example", "Bob", "shared@example.com", false),
            ("Bob", "bob@work.example", "B", "bob@old.example", true),
            ("Bob", "bob@home.example", "Ann", "ann@work.example", false),
            ("Bob", "bob@home.example", "Eve", "BOB@home.example", true),
        ];
        for (name, address, other, other_address, same) in cases {
            let joined = map.joins((name, address), (other, other_address));
            assert_eq!(joined, same, "{address} {other_address}");
            let joined = map.joins((other, other_address), (name, address));
            assert_eq!(joined, same, "{other_address} {address}");
        }
        assert!(!Mailmap::read(b"").joins(("A", "a@b"), ("A", "a@c")));
    }
}

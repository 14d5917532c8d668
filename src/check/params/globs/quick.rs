//! The patterns of paths that people write most, matched without a regex: plain
//! text, `*`, `**` between slashes, and braces. Compiling a regex for each costs
//! more than looking at all files of a small repository.

/// More alternatives than this are left to a regex.
const MOST: usize = 64;

/// One alternative of a pattern, taken apart at its slashes.
#[derive(Debug)]
pub(super) struct Way(Vec<Part>);

/// What stands between two slashes.
#[derive(Debug)]
enum Part {
    /// `**`: any number of folders.
    Folders,
    /// The name of a folder or file.
    Name(Name),
}

/// A name with `*` between its pieces.
#[derive(Debug)]
struct Name {
    first: Box<[u8]>,
    /// The pieces behind a `*` each.
    others: Vec<Box<[u8]>>,
    any_case: bool,
}

/// Takes a pattern apart that is valid, by alternatives of its braces; none when
/// it is left to a regex.
pub(super) fn ways(pattern: &str, any_case: bool) -> Option<Vec<Way>> {
    // elsewhere other characters part folders, too
    if !cfg!(unix) || pattern.contains(['[', ']', '\\', '?']) {
        return None;
    }
    let ways = alternatives(pattern)?;
    ways.iter().map(|way| parts(way, any_case).map(Way)).collect()
}

/// With which letters a name must begin and end; none where any will do.
pub(super) type Letters = (Option<u8>, Option<u8>);

impl Way {
    /// Whether it matches a path, given as the names on the way to it.
    pub(super) fn matches(&self, names: &[&[u8]]) -> bool {
        leads(&self.0, names)
    }

    /// What it wants of the last name of a path.
    pub(super) fn last(&self) -> Letters {
        match self.0.last() {
            Some(Part::Name(name)) => name.letters(),
            Some(Part::Folders) | None => (None, None),
        }
    }

    /// The first letter of a folder that must be on the way.
    pub(super) fn folder(&self) -> Option<u8> {
        let (_, folders) = self.0.split_last()?;
        folders.iter().find_map(|part| match part {
            Part::Name(name) => name.letters().0,
            Part::Folders => None,
        })
    }
}

/// The pattern once for each combination of what stands in its braces.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let Some(open) = pattern.find('{') else { return Some(vec![pattern.to_owned()]) };
    let (before, rest) = pattern.split_at(open);
    let (mut depth, mut from, mut choices, mut end) = (0_usize, 1, Vec::new(), None);
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            ',' if depth == 1 => {
                choices.push(rest.get(from..at)?);
                from = at + 1;
            }
            '}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    choices.push(rest.get(from..at)?);
                    end = Some(at + 1);
                    break;
                }
            }
            _ => {}
        }
    }
    // what `**` means depends on what stands beside it
    if choices.iter().any(|choice| choice.contains("**")) {
        return None;
    }
    let after = rest.get(end?..)?;
    let beside = [before.ends_with('*'), after.starts_with('*')];
    if beside == [true, true]
        || (beside.contains(&true) && choices.iter().any(|choice| choice.contains('*')))
        || before.ends_with("**")
        || after.starts_with("**")
    {
        return None;
    }
    let mut all = Vec::new();
    for choice in choices {
        all.extend(alternatives(&format!("{before}{choice}{after}"))?);
        if all.len() > MOST {
            return None;
        }
    }
    Some(all)
}

/// None where `**` stands for something else than folders, or nothing between
/// slashes.
fn parts(pattern: &str, any_case: bool) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut folders = false;
    for part in pattern.split('/') {
        let again = std::mem::replace(&mut folders, part == "**") && folders;
        if again || part.is_empty() || (part != "**" && part.contains("**")) {
            return None;
        }
        parts.push(match part {
            "**" => Part::Folders,
            name => Part::Name(Name::new(name, any_case)),
        });
    }
    Some(parts)
}

/// Whether the parts lead along these names to the last.
fn leads(parts: &[Part], names: &[&[u8]]) -> bool {
    let (mut part, mut name) = (0, 0);
    // behind the last `**`: the next part, and the name that it was tried at
    let mut again: Option<(usize, usize)> = None;
    while let Some(here) = names.get(name) {
        match parts.get(part) {
            // at the end it wants at least one name, which is here
            Some(Part::Folders) if part + 1 == parts.len() => return true,
            Some(Part::Folders) => {
                part += 1;
                again = Some((part, name));
                continue;
            }
            Some(Part::Name(wanted)) if wanted.is(here) => {
                (part, name) = (part + 1, name + 1);
                continue;
            }
            _ => {}
        }
        let Some((behind, tried)) = again else { return false };
        (part, name) = (behind, tried + 1);
        again = Some((behind, tried + 1));
    }
    part == parts.len()
}

impl Name {
    fn new(text: &str, any_case: bool) -> Self {
        let mut pieces = text.split('*').map(|piece| piece.as_bytes().into());
        Self { first: pieces.next().unwrap_or_default(), others: pieces.collect(), any_case }
    }

    fn letters(&self) -> Letters {
        let end = self.others.last().unwrap_or(&self.first);
        (self.first.first().copied(), end.last().copied())
    }

    fn is(&self, name: &[u8]) -> bool {
        let same = |a: &[u8], b: &[u8]| match self.any_case {
            true => a.eq_ignore_ascii_case(b),
            false => a == b,
        };
        let Some((last, between)) = self.others.split_last() else {
            return same(name, &self.first);
        };
        let Some((first, rest)) = name.split_at_checked(self.first.len()) else { return false };
        let Some(end) = rest.len().checked_sub(last.len()) else { return false };
        let (mut middle, end) = rest.split_at(end);
        if !same(first, &self.first) || !same(end, last) {
            return false;
        }
        for piece in between.iter().filter(|piece| !piece.is_empty()) {
            let found = middle.windows(piece.len()).position(|window| same(window, piece));
            let Some((_, rest)) = found.and_then(|at| middle.split_at_checked(at + piece.len()))
            else {
                return false;
            };
            middle = rest;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::super::glob;
    use super::super::sieve::Sieve;
    use super::*;

    /// All that can be put together of these, up to so many.
    fn made(of: &[&str], most: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..most {
            last = last.iter().flat_map(|a| of.iter().map(move |b| format!("{a}{b}"))).collect();
            all.extend(last.iter().cloned());
        }
        all
    }

    #[test]
    fn it_matches_what_the_regex_matches() {
        let tokens = ["a", "B", "*", "**", "/", "{a,b}", "{,a}", "{b/a,*}", "{a,{B,**}}", ","];
        let paths: Vec<String> = made(&["a", "b", "/", "ab", "B,"], 4)
            .into_iter()
            .filter(|path| !path.is_empty() && !path.split('/').any(str::is_empty))
            .collect();
        let mut quick = 0;
        let mut all = Vec::new();
        for (number, pattern) in made(&tokens, 3).iter().enumerate() {
            let any_case = number % 2 == 0;
            let written = format!("{}{pattern}", if any_case { "(?i)" } else { "" });
            let Ok(whole) = glob(&written) else { continue };
            let Some(one) = ways(whole.glob(), any_case).map(Sieve::new) else { continue };
            quick += 1;
            all.extend(ways(whole.glob(), any_case).into_iter().flatten());
            let regex = whole.compile_matcher();
            for path in paths.iter().skip(number % 3).step_by(3) {
                let names: Vec<&[u8]> = path.as_bytes().split(|&byte| byte == b'/').collect();
                assert_eq!(one.matches(&names), regex.is_match(path), "{written} {path}");
            }
        }
        assert!(quick > 200, "{quick}");
        // many at once tell the same as one after the other
        all.retain(|way| !way.matches(&[b"a", b"b"]) && !way.matches(&[b"ab"]));
        for some in [1, 7, 64, 65, 150] {
            let some = all.drain(..some.min(all.len())).collect::<Vec<_>>();
            let expected: Vec<bool> = paths
                .iter()
                .map(|path| {
                    let names: Vec<&[u8]> = path.as_bytes().split(|&byte| byte == b'/').collect();
                    some.iter().any(|way| way.matches(&names))
                })
                .collect();
            let sieve = Sieve::new(some);
            for (path, expected) in paths.iter().zip(expected) {
                let names: Vec<&[u8]> = path.as_bytes().split(|&byte| byte == b'/').collect();
                assert_eq!(sieve.matches(&names), expected, "{path}");
            }
        }
    }

    #[test]
    fn what_is_left_to_a_regex() {
        for pattern in ["a?", "[ab]", "a\\*", "a**", "**/**/a", "*{,a}*", "*{*,a}", "{a,**}/b"] {
            assert!(ways(pattern, false).is_none(), "{pattern}");
        }
        for pattern in ["**", "a/**", "**/a/**", "*.{py,pyw}", "{a,{b,c/d}}_*.py", "a*b*c"] {
            assert!(ways(pattern, false).is_some(), "{pattern}");
        }
    }
}

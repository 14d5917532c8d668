//! Which env file a Python call loads, by its arguments and what the same file
//! says of the names in them.

use std::sync::LazyLock;

use regex::Regex;

use super::Which;

/// An argument longer than this is not read, in bytes.
const LONGEST: usize = 2000;
/// A name that stands for a name, so many deep.
const DEEPEST: usize = 4;

/// The files of a call whose arguments start at a byte of the text.
pub(super) fn files(text: &str, arguments: usize) -> Vec<Which> {
    of_arguments(text, inside(text.get(arguments..).unwrap_or_default()), DEEPEST)
}

fn of_arguments(text: &str, arguments: &str, depth: usize) -> Vec<Which> {
    let mut first = None;
    for (at, part) in parts(arguments).into_iter().enumerate() {
        let part = part.trim();
        match keyword(part) {
            Some((name, value)) => {
                if matches!(name, "dotenv_path" | "env_file" | "filename" | "path") {
                    first = Some(value);
                }
            }
            None if at == 0 && !part.is_empty() => first = Some(part),
            None => {}
        }
    }
    match first {
        None | Some("None" | "") => vec![Which::Usual],
        Some(value) => of_value(text, value, depth),
    }
}

/// `name=value`.
fn keyword(part: &str) -> Option<(&str, &str)> {
    let (name, value) = part.split_once('=')?;
    let name = name.trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (plain && !value.starts_with('=')).then(|| (name, value.trim()))
}

fn of_value(text: &str, value: &str, depth: usize) -> Vec<Which> {
    if let Some(at) = value.find("find_dotenv(") {
        let from = at + "find_dotenv(".len();
        return of_arguments(text, inside(value.get(from..).unwrap_or_default()), depth);
    }
    if let Some(which) = of_literals(value) {
        return vec![which];
    }
    match (name_in(value), depth) {
        (Some(name), 1..) => named(text, name, depth - 1),
        _ => vec![Which::Unknown],
    }
}

/// What the literals of an expression name, if it has any: the parts of a joined
/// path, or else the last of them, which is the default of a read variable.
fn of_literals(value: &str) -> Option<Which> {
    let mut literals = literals(value);
    literals.retain(|literal| !is_variable(literal));
    let last = *literals.last()?;
    let joins = ["join(", "joinpath(", " / ", ")/", "/ \"", "/ '"];
    let joined = joins.iter().any(|join| value.contains(join));
    let written = match joined && literals.iter().all(|part| !part.starts_with('/')) {
        true => literals.join("/"),
        false => last.to_owned(),
    };
    // what a format puts in stands for a folder, or the name is not known
    let written = written.rsplit_once('}').map_or(written.as_str(), |(_, rest)| rest);
    if written.is_empty() || last.contains('{') && !written.starts_with('/') {
        return Some(Which::Unknown);
    }
    let relative = written.trim_start_matches('/');
    if last.contains('{') {
        return Some(Which::Named(relative.to_owned()));
    }
    Some(match joined {
        true => Which::Beside(relative.to_owned()),
        false => Which::Named(written.to_owned()),
    })
}

/// The contents of the string literals of an expression.
fn literals(value: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), value);
    while let Some(from) = rest.find(['"', '\'']) {
        let after = rest.get(from..).unwrap_or_default();
        let Some(quote) = after.chars().next() else { break };
        let after = after.get(1..).unwrap_or_default();
        let Some(end) = after.find(quote) else { break };
        found.push(after.get(..end).unwrap_or_default());
        rest = after.get(end + 1..).unwrap_or_default();
    }
    found.retain(|literal| !literal.is_empty());
    found
}

/// `ENV_FILE`: the name of a variable.
fn is_variable(literal: &str) -> bool {
    literal.contains(|c: char| c.is_ascii_uppercase())
        && literal.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// The name that an expression without literals is about: `str(PATH)`, `path.resolve()`.
fn name_in(value: &str) -> Option<&str> {
    let mut value = value.trim();
    for wrap in ["str(", "Path(", "pathlib.Path(", "os.fspath("] {
        value = value.strip_prefix(wrap).unwrap_or(value);
    }
    let end = value.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(value.len());
    let (name, rest) = value.split_at_checked(end)?;
    let method = rest.strip_prefix('.').is_none_or(|rest| {
        ["resolve()", "as_posix()", "absolute()", "expanduser()"]
            .iter()
            .any(|method| rest.starts_with(method))
    });
    (!name.is_empty() && method && !rest.starts_with(['(', '['])).then_some(name)
}

/// What a name stands for, as far as the file assigns it.
fn named(text: &str, name: &str, depth: usize) -> Vec<Which> {
    static LOOP: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)^[ \t]*for\s+(\w+)\s+in\s+").ok());
    static ASSIGNED: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?m)^[ \t]*(\w+)[ \t]*(?::[^=\n]+)?=[ \t]*").ok());
    let mut found = Vec::new();
    let of_name = |shape: &'static LazyLock<Option<Regex>>| {
        let all = shape.iter().flat_map(|shape| shape.captures_iter(text));
        all.filter_map(|caught| {
            let (whole, it) = (caught.get(0)?, caught.get(1)?);
            (it.as_str() == name).then(|| text.get(whole.end()..)).flatten()
        })
    };
    for rest in of_name(&LOOP) {
        let over = statement(rest);
        let all = literals(over);
        let files = all.iter().filter(|literal| !is_variable(literal));
        found.extend(files.map(|literal| Which::Named((*literal).to_owned())));
        if found.is_empty() {
            found.push(Which::Unknown);
        }
    }
    for rest in of_name(&ASSIGNED).filter(|rest| !rest.starts_with('=')) {
        found.extend(of_value(text, statement(rest), depth));
    }
    if found.is_empty() { vec![Which::Unknown] } else { found }
}

/// Up to the bracket that closes what a text starts inside of.
fn inside(text: &str) -> &str {
    let end = ends(text, |c, depth| depth == 0 && matches!(c, ')' | ']' | '}'));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// Up to the end of the statement.
fn statement(text: &str) -> &str {
    let end = ends(text, |c, depth| depth == 0 && matches!(c, '\n' | ';' | '#'));
    text.get(..end.unwrap_or(text.len().min(LONGEST))).unwrap_or_default()
}

/// What stands between commas.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(end) = ends(rest, |c, depth| depth == 0 && c == ',') {
        parts.push(rest.get(..end).unwrap_or_default());
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    parts.push(rest);
    parts
}

/// Where a text first has what is looked for, outside of quotes.
fn ends(text: &str, is_end: impl Fn(char, usize) -> bool) -> Option<usize> {
    let (mut depth, mut quote) = (0usize, None);
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < LONGEST) {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if is_end(c, depth) => return Some(at),
            None => match c {
                '"' | '\'' => quote = Some(c),
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth = depth.saturating_sub(1),
                _ => {}
            },
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_say_which_file() {
        let (usual, unknown) = (Which::Usual, Which::Unknown);
        let named = |path: &str| Which::Named(path.to_owned());
        let beside = |path: &str| Which::Beside(path.to_owned());
        let cases: &[(&str, Vec<Which>)] = &[
            ("load()", vec![usual.clone()]),
            ("load(override=True)", vec![usual.clone()]),
            ("load(None, verbose=True)", vec![usual.clone()]),
            ("load(find_dotenv())", vec![usual.clone()]),
            ("load(dotenv.find_dotenv('.env.live'))", vec![named(".env.live")]),
            ("load(\".env\")", vec![named(".env")]),
            ("load('../paperless.conf')", vec![named("../paperless.conf")]),
            ("load(dotenv_path='conf/.env', override=True)", vec![named("conf/.env")]),
            ("load(os.path.join(base, 'conf', '.env'))", vec![beside("conf/.env")]),
            ("load(BASE / \".env\")", vec![beside(".env")]),
            ("load(\n    os.path.join(base, '.env'),\n)", vec![beside(".env")]),
            ("load(os.getenv('ENV_FILE', '.env'))", vec![named(".env")]),
            ("load(os.getenv('ENV_FILE'))", vec![unknown.clone()]),
            ("load(f'{base}/.env')", vec![named(".env")]),
            ("load(f'.env.{stage}')", vec![unknown.clone()]),
            ("p = join(here, '.env')\nif exists(p):\n    load(p)", vec![beside(".env")]),
            ("P: Path = BASE.joinpath('.env')\nload(str(P))", vec![beside(".env")]),
            ("A = 'x.env'\nB = A\nload(B)", vec![named("x.env")]),
            (
                "for path in [\n    os.getenv('CONF'),\n    '../a.conf',\n    '/etc/a.conf',\n]:\n    load(path)",
                vec![named("../a.conf"), named("/etc/a.conf")],
            ),
            ("for p in candidates():\n    load(p)", vec![unknown.clone()]),
            ("def f(path):\n    load(path)", vec![unknown.clone()]),
            ("load(self.path)", vec![unknown.clone()]),
            ("A = B\nB = A\nload(A)", vec![unknown.clone()]),
            ("load('.env'", vec![usual]),
        ];
        for (text, expected) in cases {
            let from = text.rfind("load(").expect("a call") + "load(".len();
            assert_eq!(files(text, from), *expected, "{text}");
        }
    }
}

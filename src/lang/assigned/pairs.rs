//! The pairs of one line.

use std::sync::LazyLock;

use regex::Regex;

use super::Stands;

/// So deep is looked into values.
const DEPTH: usize = 2;

/// A longer line is looked at up to here, in bytes.
const LONGEST: usize = 64 * 1024;

/// A pair and the byte of its line at which the name stands.
pub(super) struct Pair {
    pub(super) name: String,
    pub(super) value: String,
    pub(super) at: usize,
    pub(super) stands: Stands,
}

/// A name, a sign, and where the value begins.
static SIGNED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        \\?["'`]? (?P<name> [\p{L}_] [\p{L}\p{N}_.\-]* ) \\?["'`]? \s* \]? \s*
        (?P<sign> => | :=  | \?= | \+= | === | == | != | = | :)
        (?P<blank> [\ \t]*)
        "#,
    )
    .ok()
});

/// Forms without a sign: name and value are groups.
static OTHERS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // shells, Docker
        r#"^\s*(?:RUN\s+)?(?:setenv|setx|set(?:\s+-\w+)?|ENV|ARG)\s+(?P<name>[A-Za-z_]\w*)\s+(?P<value>"[^"]*"?|'[^']*'?|[^\s=]\S*)"#,
        r#"(?i)^\s*@?setx(?:\s+/\w+)*\s+(?P<name>[a-z_]\w*)\s+(?P<value>"[^"]*"?|\S+)"#,
        // PowerShell: Set-Item -Path Env:NAME -Value value
        r#"(?i)\b(?:set-item|new-item|set-content)\b.*?\benv:[\\/]?(?P<name>[a-z_]\w*)["']?(?:\s+-value)?\s+(?P<value>"[^"]*"?|'[^']*'?|[^\s\-]\S*)"#,
        // calls: define("NAME", "value")
        r#"["'](?P<name>[A-Za-z_][\w.\-]*)["']\s*,\s*(?P<value>"[^"]+"?|'[^']+'?)"#,
        // <name>value</name>
        r"<(?P<name>[A-Za-z_][\w.:\-]*)(?:\s[^<>]*)?>(?P<value>[^<>]+)<",
        // <add key="NAME" value="value"/>, <string name="NAME">value</string>
        r#"(?:key|name|id)\s*=\s*["'](?P<name>[^"']+)["'][^<>]*?\bvalue\s*=\s*(?P<value>"[^"]*"?|'[^']*'?)"#,
        r#"(?:key|name|id)\s*=\s*["'](?P<name>[^"']+)["'][^<>]*>(?P<value>[^<>]+)<"#,
        // --password value, and netrc's `login name password value`
        r#"--(?P<name>[A-Za-z][\w\-]*)[ \t]+(?P<value>"[^"]*"?|'[^']*'?|[^\s\-]\S*)"#,
        r"\b(?:login|machine)\s+\S+\s+(?P<name>password)\s+(?P<value>\S+)",
    ]
    .iter()
    .filter_map(|form| Regex::new(form).ok())
    .collect()
});

/// An address with something before its `@`.
static ADDRESS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"[A-Za-z][A-Za-z0-9+.\-]*://[^\s"'<>`]+@[^\s"'<>`]+"#).ok());

/// A line of `.pgpass`, whose colons are escaped within a field.
static PGPASS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let field = r"(?:[^\s:\\]|\\.)+";
    let user = r"[A-Za-z_*](?:[^\s:\\]|\\.)*";
    Regex::new(&format!(
        r"^\s*[A-Za-z0-9*\[./](?:[^\s:=\\]|\\.)*:(?:[0-9]{{1,5}}|\*):{field}:{user}:(?<value>{field})\s*$"
    ))
    .ok()
});

/// All pairs of a line; `rest` are the lines from this one on, into which a
/// value may go on.
pub(super) fn of_line(line: &str, rest: &[&str]) -> Vec<Pair> {
    let line = head(line.trim_start_matches('\u{feff}'), line.len());
    let trimmed = line.trim_start();
    let comment = ["#", "//", ";", "--", "<!--", "::", "/*", "rem ", "REM ", "* "]
        .iter()
        .find(|mark| trimmed.starts_with(**mark));
    let mut found = Vec::new();
    match comment {
        Some(mark) if *mark != "--" || !trimmed.starts_with("---") => {
            let indent = line.len() - trimmed.len() + mark.len();
            let body = trimmed.get(mark.len()..).unwrap_or_default();
            let inner = body.trim_start_matches(['#', '/', '*', '-', ';', ' ', '\t', '!']);
            let base = indent + body.len() - inner.len();
            signed(inner, base, Some(inner), &[], DEPTH, &mut found);
            others(inner, base, &mut found);
            for pair in &mut found {
                pair.stands = match pair.stands {
                    Stands::Plain | Stands::Remark => Stands::Remark,
                    other => other,
                };
            }
        }
        _ => {
            signed(line, 0, None, rest, DEPTH, &mut found);
            others(line, 0, &mut found);
            found.extend(named_above(line, rest));
        }
    }
    addresses(line, &mut found);
    found.extend(pgpass(line));
    found
}

/// The pairs inside of a value: options of a command, parts of a connection string.
pub(super) fn within(value: &str) -> Vec<Pair> {
    let mut found = Vec::new();
    inside(value, 0, DEPTH, &mut found);
    found.extend(pgpass(value));
    found
}

fn inside(value: &str, base: usize, depth: usize, found: &mut Vec<Pair>) {
    if depth == 0 || !value.contains(['=', ':', ' ']) {
        return;
    }
    let before = found.len();
    for line in value.lines() {
        signed(head(line, line.len()), base, None, &[], depth - 1, found);
        others(head(line, line.len()), base, found);
    }
    for pair in found.iter_mut().skip(before) {
        pair.stands = Stands::Within;
        pair.at = base;
    }
}

/// `NAME = value` and the like, several on one line. In a comment, `remark` is
/// all of it.
fn signed(
    line: &str,
    base: usize,
    remark: Option<&str>,
    rest: &[&str],
    depth: usize,
    found: &mut Vec<Pair>,
) {
    let Some(shape) = SIGNED.as_ref() else { return };
    let mut next = 0;
    while let Some(caught) = line.get(next..).and_then(|part| shape.captures(part)) {
        let (Some(whole), Some(name), Some(sign)) =
            (caught.get(0), caught.name("name"), caught.name("sign"))
        else {
            break;
        };
        let (at, end) = (next + name.start(), next + whole.end());
        let blank = caught.name("blank").is_some_and(|blank| !blank.is_empty());
        let spaced = blank || name.end() < sign.start() && !quoted_name(line, at + name.len());
        next = end;
        let behind = within_quotes(line, at, end);
        let compares = matches!(sign.as_str(), "==" | "===" | "!=");
        // `host:80` and `https://` are not pairs, `a: b` and `"a":"b"` are
        let tight_colon = sign.as_str() == ":" && !blank && !behind.is_empty();
        let quoted = quoted_name(line, at + name.len()) || behind.starts_with(['"', '\'']);
        if compares || (tight_colon && (!quoted || behind.starts_with("//"))) {
            // a scheme's name, a port: what comes after may be a pair of its own
            if !(tight_colon && opens(line, at) && !behind.starts_with("//")) {
                continue;
            }
        }
        let opens = opens(line, at);
        let Some((value, used)) = value(behind, sign.as_str(), opens, spaced, line, rest) else {
            continue;
        };
        let stands = match remark {
            Some(_) if spaced || sign.as_str() == ":" => Stands::Prose,
            Some(_) => Stands::Remark,
            None => Stands::Plain,
        };
        inside(&value, base + at, depth, found);
        found.push(Pair { name: name.as_str().to_owned(), value, at: base + at, stands });
        next = end + used;
    }
}

/// What comes after the sign; when a quote opens right before the name and
/// does not close behind it, up to where it does: `"NAME=value"`.
fn within_quotes(line: &str, name: usize, end: usize) -> &str {
    let behind = line.get(end..).unwrap_or_default();
    let opened = line.get(..name).unwrap_or_default().chars().next_back();
    let Some(quote) = opened.filter(|c| "\"'`".contains(*c)) else { return behind };
    let between = line.get(name..end).unwrap_or_default();
    if between.contains(['"', '\'', '`']) {
        return behind;
    }
    behind.split(quote).next().unwrap_or(behind)
}

/// Whether the name that ends here is in quotes.
fn quoted_name(line: &str, end: usize) -> bool {
    line.get(end..)
        .is_some_and(|rest| rest.starts_with(['"', '\'', '`']) || rest.starts_with("\\\""))
}

/// Whether only what introduces an assignment stands before the name.
fn opens(line: &str, at: usize) -> bool {
    let before = line.get(..at).unwrap_or_default().trim().trim_end_matches(['"', '\'', '$', '`']);
    let words = before.trim_start_matches(['-', ' ', '+']);
    matches!(
        words.to_ascii_lowercase().as_str(),
        "" | "export"
            | "set"
            | "setx"
            | "env"
            | "arg"
            | "declare -x"
            | "local"
            | "typeset -x"
            | "export -x"
            | "$env:"
            | "env:"
            | "readonly"
            | "var"
            | "let"
            | "const"
            | "e"
            | "set \""
    )
}

/// The value that stands here, and how many bytes of the line it takes.
fn value(
    behind: &str,
    sign: &str,
    opens: bool,
    spaced: bool,
    line: &str,
    rest: &[&str],
) -> Option<(String, usize)> {
    let prefix = behind.bytes().take_while(|b| b"rRbBfFuU@$".contains(b)).count();
    let at_quote = behind.get(prefix..).filter(|_| prefix <= 2).unwrap_or(behind);
    let skipped = behind.len() - at_quote.len();
    for quote in ["\"\"\"", "'''", "\\\"", "\"", "'", "`"] {
        let Some(inner) = at_quote.strip_prefix(quote) else { continue };
        let (text, closed) = closing(inner, quote);
        let used = skipped + quote.len() + text.len() + if closed { quote.len() } else { 0 };
        // an unclosed quote: the value goes to the line's end, or on
        let text = match closed {
            true => text.to_owned(),
            false if quote.len() == 3 => until(inner, quote, rest),
            false => text.trim_end().trim_end_matches([',', ';']).to_owned(),
        };
        return Some((text, used.min(behind.len())));
    }
    if sign == ":" && matches!(behind.trim(), "|" | ">" | "|-" | ">-" | "|+" | ">+") {
        return Some((block(line, rest), behind.len()));
    }
    if behind.starts_with(['{', '(']) {
        return None;
    }
    if let Some(inner) = behind.strip_prefix('[') {
        let inner = inner.split(']').next().unwrap_or(inner);
        let first = inner.split(',').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
        return (!first.is_empty()).then(|| (first.to_owned(), 0));
    }
    let whole = opens && (sign != "=" || !spaced || !behind.contains(['(', ';']));
    let end = if whole {
        [" #", "\t#", " //", " ;"]
            .iter()
            .filter_map(|mark| behind.find(mark))
            .min()
            .unwrap_or(behind.len())
    } else {
        let stop = |c: char| c.is_whitespace() || "\"'`,;)}]<>&".contains(c);
        let variable = behind.strip_prefix("${").and_then(|rest| rest.find('}'));
        let from = variable.map_or(0, |end| end + 3);
        let rest = behind.get(from..).unwrap_or_default();
        rest.find(stop).map_or(behind.len(), |end| from + end)
    };
    let text = behind.get(..end).unwrap_or_default().trim();
    let text = if whole { text.trim_end_matches([',', ';']).trim_end() } else { text };
    Some((text.to_owned(), end))
}

/// A text up to its closing quote, and whether there is one.
fn closing<'a>(text: &'a str, quote: &str) -> (&'a str, bool) {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        let here = text.get(at..).unwrap_or_default();
        if !escaped && here.starts_with(quote) {
            return (text.get(..at).unwrap_or_default(), true);
        }
        escaped = c == '\\' && !escaped && !quote.starts_with('\\');
    }
    (text, false)
}

/// A text of several lines up to three quotes.
fn until(first: &str, quote: &str, rest: &[&str]) -> String {
    let mut text = first.to_owned();
    for line in rest.iter().skip(1).take(100) {
        text.push('\n');
        match line.split_once(quote) {
            Some((before, _)) => {
                text.push_str(before);
                break;
            }
            None => text.push_str(line),
        }
    }
    text.trim().to_owned()
}

/// A block of YAML: the lines that stand deeper.
fn block(line: &str, rest: &[&str]) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let own = indent(line);
    let deeper = rest
        .iter()
        .skip(1)
        .take_while(|next| next.trim().is_empty() || indent(next) > own)
        .take(100);
    deeper.map(|next| next.trim()).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn others(line: &str, base: usize, found: &mut Vec<Pair>) {
    for form in OTHERS.iter() {
        for caught in form.captures_iter(line) {
            let (Some(name), Some(value)) = (caught.name("name"), caught.name("value")) else {
                continue;
            };
            let bare = value.as_str().trim().trim_matches(['"', '\'']);
            found.push(Pair {
                name: name.as_str().to_owned(),
                value: bare.to_owned(),
                at: base + name.start(),
                stands: Stands::Plain,
            });
        }
    }
}

/// `- name: NAME` with `value: …` in the line below, as Kubernetes has it.
fn named_above(line: &str, rest: &[&str]) -> Option<Pair> {
    let named = line.trim_start().trim_start_matches("- ").trim_start();
    let name = named.strip_prefix("name:").or_else(|| named.strip_prefix("key:"))?;
    let name = name.trim().trim_matches(['"', '\'', ',']);
    let below = rest.get(1)?.trim();
    let value = below.strip_prefix("value:").or_else(|| below.strip_prefix("default:"))?;
    let value = value.trim().trim_matches(['"', '\'', ',']);
    let at = line.len() - line.trim_start().len();
    let stands = Stands::Plain;
    Some(Pair { name: name.to_owned(), value: value.to_owned(), at, stands })
}

/// `host:port:database:user:password`, as PostgreSQL's clients read it.
fn pgpass(line: &str) -> Option<Pair> {
    let caught = PGPASS.as_ref()?.captures(line)?;
    let value = caught.name("value")?.as_str().replace("\\:", ":").replace("\\\\", "\\");
    let stands = Stands::Plain;
    Some(Pair { name: "password".to_owned(), value, at: 0, stands })
}

fn addresses(line: &str, found: &mut Vec<Pair>) {
    let Some(shape) = ADDRESS.as_ref() else { return };
    for address in shape.find_iter(line) {
        let value = address.as_str().to_owned();
        let at = address.start();
        found.push(Pair { name: String::new(), value, at, stands: Stands::Within });
    }
}

/// As much of a line as is looked at.
fn head(line: &str, most: usize) -> &str {
    let mut end = most.min(LONGEST).min(line.len());
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    line.get(..end).unwrap_or_default()
}

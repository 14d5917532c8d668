//! The stable form of a piece of code: its tokens, without white space, comments
//! and the literals that may be secrets. By it a finding about code is recognised
//! again when the code moves, and not when it changes.

use tree_sitter::Node;

/// What stands for a literal. A digest of the literal itself could be guessed.
pub(crate) const MASK: &str = "•••";

/// So many tokens of a node are looked at: no person writes a longer statement.
const MOST: usize = 10_000;

/// A number of more digits may be a secret.
const LONGEST_NUMBER: usize = 5;

/// Between two tokens.
const GAP: char = '\u{1f}';

/// The tokens of a line in any language. Quoted text is masked, and so is an
/// unquoted word that is assigned (`KEY=value`, `key: value`).
pub(crate) fn line(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.trim();
    let mut assigned = false;
    while let Some(c) = rest.chars().next() {
        let (token, after) = if is_quote(c) {
            (None, quoted(rest))
        } else if is_word(c) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let calls = after.starts_with(['(', '.', '[']);
            (if assigned && !calls && !is_plain(word) { None } else { Some(word) }, after)
        } else {
            let (mark, after) = rest.split_at(c.len_utf8());
            (Some(mark), after)
        };
        if !out.is_empty() {
            out.push(GAP);
        }
        out.push_str(token.unwrap_or(MASK));
        assigned = matches!(token, Some("=" | ":"));
        rest = after.trim_start();
    }
    out
}

/// The words of a comment. A long word that mixes letters and digits is masked.
pub(crate) fn remark(text: &str) -> String {
    let mixed = |word: &str| {
        word.len() >= 12
            && word.contains(|c: char| c.is_ascii_digit())
            && word.contains(char::is_alphabetic)
    };
    let words = text.split_whitespace().map(|word| if mixed(word) { MASK } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// The tokens of a syntax node, comments left out, long numbers masked, and every
/// string but those that `keep` names by their content.
pub(crate) fn node(text: &str, node: Node<'_>, keep: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::new();
    let mut cursor = node.walk();
    let mut descend = true;
    let mut taken = 0;
    loop {
        let at = cursor.node();
        taken += 1;
        if taken > MOST {
            return out;
        }
        let kind = at.kind();
        let quoted = matches!(kind, "string" | "template_string" | "regex");
        let whole = quoted || kind == "comment";
        if descend && !whole && cursor.goto_first_child() {
            continue;
        }
        if descend && kind != "comment" && (whole || at.child_count() == 0) {
            let said = text.get(at.byte_range()).unwrap_or_default();
            let content = said.trim_start_matches(char::is_alphabetic).trim_matches(is_quote);
            if !said.is_empty() {
                if !out.is_empty() {
                    out.push(GAP);
                }
                out.push_str(match kind {
                    _ if quoted && keep(content) => content,
                    _ if quoted => MASK,
                    "integer" | "float" | "number" if said.len() > LONGEST_NUMBER => MASK,
                    _ => said,
                });
            }
        }
        if at == node {
            return out;
        }
        descend = cursor.goto_next_sibling();
        if !descend && !cursor.goto_parent() {
            return out;
        }
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '`')
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Switches and numbers, which are not secrets.
fn is_plain(word: &str) -> bool {
    const WORDS: [&str; 7] = ["true", "false", "none", "null", "yes", "no", "nil"];
    WORDS.iter().any(|plain| word.eq_ignore_ascii_case(plain))
        || (word.len() <= LONGEST_NUMBER && word.bytes().all(|b| b.is_ascii_digit()))
}

/// What follows a quoted text, or nothing when the quote does not close.
fn quoted(text: &str) -> &str {
    let mut chars = text.char_indices();
    let Some((_, quote)) = chars.next() else { return "" };
    let mut escaped = false;
    for (at, c) in chars {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return text.get(at + c.len_utf8()..).unwrap_or_default(),
            _ => {}
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::SourceFile;
    use crate::model::RepoPath;

    fn shown(tokens: &str) -> String {
        tokens.replace(GAP, " ")
    }

    #[test]
    fn lines_keep_their_code_and_lose_what_may_be_secret() {
        let cases = [
            ("  debug =  True", "debug = True"),
            ("debug=True", "debug = True"),
            ("x = \"hunter2\" # note", "x = ••• # note"),
            ("DB_PASSWORD=hunter2", "DB_PASSWORD = •••"),
            ("password: hunter2", "password : •••"),
            ("port: 8080", "port : 8080"),
            ("key = load(name)", "key = load ( name )"),
            ("say('it\\'s') + 1", "say ( ••• ) + 1"),
            ("open 'quote", "open •••"),
            ("", ""),
        ];
        for (given, expected) in cases {
            assert_eq!(shown(&line(given)), expected, "{given}");
        }
        assert_ne!(line("ab c"), line("a bc"));
    }

    #[test]
    fn remarks_keep_their_words() {
        assert_eq!(remark("  TODO(ann):  ask\tBob "), "TODO(ann): ask Bob");
        assert_eq!(remark("TODO use q8Zk3vT1xWab9 no more"), "TODO use ••• no more");
    }

    #[test]
    fn nodes_lose_comments_and_strings() {
        let text = "f(  # why\n  \"SECRET_KEY\", 'dev',\n  n=1)\n";
        let file = SourceFile::new(RepoPath::new("a.py").expect("a path"), text.to_owned());
        let root = file.python().expect("a tree").root_node();
        let tokens = node(text, root, &|content| content == "SECRET_KEY");
        assert_eq!(shown(&tokens), "f ( SECRET_KEY , ••• , n = 1 )");
    }
}

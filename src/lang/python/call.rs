//! The parts of calls and of dotted names.

use tree_sitter::Node;

use super::functions::is_conversion;
use super::walk::{children, inner};
use super::words::words;

/// A call, taken apart.
pub(crate) struct Call<'t> {
    /// What is called.
    pub function: Node<'t>,
    /// The positional arguments.
    pub positional: Vec<Node<'t>>,
    /// The keyword arguments: the name's node and the value.
    pub keywords: Vec<(Node<'t>, Node<'t>)>,
    /// Whether an unpacked `*list` or `**dict` stands among the arguments.
    pub unpacks: bool,
}

impl<'t> Call<'t> {
    /// Takes a `call` node apart.
    pub(crate) fn of(node: Node<'t>) -> Option<Self> {
        if node.kind() != "call" {
            return None;
        }
        let function = inner(node.child_by_field_name("function")?);
        let mut call =
            Self { function, positional: Vec::new(), keywords: Vec::new(), unpacks: false };
        let arguments = node.child_by_field_name("arguments")?;
        for argument in children(arguments) {
            match argument.kind() {
                "keyword_argument" => {
                    let name = argument.child_by_field_name("name");
                    let value = argument.child_by_field_name("value");
                    call.keywords.extend(name.zip(value));
                }
                "list_splat" | "dictionary_splat" => call.unpacks = true,
                _ => call.positional.push(argument),
            }
        }
        Some(call)
    }

    /// The last part of the called name: `get` of `os.environ.get`.
    pub(crate) fn name(&self, text: &'t str) -> &'t str {
        last_name(text, self.function).unwrap_or_default()
    }

    /// What a method is called on.
    pub(crate) fn receiver(&self) -> Option<Node<'t>> {
        (self.function.kind() == "attribute")
            .then(|| self.function.child_by_field_name("object"))
            .flatten()
            .map(inner)
    }

    /// The value of the first keyword argument that has one of these names.
    pub(crate) fn keyword(&self, text: &str, names: &[&str]) -> Option<Node<'t>> {
        self.keywords
            .iter()
            .find(|(name, _)| names.contains(&text.get(name.byte_range()).unwrap_or_default()))
            .map(|(_, value)| inner(*value))
    }
}

/// The last part of a name: `secret_key` of `current_app.secret_key`.
pub(crate) fn last_name<'t>(text: &'t str, node: Node<'_>) -> Option<&'t str> {
    let name = match node.kind() {
        "identifier" => node,
        "attribute" => node.child_by_field_name("attribute")?,
        "subscript" => return last_name_of_value(text, node),
        "call" => return last_name_of_function(text, node),
        _ => return None,
    };
    text.get(name.byte_range())
}

fn last_name_of_value<'t>(text: &'t str, node: Node<'_>) -> Option<&'t str> {
    let value = inner(node.child_by_field_name("value")?);
    matches!(value.kind(), "identifier" | "attribute").then(|| last_name(text, value)).flatten()
}

fn last_name_of_function<'t>(text: &'t str, node: Node<'_>) -> Option<&'t str> {
    let function = inner(node.child_by_field_name("function")?);
    matches!(function.kind(), "identifier" | "attribute")
        .then(|| last_name(text, function))
        .flatten()
}

/// A dotted name without blanks, `current_app.config`; nothing when the
/// expression is not a plain dotted name.
pub(crate) fn dotted(text: &str, node: Node<'_>) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    let mut node = inner(node);
    while node.kind() == "attribute" && parts.len() < 16 {
        parts.push(text.get(node.child_by_field_name("attribute")?.byte_range())?);
        node = inner(node.child_by_field_name("object")?);
    }
    if node.kind() != "identifier" {
        return None;
    }
    parts.push(text.get(node.byte_range())?);
    parts.reverse();
    Some(parts.join("."))
}

/// A call that reads a value by its name and falls back on a default:
/// `os.getenv("A", "b")`, `config("A", default="b")`, `getattr(x, "A", "b")`.
/// Gives the node of the name and that of the default, if there is one.
pub(crate) fn reads_with_default<'t>(
    text: &'t str,
    call: &Call<'t>,
) -> Option<(Node<'t>, Option<Node<'t>>)> {
    let name = call.name(text);
    // the name comes second in `getattr(object, name)` and, of a ConfigParser, in
    // `parser.get(section, name)`
    let skip = usize::from(name == "getattr" || reads_section(text, call, name));
    let key = call
        .positional
        .get(skip)
        .copied()
        .or_else(|| call.keyword(text, &["key", "name", "var", "option"]))?;
    if !is_reader(text, call, name) {
        return None;
    }
    let default = call
        .keyword(text, &["default", "fallback", "default_value"])
        .or_else(|| call.positional.get(skip + 1).copied());
    Some((inner(key), default.map(inner)))
}

/// Whether a file calls what only a ConfigParser has, `parser.has_option(…)`.
fn asks_by_section(text: &str, receiver: &str) -> bool {
    [".has_option(", ".has_section(", ".getboolean(", ".getint(", ".getfloat("]
        .iter()
        .any(|method| text.contains(&format!("{receiver}{method}")))
}

/// `parser.get("section", "option")` in a file that uses ConfigParser.
fn reads_section(text: &str, call: &Call<'_>, name: &str) -> bool {
    let receiver = call.receiver().and_then(|receiver| dotted(text, receiver)).unwrap_or_default();
    name == "get"
        && call.positional.len() == 2
        && !receiver.is_empty()
        && !words(&receiver).iter().any(|word| matches!(word.as_str(), "env" | "environ"))
        && !call.positional.first().is_some_and(|first| is_constant_name(text, *first))
        && !receiver.ends_with(".config")
        && (memchr::memmem::find(text.as_bytes(), b"onfigParser").is_some()
            || asks_by_section(text, &receiver))
}

/// `"SECRET_KEY"`, which is not a name of a section.
fn is_constant_name(text: &str, node: Node<'_>) -> bool {
    let name = text.get(node.byte_range()).unwrap_or_default();
    name.contains('_') && !name.contains(|c: char| c.is_lowercase())
}

/// Whether a function of this name reads a value: of the standard library, of
/// python-decouple, environs, django-environ, starlette, and their like.
fn is_reader(text: &str, call: &Call<'_>, name: &str) -> bool {
    const READERS: &[&str] = &["get", "getenv", "getattr", "pop", "env", "config", "environ"];
    const TYPED: &[&str] = &["str", "string", "text", "bytes", "bool", "int", "value", "get_value"];
    if READERS.contains(&name) {
        return true;
    }
    if is_conversion(name) && !TYPED.contains(&name) {
        return false;
    }
    // the longer words hold these
    let may = |name: &str| {
        let name = name.to_ascii_lowercase();
        !name.is_ascii() || ["env", "conf", "setting", "secret"].iter().any(|w| name.contains(w))
    };
    let says = |name: &str| {
        may(name)
            && words(name).iter().any(|word| {
                [
                    "env",
                    "getenv",
                    "environ",
                    "environment",
                    "config",
                    "conf",
                    "setting",
                    "settings",
                    "secret",
                ]
                .contains(&word.as_str())
            })
    };
    if TYPED.contains(&name) {
        return call.receiver().and_then(|receiver| last_name(text, receiver)).is_some_and(says);
    }
    const WRITES: &[&str] =
        &["set", "put", "add", "update", "write", "save", "create", "register", "setdefault"];
    says(name) && !words(name).iter().any(|word| WRITES.contains(&word.as_str()))
}

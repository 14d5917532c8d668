//! Expressions that give no secret: what others can find out or count through,
//! and numbers.

use tree_sitter::Node;

use super::Search;
use crate::lang::python::{Call, dotted, last_name, walk};

/// Whether an expression gives what others can find out: names of the host, the
/// user or the app, the day, a number of the process. `SECRET_KEY =
/// socket.gethostname()` is not a literal and no secret either.
pub(super) fn is_guessable(text: &str, node: Node<'_>) -> bool {
    let name = last_name(text, node).unwrap_or_default();
    match node.kind() {
        "call" => {
            let Some(call) = Call::of(node) else { return false };
            match call.receiver() {
                None => FUNCTIONS.contains(&name) || BUILTINS.contains(&name),
                Some(receiver) => {
                    FUNCTIONS.contains(&name)
                        || (is_named(
                            text,
                            receiver,
                            &["platform", "time", "datetime", "date", "os"],
                        ) && OF_MODULES.contains(&name))
                        || (name.starts_with("__") && is_guessable(text, receiver))
                }
            }
        }
        "identifier" => NAMES.contains(&name),
        "attribute" => {
            let object = node.child_by_field_name("object");
            let of = |names: &[&str]| object.is_some_and(|object| is_named(text, object, names));
            NAMES.contains(&name)
                || ATTRIBUTES.contains(&name)
                || (name == "name" && of(&["app", "application", "os", "server", "__spec__"]))
                || (matches!(name, "platform" | "version" | "executable" | "prefix")
                    && of(&["sys"]))
                || object.is_some_and(|object| is_guessable(text, object))
        }
        _ => false,
    }
}

/// Whether a variable of this name is set for every process, and tells nothing
/// that is secret.
pub(super) fn is_common_variable(name: &str) -> bool {
    VARIABLES.contains(&name)
}

/// Called by any way, on any object.
const FUNCTIONS: &[&str] = &[
    "gethostname",
    "getfqdn",
    "gethostbyname",
    "getnode",
    "uname",
    "getuser",
    "getlogin",
    "getpid",
    "getppid",
    "getuid",
    "geteuid",
    "getgid",
    "getcwd",
    "today",
    "utcnow",
    "time_ns",
    "strftime",
    "isoformat",
    "ctime",
    "asctime",
    "localtime",
    "gmtime",
    "monotonic",
    "perf_counter",
    "timestamp",
    "uuid1",
    "python_version",
    "expanduser",
];

/// Called on a module of the standard library.
const OF_MODULES: &[&str] =
    &["node", "time", "now", "platform", "machine", "system", "version", "release", "processor"];

const BUILTINS: &[&str] = &["id", "hash", "len", "type", "time", "dir"];

const NAMES: &[&str] = &[
    "__name__",
    "__file__",
    "__package__",
    "__doc__",
    "__qualname__",
    "__module__",
    "__version__",
];

const ATTRIBUTES: &[&str] = &["import_name", "nodename", "hostname", "root_path", "version_info"];

const VARIABLES: &[&str] = &[
    "USER",
    "USERNAME",
    "LOGNAME",
    "HOME",
    "HOSTNAME",
    "HOST",
    "PWD",
    "OLDPWD",
    "PATH",
    "SHELL",
    "LANG",
    "TZ",
    "TERM",
    "PORT",
    "FLASK_APP",
    "FLASK_ENV",
    "PYTHONPATH",
    "VIRTUAL_ENV",
    "COMPUTERNAME",
    "DYNO",
    "DJANGO_SETTINGS_MODULE",
];

fn is_named(text: &str, node: Node<'_>, names: &[&str]) -> bool {
    dotted(text, node)
        .is_some_and(|name| names.contains(&name.rsplit('.').next().unwrap_or_default()))
}

/// Functions that make up nothing: what they give depends on their arguments.
const PURE: &[&str] = &[
    "abs",
    "ascii",
    "bin",
    "bytes",
    "bytearray",
    "chr",
    "dict",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "format",
    "frozenset",
    "hash",
    "hex",
    "int",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "oct",
    "ord",
    "pow",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "sorted",
    "str",
    "sum",
    "tuple",
    "zip",
];

impl<'t> Search<'_, 't> {
    /// The first number of an expression that is made of nothing but constants
    /// and functions that make up nothing: `"".join(map(chr, [97, 98]))`.
    pub(super) fn number_in(&self, node: Node<'t>) -> Option<Node<'t>> {
        if !self.module.spend(node.byte_range().len()) {
            return None;
        }
        let mut number = None;
        let mut constant = true;
        walk(node, (), |step| {
            let at = step.node;
            match at.kind() {
                "integer" | "float" => {
                    number = number.or(Some(at));
                }
                "identifier" => {
                    let name = self.module.source(at);
                    let method = step.field == Some("attribute");
                    constant &= method || PURE.contains(&name) || self.is_counted(node, name);
                }
                _ => {}
            }
            constant.then_some(())
        });
        number.filter(|_| constant)
    }

    /// Whether a name runs through what a comprehension of the expression counts.
    fn is_counted(&self, whole: Node<'t>, name: &str) -> bool {
        if !self.module.spend(whole.byte_range().len()) {
            return false;
        }
        let mut counted = false;
        walk(whole, (), |step| {
            let left = (step.node.kind() == "for_in_clause")
                .then(|| step.node.child_by_field_name("left"))
                .flatten();
            counted |= left.is_some_and(|left| self.module.source(left) == name);
            (!counted).then_some(())
        });
        counted
    }
}

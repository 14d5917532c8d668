//! Which expressions name a setting, and on what.

use tree_sitter::Node;

use crate::lang::python::{
    Bound, Call, Module, ScopeKind, Use, children, dotted, inner, key_text, kind, last_name, words,
};

/// A setting and its other names.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// As a key, a variable, a class attribute: `SECRET_KEY`.
    pub(super) name: String,
    /// As an attribute or parameter of an app: `secret_key`.
    pub(super) aliases: Vec<String>,
    /// It is asked for beside another one, and reading it says nothing of that.
    pub(super) kin: bool,
}

/// Something that is assigned to.
pub(super) struct Target {
    /// As the message shows it.
    pub(super) shown: String,
    /// The app or class that it belongs to; assignments to one replace each other.
    pub(super) base: Option<String>,
}

impl Setting {
    /// # Errors
    /// A sentence, when a name is not a Python name.
    pub(super) fn new(name: String, aliases: Option<Vec<String>>) -> Result<Self, String> {
        let aliases = match aliases {
            Some(aliases) => aliases,
            None if name == "SECRET_KEY" => vec!["secret_key".to_owned()],
            None => Vec::new(),
        };
        for name in std::iter::once(&name).chain(&aliases) {
            let mut letters = name.chars();
            let begins = letters.next().is_some_and(|c| c.is_alphabetic() || c == '_');
            if !begins || !letters.all(|c| c.is_alphanumeric() || c == '_') {
                return Err(format!(
                    "`{name}` is not a valid name of a setting; it is made of letters, digits and underscores, such as SECRET_KEY"
                ));
            }
        }
        Ok(Self { name, aliases, kin: false })
    }

    /// Whether this is the setting's name.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.name == name
    }

    /// Whether this is one of its other names.
    pub(super) fn has_alias(&self, name: &str) -> bool {
        self.aliases.iter().any(|alias| alias == name)
    }

    /// Whether a node is a constant with the setting's name.
    pub(super) fn is_key(&self, module: &Module<'_>, node: Node<'_>, at: Use) -> bool {
        if plain(module, node).is_some_and(|text| !self.is_named(text)) {
            return false;
        }
        key_text(module, node, at).is_some_and(|key| self.is_named(&key))
    }

    /// Reads an assignment's target, if it is this setting.
    pub(super) fn target(&self, module: &Module<'_>, node: Node<'_>, at: Use) -> Option<Target> {
        match node.kind() {
            "identifier" => {
                let name = module.source(node);
                let class =
                    module.scopes().get(at.scope).filter(|scope| scope.kind == ScopeKind::Class);
                let own = self.is_named(name)
                    || (self.has_alias(name)
                        && class.is_some_and(|class| is_settings_class(module, class.node)));
                if !own || class.is_some_and(|class| has_base(module, class.node, "Enum")) {
                    return None;
                }
                let shown = match class {
                    Some(class) => format!("{}.{name}", class.name),
                    None => name.to_owned(),
                };
                Some(Target { shown, base: Some(class.map_or("", |c| c.name).to_owned()) })
            }
            "attribute" => {
                let attribute = module.source(node.child_by_field_name("attribute")?);
                let object = inner(node.child_by_field_name("object")?);
                let own = self.is_named(attribute)
                    || (self.has_alias(attribute) && is_app(module, object, at));
                own.then(|| Target {
                    shown: dotted(module.text, node).unwrap_or_else(|| format!("(…).{attribute}")),
                    base: base_of(module, object),
                })
            }
            "subscript" => {
                let key = node.child_by_field_name("subscript")?;
                let object = inner(node.child_by_field_name("value")?);
                let alias = || {
                    is_apps_attributes(module, object, at)
                        && key_text(module, key, at).is_some_and(|key| self.has_alias(&key))
                };
                if !self.is_key(module, key, at) && !alias() {
                    return None;
                }
                if last_name(module.text, object).is_some_and(is_talk_about_names) {
                    return None;
                }
                let shown = dotted(module.text, object).unwrap_or_else(|| "…".to_owned());
                Some(Target {
                    shown: format!("{shown}[\"{}\"]", self.name),
                    base: base_of(module, object),
                })
            }
            _ => None,
        }
    }
}

/// What stands between the quotes of a string without escapes and without code; of
/// one with other quotes within, what stands between those.
fn plain<'t>(module: &Module<'t>, node: Node<'_>) -> Option<&'t str> {
    if kind(node) != "string" {
        return None;
    }
    let written = module.source(node);
    let text = written.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let special = memchr::memchr3(b'\\', b'{', b'\r', written.as_bytes()).is_some();
    (!special).then(|| text.trim_matches(['"', '\'']))
}

/// Those of the settings that a constant key may name.
pub(super) fn keyed<'a>(
    settings: &'a [Setting],
    module: &Module<'_>,
    node: Node<'_>,
    at: Use,
) -> Vec<&'a Setting> {
    let named = |text: &str| settings.iter().filter(|s| s.is_named(text)).collect::<Vec<_>>();
    if plain(module, node).is_some_and(|text| named(text).is_empty()) {
        return Vec::new();
    }
    key_text(module, node, at).map(|key| named(&key)).unwrap_or_default()
}

/// Whether what is assigned to may be one of the settings: a quick look.
pub(super) fn may_be_one(settings: &[Setting], module: &Module<'_>, target: Node<'_>) -> bool {
    let name = match kind(target) {
        "identifier" => target,
        "attribute" => match target.child_by_field_name("attribute") {
            Some(attribute) => attribute,
            None => return false,
        },
        other => return other == "subscript",
    };
    let name = module.source(name);
    settings.iter().any(|setting| setting.is_named(name) || setting.has_alias(name))
}

/// `app` for `app`, `app.config` and `self.app.config`'s like.
pub(super) fn base_of(module: &Module<'_>, object: Node<'_>) -> Option<String> {
    let name = dotted(module.text, object)?;
    Some(name.strip_suffix(".config").unwrap_or(&name).to_owned())
}

/// Whether this is an app or a settings object, whose `secret_key` is the
/// setting; a storage client's is another one.
fn is_app(module: &Module<'_>, object: Node<'_>, at: Use) -> bool {
    if matches!(module.source(object), "self" | "cls") {
        return module
            .class_around(at.scope)
            .and_then(|id| module.scopes().get(id))
            .is_some_and(|class| is_settings_class(module, class.node));
    }
    if last_name(module.text, object).is_some_and(|name| {
        words(name).iter().any(|word| is_app_word(word) || word.ends_with("app"))
    }) {
        return true;
    }
    module.lookup(object, at).into_iter().any(|binding| match binding.bound {
        Bound::Value(value) => {
            Call::of(inner(value)).is_some_and(|call| makes_app(call.name(module.text)))
        }
        Bound::Scope(id) => {
            module.scopes().get(id).is_some_and(|scope| is_settings_class(module, scope.node))
        }
        _ => false,
    })
}

/// `vars(app)`, `app.__dict__`: the attributes of an app or a settings object.
pub(super) fn is_apps_attributes(module: &Module<'_>, object: Node<'_>, at: Use) -> bool {
    let object = inner(object);
    let of = match object.kind() {
        "attribute" => object
            .child_by_field_name("attribute")
            .filter(|attribute| module.source(*attribute) == "__dict__")
            .and_then(|_| object.child_by_field_name("object")),
        "call" => Call::of(object)
            .filter(|call| call.function.kind() == "identifier" && call.name(module.text) == "vars")
            .and_then(|call| call.positional.first().copied()),
        _ => None,
    };
    of.is_some_and(|of| is_app(module, inner(of), at))
}

fn is_app_word(word: &str) -> bool {
    matches!(
        word,
        "app"
            | "application"
            | "server"
            | "config"
            | "conf"
            | "settings"
            | "setting"
            | "flask"
            | "quart"
            | "webapp"
            | "wsgi"
    )
}

/// Whether what is called takes the setting as a keyword: an app, its factory,
/// its settings, its session middleware, a signer.
pub(super) fn makes_app(name: &str) -> bool {
    words(name).iter().any(|word| {
        is_app_word(word)
            || word.ends_with("app")
            || matches!(
                word.as_str(),
                "create"
                    | "middleware"
                    | "session"
                    | "sessions"
                    | "serializer"
                    | "signer"
                    | "factory"
                    | "configure"
            )
    })
}

fn is_settings_class(module: &Module<'_>, class: Node<'_>) -> bool {
    let says =
        |name: &str| words(name).iter().any(|word| is_app_word(word) || word == "configuration");
    let named = class.child_by_field_name("name").map(|name| module.source(name));
    named.is_some_and(says) || bases(module, class).into_iter().any(says)
}

fn has_base(module: &Module<'_>, class: Node<'_>, wanted: &str) -> bool {
    bases(module, class).into_iter().any(|base| base.ends_with(wanted))
}

/// The last names of a class's bases.
pub(super) fn bases<'t>(module: &Module<'t>, class: Node<'_>) -> Vec<&'t str> {
    class
        .child_by_field_name("superclasses")
        .map(children)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|base| last_name(module.text, base))
        .collect()
}

/// Whether a function only says something to people: what is passed to it sets
/// nothing.
pub(super) fn is_talk(name: &str) -> bool {
    matches!(
        name,
        "print"
            | "pprint"
            | "debug"
            | "info"
            | "warning"
            | "warn"
            | "error"
            | "exception"
            | "critical"
            | "log"
            | "echo"
            | "secho"
            | "flash"
            | "format"
            | "format_map"
            | "render_template"
            | "render"
            | "jsonify"
            | "write"
            | "Label"
            | "add_argument"
            | "gettext"
            | "_"
            | "lazy_gettext"
            | "ValueError"
            | "RuntimeError"
            | "Exception"
            | "ImproperlyConfigured"
            | "KeyError"
            | "replace"
            | "sub"
            | "split"
    ) || is_talk_about_names(name)
}

/// Whether something of this name holds words for people about each setting, and
/// not the settings.
pub(super) fn is_talk_about_names(name: &str) -> bool {
    words(name).iter().any(|word| {
        matches!(
            word.as_str(),
            "label"
                | "labels"
                | "error"
                | "errors"
                | "message"
                | "messages"
                | "help"
                | "helps"
                | "description"
                | "descriptions"
                | "title"
                | "titles"
                | "doc"
                | "docs"
                | "hint"
                | "hints"
                | "placeholder"
                | "placeholders"
                | "translations"
                | "schema"
                | "aliases"
                | "required"
                | "reasons"
        )
    })
}

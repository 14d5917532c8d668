//! A checklist file as it is written: every field optional, since an override
//! holds only what it changes. The doc comments are the schema's descriptions.

mod forms;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor, value::MapAccessDeserializer};
use serde_yaml::Value;

use super::requires::Requirement;
use super::{check_schema, words};
use crate::model::{Date, Period, Severity};

pub(super) use forms::{
    RawEnvironment, RawLedger, RawSignOff, RawUncommitted, RawWaive, RawWaivers,
};

/// A gonogo checklist: what must be true before a deploy.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Checklist")]
pub(super) struct RawChecklist {
    /// What the checklist is called. Taken from the first included checklist when left out.
    pub checklist: Option<String>,
    /// What it is for.
    pub about: Option<String>,
    /// When people last read the checklist itself, such as `2026-03-31`.
    pub reviewed: Option<Written<Date>>,
    /// How long that reading holds, such as `180d`; past that, the checklist is flagged.
    pub review_every: Option<Written<Period>>,
    /// The versions of gonogo that understand this file, such as `">= 0.2"`; another one refuses it.
    pub requires: Option<Written<Requirement>>,
    /// Checklists that this one builds on: `builtin:NAME`, or a path relative to this file.
    pub include: Option<Vec<String>>,
    /// Texts that `${name}` stands for in checks, `covers` and prose.
    #[schemars(with = "Option<BTreeMap<String, VarText>>")]
    pub vars: Option<IndexMap<String, VarText>>,
    /// Where production's variables are seen: `{ file: PATH }`, `process` for those that gonogo itself was started with, or `elsewhere` when they are not on this machine. It goes before the variable `env_file`.
    pub environment: Option<RawEnvironment>,
    /// The emails of the people in each role.
    #[schemars(with = "Option<BTreeMap<String, Vec<String>>>")]
    pub team: Option<IndexMap<String, Vec<String>>>,
    /// What blocks a GO, and who may set a blocker aside.
    pub gate: Option<RawGate>,
    /// The sections, in order.
    pub sections: Option<Vec<RawSection>>,
}

/// What blocks a GO, and who may set a blocker aside.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Gate")]
pub(super) struct RawGate {
    /// Items less severe than this only warn. By default all block.
    pub blocks_from: Option<Level>,
    /// Who may waive an item, and for how long; what an item says itself goes first.
    pub waivers: Option<RawWaivers>,
    /// The role that may overrule somebody else's objection. By default anyone but its author may, and it is flagged.
    pub overrule: Option<String>,
    /// What uncommitted changes mean: `block`, by default, or `warn` for teams that deploy a work tree.
    pub uncommitted: Option<RawUncommitted>,
    /// Whether the ledger is shared through a remote: `local` when it is not, or how old the last sync may be. By default it is shared, and one sync is enough.
    pub ledger: Option<RawLedger>,
}

/// Items under one heading.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Section")]
pub(super) struct RawSection {
    /// The heading. Items go to the section of that heading when an included checklist has one.
    #[schemars(required)]
    pub title: Option<String>,
    /// The items, in order.
    #[schemars(required)]
    pub items: Option<Vec<RawItem>>,
}

/// One thing that must hold. With the id of an included item it overrides that
/// item field by field; otherwise it needs a title, a severity, a why, and a
/// check or a sign-off.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Item")]
pub(super) struct RawItem {
    /// Its name, which records refer to: lower-case letters, digits and hyphens.
    #[schemars(required, regex(pattern = "^[a-z0-9]+(-[a-z0-9]+)*$"), length(max = 64))]
    pub id: Option<String>,
    /// What must hold, as a statement.
    pub title: Option<String>,
    /// How the item reads while it fails.
    pub failing: Option<String>,
    /// How bad it is otherwise.
    pub severity: Option<Level>,
    /// Why it matters.
    pub why: Option<String>,
    /// How to make it hold.
    pub fix: Option<RawFix>,
    /// Web pages that say more.
    pub refs: Option<Vec<String>>,
    /// The automatic part: one kind of check with its parameters, or a list of them, all of which must hold.
    #[serde(default)]
    #[schemars(schema_with = "check_schema::check")]
    pub check: Option<Value>,
    /// The manual part: whose sign-off counts.
    pub sign_off: Option<RawSignOff>,
    /// Whose sign-off counts while the check of an automatic item cannot decide.
    pub when_undecided: Option<RawSignOff>,
    /// Who may waive the item, and for how long; `never` when nobody may.
    pub waive: Option<RawWaive>,
    /// Why the item is switched off. It stays visible.
    pub disabled: Option<String>,
}

/// How to make an item hold: a text, or its parts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum RawFix {
    Text(String),
    Parts(RawFixParts),
}

/// How to make an item hold, in parts.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Fix")]
pub(super) struct RawFixParts {
    /// Prose.
    pub text: Option<String>,
    /// One act each, in order.
    pub steps: Option<Vec<String>>,
    /// Code or commands to copy.
    pub code: Option<String>,
}

/// Whose sign-off counts, how many, for how long, and for which files.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SignOff")]
pub(super) struct RawPolicy {
    /// A role of the team; without one, anybody may sign.
    pub by: Option<String>,
    /// How many different people must sign; 1 by default.
    #[schemars(range(min = 1))]
    pub count: Option<u32>,
    /// How long a sign-off holds, such as `90d`; without end by default.
    pub valid: Option<Written<Period>>,
    /// Patterns of the files that it covers: when one of them changes, it no longer holds.
    pub covers: Option<Vec<String>>,
}

/// The value of a variable; a number or a boolean counts as its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VarText {
    pub text: String,
    /// It is a number or a boolean to YAML, of which `text` may be another
    /// spelling: `0x10`, `True`, `1e3`.
    pub scalar: bool,
}

/// A severity, in its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Level(pub Severity);

/// A date or duration, which YAML gives as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written<T>(pub T);

/// What a [`Written`] type is called and how it is spelled.
pub(super) trait Spelling: std::str::FromStr<Err = String> {
    const NAME: &'static str;
    const HOW: &'static str;
    const PATTERN: &'static str;
}

impl Spelling for Period {
    const NAME: &'static str = "Duration";
    const HOW: &'static str = "a duration such as `90d`, `12h` or `2w`";
    const PATTERN: &'static str = "^[0-9]+[hdw]$";
}

impl Spelling for Date {
    const NAME: &'static str = "Date";
    const HOW: &'static str = "a date such as `2026-03-31`";
    const PATTERN: &'static str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
}

impl Spelling for Requirement {
    const NAME: &'static str = "VersionRequirement";
    const HOW: &'static str = "a version requirement in quotes, such as `\">= 0.2\"`";
    const PATTERN: &'static str = "^[ <>=~^*,.0-9A-Za-z+-]+$";
}

impl<'de, T: Spelling> Deserialize<'de> for Written<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader<T>(std::marker::PhantomData<T>);
        impl<T: Spelling> Visitor<'_> for Reader<T> {
            type Value = Written<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(T::HOW)
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Written<T>, E> {
                text.parse().map(Written).map_err(E::custom)
            }
        }
        deserializer.deserialize_any(Reader(std::marker::PhantomData))
    }
}

impl<T: Spelling> JsonSchema for Written<T> {
    fn schema_name() -> Cow<'static, str> {
        T::NAME.into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": T::PATTERN, "description": T::HOW })
    }
}

impl<'de> Deserialize<'de> for Level {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        const WORDS: &[&str] = &["critical", "high", "medium", "low"];
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Level;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&words::list(WORDS))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Level, E> {
                let mut known = Severity::ALL.into_iter();
                known
                    .find(|severity| severity.word() == text)
                    .map(Level)
                    .ok_or_else(|| E::unknown_variant(text, WORDS))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl JsonSchema for Level {
    fn schema_name() -> Cow<'static, str> {
        Severity::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        Severity::json_schema(generator)
    }
}

impl<'de> Deserialize<'de> for VarText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = VarText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, a number, or `true` or `false`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<VarText, E> {
                Ok(VarText { text: text.to_owned(), scalar: false })
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<VarText, E> {
                Ok(VarText { text: value.to_string(), scalar: true })
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<VarText, E> {
                Ok(VarText { text: value.to_string(), scalar: true })
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<VarText, E> {
                Ok(VarText { text: value.to_string(), scalar: true })
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<VarText, E> {
                Ok(VarText { text: value.to_string(), scalar: true })
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl JsonSchema for VarText {
    fn schema_name() -> Cow<'static, str> {
        "Variable".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

impl<'de> Deserialize<'de> for RawFix {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = RawFix;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text, or a mapping of `text`, `steps` and `code`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<RawFix, E> {
                Ok(RawFix::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawFix, A::Error> {
                RawFixParts::deserialize(MapAccessDeserializer::new(map)).map(RawFix::Parts)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl JsonSchema for RawFix {
    fn schema_name() -> Cow<'static, str> {
        "FixOrText".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let parts = generator.subschema_for::<RawFixParts>();
        json_schema!({ "anyOf": [{ "type": "string" }, parts] })
    }
}

//! The forms that a variable's value can be asked to have.

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

use super::address::{is_email, is_host, is_port, is_url};
use crate::check::params::ValuePattern;
use crate::model::CleanText;
use crate::secret::value::visible;

/// The form of a variable's value.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "EnvForm")]
pub(super) enum Form {
    /// Any value that is not a placeholder.
    Any,
    /// A URL with a scheme: `https://host/path`, `postgresql://user:password@host/name`,
    /// `sqlite:///file.db`.
    Url,
    /// A mail address.
    Email,
    /// The number of a port, from 1 to 65535.
    Port,
    /// A whole number.
    Integer,
    /// A switch: `true`, `false`, `yes`, `no`, `on`, `off`, `1` or `0`, in any case.
    Boolean,
    /// The name of a host or its address, without scheme and port.
    Host,
    /// Exactly this value.
    Equals(String),
    /// One of these values.
    OneOf(#[serde(deserialize_with = "some")] Vec<String>),
    /// A value that begins with this, and goes on.
    Prefix(#[serde(deserialize_with = "something")] String),
    /// A value that this pattern matches somewhere; `^` and `$` are the ends of the whole value.
    Pattern(ValuePattern),
    /// A value of at least so many characters; white space around it and
    /// characters that are not seen do not count.
    MinLength(usize),
}

impl Form {
    /// Whether the form alone says that the value is a real one, although it
    /// may look like a placeholder: `test`, `none`, `0`.
    pub(super) fn settles(&self, value: &str) -> bool {
        match self {
            Self::Port | Self::Integer | Self::Boolean | Self::Equals(_) | Self::OneOf(_) => {
                self.against(value).is_none()
            }
            Self::Any
            | Self::Url
            | Self::Email
            | Self::Host
            | Self::Prefix(_)
            | Self::Pattern(_)
            | Self::MinLength(_) => false,
        }
    }

    /// What is wrong with the value, without any of it, to follow the
    /// variable's name: "is not a port …".
    pub(super) fn against(&self, value: &str) -> Option<String> {
        let (fits, against): (bool, String) = match self {
            Self::Any => return None,
            Self::Url => (
                is_url(value),
                "is not a URL such as `https://host/path` or `sqlite:///file.db`".to_owned(),
            ),
            Self::Email => (is_email(value), "is not a mail address".to_owned()),
            Self::Port => (is_port(value), "is not a port: a number from 1 to 65535".to_owned()),
            Self::Integer => (is_integer(value), "is not a whole number".to_owned()),
            Self::Boolean => (
                is_boolean(value),
                "is not a switch: `true`, `false`, `yes`, `no`, `on`, `off`, `1` or `0`".to_owned(),
            ),
            Self::Host => (
                is_host(value),
                "is not the name or address of a host, without scheme and port".to_owned(),
            ),
            Self::Equals(wanted) => (value == wanted, format!("is not {}", quoted(wanted))),
            Self::OneOf(wanted) => (
                wanted.iter().any(|wanted| wanted == value),
                format!("is none of {}", listed(wanted)),
            ),
            Self::Prefix(prefix) => (
                value.len() > prefix.len() && value.starts_with(prefix),
                format!("does not begin with {}", quoted(prefix)),
            ),
            Self::Pattern(ValuePattern(pattern)) => {
                (pattern.is_match(value), format!("does not match {}", quoted(pattern.as_str())))
            }
            Self::MinLength(least) => {
                (visible(value) >= *least, format!("is shorter than {least} characters"))
            }
        };
        (!fits).then_some(against)
    }
}

fn quoted(text: &str) -> String {
    format!("`{}`", CleanText::line(text))
}

fn listed(words: &[String]) -> String {
    words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ")
}

fn some<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let words = Vec::<String>::deserialize(deserializer)?;
    if words.is_empty() {
        return Err(D::Error::custom("`one_of` lists no value, so nothing could ever fit"));
    }
    Ok(words)
}

fn something<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Err(D::Error::custom("`prefix` is empty, so every value fits; write `any`"));
    }
    Ok(text)
}

fn is_integer(value: &str) -> bool {
    let digits = value.strip_prefix(['-', '+']).unwrap_or(value);
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_boolean(value: &str) -> bool {
    ["true", "false", "yes", "no", "on", "off", "1", "0"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(yaml: &str) -> Result<Form, String> {
        let value = serde_yaml::from_str(yaml).expect("YAML");
        crate::check::decode::decode::<Form>(&value)
            .map_err(|mistakes| mistakes.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn forms_are_told_apart() {
        let cases: &[(&str, &[&str], &[&str])] = &[
            ("any", &["x"], &[]),
            (
                "url",
                &[
                    "https://shop.org",
                    "http://[::1]:80/x",
                    "sqlite:///instance/x.db",
                    "sqlite://",
                    "sqlite+pysqlite:////abs.db",
                    "postgresql:///name",
                    "redis://redis:6379/0",
                    "postgresql+psycopg2://u:p/w@h/x",
                    "postgresql://${U}:${P}@db/x",
                    "https://0123abcd@o1.ingest.sentry.io/2",
                    "https://${HOST}/x",
                    "redis+unix:///sock",
                    "memory://",
                    "mongodb://u:p@a.org:27017,b.org:27017/x",
                    "mssql+pyodbc://?odbc_connect=x",
                    "mysql://u:p@tcp(db:3306)/x",
                    "https://shop.org:${PORT}/x",
                ],
                &[
                    "shop.org",
                    "https://",
                    "https:///x",
                    "https:/shop.org",
                    "://x",
                    "1http://x",
                    "https://sh op.org",
                    "https://shop.org:port/",
                    "https://-x.org",
                    "redis://",
                    "https://shop.org:70000",
                    "mailto:a@b.org",
                    "https://[::1/x",
                    "mysql://u:p@h:99999/x",
                    "mysql://u:p@h:port/x",
                    "mysql://u:p@:3306/x",
                    "postgresql://user@",
                    "postgresql:///",
                    "postgresql://?",
                    "redis://:@",
                    "s3:///",
                    "https://${HOST",
                    "https://shop.org,https://b.org",
                    "https://\u{200b}shop.org",
                    "postgresql://\u{200b}",
                    "https://x:0",
                    "x",
                ],
            ),
            (
                "email",
                &["a@b.org", "a.b+c@d.e.org", "root@localhost"],
                &[
                    "a",
                    "@b.org",
                    "a@",
                    "a b@c.org",
                    "Shop <a@b.org>",
                    "a@b..org",
                    "a@@b.org",
                    ".a@b.org",
                    "a.@b.org",
                    "a..b@c.org",
                    "a@1.2.3",
                    "a@1.2.3.4",
                    "a@::1",
                    "a\"@b.org",
                    "a\\b@c.org",
                    "a(b)@c.org",
                    "mailto:a@b.org",
                    "a[b@c.org",
                    "a\u{200b}@c.org",
                ],
            ),
            ("port", &["1", "587", "65535"], &["0", "65536", "-1", "+5", "5.8", "smtp", "", " 1"]),
            ("integer", &["0", "-3", "+7", "123456789012345678901"], &["", "-", "1.0", "1e3", "x"]),
            ("boolean", &["true", "False", "YES", "off", "1", "0"], &["2", "", "enabled", "t rue"]),
            (
                "host",
                &["smtp.gmail.com", "localhost", "mail_server", "10.0.0.1", "::1", "ä.de", "a.b."],
                &["smtp://x", "x:25", "a..b", "-a", "10.0.0.256", "1.2", "a b", "", "a/b", "."],
            ),
            ("equals: production", &["production"], &["Production", "prod", ""]),
            ("one_of: [a, b]", &["a", "b"], &["c", "a,b"]),
            ("prefix: pk_", &["pk_live"], &["pk_", "sk_", "xpk_"]),
            ("pattern: '^(sk|rk)_'", &["sk_1", "rk_1"], &["pk_1"]),
            (
                "min_length: 3",
                &["abc", "äöü"],
                &["ab", "a  ", "a\u{200b}\u{200b}", "a\u{301}\u{301}"],
            ),
        ];
        for (yaml, good, bad) in cases {
            let form = read(yaml).expect(yaml);
            for value in *good {
                assert_eq!(form.against(value), None, "{yaml}: {value}");
            }
            for value in *bad {
                assert!(form.against(value).is_some(), "{yaml}: {value}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_not_shown() {
        for yaml in [
            "url",
            "email",
            "port",
            "integer",
            "boolean",
            "host",
            "equals: x",
            "one_of: [x]",
            "prefix: x",
            "pattern: ^x",
            "min_length: 99",
        ] {
            let said = read(yaml).expect(yaml).against("hunter2!").expect("does not fit");
            assert!(!said.contains("hunter2"), "{yaml}");
        }
    }

    #[test]
    fn mistakes_are_told() {
        for (yaml, said) in [
            ("one_of: []", "lists no value"),
            ("prefix: ''", "every value fits"),
            ("pattern: '('", "not a valid regular expression"),
            ("uri", "unknown variant `uri`"),
            ("min_length: -1", "-1"),
        ] {
            let error = read(yaml).expect_err(yaml);
            assert!(error.contains(said), "{yaml}: {error}");
        }
    }
}

//! What the demo holds: its files and, commit by commit, how they came about.

/// A file of the demo.
#[derive(Clone, Copy, Debug)]
pub(super) struct File {
    /// Where it goes, from the root.
    pub path: &'static str,
    /// What it holds.
    pub content: Content,
    /// Its permission bits.
    pub mode: u32,
}

/// What a file holds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content {
    /// Text in which the words of [`fill`] are still to be replaced.
    Text(&'static str),
    /// Bytes as they are.
    Bytes(&'static [u8]),
}

/// One commit of the history.
#[derive(Clone, Debug)]
pub(super) struct Commit {
    /// Name and email.
    pub author: (&'static str, &'static str),
    /// When, in seconds since 1970, UTC.
    pub at: i64,
    /// Why.
    pub message: &'static str,
    /// Files that it adds or changes.
    pub files: Vec<File>,
    /// Files that it takes out of git; they stay on disk.
    pub untracks: &'static [&'static str],
    /// Whether the team signs what it has seen, once this commit is made.
    pub team_signs: bool,
}

/// Who keeps the shop.
pub(super) const NADIA: (&str, &str) = ("Nadia Brandt", "nadia@kiosk.example");
/// Who leads.
pub(super) const TOMAS: (&str, &str) = ("Tomás Rey", "tomas@kiosk.example");

macro_rules! asset {
    ($path:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/", $path))
    };
}

/// A file that is stored under its own path.
macro_rules! same {
    ($path:literal) => {
        text($path, asset!($path))
    };
}

/// The history, the oldest commit first.
pub(super) fn history() -> Vec<Commit> {
    vec![
        commit(NADIA, "2026-08-31T08:12:00Z", "Sell tickets: events, orders, a login", first()),
        commit(
            TOMAS,
            "2026-09-07T15:40:00Z",
            "Keep the production settings with the code",
            vec![text(".env", asset!("history/env.txt"))],
        ),
        commit(
            NADIA,
            "2026-09-14T10:05:00Z",
            "Take payments with Stripe, send tickets by mail",
            vec![
                same!("kiosk/__init__.py"),
                same!("kiosk/mail.py"),
                text("kiosk/payments.py", asset!("history/payments.py")),
                text("kiosk/templates/orders.html", asset!("history/orders.html")),
                same!("kiosk/templates/thanks.html"),
            ],
        ),
        Commit {
            untracks: &[".env"],
            ..commit(TOMAS, "2026-09-15T07:31:00Z", "Take .env out of git again", Vec::new())
        },
        commit(
            TOMAS,
            "2026-10-05T13:22:00Z",
            "Run in a container, with a machine for staging",
            vec![
                same!("Dockerfile"),
                text(".dockerignore", asset!("dockerignore.txt")),
                same!("compose.yaml"),
                text(".env.staging", asset!("env-staging.txt")),
            ],
        ),
        commit(
            NADIA,
            "2026-10-19T09:48:00Z",
            "Back up the database every night",
            vec![
                File { mode: 0o755, ..same!("scripts/backup.sh") },
                File { mode: 0o755, ..same!("scripts/restore.sh") },
            ],
        ),
        Commit {
            team_signs: true,
            ..commit(
                NADIA,
                "2026-11-02T11:15:00Z",
                "Go through a checklist before each deploy",
                vec![text(".gonogo/checklist.yaml", asset!("gonogo/checklist.yaml"))],
            )
        },
        commit(
            NADIA,
            "2026-11-16T16:03:00Z",
            "Refund a ticket from the list of orders",
            vec![same!("kiosk/payments.py"), same!("kiosk/templates/orders.html")],
        ),
    ]
}

/// What lies in the folder and in no commit.
pub(super) fn uncommitted() -> Vec<File> {
    let database =
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/demo/instance/shop.db"));
    vec![
        text(".env", asset!("env.txt")),
        File { path: "instance/shop.db", content: Content::Bytes(database), mode: 0o644 },
    ]
}

fn first() -> Vec<File> {
    vec![
        same!("README.md"),
        text(".gitignore", asset!("gitignore.txt")),
        text(".env.example", asset!("env-example.txt")),
        same!("requirements.txt"),
        same!("wsgi.py"),
        text("kiosk/__init__.py", asset!("history/factory.py")),
        same!("kiosk/auth.py"),
        same!("kiosk/config.py"),
        same!("kiosk/limits.py"),
        same!("kiosk/logs.py"),
        same!("kiosk/models.py"),
        same!("kiosk/security.py"),
        same!("kiosk/shop.py"),
        same!("kiosk/static/kiosk.css"),
        same!("kiosk/templates/429.html"),
        same!("kiosk/templates/base.html"),
        same!("kiosk/templates/event.html"),
        same!("kiosk/templates/index.html"),
        same!("kiosk/templates/login.html"),
        same!("kiosk/templates/ticket.html"),
        same!("tests/test_shop.py"),
    ]
}

fn text(path: &'static str, content: &'static str) -> File {
    File { path, content: Content::Text(content), mode: 0o644 }
}

fn commit(
    author: (&'static str, &'static str),
    at: &str,
    message: &'static str,
    files: Vec<File>,
) -> Commit {
    let at = at.parse::<jiff::Timestamp>().map_or(0, jiff::Timestamp::as_second);
    Commit { author, at, message, files, untracks: &[], team_signs: false }
}

/// Replaces the words that stand for something in a stored text.
///
/// Values in the form of a vendor's keys are put together only here, so that no
/// file of this project looks like a leak to a scanner.
pub(super) fn fill(stored: &str, email: &str) -> String {
    let quoted = serde_json::Value::from(email).to_string();
    stored
        .replace("\"@YOU@\"", &quoted)
        .replace("@LIVE@", "live")
        .replace("@TEST@", "test")
        .replace("@WHSEC@", "whsec")
        .replace("@HEX@", &["7c1f0b52d9e64a38", "85aa0e3bd1c94f67"].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_stored_file_holds_a_key_in_a_vendors_form() {
        let form = regex::bytes::Regex::new(
            r"(?:sk|pk|rk)_(?:live|test)_[0-9a-zA-Z]{10}|whsec_[0-9a-zA-Z]{10}",
        )
        .expect("a pattern");
        let mut filled = 0;
        for file in history().iter().flat_map(|commit| &commit.files).chain(&uncommitted()) {
            if let Content::Text(stored) = file.content {
                assert!(!form.is_match(stored.as_bytes()), "{}", file.path);
                filled += form.find_iter(fill(stored, "a@b.example").as_bytes()).count();
            }
        }
        assert_eq!(filled, 8);
    }

    #[test]
    fn every_word_is_replaced() {
        for file in history().iter().flat_map(|commit| &commit.files).chain(&uncommitted()) {
            if let Content::Text(stored) = file.content {
                let filled = fill(stored, "o\"brien\\x@b.example");
                for word in ["@YOU@", "@LIVE@", "@TEST@", "@WHSEC@", "@HEX@"] {
                    assert!(!filled.contains(word), "{} {word}", file.path);
                }
            }
        }
    }

    #[test]
    fn every_stored_file_is_used() {
        let used: Vec<Vec<u8>> = history()
            .iter()
            .flat_map(|commit| &commit.files)
            .chain(&uncommitted())
            .map(|file| match file.content {
                Content::Text(text) => text.as_bytes().to_vec(),
                Content::Bytes(bytes) => bytes.to_vec(),
            })
            .collect();
        let mut folders = vec![std::path::PathBuf::from("assets/demo")];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("a folder") {
                let path = entry.expect("an entry").path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let content = std::fs::read(&path).expect("a file");
                    assert!(used.contains(&content), "{} is in no commit", path.display());
                    seen += 1;
                }
            }
        }
        assert_eq!(seen, used.len());
    }

    #[test]
    fn commits_are_dated_and_in_order() {
        let days: Vec<i64> = history().iter().map(|commit| commit.at).collect();
        assert!(days.iter().all(|at| *at > 1_780_000_000), "{days:?}");
        assert!(days.is_sorted());
    }
}

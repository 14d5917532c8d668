//! The way from NO-GO to GO that the demo is made for, step by step.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;

use crate::assess::{Assessment, Standing, Verdict};
use crate::check::Fix as _;
use crate::check::fixes::{GenerateSecret, SecretFormat};
use crate::checklist::Choice;
use crate::cli::run;
use crate::fix;
use crate::ledger::Act;
use crate::model::{FixError, ItemId, ItemResult, RepoPath};
use crate::repo::Repo;
use crate::session::{Opening, Session};

struct Demo {
    folder: tempfile::TempDir,
}

impl Demo {
    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn assess(&self) -> (Session, HashMap<ItemId, ItemResult>, Assessment) {
        let session = Session::open(&Opening {
            folder: self.path(),
            choice: &Choice::Find,
            at: None,
            state: None,
        })
        .expect("a session");
        let Ok(results) = run::checks(&session, None, true) else { panic!("the checks ran") };
        let assessment = session.assess(&results, Timestamp::now());
        (session, results, assessment)
    }

    /// The ids of all items that stand there.
    fn standing(&self, standing: Standing) -> Vec<String> {
        let (_, _, assessment) = self.assess();
        let items = assessment.items.iter().filter(|item| item.standing == standing);
        items.map(|item| item.id.to_string()).collect()
    }

    fn record(&self, act: Act, item: &str, until: Option<&str>) {
        let (session, results, _) = self.assess();
        let id: ItemId = item.parse().expect("an id");
        let until = until.map(|day| day.parse().expect("a day"));
        let draft = session.draft(act, &id, &results, until).expect(item);
        session.commit(draft, "done in a test", &crate::ledger::patiently).expect(item);
    }

    fn edit(&self, file: &str, change: impl Fn(&str) -> String) {
        let path = self.path().join(file);
        let text = fs::read_to_string(&path).expect(file);
        let changed = change(&text);
        assert_ne!(changed, text, "{file} was changed");
        fs::write(&path, changed).expect(file);
    }

    /// What `f` does on `secret-key-strong`.
    fn generate_key(&self) -> Result<(), FixError> {
        let repo = Repo::discover(self.path()).expect("a repository");
        let fix = GenerateSecret {
            file: RepoPath::new(".env").expect("a path"),
            key: "SECRET_KEY".to_owned(),
            bytes: 32,
            format: SecretFormat::Hex,
        };
        let plan = fix::plan(&repo, &fix)?;
        fix::apply(&repo, None, &fix.title(), &plan, Timestamp::now()).map(|_| ())
    }

    /// Commits all that git does not ignore, without `gone`.
    fn commit(&self, gone: &[&str]) {
        let git = git2::Repository::open(self.path()).expect("a repository");
        let mut index = git.index().expect("an index");
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).expect("added");
        for path in gone {
            index.remove_path(Path::new(path)).expect(path);
        }
        index.write().expect("written");
        let tree = git.find_tree(index.write_tree().expect("a tree")).expect("a tree");
        let me = git2::Signature::now("Ada", "ada@kiosk.example").expect("a signature");
        let head = git.head().expect("a head").peel_to_commit().expect("a commit");
        git.commit(Some("HEAD"), &me, &me, "Fix it", &tree, &[&head]).expect("a commit");
    }
}

fn demo() -> Demo {
    let folder = tempfile::tempdir().expect("a folder");
    super::write(folder.path()).expect("the demo");
    Demo { folder }
}

/// What a person does with the env file who reads its comments.
fn fill_in(env: &str) -> String {
    let mut out = String::new();
    for line in env.lines() {
        let line = match line.split_once('=').map_or(line, |(key, _)| key) {
            "STRIPE_PUBLISHABLE_KEY" | "STRIPE_SECRET_KEY" => format!("#{line}"),
            "#STRIPE_PUBLISHABLE_KEY" | "#STRIPE_SECRET_KEY" => line[1..].to_owned(),
            "MAIL_PASSWORD" => "MAIL_PASSWORD=pelican-quay-71-velvet\nMAIL_PORT=587".to_owned(),
            _ => line.to_owned(),
        };
        out.push_str(&line);
        out.push('\n');
    }
    out
}

#[test]
fn from_no_go_to_go_and_back() {
    let demo = demo();
    let (_, _, first) = demo.assess();
    assert_eq!(first.verdict, Verdict::NoGo);
    let blockers: Vec<_> = first.items.iter().filter(|item| item.blocks).collect();
    let told: Vec<String> =
        blockers.iter().map(|item| format!("{} {}", item.standing.word(), item.id)).collect();
    assert_eq!(
        told,
        [
            "failed secret-key-not-hardcoded",
            "failed secret-key-strong",
            "failed env-ignored",
            "failed env-untracked",
            "failed env-never-committed",
            "failed database-mode",
            "unsigned api-keys-rotated",
            "failed stripe-keys-live",
            "stale payments-logged",
            "unsigned restore-rehearsed",
            "stale payments-tested",
            "unsigned secrets-in-env-only",
            "unsigned secrets-never-committed",
            "unsigned gitignore-reviewed",
            "failed env-complete",
        ]
    );

    demo.edit("kiosk/__init__.py", |code| {
        code.replace(
            r#"os.environ.get("SECRET_KEY", "kiosk-dev-key")"#,
            r#"os.environ["SECRET_KEY"]"#,
        )
    });
    assert!(demo.generate_key().is_err(), "git would track the file");
    demo.edit(".gitignore", |rules| format!("{rules}.env\n.env.*\n!.env.example\n*.pem\n*.key\n"));
    demo.generate_key().expect("git ignores the file now");
    demo.edit(".env", fill_in);
    set_private(&demo.path().join("instance/shop.db"));
    demo.commit(&[".env.staging"]);
    demo.record(Act::Waiver, "env-never-committed", Some("2099-12-31"));
    assert_eq!(
        demo.standing(Standing::Stale),
        ["secret-key-stable", "payments-logged", "payments-tested"]
    );
    for item in [
        "secret-key-stable",
        "api-keys-rotated",
        "payments-logged",
        "restore-rehearsed",
        "payments-tested",
        "secrets-in-env-only",
        "secrets-never-committed",
    ] {
        demo.record(Act::SignOff, item, None);
    }
    let (_, _, then) = demo.assess();
    let open: Vec<_> = then.items.iter().filter(|item| item.blocks).map(|item| &item.id).collect();
    assert_eq!(then.verdict, Verdict::Go, "{open:?}");

    demo.edit("kiosk/payments.py", |code| code.replace("# TODO: ", "# "));
    demo.commit(&[]);
    assert_eq!(demo.standing(Standing::Stale), ["payments-logged", "payments-tested"]);
    assert_eq!(demo.assess().2.verdict, Verdict::NoGo);
}

#[cfg(unix)]
fn set_private(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("a mode");
}

//! A large repository, the same each time.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What `rg` searches for: names that a secret scanner would look for.
pub(crate) const ALTERNATIVES: [&str; 50] = [
    "SECRET_KEY",
    "secret_key",
    "API_KEY",
    "api_key",
    "ACCESS_TOKEN",
    "access_token",
    "PRIVATE_KEY",
    "BEGIN RSA",
    "BEGIN OPENSSH",
    "password\\s*=",
    "passwd",
    "pwd\\s*=",
    "AKIA[0-9A-Z]{16}",
    "ghp_[A-Za-z0-9]{36}",
    "glpat-",
    "xox[bap]-",
    "AIza[0-9A-Za-z_-]{35}",
    "SG\\.[\\w-]+",
    "TODO",
    "FIXME",
    "debug=True",
    "verify=False",
    "eval\\(",
    "exec\\(",
    "pickle\\.loads",
    "yaml\\.load\\(",
    "subprocess",
    "os\\.system",
    "md5\\(",
    "sha1\\(",
    "jwt\\.decode",
    "client_secret",
    "CLIENT_SECRET",
    "bearer\\s",
    "Authorization:",
    "mysql://",
    "postgres://",
    "mongodb://",
    "redis://",
    "amqp://",
    "smtp_password",
    "MAIL_PASSWORD",
    "MAIL_USERNAME",
    "STRIPE_SECRET",
    "twilio",
    "sendgrid",
    "mailgun",
    "s3\\.amazonaws",
    "session_cookie",
    "csrf_exempt",
];

/// Makes the tree below `folder`, unless it is there already.
pub(crate) fn make(folder: &Path, files: usize) -> PathBuf {
    let root = folder.join(format!("tree-{files}"));
    let done = root.join(".git/gonogo-bench-done");
    if done.exists() {
        return root;
    }
    println!("making a tree of {files} files; this is done once");
    let _ = fs::remove_dir_all(&root);
    for index in 0..files {
        let path = root.join(format!("pkg{}/mod{}", index % 100, index / 100 % 25));
        fs::create_dir_all(&path).expect("a folder");
        let ending = ["py", "js", "html", "py", "md"][index % 5];
        fs::write(path.join(format!("file{index}.{ending}")), content(index)).expect("a file");
    }
    let app = "import os\nfrom flask import Flask\napp = Flask(__name__)\napp.config[\"SECRET_KEY\"] = os.environ[\"SECRET_KEY\"]\n";
    fs::write(root.join("app.py"), app).expect("a file");
    fs::write(root.join("requirements.txt"), "flask==3.1.0\n").expect("a file");
    fs::write(root.join(".gitignore"), ".env\n").expect("a file");
    for args in [
        &["init", "--quiet", "--initial-branch=main"][..],
        &["add", "--all"],
        &[
            "-c",
            "user.name=Bench",
            "-c",
            "user.email=bench@example.com",
            "-c",
            "gc.auto=0",
            "commit",
            "--quiet",
            "--message=tree",
        ],
        // as a clone leaves it; else git does it in the background, amid the rounds
        &["gc", "--quiet"],
    ] {
        let status = Command::new("git")
            .args(args)
            .current_dir(&root)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .status()
            .expect("git runs");
        assert!(status.success(), "git {args:?}");
    }
    fs::write(done, "").expect("a marker");
    root
}

/// Between 0.3 and 4 KB of something like code; one file in 50 has a hit.
fn content(index: usize) -> String {
    let mut state = index as u64 + 1;
    let mut next = move || {
        // xorshift, so that the tree is the same everywhere
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let mut text = String::new();
    for line in 0..8 + next() % 90 {
        let (a, b) = (next() % 10_000, next() % 500);
        let _ = match next() % 5 {
            0 => writeln!(text, "def handler_{a}(request, session):"),
            1 => writeln!(text, "    value_{line} = compute(\"name_{a}\", {b})"),
            2 => writeln!(text, "    return render(\"page_{b}.html\", total={a})"),
            3 => writeln!(text, "# the orders of {a} are kept for {b} days"),
            _ => writeln!(text, "    if value_{line} > {b}: log.info(\"order %s\", value_{line})"),
        };
    }
    if index.is_multiple_of(50) {
        text.push_str("# TODO: look at this again\n");
    }
    if index.is_multiple_of(199) {
        text.push_str("key = os.environ[\"SECRET_KEY\"]\n");
    }
    text
}

//! Checklists in real repositories.

use super::*;
use crate::checklist::{Item, Mode, render_all};
use crate::model::{ItemId, Role, Severity};
use crate::repo::support::Sandbox;

const BASE: &str = "checklist: Base
about: What it is.
reviewed: 2026-01-01
review_every: 90d
gate: { blocks_from: high }
team: { lead: [bob@example.com, cid@example.com], ops: [old@example.com] }
vars: { place: shop, env_file: .env }
sections:
  - title: Backups
    items:
      - id: restored
        title: A backup of the ${place} was restored
        severity: medium
        why: An untested backup is none.
        sign_off: { by: lead, valid: 90d, covers: [\"scripts/*\"] }
      - id: no-todo
        title: No XXX in ${env_file}
        severity: low
        why: \"Somebody meant to come back, ${HOME}.\"
        check: { text: { forbid: XXX, globs: [\"${env_file}\"] } }
";

fn loaded(sandbox: &Sandbox, choice: &Choice) -> Loaded {
    load(&sandbox.repo(), choice, &sandbox.path())
        .unwrap_or_else(|error| panic!("{}", error.render(false)))
}

pub(super) fn own(text: &str) -> Loaded {
    let sandbox = Sandbox::new();
    sandbox.write("base.yaml", BASE).write(".gonogo.yaml", text);
    loaded(&sandbox, &Choice::Find)
}

pub(super) fn item<'a>(loaded: &'a Loaded, id: &str) -> &'a Item {
    let id: ItemId = id.parse().expect("an id");
    loaded.checklist.item(&id).expect("the item")
}

pub(super) fn warnings(loaded: &Loaded) -> String {
    render_all(&loaded.warnings, false)
}

#[test]
fn an_included_checklist_is_taken_whole() {
    let loaded = own("include: [base.yaml]\nsections: []\n");
    let list = &loaded.checklist;
    assert_eq!(list.name.as_str(), "Base");
    assert_eq!(list.about.as_str(), "What it is.");
    assert_eq!(list.origin.as_str(), ".gonogo.yaml");
    assert_eq!(list.gate.blocks_from, Severity::High);
    assert!(list.reviewed.is_some() && list.review_every.is_some());
    let restored = item(&loaded, "restored");
    assert_eq!(restored.title.as_str(), "A backup of the shop was restored");
    assert_eq!(restored.mode(), Mode::Manual);
    assert_eq!(restored.defined_at, ("base.yaml".into(), 11));
    let todo = item(&loaded, "no-todo");
    assert_eq!(todo.mode(), Mode::Automatic);
    assert_eq!(todo.checks[0].kind, "text");
    assert_eq!(todo.checks[0].parameters["globs"][0], ".env");
    assert_eq!(todo.why.as_str(), "Somebody meant to come back, ${HOME}.");
    assert_eq!(loaded.files.len(), 2);
    assert_eq!(warnings(&loaded), "");
}

#[test]
fn an_override_changes_field_by_field() {
    let loaded = own("checklist: Ours
include: [base.yaml]
gate: { blocks_from: low }
team: { ops: [ann@example.com] }
vars: { place: mill }
sections:
  - title: Elsewhere
    items:
      - { id: no-todo, severity: critical, disabled: We have none. }
      - id: restored
        sign_off: { by: ops, covers: [\"bin/*\"] }
  - title: Backups
    items:
      - { id: new, title: New, severity: low, why: W., sign_off: { valid: 9d } }
");
    let list = &loaded.checklist;
    assert_eq!((list.name.as_str(), list.about.as_str()), ("Ours", "What it is."));
    assert_eq!(list.gate.blocks_from, Severity::Low);
    let ops: Role = "ops".parse().expect("a role");
    assert_eq!(list.team[&ops], ["ann@example.com"]);
    assert_eq!(list.team.len(), 2);
    assert_eq!(list.sections.len(), 1, "no section is left empty");
    let ids: Vec<&str> = list.items().map(|(_, item)| item.id.as_str()).collect();
    assert_eq!(ids, ["restored", "no-todo", "new"]);

    let restored = item(&loaded, "restored");
    assert_eq!(restored.title.as_str(), "A backup of the mill was restored");
    assert_eq!(restored.severity, Severity::Medium);
    assert_eq!(restored.defined_at, ("base.yaml".into(), 11));
    let policy = restored.sign_off.as_ref().expect("a policy");
    assert_eq!(policy.by, Some(ops));
    assert_eq!(policy.valid, Some("90d".parse().expect("a period")));
    assert_eq!(policy.covers.as_ref().expect("covers").patterns(), ["bin/*"]);

    let todo = item(&loaded, "no-todo");
    assert_eq!(todo.severity, Severity::Critical);
    assert_eq!(todo.disabled.as_ref().expect("disabled").as_str(), "We have none.");
    assert_eq!(todo.checks.len(), 1);
    assert_eq!(warnings(&loaded), "");
}

#[test]
fn another_check_leaves_the_code_of_the_old_one_out() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "base.yaml",
        "checklist: Base
sections:
  - title: All
    items:
      - id: env
        title: T
        failing: F
        severity: low
        why: W
        fix: { text: Set them., code: OLD=1 }
        check: { env_keys: { file: .env, required: { OLD: any } } }
",
    );
    let with = |over: &str| {
        let own = format!(
            "checklist: Ours
include: [base.yaml]
sections:
  - title: All
    items:
      - {{ id: env, {over} }}
"
        );
        sandbox.write(".gonogo.yaml", &own);
        let loaded = loaded(&sandbox, &Choice::Find);
        let fix = item(&loaded, "env").fix.clone().expect("a fix");
        (fix.text.expect("a text").to_string(), fix.code.map(|code| code.to_string()))
    };
    let check = "check: { env_keys: { file: .env, required: { NEW: any } } }";
    let text = "Set them.".to_owned();
    assert_eq!(with("severity: high"), (text.clone(), Some("OLD=1".to_owned())));
    assert_eq!(with(check), (text, None));
    let own = with(&format!("{check}, fix: {{ text: Ours., code: NEW=1 }}"));
    assert_eq!(own, ("Ours.".to_owned(), Some("NEW=1".to_owned())));
}

#[test]
fn anyone_replaces_the_policy() {
    let loaded = own("include: [base.yaml]
sections:
  - title: x
    items: [{ id: restored, sign_off: anyone }]
");
    let policy = item(&loaded, "restored").sign_off.as_ref().expect("a policy");
    assert!(policy.by.is_none() && policy.valid.is_none() && policy.covers.is_none());
    assert_eq!(policy.count, 1);
}

#[test]
fn the_digest_follows_what_a_signer_asserts() {
    let digest = |over: &str| {
        let loaded =
            own(&format!("include: [base.yaml]\n{over}\nsections:\n  - title: x\n    items: []\n"));
        (item(&loaded, "restored").digest.clone(), item(&loaded, "no-todo").digest.clone())
    };
    let changed = |fields: &str| {
        let loaded = own(&format!(
            "include: [base.yaml]\nsections: [{{ title: x, items: [{{ id: restored, {fields} }}] }}]\n"
        ));
        item(&loaded, "restored").digest.clone()
    };
    let (restored, todo) = digest("");
    assert_eq!(digest("about: other"), (restored.clone(), todo.clone()));
    assert_ne!(digest("vars: { place: mill }").0, restored);
    assert_ne!(digest("vars: { env_file: .env.prod }").1, todo);
    for same in [
        "why: W",
        "failing: It was not.",
        "fix: Do it.",
        "refs: ['https://x.example']",
        "disabled: No.",
    ] {
        assert_eq!(changed(same), restored, "{same}");
    }
    for other in [
        "title: T",
        "severity: low",
        "waive: never",
        "waive: {}",
        "waive: { by: ops }",
        "waive: { longest: 91d }",
        "sign_off: { by: ops }",
        "sign_off: { count: 2 }",
        "sign_off: { valid: 91d }",
        "sign_off: { covers: ['a/*'] }",
        "sign_off: anyone",
        "check: { text: { forbid: x, globs: ['*'] } }",
    ] {
        assert_ne!(changed(other), restored, "{other}");
    }
    let order = "check: { text: { globs: ['*'], forbid: x } }";
    assert_eq!(changed(order), changed("check: [{ text: { forbid: x, globs: ['*'] } }]"));
}

#[test]
fn fixes_are_texts_or_parts() {
    let loaded = own("checklist: x
sections:
  - title: x
    items:
      - id: a
        title: >
          A title
          over two lines
        severity: low
        why: W.
        sign_off: anyone
        fix: |
          cp ${HOME}/a b
            c
      - { id: b, title: B, severity: low, why: W., sign_off: anyone, fix: { steps: [one, two], code: make } }
");
    assert_eq!(item(&loaded, "a").title.as_str(), "A title over two lines");
    let fix = item(&loaded, "a").fix.clone().expect("a fix");
    assert_eq!(fix.text.expect("text").as_str(), "cp ${HOME}/a b\n  c");
    let fix = item(&loaded, "b").fix.clone().expect("a fix");
    assert_eq!((fix.steps.len(), fix.code.expect("code").as_str()), (2, "make"));
}

#[test]
fn an_empty_checklist_loads_with_a_warning() {
    assert!(warnings(&own("checklist: x\n")).contains("has no items"));
    let disabled = own("checklist: x
sections:
  - title: x
    items: [{ id: a, title: A, severity: low, why: W., sign_off: anyone, disabled: Not yet. }]
");
    assert!(warnings(&disabled).contains("every item"));
}

#[test]
fn a_named_file_is_relative_to_where_the_person_stands() {
    let sandbox = Sandbox::new();
    sandbox.write("base.yaml", BASE).write("a/b.yaml", "include: [../base.yaml]\n");
    let choice = Choice::Path("b.yaml".into());
    let loaded = load(&sandbox.repo(), &choice, &sandbox.path().join("a")).expect("loads");
    assert_eq!(loaded.checklist.items().count(), 2);
    let error = load(&sandbox.repo(), &choice, &sandbox.path()).expect_err("not there");
    let said = error.render(false);
    assert!(
        said.contains("there is no checklist `b.yaml`") && said.contains("looked at"),
        "{said}"
    );
}

#[test]
fn outside_the_repository_a_file_stays_in_its_folder() {
    let sandbox = Sandbox::new();
    let other = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(other.path().join("in")).expect("a folder");
    std::fs::write(other.path().join("base.yaml"), BASE).expect("written");
    std::fs::write(other.path().join("in/base.yaml"), BASE).expect("written");
    let file = other.path().join("in/list.yaml");
    std::fs::write(&file, "include: [base.yaml]\n").expect("written");
    let choice = Choice::Path(file.clone());
    assert_eq!(loaded(&sandbox, &choice).checklist.items().count(), 2);
    std::fs::write(&file, "include: [../base.yaml]\n").expect("written");
    let error = load(&sandbox.repo(), &choice, &sandbox.path()).expect_err("outside");
    assert!(error.render(false).contains("leads outside"), "{error}");
}

#[test]
fn links_that_lead_outside_are_refused() {
    let other = tempfile::tempdir().expect("a folder");
    let target = other.path().join("base.yaml");
    std::fs::write(&target, BASE).expect("written");
    let target = target.to_string_lossy().into_owned();
    let sandbox = Sandbox::new();
    sandbox.link(".gonogo.yaml", &target);
    let error = load(&sandbox.repo(), &Choice::Find, &sandbox.path()).expect_err("outside");
    assert!(error.render(false).contains("link that leads outside"), "{error}");
    let sandbox = Sandbox::new();
    sandbox.link("linked.yaml", &target);
    sandbox.write(".gonogo.yaml", "include: [linked.yaml]\n");
    let error = load(&sandbox.repo(), &Choice::Find, &sandbox.path()).expect_err("outside");
    assert!(error.render(false).contains("leads outside"), "{error}");
}

#[test]
fn built_in_ones_by_name() {
    let sandbox = Sandbox::new();
    let error = load(&sandbox.repo(), &Choice::Builtin("flask".into()), &sandbox.path());
    let said = error.expect_err("none").render(false);
    assert!(said.contains("did you mean `builtin:flask-production`?"), "{said}");
}

#[test]
fn files_that_are_no_text() {
    let sandbox = Sandbox::new();
    let path = sandbox.path().join(".gonogo.yaml");
    let said = |bytes: &[u8]| {
        std::fs::write(&path, bytes).expect("written");
        let error = load(&sandbox.repo(), &Choice::Find, &sandbox.path());
        error.expect_err("mistaken").render(false)
    };
    assert!(
        said(b"checklist: a\nabout: b\xff\n").contains(".gonogo.yaml:2:9"),
        "{}",
        said(b"x: \xff")
    );
    assert!(said(b"\xff\xfea\0").contains("UTF-16"));
    assert!(said(b"a: \0\n").contains("NUL"));
    assert!(said(&vec![b'#'; (4 << 20) + 1]).contains("larger than 4 MiB"));
    assert!(said(b"").contains("is empty"));
    std::fs::remove_file(&path).expect("removed");
    std::fs::create_dir(&path).expect("a folder");
    let error = load(&sandbox.repo(), &Choice::Find, &sandbox.path()).expect_err("a folder");
    assert!(error.render(false).contains("not a regular file"), "{error}");
}

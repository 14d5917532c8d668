//! Many people at once, and processes that die.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::Scene;

const CHECKLIST: &str = "
checklist: crowd
sections:
  - title: By hand
    items:
      - { id: signed, title: It was signed, severity: high, why: A test., sign_off: anyone }
";

fn crowd() -> Scene {
    let scene = Scene::new();
    scene.write(".gonogo.yaml", CHECKLIST).commit("first");
    scene
}

fn records(scene: &Scene) -> usize {
    let log = scene.gonogo(&["log", "--format", "json"]);
    assert_eq!(log.code, 0, "the ledger is readable: {log:?}");
    log.json().as_array().expect("a list").len()
}

fn sign(scene: &Scene, note: &str) -> Command {
    let mut command = scene.gonogo_command();
    command.args(["sign", "signed", "-m", note]).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

#[test]
fn sixteen_signing_fifty_times_each_lose_nothing() {
    let scene = crowd();
    thread::scope(|scope| {
        for writer in 0..16 {
            let scene = &scene;
            scope.spawn(move || {
                for number in 0..50 {
                    let status = sign(scene, &format!("{writer}.{number}")).status();
                    assert!(status.expect("it runs").success(), "{writer}.{number}");
                }
            });
        }
    });
    let log = scene.gonogo(&["log", "--format", "json"]).json();
    let notes: std::collections::BTreeSet<&str> = log
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|record| record["note"].as_str())
        .collect();
    assert_eq!((notes.len(), records(&scene)), (800, 800));
    scene.git(&["fsck", "--strict", "--no-dangling"]);
}

#[test]
fn a_ledger_survives_whoever_dies() {
    let scene = crowd();
    let mut least = 0;
    for round in 0..24_u64 {
        let mut children: Vec<Child> = (0..4)
            .map(|n| sign(&scene, &format!("{round}.{n}")).spawn().expect("it runs"))
            .collect();
        // each round dies a little later, so that every part of a run is hit;
        // the delay is what varies, not what is waited for
        thread::sleep(Duration::from_millis(2 * round));
        for child in &mut children {
            let _ = child.kill();
        }
        let done = children
            .into_iter()
            .filter_map(|mut child| child.wait().ok())
            .filter(std::process::ExitStatus::success)
            .count();
        least += done;
        let lock = scene.root().join(".git/refs/gonogo/ledger.lock");
        if lock.exists() {
            // what a killed writer may leave, and what the error says to do about it
            std::fs::remove_file(lock).expect("a lock");
        }
        let now = records(&scene);
        assert!(now >= least, "{now} records, but {least} were acknowledged");
    }
    assert!(sign(&scene, "after all").status().expect("it runs").success());
}

//! Servers for the tests of syncing, on this machine only: git's own daemon, and
//! smart HTTP through `git http-backend` behind a few lines of CGI.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// `git daemon` that serves the repositories below a folder, writing included.
pub(super) struct Daemon {
    child: Child,
    port: u16,
}

impl Daemon {
    /// Waits until it answers.
    pub(super) fn serve(folder: &Path) -> Self {
        loop {
            // another process may take the port between this and the daemon
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
            let port = listener.local_addr().expect("an address").port();
            drop(listener);
            let mut child = Command::new("git")
                .args(["daemon", "--listen=127.0.0.1", "--reuseaddr", "--export-all"])
                .arg(format!("--port={port}"))
                .arg(format!("--base-path={}", folder.display()))
                .args(["--enable=receive-pack", "--enable=upload-pack"])
                .arg(folder)
                .env("GIT_CONFIG_GLOBAL", "/dev/null")
                .env("GIT_CONFIG_NOSYSTEM", "1")
                // one group, so that the serving child ends too
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("git daemon");
            while child.try_wait().expect("its state").is_none() {
                if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                    return Self { child, port };
                }
                thread::yield_now();
            }
        }
    }

    pub(super) fn url(&self, repository: &str) -> String {
        format!("git://127.0.0.1:{}/{repository}", self.port)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // git starts the daemon proper as a child, which ends on a signal to it
        let children = format!("/proc/{0}/task/{0}/children", self.child.id());
        let children = std::fs::read_to_string(children).unwrap_or_default();
        for child in children.split_whitespace() {
            if let Some(pid) = child.parse().ok().and_then(rustix::process::Pid::from_raw) {
                let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
            }
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Smart HTTP that asks for a name and a password.
pub(super) struct Http {
    port: u16,
    ends: Arc<AtomicBool>,
}

/// `ann:s3cret` as HTTP's Basic spells it.
const AUTHORIZATION: &str = "Basic YW5uOnMzY3JldA==";

impl Http {
    pub(super) fn serve(folder: &Path) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let ends = Arc::new(AtomicBool::new(false));
        let (folder, stop) = (folder.to_owned(), Arc::clone(&ends));
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let folder = folder.clone();
                thread::spawn(move || {
                    // whoever asked sees a broken connection
                    let _ = stream.and_then(|stream| answer(&stream, &folder));
                });
            }
        });
        Self { port, ends }
    }

    pub(super) fn url(&self, who: &str, repository: &str) -> String {
        format!("http://{who}127.0.0.1:{}/{repository}", self.port)
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
    }
}

/// One request, one answer, as CGI has it.
fn answer(mut stream: &TcpStream, folder: &Path) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace();
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default().to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_ascii_lowercase(), value.to_owned())),
            None => break,
        }
    }
    let header = |name: &str| {
        headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap_or_default()
    };
    if header("authorization") != AUTHORIZATION {
        let refusal = "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        return stream.write_all(refusal.as_bytes());
    }
    let mut body = Vec::new();
    if header("transfer-encoding") == "chunked" {
        loop {
            let mut size = String::new();
            reader.read_line(&mut size)?;
            let size = u64::from_str_radix(size.trim(), 16).unwrap_or(0);
            reader.by_ref().take(size).read_to_end(&mut body)?;
            reader.read_line(&mut String::new())?;
            if size == 0 {
                break;
            }
        }
    } else {
        let length = header("content-length").parse().unwrap_or(0);
        reader.by_ref().take(length).read_to_end(&mut body)?;
    }
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let mut backend = Command::new(backend())
        .env("GIT_PROJECT_ROOT", folder)
        .env("GIT_HTTP_EXPORT_ALL", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("REMOTE_USER", "ann")
        .env("REQUEST_METHOD", method)
        .env("PATH_INFO", path)
        .env("QUERY_STRING", query)
        .env("CONTENT_TYPE", header("content-type"))
        .env("CONTENT_LENGTH", body.len().to_string())
        .env("HTTP_CONTENT_ENCODING", header("content-encoding"))
        .env("GIT_PROTOCOL", header("git-protocol"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut input = backend.stdin.take().expect("an input");
    let writer = thread::spawn(move || input.write_all(&body));
    let mut output = Vec::new();
    backend.stdout.take().expect("an output").read_to_end(&mut output)?;
    backend.wait()?;
    let _ = writer.join();
    let status = output
        .split(|byte| *byte == b'\n')
        .find_map(|line| line.strip_prefix(b"Status: "))
        .map_or("200 OK".to_owned(), |line| String::from_utf8_lossy(line).trim().to_owned());
    write!(stream, "HTTP/1.1 {status}\r\nConnection: close\r\n")?;
    stream.write_all(&output)
}

fn backend() -> PathBuf {
    let path = Command::new("git").arg("--exec-path").output().expect("git runs").stdout;
    Path::new(String::from_utf8_lossy(&path).trim()).join("git-http-backend")
}

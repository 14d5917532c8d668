//! The `gonogo` program: everything it does lives in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    gonogo::cli::main()
}

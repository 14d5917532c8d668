//! `secret_strength`.
mod bits;

//! The command line on repositories of every kind.

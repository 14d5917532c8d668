//! A verdict as text and as JSON. Nothing is decided here.

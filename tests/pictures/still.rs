//! The screen as text that is the same at every run: days and durations are
//! those of one moment.

use std::ops::Range;

use jiff::civil::{Date, date};
use jiff::{Timestamp, tz::TimeZone};
use regex::Regex;

use crate::support::size;

/// The day of all pictures.
const DAY: Date = date(2026, 3, 31);

/// One cell: its letter and its SGR codes.
struct Cell {
    text: String,
    codes: String,
}

/// The screen as text with SGR codes only, every blank kept.
pub(crate) fn still(screen: &vt100::Screen) -> String {
    let (rows, cols) = size(screen);
    let mut out = String::new();
    for row in 0..rows {
        let mut cells: Vec<Cell> = (0..cols)
            .filter_map(|col| screen.cell(row, col))
            .filter(|cell| !cell.is_wide_continuation())
            .map(|cell| Cell {
                text: if cell.has_contents() { cell.contents().to_owned() } else { " ".to_owned() },
                codes: sgr(cell),
            })
            .collect();
        fix_time(&mut cells);
        let mut last = String::new();
        for cell in &cells {
            if cell.codes != last {
                out.push_str(&format!("\u{1b}[0{}m", cell.codes));
                last.clone_from(&cell.codes);
            }
            out.push_str(&cell.text);
        }
        out.push_str("\u{1b}[0m\n");
    }
    out
}

/// Puts the time of the pictures in place of today's.
fn fix_time(cells: &mut [Cell]) {
    let today = Timestamp::now().to_zoned_datetime(TimeZone::UTC).date();
    let day = Regex::new(r"\d{4}-\d{2}-\d{2}").expect("a pattern");
    replace(cells, &day, |text| {
        let shown: Date = text.parse().expect("a day");
        // a commit of the demo has a fixed day; what is counted from now has not
        match shown >= today {
            true => {
                DAY.checked_add(today.until(shown).expect("a span")).expect("a day").to_string()
            }
            false => text.to_owned(),
        }
    });
    let took = Regex::new(r" +\d+ checked in [0-9.]+ m?s").expect("a pattern");
    replace(cells, &took, |text| {
        let number = text.trim_start().split(' ').next().expect("a number");
        let width = text.len();
        format!("{:>width$}", format!("{number} checked in 180 ms"))
    });
}

/// Replaces what matches by a text of the same width, cell by cell.
fn replace(cells: &mut [Cell], pattern: &Regex, with: impl Fn(&str) -> String) {
    let text: String = cells.iter().map(|cell| cell.text.as_str()).collect();
    for found in pattern.find_iter(&text) {
        let mut before = 0;
        let first = cells.iter().take_while(|cell| {
            before += cell.text.len();
            before <= found.start()
        });
        let first = first.count();
        let new = with(found.as_str());
        let at: Range<usize> = first..first + new.chars().count();
        assert_eq!(new.chars().count(), found.as_str().chars().count(), "the same width");
        // the blanks before it look like the first, the letters like the last
        let (blank, letters) = (cells[at.start].codes.clone(), cells[at.end - 1].codes.clone());
        let mut codes = &blank;
        for (cell, letter) in cells[at].iter_mut().zip(new.chars()) {
            if letter != ' ' {
                codes = &letters;
            }
            cell.text = letter.to_string();
            cell.codes.clone_from(codes);
        }
    }
}

fn sgr(cell: &vt100::Cell) -> String {
    let mut codes = String::new();
    for (on, code) in [
        (cell.bold(), 1),
        (cell.dim(), 2),
        (cell.italic(), 3),
        (cell.underline(), 4),
        (cell.inverse(), 7),
    ] {
        if on {
            codes.push_str(&format!(";{code}"));
        }
    }
    codes.push_str(&colour(cell.fgcolor(), 38));
    codes.push_str(&colour(cell.bgcolor(), 48));
    codes
}

fn colour(colour: vt100::Color, base: u8) -> String {
    match colour {
        vt100::Color::Default => String::new(),
        vt100::Color::Idx(index) => format!(";{base};5;{index}"),
        vt100::Color::Rgb(r, g, b) => format!(";{base};2;{r};{g};{b}"),
    }
}

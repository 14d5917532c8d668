//! Text that is written in more than a byte for each character: UTF-16 and
//! UTF-32, by a byte order mark or by where their zero bytes stand.

/// A wide encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Wide {
    /// Bytes for a unit: two or four.
    width: usize,
    big: bool,
    /// The bytes of the mark.
    mark: usize,
}

/// Without a mark, text shows itself in no fewer bytes.
const LEAST: usize = 8;

/// The wide encoding of a text that begins so.
pub(super) fn of(start: &[u8]) -> Option<Wide> {
    let marked = |width, big, mark| Some(Wide { width, big, mark });
    match start {
        [0xff, 0xfe, 0, 0, ..] => marked(4, false, 4),
        [0, 0, 0xfe, 0xff, ..] => marked(4, true, 4),
        [0xff, 0xfe, ..] => marked(2, false, 2),
        [0xfe, 0xff, ..] => marked(2, true, 2),
        _ => [(4, false), (4, true), (2, false), (2, true)]
            .into_iter()
            .map(|(width, big)| Wide { width, big, mark: 0 })
            .find(|wide| wide.shows(start)),
    }
}

impl Wide {
    /// Whether this is plainly such a text: its units are characters, most of
    /// them of ASCII, and none of them what text does not hold.
    fn shows(self, start: &[u8]) -> bool {
        if start.len() < LEAST || memchr::memchr(0, start).is_none() {
            return false;
        }
        let (mut ascii, mut all) = (0_usize, 0_usize);
        for unit in start.chunks_exact(self.width) {
            let unit = self.unit(unit);
            let known = match unit {
                0x09 | 0x0a | 0x0c | 0x0d | 0x20..=0x7e => {
                    ascii += 1;
                    true
                }
                0xa0..=0xffff => true,
                _ => self.width == 4 && char::from_u32(unit).is_some_and(|c| !c.is_control()),
            };
            if !known {
                return false;
            }
            all += 1;
        }
        ascii * 2 > all
    }

    fn unit(self, bytes: &[u8]) -> u32 {
        let add = |unit: u32, byte: &u8| (unit << 8) | u32::from(*byte);
        match self.big {
            true => bytes.iter().fold(0, add),
            false => bytes.iter().rev().fold(0, add),
        }
    }

    /// The text in UTF-8; what is no character is replaced.
    pub(super) fn decode(self, bytes: &[u8]) -> Vec<u8> {
        let units = bytes.get(self.mark..).unwrap_or_default().chunks_exact(self.width);
        let units = units.map(|unit| self.unit(unit));
        let text: String = match self.width {
            2 => char::decode_utf16(units.map(|unit| u16::try_from(unit).unwrap_or(0xfffd)))
                .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
            _ => units
                .map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect(),
        };
        text.into_bytes()
    }
}

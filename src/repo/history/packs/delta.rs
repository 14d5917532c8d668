//! An object as what it differs in from another.

/// What an object has in common with its base, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::repo::history) struct Common {
    /// Both begin with the same so many.
    pub(in crate::repo::history) front: usize,
    /// Both end with the same so many.
    pub(in crate::repo::history) back: usize,
}

/// Makes an object of at most so many bytes from its base and what it differs
/// in, and tells what is the same, or less. None when that leads outside of them.
pub(super) fn apply(base: &[u8], delta: &[u8], most: usize, made: &mut Vec<u8>) -> Option<Common> {
    let (mut common, mut copied_to) = (Common::default(), 0);
    let mut rest = delta;
    if length(&mut rest)? != base.len() {
        return None;
    }
    let size = length(&mut rest).filter(|size| *size <= most)?;
    made.clear();
    made.reserve(size);
    while let Some((&op, after)) = rest.split_first() {
        rest = after;
        if op & 0x80 == 0 {
            let (new, after) = rest.split_at_checked(usize::from(op)).filter(|_| op > 0)?;
            made.extend_from_slice(new);
            rest = after;
            common.back = 0;
        } else {
            let from = part(&mut rest, op, 0..4)?;
            let count = match part(&mut rest, op, 4..7)? {
                0 => 0x10000,
                count => count,
            };
            let copied = base.get(from..from.checked_add(count)?)?;
            if from == made.len() && from == common.front {
                common.front += count;
            }
            common.back = if from == copied_to { common.back + count } else { count };
            copied_to = from + count;
            made.extend_from_slice(copied);
        }
        if made.len() > size {
            return None;
        }
    }
    if copied_to < base.len() {
        common.back = 0;
    }
    (made.len() == size).then_some(common)
}

/// A number of which only those bytes are there whose bits are set.
fn part(bytes: &mut &[u8], op: u8, bits: std::ops::Range<u32>) -> Option<usize> {
    let mut value = 0;
    for (nth, bit) in bits.enumerate() {
        if op & (1 << bit) != 0 {
            let (&byte, rest) = bytes.split_first()?;
            value |= usize::from(byte) << (8 * nth);
            *bytes = rest;
        }
    }
    Some(value)
}

/// A length as a delta begins with two of.
fn length(bytes: &mut &[u8]) -> Option<usize> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= usize::from(byte & 0x7f).checked_shl(shift).filter(|_| shift < 57)?;
        shift += 7;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(base: &[u8], delta: &[u8]) -> Option<Vec<u8>> {
        let mut made = b"left over".to_vec();
        apply(base, delta, 100, &mut made).map(|_| made)
    }

    #[test]
    fn a_delta_that_leads_outside_makes_nothing() {
        let base = b"0123456789";
        let good = [10, 5, 0x91, 2, 3, 2, b'a', b'b'];
        assert_eq!(applied(base, &good).as_deref(), Some(&b"234ab"[..]));
        for cut in 0..good.len() {
            assert_eq!(applied(base, &good[..cut]), None, "{cut}");
        }
        for (nth, value) in [(0, 11), (1, 6), (1, 4), (3, 9), (4, 9), (5, 0)] {
            let mut bad = good;
            bad[nth] = value;
            assert_eq!(applied(base, &bad), None, "{nth}");
        }
        assert_eq!(applied(base, &[10, 0]).as_deref(), Some(&b""[..]));
        assert_eq!(applied(base, &[0xff; 20]), None);
    }

    #[test]
    fn a_delta_makes_no_more_than_it_may() {
        let delta = [10, 110, 0x90, 10, 0x90, 10];
        assert_eq!(applied(b"0123456789", &delta), None);
        assert_eq!(apply(b"", &[0, 0], 0, &mut Vec::new()), Some(Common::default()));
    }
}

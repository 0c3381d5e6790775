//! The AES block cipher and the ways to chain its blocks.

/// Bytes of a block.
pub const BLOCK: usize = 16;

type Block = [u8; BLOCK];

/// Doubling in the field the cipher computes in.
fn double(byte: u8) -> u8 {
    (byte << 1) ^ (if byte & 0x80 != 0 { 0x1B } else { 0 })
}

fn product(mut a: u8, mut b: u8) -> u8 {
    let mut sum = 0;
    while b != 0 {
        if b & 1 != 0 {
            sum ^= a;
        }
        a = double(a);
        b >>= 1;
    }
    sum
}

/// The substitution and its inverse.
fn substitutions() -> &'static ([u8; 256], [u8; 256]) {
    static TABLES: std::sync::OnceLock<([u8; 256], [u8; 256])> = std::sync::OnceLock::new();
    TABLES.get_or_init(|| {
        let (mut forward, mut back) = ([0u8; 256], [0u8; 256]);
        // Every element other than zero is a power of 3; its inverse that of 246.
        let (mut power, mut inverse) = (1u8, 1u8);
        loop {
            power ^= double(power);
            inverse = product(inverse, 0xF6);
            let mut mixed = 0x63 ^ inverse;
            for turn in 1..5 {
                mixed ^= inverse.rotate_left(turn);
            }
            forward[usize::from(power)] = mixed;
            if power == 1 {
                break;
            }
        }
        forward[0] = 0x63;
        for (at, value) in forward.iter().enumerate() {
            back[usize::from(*value)] = at as u8;
        }
        (forward, back)
    })
}

/// AES with one key.
pub struct Aes {
    keys: Vec<Block>,
}

impl Aes {
    /// The cipher of a key of 16, 24 or 32 bytes.
    pub fn new(key: &[u8]) -> Option<Aes> {
        if !matches!(key.len(), 16 | 24 | 32) {
            return None;
        }
        let (forward, _) = substitutions();
        let words = key.len() / 4;
        let rounds = words + 6;
        let mut schedule: Vec<[u8; 4]> = key.as_chunks::<4>().0.to_vec();
        let mut constant = 1u8;
        for at in words..4 * (rounds + 1) {
            let mut word = *schedule.get(at - 1)?;
            if at % words == 0 {
                word.rotate_left(1);
                word = word.map(|byte| forward[usize::from(byte)]);
                word[0] ^= constant;
                constant = double(constant);
            } else if words > 6 && at % words == 4 {
                word = word.map(|byte| forward[usize::from(byte)]);
            }
            let before = *schedule.get(at - words)?;
            for (byte, old) in word.iter_mut().zip(before) {
                *byte ^= old;
            }
            schedule.push(word);
        }
        let (rows, _) = schedule.as_flattened().as_chunks::<BLOCK>();
        Some(Aes {
            keys: rows.to_vec(),
        })
    }

    fn encrypt_block(&self, block: Block) -> Block {
        let (forward, _) = substitutions();
        let mut state = block;
        let last = self.keys.len() - 1;
        for (round, key) in self.keys.iter().enumerate() {
            if round > 0 {
                let before = state.map(|byte| forward[usize::from(byte)]);
                // Row r of the square moves r places to the left.
                state = std::array::from_fn(|at| before[(at + 4 * (at % 4)) % BLOCK]);
                if round < last {
                    state = mixed(state, [2, 3, 1, 1]);
                }
            }
            state = xor(state, key);
        }
        state
    }

    fn decrypt_block(&self, block: Block) -> Block {
        let (_, back) = substitutions();
        let mut state = block;
        let last = self.keys.len() - 1;
        for (round, key) in self.keys.iter().enumerate().rev() {
            state = xor(state, key);
            if round == 0 {
                break;
            }
            if round < last {
                state = mixed(state, [14, 11, 13, 9]);
            }
            let before = state;
            state = std::array::from_fn(|at| before[(at + 12 * (at % 4)) % BLOCK]);
            state = state.map(|byte| back[usize::from(byte)]);
        }
        state
    }

    /// Whole blocks, encrypted. Without a vector the blocks stand for themselves (ECB).
    pub fn encrypt(&self, bytes: &[u8], vector: Option<Block>) -> Vec<u8> {
        let mut chain = vector;
        let mut out = Vec::with_capacity(bytes.len());
        for block in bytes.as_chunks::<BLOCK>().0 {
            let mixed = chain.map_or(*block, |chain| xor(chain, block));
            let done = self.encrypt_block(mixed);
            out.extend(done);
            chain = chain.map(|_| done);
        }
        out
    }

    /// The reverse of [`Aes::encrypt`].
    pub fn decrypt(&self, bytes: &[u8], vector: Option<Block>) -> Vec<u8> {
        let mut chain = vector;
        let mut out = Vec::with_capacity(bytes.len());
        for block in bytes.as_chunks::<BLOCK>().0 {
            let plain = self.decrypt_block(*block);
            out.extend(chain.map_or(plain, |chain| xor(chain, &plain)));
            chain = chain.map(|_| *block);
        }
        out
    }

    /// Cipher feedback of one byte at a time, as .NET's CFB mode does it.
    pub fn feedback(&self, bytes: &[u8], vector: Block, encrypts: bool) -> Vec<u8> {
        let mut register = vector;
        let mut out = Vec::with_capacity(bytes.len());
        for byte in bytes {
            let done = byte ^ self.encrypt_block(register)[0];
            out.push(done);
            register.rotate_left(1);
            register[BLOCK - 1] = if encrypts { done } else { *byte };
        }
        out
    }
}

fn xor(one: Block, other: &Block) -> Block {
    std::array::from_fn(|at| one[at] ^ other[at])
}

/// Every column times a fixed polynomial.
fn mixed(state: Block, factors: [u8; 4]) -> Block {
    std::array::from_fn(|at| {
        let (column, row) = (at / 4 * 4, at % 4);
        (0..4).fold(0, |sum, k| {
            sum ^ product(state[column + k], factors[(k + 4 - row) % 4])
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_example() {
        let key: Vec<u8> = (0..16).collect();
        let plain: Vec<u8> = (0..16).map(|n| n * 0x11).collect();
        let aes = Aes::new(&key).expect("a key");
        let cipher = aes.encrypt(&plain, None);
        assert_eq!(cipher[..4], [0x69, 0xC4, 0xE0, 0xD8]);
        assert_eq!(aes.decrypt(&cipher, None), plain);
        let chained = aes.encrypt(&plain, Some([7; BLOCK]));
        assert_eq!(aes.decrypt(&chained, Some([7; BLOCK])), plain);
        assert!(Aes::new(&[1, 2, 3]).is_none());
    }
}

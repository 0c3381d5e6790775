//! The ways .NET chains the blocks of AES.

use aes::cipher::{BlockDecrypt, BlockEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};

/// Bytes of a block.
pub const BLOCK: usize = 16;

type Block = [u8; BLOCK];

/// AES with one key.
pub enum Aes {
    /// A key of 16 bytes.
    Bits128(Aes128),
    /// A key of 24 bytes.
    Bits192(Aes192),
    /// A key of 32 bytes.
    Bits256(Aes256),
}

impl Aes {
    /// The cipher of a key of 16, 24 or 32 bytes.
    pub fn new(key: &[u8]) -> Option<Aes> {
        match key.len() {
            16 => Aes128::new_from_slice(key).ok().map(Aes::Bits128),
            24 => Aes192::new_from_slice(key).ok().map(Aes::Bits192),
            32 => Aes256::new_from_slice(key).ok().map(Aes::Bits256),
            _ => None,
        }
    }

    fn encrypt_block(&self, block: Block) -> Block {
        let mut block = block.into();
        match self {
            Aes::Bits128(aes) => aes.encrypt_block(&mut block),
            Aes::Bits192(aes) => aes.encrypt_block(&mut block),
            Aes::Bits256(aes) => aes.encrypt_block(&mut block),
        }
        block.into()
    }

    fn decrypt_block(&self, block: Block) -> Block {
        let mut block = block.into();
        match self {
            Aes::Bits128(aes) => aes.decrypt_block(&mut block),
            Aes::Bits192(aes) => aes.decrypt_block(&mut block),
            Aes::Bits256(aes) => aes.decrypt_block(&mut block),
        }
        block.into()
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

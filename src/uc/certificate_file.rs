//! Certificates and requests as files: what the deployment writes when it exports or requests one, and reads
//! again when it imports one. The certification authority of the deployment issues whatever is asked of it, so
//! a request that is imported comes back as the certificate issued for it.

use crate::store::clock::TICKS_PER_DAY;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest, Sha1};

/// The name of the deployment's own certification authority.
const ENTERPRISE_ISSUER: &str = "CN=Contoso Issuing CA, DC=contoso, DC=com";
/// The name of a certification authority that everyone trusts.
const PUBLIC_ISSUER: &str = "CN=Example Public TLS CA, O=Example Trust, C=US";
/// How long an issued certificate is valid.
const ISSUED_DAYS: i64 = 730;
/// How long a self-signed certificate is valid.
const SELF_SIGNED_DAYS: i64 = 1826;

/// What a certificate file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateFile {
    /// It asks for a certificate and is none yet.
    pub request: bool,
    /// The subject name.
    pub subject: String,
    /// The host names it is for.
    pub names: Vec<String>,
    /// Who signed it.
    pub issuer: String,
    /// What it is called.
    pub friendly_name: String,
    /// The first moment of its validity, in ticks.
    pub not_before: i64,
    /// The last moment of its validity, in ticks.
    pub not_after: i64,
    /// The private key is in the file.
    pub with_key: bool,
    /// It is meant for an authority that everyone trusts.
    pub public: bool,
    /// What sets it apart from others of the same content.
    pub salt: String,
}

impl CertificateFile {
    /// A certificate that its holder signed for itself.
    pub fn self_signed(mut self, now: i64) -> CertificateFile {
        self.issuer.clone_from(&self.subject);
        self.valid_from(now, SELF_SIGNED_DAYS)
    }

    /// The certificate that an authority issues on a request.
    pub fn issued(mut self, now: i64) -> CertificateFile {
        let issuer = if self.public {
            PUBLIC_ISSUER
        } else {
            ENTERPRISE_ISSUER
        };
        issuer.clone_into(&mut self.issuer);
        self.valid_from(now, ISSUED_DAYS)
    }

    fn valid_from(mut self, now: i64, days: i64) -> CertificateFile {
        self.request = false;
        self.not_before = now;
        self.not_after = now.saturating_add(TICKS_PER_DAY.saturating_mul(days));
        self
    }

    /// Whether the subject signed it.
    pub fn is_self_signed(&self) -> bool {
        self.issuer == self.subject
    }

    /// The hash by which it is known. The key and the friendly name are no part of a certificate.
    pub fn thumbprint(&self) -> String {
        let mut content = self.clone();
        content.with_key = false;
        content.friendly_name.clear();
        hash(content.text().as_bytes())
    }

    /// A serial number that goes with it.
    pub fn serial_number(&self) -> String {
        self.thumbprint().chars().rev().take(32).collect()
    }

    fn text(&self) -> String {
        format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}",
            if self.request {
                "request"
            } else {
                "certificate"
            },
            self.subject,
            self.names.join(","),
            self.issuer,
            self.friendly_name,
            self.not_before,
            self.not_after,
            self.with_key,
            self.public,
            self.salt,
        )
    }

    /// The file in its armoured form.
    pub fn armoured(&self) -> String {
        let label = if self.request {
            "NEW CERTIFICATE REQUEST"
        } else {
            "CERTIFICATE"
        };
        let encoded = STANDARD.encode(self.text());
        let mut text = format!("-----BEGIN {label}-----\n");
        let mut rest = encoded.as_str();
        while !rest.is_empty() {
            let (line, tail) = rest.split_at_checked(64).unwrap_or((rest, ""));
            text.push_str(line);
            text.push('\n');
            rest = tail;
        }
        text.push_str(&format!("-----END {label}-----\n"));
        text
    }

    /// Reads a file; one from elsewhere has no content that the deployment could know.
    pub fn read(bytes: &[u8]) -> Option<CertificateFile> {
        let text = String::from_utf8_lossy(bytes);
        let encoded: String = text
            .lines()
            .filter(|line| !line.starts_with("-----"))
            .flat_map(|line| line.chars())
            .filter(|it| !it.is_whitespace() && *it != '\0' && *it != '\u{feff}')
            .collect();
        let decoded = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let mut lines = decoded.split('\n');
        let request = match lines.next()? {
            "request" => true,
            "certificate" => false,
            _ => return None,
        };
        let mut next = || lines.next().map(str::to_owned);
        Some(CertificateFile {
            request,
            subject: next()?,
            names: next()?
                .split(',')
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect(),
            issuer: next()?,
            friendly_name: next()?,
            not_before: next()?.parse().ok()?,
            not_after: next()?.parse().ok()?,
            with_key: next()? == "true",
            public: next()? == "true",
            salt: next()?,
        })
    }
}

/// The hash of some bytes, as thumbprints are written.
pub fn hash(bytes: &[u8]) -> String {
    Sha1::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let request = CertificateFile {
            request: true,
            subject: "CN=um1.contoso.com".into(),
            names: vec!["um1.contoso.com".into(), "um2.contoso.com".into()],
            ..CertificateFile::default()
        };
        let read = CertificateFile::read(request.armoured().as_bytes());
        assert_eq!(read.as_ref(), Some(&request));
        let issued = read.unwrap_or_default().issued(10);
        assert!(!issued.is_self_signed() && issued.not_after > 10);
        assert_eq!(issued.thumbprint().len(), 40);
        assert!(CertificateFile::read(b"MIIB").is_none());
        assert!(CertificateFile::read(&[0x30, 0x82, 0xff]).is_none());
    }
}

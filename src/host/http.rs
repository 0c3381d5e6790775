//! A small HTTP/1.1 client: one request, one answer, one connection. It speaks no TLS.

use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// What to ask of whom.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `GET` and its like.
    pub method: String,
    /// The server's name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether the address begins with `https`.
    pub secure: bool,
    /// Path and query.
    pub target: String,
    /// Headers with their values.
    pub headers: Vec<(String, String)>,
    /// The content; none for requests that have none.
    pub body: Option<Vec<u8>>,
    /// How long the whole may take.
    pub limit: Option<Duration>,
}

/// What the server says.
#[derive(Clone, Debug, Default)]
pub struct Response {
    /// `1.1`
    pub version: String,
    /// 200 and its like.
    pub status: u16,
    /// The words behind the number.
    pub reason: String,
    /// Headers in the order they came.
    pub headers: Vec<(String, String)>,
    /// The content, unpacked.
    pub body: Vec<u8>,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum Failure {
    /// The name is unknown, or nothing listens: the system's words.
    NoConnection(String),
    /// It took too long.
    Late,
    /// The connection would need TLS.
    Secure,
    /// What came is no answer, or it broke off.
    Broken(String),
}

impl Response {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(n, _)| n.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// An error of the system without its number: `Connection refused`.
pub fn words(error: &io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((words, _)) => words.to_string(),
        None => text,
    }
}

/// The addresses of a name, or the resolver's words.
pub fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, String> {
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    if let Ok(address) = plain.parse::<IpAddr>() {
        return Ok(vec![SocketAddr::new(address, port)]);
    }
    match (plain, port).to_socket_addrs() {
        Ok(found) => Ok(found.collect()),
        Err(error) if error.to_string().contains("Temporary") => {
            Err("Resource temporarily unavailable".into())
        }
        Err(_) => Err("Name or service not known".into()),
    }
}

/// A connection to the first address of a name that takes one.
pub fn connect(host: &str, port: u16, limit: Option<Duration>) -> Result<TcpStream, Failure> {
    let addresses = resolve(host, port).map_err(Failure::NoConnection)?;
    let mut last = Failure::NoConnection("Name or service not known".into());
    for address in addresses {
        let made = match limit {
            Some(limit) if !limit.is_zero() => TcpStream::connect_timeout(&address, limit),
            Some(_) => return Err(Failure::Late),
            None => TcpStream::connect(address),
        };
        match made {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == io::ErrorKind::TimedOut && limit.is_some() => {
                last = Failure::Late;
            }
            Err(error) => last = Failure::NoConnection(words(&error)),
        }
    }
    Err(last)
}

/// Asks and waits for the answer.
pub fn send(request: &Request) -> Result<Response, Failure> {
    let started = Instant::now();
    let mut stream = connect(&request.host, request.port, request.limit)?;
    if request.secure {
        return Err(Failure::Secure);
    }
    let left = request
        .limit
        .map(|limit| limit.saturating_sub(started.elapsed()));
    if left.is_some_and(|left| left.is_zero()) {
        return Err(Failure::Late);
    }
    let broken = |error: io::Error| match error.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Failure::Late,
        _ => Failure::Broken(words(&error)),
    };
    stream.set_read_timeout(left).map_err(broken)?;
    stream.set_write_timeout(left).map_err(broken)?;
    stream.write_all(&request.bytes()).map_err(broken)?;
    let mut answer = Incoming {
        stream: &mut stream,
        bytes: Vec::new(),
        at: 0,
    };
    loop {
        let mut response = answer.head().map_err(broken)?;
        if (100..200).contains(&response.status) {
            continue;
        }
        let empty = request.method == "HEAD" || matches!(response.status, 204 | 304);
        if !empty {
            response.body = answer.body(&response).map_err(broken)?;
            unpack(&mut response);
        }
        return Ok(response);
    }
}

impl Request {
    fn bytes(&self) -> Vec<u8> {
        let default = if self.secure { 443 } else { 80 };
        let host = match self.port == default {
            true => self.host.clone(),
            false => format!("{}:{}", self.host, self.port),
        };
        let mut text = format!(
            "{} {} HTTP/1.1\r\nHost: {host}\r\n",
            self.method, self.target
        );
        for (name, value) in &self.headers {
            // A line break in a header would begin another one.
            let value = value.replace(['\r', '\n'], " ");
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if let Some(body) = &self.body {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("Connection: close\r\n\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend(self.body.iter().flatten());
        bytes
    }
}

struct Incoming<'a> {
    stream: &'a mut dyn Read,
    bytes: Vec<u8>,
    at: usize,
}

impl Incoming<'_> {
    /// More bytes; false at the end.
    fn fetch(&mut self) -> io::Result<bool> {
        let mut piece = [0; 16 * 1024];
        let count = self.stream.read(&mut piece)?;
        self.bytes.extend(piece.iter().take(count));
        Ok(count > 0)
    }

    /// The next line without its end.
    fn line(&mut self) -> io::Result<String> {
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            if let Some(length) = memchr::memchr(b'\n', rest) {
                let line = rest.get(..length).unwrap_or_default();
                let line = String::from_utf8_lossy(line).trim_end().to_string();
                self.at += length + 1;
                return Ok(line);
            }
            if !self.fetch()? {
                return Err(io::Error::other(
                    "The response ended prematurely. (ResponseEnded)",
                ));
            }
        }
    }

    /// So many bytes, or all up to the end.
    fn take(&mut self, count: Option<usize>) -> io::Result<Vec<u8>> {
        loop {
            let there = self.bytes.len() - self.at.min(self.bytes.len());
            if count.is_some_and(|count| there >= count) {
                break;
            }
            if !self.fetch()? {
                match count {
                    Some(_) => {
                        return Err(io::Error::other(
                            "The response ended prematurely. (ResponseEnded)",
                        ));
                    }
                    None => break,
                }
            }
        }
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = match count {
            Some(count) => rest.get(..count).unwrap_or_default().to_vec(),
            None => rest.to_vec(),
        };
        self.at += taken.len();
        Ok(taken)
    }

    fn head(&mut self) -> io::Result<Response> {
        let first = self.line()?;
        let mut words = first.splitn(3, ' ');
        let version = words.next().and_then(|word| word.strip_prefix("HTTP/"));
        let status = words.next().and_then(|word| word.parse().ok());
        let (Some(version), Some(status)) = (version, status) else {
            return Err(io::Error::other(format!(
                "Received an invalid status line: '{first}'."
            )));
        };
        let mut response = Response {
            version: version.to_string(),
            status,
            reason: words.next().unwrap_or_default().to_string(),
            ..Response::default()
        };
        loop {
            let line = self.line()?;
            if line.is_empty() {
                return Ok(response);
            }
            if let Some((name, value)) = line.split_once(':') {
                let header = (name.trim().to_string(), value.trim().to_string());
                response.headers.push(header);
            }
        }
    }

    fn body(&mut self, response: &Response) -> io::Result<Vec<u8>> {
        let coding = response.header("Transfer-Encoding").unwrap_or_default();
        if coding.eq_ignore_ascii_case("chunked") {
            return self.chunks();
        }
        let length = response.header("Content-Length");
        self.take(length.and_then(|length| length.parse().ok()))
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let Ok(size) = usize::from_str_radix(size, 16) else {
                return Err(io::Error::other(format!(
                    "Received chunk header length could not be parsed: '{line}'."
                )));
            };
            if size == 0 {
                while !self.line().unwrap_or_default().is_empty() {}
                return Ok(body);
            }
            body.extend(self.take(Some(size))?);
            self.line()?;
        }
    }
}

fn unpack(response: &mut Response) {
    let coding = response.header("Content-Encoding").unwrap_or_default();
    let mut plain = Vec::new();
    let done = match coding.to_ascii_lowercase().as_str() {
        "gzip" => flate2::read::GzDecoder::new(&*response.body).read_to_end(&mut plain),
        "deflate" => flate2::read::ZlibDecoder::new(&*response.body).read_to_end(&mut plain),
        _ => return,
    };
    if done.is_ok() {
        response.body = plain;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A server for one request that answers with these bytes; the answer and what it was asked.
    fn asked(answer: &'static [u8]) -> (Result<Response, Failure>, String) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            let mut bytes = [0; 4096];
            let count = stream.read(&mut bytes).expect("a request");
            stream.write_all(answer).expect("written");
            String::from_utf8_lossy(&bytes[..count]).into_owned()
        });
        let response = send(&Request {
            method: "POST".into(),
            host: "127.0.0.1".into(),
            port,
            target: "/a?b=c".into(),
            headers: vec![("X-Name".into(), "one\r\nX-Two: 2".into())],
            body: Some(b"text".to_vec()),
            ..Request::default()
        });
        (response, server.join().expect("served"))
    }

    #[test]
    fn answers_are_read_by_length_in_chunks_and_to_the_end() {
        for answer in [
            &b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"[..],
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\n\r\n",
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 200 OK\r\n\r\nhello",
        ] {
            let (response, _) = asked(answer);
            let response = response.expect("an answer");
            assert_eq!((response.status, &*response.body), (200, &b"hello"[..]));
        }
    }

    #[test]
    fn a_request_has_one_line_a_header() {
        let (_, request) = asked(b"HTTP/1.1 204 No Content\r\n\r\n");
        let lines: Vec<&str> = request.split("\r\n").collect();
        assert_eq!(lines[0], "POST /a?b=c HTTP/1.1");
        assert_eq!(lines[2], "X-Name: one  X-Two: 2");
        assert_eq!(lines[3], "Content-Length: 4");
        assert_eq!(lines[6], "text");
    }

    #[test]
    fn failures_say_why() {
        assert!(matches!(asked(b"nonsense\r\n").0, Err(Failure::Broken(_))));
        let nobody = Request {
            method: "GET".into(),
            host: "127.0.0.1".into(),
            port: 1,
            ..Request::default()
        };
        let failure = send(&nobody);
        assert!(
            matches!(&failure, Err(Failure::NoConnection(why)) if why == "Connection refused"),
            "{failure:?}"
        );
    }
}

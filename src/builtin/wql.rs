//! The conditions and queries of management classes: `Name LIKE 'a%' AND DriveType = 3`,
//! `SELECT Name FROM Win32_Service WHERE State = 'Running'`.

/// A value in a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// TRUE or FALSE.
    Truth(bool),
    /// NULL.
    Null,
}

/// A condition.
#[derive(Debug, PartialEq)]
pub enum Condition {
    /// A property, an operator and a value.
    Compare(String, String, Literal),
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// One of them.
    Or(Box<Condition>, Box<Condition>),
    /// The opposite.
    Not(Box<Condition>),
}

/// A query.
#[derive(Debug, PartialEq)]
pub struct Query {
    /// The properties; none for all.
    pub properties: Vec<String>,
    /// The class.
    pub class: String,
    /// Which of its objects.
    pub condition: Option<Condition>,
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Word(String),
    Literal(Literal),
    Sign(String),
}

fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end;
        match first {
            '\'' | '"' => {
                let mut content = String::new();
                let mut characters = rest.char_indices().skip(1);
                let mut closed = None;
                while let Some((at, c)) = characters.next() {
                    if c == '\\' {
                        content.extend(characters.next().map(|(_, c)| c));
                    } else if c == first {
                        closed = Some(at + 1);
                        break;
                    } else {
                        content.push(c);
                    }
                }
                end = closed?;
                found.push(Token::Literal(Literal::Text(content)));
            }
            c if c.is_ascii_digit() || c == '-' => {
                end = rest
                    .char_indices()
                    .skip(1)
                    .find(|(_, c)| !(c.is_ascii_digit() || *c == '.'))
                    .map_or(rest.len(), |(at, _)| at);
                let number = rest.get(..end)?.parse().ok()?;
                found.push(Token::Literal(Literal::Number(number)));
            }
            c if c.is_alphabetic() || c == '_' => {
                end = rest
                    .char_indices()
                    .find(|(_, c)| !(c.is_alphanumeric() || *c == '_'))
                    .map_or(rest.len(), |(at, _)| at);
                let word = rest.get(..end)?;
                found.push(match word.to_ascii_lowercase().as_str() {
                    "true" => Token::Literal(Literal::Truth(true)),
                    "false" => Token::Literal(Literal::Truth(false)),
                    "null" => Token::Literal(Literal::Null),
                    _ => Token::Word(word.to_string()),
                });
            }
            _ => {
                let pairs = ["<>", "!=", "<=", ">="];
                end = match pairs.iter().any(|sign| rest.starts_with(sign)) {
                    true => 2,
                    false => first.len_utf8(),
                };
                found.push(Token::Sign(rest.get(..end)?.to_string()));
            }
        }
        rest = rest.get(end..)?.trim_start();
    }
    Some(found)
}

struct Reader {
    tokens: Vec<Token>,
    at: usize,
}

impl Reader {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn word(&mut self, wanted: &str) -> bool {
        let is = matches!(self.tokens.get(self.at), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        self.at += usize::from(is);
        is
    }

    fn sign(&mut self, wanted: &str) -> bool {
        let is = matches!(self.tokens.get(self.at), Some(Token::Sign(sign)) if sign == wanted);
        self.at += usize::from(is);
        is
    }

    fn either(&mut self, depth: usize) -> Option<Condition> {
        let mut left = self.both(depth)?;
        while self.word("or") {
            left = Condition::Or(Box::new(left), Box::new(self.both(depth)?));
        }
        Some(left)
    }

    fn both(&mut self, depth: usize) -> Option<Condition> {
        let mut left = self.one(depth)?;
        while self.word("and") {
            left = Condition::And(Box::new(left), Box::new(self.one(depth)?));
        }
        Some(left)
    }

    fn one(&mut self, depth: usize) -> Option<Condition> {
        let depth = depth.checked_sub(1)?;
        if self.word("not") {
            return Some(Condition::Not(Box::new(self.one(depth)?)));
        }
        if self.sign("(") {
            let inner = self.either(depth)?;
            return self.sign(")").then_some(inner);
        }
        let Token::Word(name) = self.next()? else {
            return None;
        };
        let operator = match self.next()? {
            Token::Sign(sign) => sign,
            Token::Word(word) if word.eq_ignore_ascii_case("like") => "like".into(),
            Token::Word(word) if word.eq_ignore_ascii_case("is") => match self.word("not") {
                true => "<>".into(),
                false => "=".into(),
            },
            _ => return None,
        };
        match self.next()? {
            Token::Literal(literal) => Some(Condition::Compare(name, operator, literal)),
            _ => None,
        }
    }
}

/// How deep conditions may be nested.
const DEPTH: usize = 64;

/// Reads a condition; none when it is none.
pub fn condition(text: &str) -> Option<Condition> {
    let mut reader = Reader {
        tokens: tokens(text)?,
        at: 0,
    };
    let read = reader.either(DEPTH)?;
    (reader.at == reader.tokens.len()).then_some(read)
}

/// Reads a query; none when it is none.
pub fn query(text: &str) -> Option<Query> {
    let mut reader = Reader {
        tokens: tokens(text)?,
        at: 0,
    };
    if !reader.word("select") {
        return None;
    }
    let mut properties = Vec::new();
    if !reader.sign("*") {
        loop {
            match reader.next()? {
                Token::Word(name) => properties.push(name),
                _ => return None,
            }
            if !reader.sign(",") {
                break;
            }
        }
    }
    if !reader.word("from") {
        return None;
    }
    let Token::Word(class) = reader.next()? else {
        return None;
    };
    let condition = match reader.word("where") {
        true => Some(reader.either(DEPTH)?),
        false => None,
    };
    (reader.at == reader.tokens.len()).then_some(Query {
        properties,
        class,
        condition,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(name: &str, operator: &str, literal: Literal) -> Condition {
        Condition::Compare(name.into(), operator.into(), literal)
    }

    #[test]
    fn conditions_are_read() {
        assert_eq!(
            condition("DriveType=3"),
            Some(compare("DriveType", "=", Literal::Number(3.0)))
        );
        assert_eq!(
            condition("Name LIKE 'a%' or not Started = true"),
            Some(Condition::Or(
                Box::new(compare("Name", "like", Literal::Text("a%".into()))),
                Box::new(Condition::Not(Box::new(compare(
                    "Started",
                    "=",
                    Literal::Truth(true)
                ))))
            ))
        );
        for bad in ["", "Name", "Name =", "Name = 'x", "(A = 1", "A = 1 B = 2"] {
            assert_eq!(condition(bad), None, "{bad}");
        }
    }

    #[test]
    fn queries_are_read() {
        let read = query("select Name, State from Win32_Service where State = 'Running'");
        let read = read.expect("a query");
        assert_eq!(read.properties, ["Name", "State"]);
        assert_eq!(read.class, "Win32_Service");
        assert!(read.condition.is_some());
        assert!(query("select * from Win32_BIOS").is_some_and(|q| q.properties.is_empty()));
        assert_eq!(query("delete from x"), None);
    }
}

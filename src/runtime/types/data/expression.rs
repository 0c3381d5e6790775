//! The expressions of `Select`, `RowFilter`, `Compute` and computed columns.

use super::row::Row;
use super::table::Table;
use super::{constraint, order};
use crate::runtime::arithmetic::Arithmetic;
use crate::runtime::error::R;
use crate::runtime::types::{data::db_null, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cmp::Ordering;
use std::rc::Rc;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Number(String),
    Date(String),
    Sign(&'static str),
}

const SIGNS: [&str; 15] = [
    "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%", ".",
];

fn tokens(text: &str) -> R<Vec<Token>> {
    let letters: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    let until = |from: usize, end: char| -> (String, usize) {
        let mut body = String::new();
        let mut at = from;
        while let Some(letter) = letters.get(at) {
            if *letter == end {
                if end == '\'' && letters.get(at + 1) == Some(&'\'') {
                    at += 1;
                } else {
                    break;
                }
            }
            body.push(*letter);
            at += 1;
        }
        (body, at + 1)
    };
    while let Some(letter) = letters.get(at).copied() {
        match letter {
            letter if letter.is_whitespace() => at += 1,
            '\'' => {
                let (body, next) = until(at + 1, '\'');
                found.push(Token::Text(body));
                at = next;
            }
            '[' => {
                let (body, next) = until(at + 1, ']');
                found.push(Token::Name(body));
                at = next;
            }
            '#' => {
                let (body, next) = until(at + 1, '#');
                found.push(Token::Date(body));
                at = next;
            }
            letter if letter.is_ascii_digit() => {
                let part = letters[at..].iter();
                let number: String = part
                    .take_while(|c| c.is_ascii_digit() || **c == '.')
                    .collect();
                at += number.len();
                found.push(Token::Number(number));
            }
            letter if letter.is_alphabetic() || letter == '_' => {
                let part = letters[at..].iter();
                let name: String = part
                    .take_while(|c| c.is_alphanumeric() || **c == '_')
                    .collect();
                at += name.chars().count();
                found.push(Token::Name(name));
            }
            _ => {
                let rest: String = letters[at..].iter().take(2).collect();
                match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                    Some(sign) => {
                        found.push(Token::Sign(sign));
                        at += sign.len();
                    }
                    None => {
                        return constraint(
                            "SyntaxErrorException",
                            format!("Syntax error: unexpected character '{letter}'."),
                        );
                    }
                }
            }
        }
    }
    Ok(found)
}

/// Reads an expression and computes it for one row.
struct Reader<'a> {
    vm: &'a mut Vm,
    row: &'a Row,
    tokens: Vec<Token>,
    at: usize,
}

impl Reader<'_> {
    fn take_sign(&mut self, signs: &[&'static str]) -> Option<&'static str> {
        match self.tokens.get(self.at) {
            Some(Token::Sign(sign)) if signs.contains(sign) => {
                self.at += 1;
                Some(sign)
            }
            _ => None,
        }
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = match self.tokens.get(self.at) {
            Some(Token::Name(name)) => name.eq_ignore_ascii_case(word),
            _ => false,
        };
        self.at += usize::from(found);
        found
    }

    fn either(&mut self) -> R<Value> {
        let mut left = self.both()?;
        while self.take_word("or") {
            let right = self.both()?;
            left = Value::Bool(self.vm.to_bool(&left) || self.vm.to_bool(&right));
        }
        Ok(left)
    }

    fn both(&mut self) -> R<Value> {
        let mut left = self.negated()?;
        while self.take_word("and") {
            let right = self.negated()?;
            left = Value::Bool(self.vm.to_bool(&left) && self.vm.to_bool(&right));
        }
        Ok(left)
    }

    fn negated(&mut self) -> R<Value> {
        if self.take_word("not") {
            let value = self.negated()?;
            return Ok(Value::Bool(!self.vm.to_bool(&value)));
        }
        self.compared()
    }

    fn compared(&mut self) -> R<Value> {
        let left = self.sum()?;
        if self.take_word("is") {
            let negated = self.take_word("not");
            self.take_word("null");
            return Ok(Value::Bool(db_null::is(&left) != negated));
        }
        let negated = self.take_word("not");
        if self.take_word("like") {
            let pattern = self.sum()?;
            let (text, pattern) = (self.vm.to_text(&left)?, self.vm.to_text(&pattern)?);
            return Ok(Value::Bool(like(&text, &pattern) != negated));
        }
        if self.take_word("in") {
            self.take_sign(&["("]);
            let mut found = false;
            loop {
                let item = self.sum()?;
                found |= order(self.vm, &left, &item)? == Ordering::Equal;
                if self.take_sign(&[","]).is_none() {
                    break;
                }
            }
            self.take_sign(&[")"]);
            return Ok(Value::Bool(found != negated));
        }
        let Some(sign) = self.take_sign(&["=", "<>", "<", ">", "<=", ">="]) else {
            return Ok(left);
        };
        let right = self.sum()?;
        if db_null::is(&left) || db_null::is(&right) {
            return Ok(Value::Bool(false));
        }
        let found = order(self.vm, &left, &right)?;
        Ok(Value::Bool(match sign {
            "=" => found == Ordering::Equal,
            "<>" => found != Ordering::Equal,
            "<" => found == Ordering::Less,
            ">" => found == Ordering::Greater,
            "<=" => found != Ordering::Greater,
            _ => found != Ordering::Less,
        }))
    }

    fn sum(&mut self) -> R<Value> {
        let mut left = self.product()?;
        while let Some(sign) = self.take_sign(&["+", "-"]) {
            let right = self.product()?;
            let op = if sign == "+" {
                Arithmetic::Add
            } else {
                Arithmetic::Subtract
            };
            left = self.calculated(op, left, right)?;
        }
        Ok(left)
    }

    fn product(&mut self) -> R<Value> {
        let mut left = self.single()?;
        while let Some(sign) = self.take_sign(&["*", "/", "%"]) {
            let right = self.single()?;
            let op = match sign {
                "*" => Arithmetic::Multiply,
                "/" => Arithmetic::Divide,
                _ => Arithmetic::Remainder,
            };
            left = self.calculated(op, left, right)?;
        }
        Ok(left)
    }

    fn calculated(&mut self, op: Arithmetic, left: Value, right: Value) -> R<Value> {
        if db_null::is(&left) || db_null::is(&right) {
            return Ok(db_null::value());
        }
        self.vm.arithmetic(op, &left, &right)
    }

    fn single(&mut self) -> R<Value> {
        if self.take_sign(&["("]).is_some() {
            let value = self.either()?;
            self.take_sign(&[")"]);
            return Ok(value);
        }
        if self.take_sign(&["-"]).is_some() {
            let value = self.single()?;
            return self
                .vm
                .arithmetic(Arithmetic::Subtract, &Value::Int(0), &value);
        }
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        match token {
            Some(Token::Text(text)) => Ok(Value::str(text)),
            Some(Token::Number(number)) if number.contains('.') => {
                Ok(Value::Double(number.parse().unwrap_or_default()))
            }
            Some(Token::Number(number)) => Ok(match number.parse::<i32>() {
                Ok(number) => Value::Int(number),
                Err(_) => Value::Double(number.parse().unwrap_or_default()),
            }),
            Some(Token::Date(text)) => self.vm.convert(&Value::str(text), &known::datetime()),
            Some(Token::Name(name)) => self.named(&name),
            _ => constraint(
                "SyntaxErrorException",
                "Syntax error: Missing operand after operator.".to_string(),
            ),
        }
    }

    fn arguments(&mut self) -> R<Vec<Value>> {
        let mut found = Vec::new();
        while self.tokens.get(self.at).is_some() && self.take_sign(&[")"]).is_none() {
            found.push(self.either()?);
            self.take_sign(&[","]);
        }
        Ok(found)
    }

    fn named(&mut self, name: &str) -> R<Value> {
        let lower = name.to_ascii_lowercase();
        if self.take_sign(&["("]).is_some() {
            let arguments = self.arguments()?;
            return self.function(&lower, &arguments);
        }
        if let Some((at, _)) = self.row.table.column(name) {
            return self.row.cell(self.vm, at);
        }
        match lower.as_str() {
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            "null" => Ok(db_null::value()),
            _ => constraint("EvaluateException", format!("Cannot find column [{name}].")),
        }
    }

    fn function(&mut self, name: &str, arguments: &[Value]) -> R<Value> {
        Ok(match (name, arguments) {
            ("len", [text]) => Value::Int(self.vm.to_text(text)?.encode_utf16().count() as i32),
            ("trim", [text]) => Value::str(self.vm.to_text(text)?.trim()),
            ("isnull", [value, other]) => {
                if db_null::is(value) {
                    other.clone()
                } else {
                    value.clone()
                }
            }
            ("iif", [test, one, other]) => {
                if self.vm.to_bool(test) {
                    one.clone()
                } else {
                    other.clone()
                }
            }
            ("substring", [text, start, length]) => {
                let text = self.vm.to_text(text)?;
                let (start, length) = (self.vm.to_int(start)?, self.vm.to_int(length)?);
                let start = usize::try_from(start - 1).unwrap_or_default();
                let length = usize::try_from(length).unwrap_or_default();
                Value::from(text.chars().skip(start).take(length).collect::<String>())
            }
            ("convert", [value, wanted]) => {
                let wanted = self.vm.to_text(wanted)?;
                match crate::runtime::types::find(&wanted) {
                    Some(wanted) => self.vm.convert(value, &wanted)?,
                    None => value.clone(),
                }
            }
            _ => {
                return constraint(
                    "EvaluateException",
                    format!("The expression contains undefined function call {name}()."),
                );
            }
        })
    }
}

/// Whether text is like a pattern with `*` or `%` at its ends.
fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern) = (text.to_lowercase(), pattern.to_lowercase());
    let is_any = |c: char| c == '*' || c == '%';
    let body = pattern.trim_matches(is_any);
    match (pattern.starts_with(is_any), pattern.ends_with(is_any)) {
        (true, true) => text.contains(body),
        (true, false) => text.ends_with(body),
        (false, true) => text.starts_with(body),
        (false, false) => text == body,
    }
}

/// The value of an expression for a row.
pub fn value_of(vm: &mut Vm, text: &str, row: &Row) -> R<Value> {
    let tokens = tokens(text)?;
    Reader {
        vm,
        row,
        tokens,
        at: 0,
    }
    .either()
}

/// Whether an expression holds for a row; the empty one holds for every row.
pub fn holds(vm: &mut Vm, text: &str, row: &Row) -> R<bool> {
    if text.trim().is_empty() {
        return Ok(true);
    }
    let value = value_of(vm, text, row)?;
    Ok(!db_null::is(&value) && vm.to_bool(&value))
}

/// `SUM(Column)` and its kin over rows.
pub fn aggregate(vm: &mut Vm, text: &str, table: &Rc<Table>, rows: &[Rc<Row>]) -> R<Value> {
    let parts = tokens(text)?;
    let [
        Token::Name(function),
        Token::Sign("("),
        Token::Name(column),
        ..,
    ] = parts.as_slice()
    else {
        let empty = Row::new(table, Vec::new());
        return value_of(vm, text, &empty);
    };
    let Some((at, of)) = table.column(column) else {
        return constraint(
            "EvaluateException",
            format!("Cannot find column [{column}]."),
        );
    };
    let mut cells = Vec::new();
    for row in rows {
        let cell = row.cell(vm, at)?;
        if !db_null::is(&cell) {
            cells.push(cell);
        }
    }
    let function = function.to_ascii_lowercase();
    if function == "count" {
        return Ok(Value::Int(cells.len() as i32));
    }
    let Some(first) = cells.first().cloned() else {
        return Ok(db_null::value());
    };
    let mut result = first;
    for cell in cells.iter().skip(1) {
        let found = order(vm, cell, &result)?;
        match function.as_str() {
            "min" if found == Ordering::Less => result = cell.clone(),
            "max" if found == Ordering::Greater => result = cell.clone(),
            "sum" | "avg" => result = vm.arithmetic(Arithmetic::Add, &result, cell)?,
            _ => {}
        }
    }
    match function.as_str() {
        "avg" => {
            let wanted = of.type_ref.borrow().clone();
            let count = Value::Int(cells.len() as i32);
            let mean = vm.arithmetic(Arithmetic::Divide, &result, &count)?;
            match super::whole(&result) {
                Some(total) => {
                    let whole = Value::Long((total / cells.len() as i128) as i64);
                    vm.convert(&whole, &wanted)
                }
                None => vm.convert(&mean, &wanted),
            }
        }
        "sum" => match super::whole(&result) {
            Some(total) => Ok(Value::Long(total as i64)),
            None => Ok(result),
        },
        _ => Ok(result),
    }
}

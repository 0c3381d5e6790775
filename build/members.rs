//! Reads `cmdlets/types/<namespace>.types`: the members of .NET types, one a
//! line in the manner of C#. A type of the namespace `System` may leave it out.
//!
//! ```text
//! type System.Text.RegularExpressions.Match : System.Text.RegularExpressions.Group
//!     System.Text.RegularExpressions.GroupCollection Groups { get; }
//!     string Result(string replacement)
//! ```
//!
//! `type` adds members to a type of the table of types; `class`, `abstract`,
//! `struct`, `interface`, `enum` and `flags` make the type as well.

use crate::signature::{Member, MemberKind, Overload, Parameter, Shape, TypeMembers};

/// The words that begin a type.
const HEADERS: &[(&str, Shape)] = &[
    ("type ", Shape::Members),
    ("class ", Shape::Class),
    ("abstract ", Shape::Abstract),
    ("struct ", Shape::Struct),
    ("interface ", Shape::Interface),
    ("enum ", Shape::Enum),
    ("flags ", Shape::Flags),
];

/// Keywords of the language beside names of types.
const KEYWORDS: &[(&str, &str)] = &[
    ("bool", "Boolean"),
    ("byte", "Byte"),
    ("char", "Char"),
    ("decimal", "Decimal"),
    ("double", "Double"),
    ("float", "Single"),
    ("int", "Int32"),
    ("long", "Int64"),
    ("object", "Object"),
    ("short", "Int16"),
    ("string", "String"),
    ("uint", "UInt32"),
    ("ulong", "UInt64"),
    ("ushort", "UInt16"),
    ("void", "Void"),
];

/// The types of one file, or the line that cannot be read.
pub fn parse(text: &str) -> Result<Vec<TypeMembers>, usize> {
    let mut types: Vec<TypeMembers> = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let read = if line.trim().is_empty() {
            Some(())
        } else if let Some((shape, header)) = header_of(line) {
            parse_header(shape, header).map(|found| types.push(found))
        } else {
            types
                .last_mut()
                .and_then(|owner| parse_member(line.trim(), owner))
        };
        read.ok_or(number + 1)?;
    }
    Ok(types)
}

fn header_of(line: &str) -> Option<(Shape, &str)> {
    HEADERS
        .iter()
        .find_map(|(word, shape)| Some((*shape, line.strip_prefix(word)?)))
}

fn parse_header(shape: Shape, header: &str) -> Option<TypeMembers> {
    let (name, bases) = header.split_once(" : ").unwrap_or((header, ""));
    let (bare, type_parameters) = generic_name(name);
    let name = match type_parameters.len() {
        0 => full_name(bare),
        count => format!("{}`{count}", full_name(bare)),
    };
    let mut bases = split(bases).into_iter().map(full_name);
    let implied = match shape {
        _ if name == "System.Object" => None,
        Shape::Interface => None,
        Shape::Struct => Some("System.ValueType"),
        Shape::Enum | Shape::Flags => Some("System.Enum"),
        _ => Some("System.Object"),
    };
    let base = match shape {
        Shape::Members | Shape::Class | Shape::Abstract => bases.next(),
        _ => None,
    };
    let base = base.or_else(|| implied.map(str::to_string));
    Some(TypeMembers {
        base,
        shape,
        interfaces: bases.collect(),
        type_parameters,
        name,
        ..TypeMembers::default()
    })
}

fn parse_member(line: &str, owner: &mut TypeMembers) -> Option<()> {
    if let Some(list) = line.strip_prefix("values ") {
        for value in list.split(' ') {
            let next = owner.values.last().map_or(0, |(_, last)| last + 1);
            let (name, number) = match value.split_once('=') {
                Some((name, number)) => (name, number.parse().ok()?),
                None => (value, next),
            };
            owner.values.push((name.into(), number));
        }
        return Some(());
    }
    if let Some(parameters) = line.strip_prefix("new") {
        let overload = overload(parameters, "void", Vec::new())?;
        owner.constructors.push(overload);
        return Some(());
    }
    let (is_static, line) = match line.strip_prefix("static ") {
        Some(rest) => (true, rest),
        None => (false, line),
    };
    // What a method returns by reference reads as the value itself.
    let (_, line) = strip(line, "ref ");
    let (type_name, rest) = line.split_once(' ')?;
    if let Some(name) = rest.strip_suffix(';') {
        let type_name = full_name(type_name);
        add(owner, name, is_static, MemberKind::Field { type_name })
    } else if let Some((name, accessors)) = rest.split_once(" {") {
        let kind = property(type_name, name, accessors)?;
        add(owner, name.split('[').next()?, is_static, kind)
    } else {
        let (name, parameters) = rest.split_at(rest.find('(')?);
        let (name, type_parameters) = generic_name(name);
        let overload = overload(parameters, type_name, type_parameters)?;
        add(owner, name, is_static, MemberKind::Method(vec![overload]))
    }
}

/// Adds a member, or one more overload to the member of that name.
fn add(owner: &mut TypeMembers, name: &str, is_static: bool, kind: MemberKind) -> Option<()> {
    let known = owner
        .members
        .iter_mut()
        .find(|member| member.name == name && member.is_static == is_static);
    match (known.map(|member| &mut member.kind), kind) {
        (None, kind) => owner.members.push(Member {
            name: name.to_string(),
            is_static,
            kind,
        }),
        (Some(MemberKind::Method(overloads)), MemberKind::Method(more)) => overloads.extend(more),
        (
            Some(MemberKind::Indexer { arguments, .. }),
            MemberKind::Indexer {
                arguments: more, ..
            },
        ) => arguments.extend(more),
        _ => return None,
    }
    Some(())
}

fn property(type_name: &str, name: &str, accessors: &str) -> Option<MemberKind> {
    let type_name = full_name(type_name);
    let get = accessors.contains("get;");
    let set = accessors.contains("set;");
    let Some((_, arguments)) = name.split_once('[') else {
        return Some(MemberKind::Property {
            type_name,
            get,
            set,
        });
    };
    let arguments = split(arguments.strip_suffix(']')?);
    Some(MemberKind::Indexer {
        type_name,
        get,
        set,
        arguments: vec![arguments.into_iter().map(full_name).collect()],
    })
}

fn overload(parameters: &str, returns: &str, type_parameters: Vec<String>) -> Option<Overload> {
    let list = parameters.strip_prefix('(')?.strip_suffix(')')?;
    Some(Overload {
        type_parameters,
        parameters: split(list)
            .into_iter()
            .map(parameter)
            .collect::<Option<_>>()?,
        returns: full_name(returns),
    })
}

fn parameter(text: &str) -> Option<Parameter> {
    let (is_params, text) = strip(text, "params ");
    let (by_ref, text) = strip(text, "ref ");
    let (type_name, name) = text.rsplit_once(' ')?;
    Some(Parameter {
        name: name.trim_end_matches('?').to_string(),
        type_name: full_name(type_name),
        by_ref,
        optional: name.ends_with('?'),
        is_params,
    })
}

fn strip<'a>(text: &'a str, word: &str) -> (bool, &'a str) {
    text.strip_prefix(word)
        .map_or((false, text), |rest| (true, rest))
}

/// `List<T>` is `List` with the parameter `T`.
fn generic_name(name: &str) -> (&str, Vec<String>) {
    match name.split_once('<') {
        None => (name, Vec::new()),
        Some((bare, list)) => {
            let list = split(list.trim_end_matches('>'));
            (bare, list.into_iter().map(str::to_string).collect())
        }
    }
}

/// The full name of a type as it is written in a line.
fn full_name(written: &str) -> String {
    let written = written.trim();
    for suffix in ["[]", "*"] {
        if let Some(element) = written.strip_suffix(suffix) {
            return full_name(element) + suffix;
        }
    }
    if let Some(underlying) = written.strip_suffix('?') {
        return format!("System.Nullable[{}]", full_name(underlying));
    }
    if let Some((bare, list)) = written.split_once('<') {
        let list = split(list.strip_suffix('>').unwrap_or(list));
        let list: Vec<_> = list.into_iter().map(full_name).collect();
        return format!("{}[{}]", full_name(bare), list.join(","));
    }
    if written.contains('.') || is_generic_parameter(written) {
        return written.to_string();
    }
    let name = KEYWORDS.iter().find(|(keyword, _)| *keyword == written);
    format!("System.{}", name.map_or(written, |(_, name)| name))
}

/// `T`, `T1`, `TKey`, but not `Type`.
fn is_generic_parameter(name: &str) -> bool {
    let mut letters = name.chars();
    letters.next() == Some('T') && letters.next().is_none_or(|c| !c.is_ascii_lowercase())
}

/// The parts between commas that stand in no bracket.
fn split(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut depth, mut start) = (0, 0);
    for (at, c) in list.char_indices() {
        match c {
            '<' | '[' | '(' => depth += 1,
            '>' | ']' | ')' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(list[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    let last = list[start..].trim();
    if !last.is_empty() {
        parts.push(last);
    }
    parts
}

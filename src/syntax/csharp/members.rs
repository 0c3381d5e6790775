//! Namespaces, types and their members.

use crate::syntax::csharp::ast::*;
use crate::syntax::csharp::parser::{P, Parser, Stop};
use crate::syntax::csharp::token::Kind;
use std::rc::Rc;

impl Parser<'_> {
    /// What stands in a namespace, or in the text itself.
    pub(super) fn namespace_members(
        &mut self,
        unit: &mut Unit,
        namespace: &str,
        outer: &[Rc<str>],
    ) -> P<()> {
        let mut opened: Vec<Rc<str>> = Vec::new();
        let mut full = namespace.to_string();
        loop {
            if matches!(self.kind(), Kind::End) || self.is("}") {
                if self.is("}") && namespace.is_empty() {
                    return self.wrong(
                        "CS1022",
                        "Type or namespace definition, or end-of-file expected",
                    );
                }
                return Ok(());
            }
            if self.take(";") {
                continue;
            }
            if self.take_word("using") {
                let at = self.here();
                if self.take_word("static") {
                    self.type_syntax()?;
                } else if self.name_here().is_some() && self.is_at(1, "=") {
                    let alias = self.name()?;
                    self.advance();
                    let target = self.type_syntax()?;
                    unit.aliases.push((alias, target));
                } else {
                    let name: Rc<str> = self.qualified()?.into();
                    unit.usings.push((name.clone(), at));
                    opened.push(name);
                }
                self.expect(";")?;
                continue;
            }
            if self.take_word("namespace") {
                let name = self.qualified()?;
                let inner = match full.is_empty() {
                    true => name,
                    false => format!("{full}.{name}"),
                };
                if self.take(";") {
                    full = inner;
                    continue;
                }
                self.expect("{")?;
                let mut around = opened.clone();
                around.extend(outer.iter().cloned());
                self.deeper(|p| p.namespace_members(unit, &inner, &around))?;
                self.expect("}")?;
                continue;
            }
            if self.is("[") && self.is_word_at(1, "assembly") {
                self.attributes()?;
                continue;
            }
            let mut around = opened.clone();
            around.extend(outer.iter().cloned());
            let prefix = match full.is_empty() {
                true => String::new(),
                false => format!("{full}."),
            };
            let attributes = self.attributes()?;
            let modifiers = self.modifiers();
            if !self.type_declaration(unit, (&prefix, &around), attributes, modifiers)? {
                return self.wrong(
                    "CS1022",
                    "Type or namespace definition, or end-of-file expected",
                );
            }
        }
    }

    /// `A.B.C`
    fn qualified(&mut self) -> P<String> {
        let mut text = self.name()?.to_string();
        while self.take(".") {
            text.push('.');
            text.push_str(&self.name()?);
        }
        Ok(text)
    }

    fn attributes(&mut self) -> P<Vec<Attribute>> {
        let mut found = Vec::new();
        while self.is("[") {
            self.advance();
            let targeted = matches!(self.kind(), Kind::Word(_)) && self.is_at(1, ":");
            if targeted {
                self.advance();
                self.advance();
            }
            while !self.is("]") {
                let name = self.qualified()?;
                let name = name.rsplit('.').next().unwrap_or(&name);
                let name: Rc<str> = name.strip_suffix("Attribute").unwrap_or(name).into();
                let mut arguments = Vec::new();
                if self.take("(") {
                    while !self.is(")") {
                        let label = match self.name_here() {
                            Some(label) if self.is_at(1, "=") || self.is_at(1, ":") => {
                                self.advance();
                                self.advance();
                                Some(label)
                            }
                            _ => None,
                        };
                        arguments.push((label, self.expression()?));
                        if !self.take(",") {
                            break;
                        }
                    }
                    self.expect(")")?;
                }
                found.push(Attribute {
                    name,
                    arguments: Rc::new(arguments),
                });
                if !self.take(",") {
                    break;
                }
            }
            self.expect("]")?;
        }
        Ok(found)
    }

    fn modifiers(&mut self) -> Modifiers {
        let mut modifiers = Modifiers::default();
        while let Kind::Word(word) = self.kind() {
            let Some(bit) = Modifiers::WORDS.iter().position(|w| w == word) else {
                break;
            };
            modifiers.0 |= 1 << bit;
            self.advance();
        }
        modifiers
    }

    /// A type, if one stands here.
    fn type_declaration(
        &mut self,
        unit: &mut Unit,
        (prefix, namespaces): (&str, &[Rc<str>]),
        attributes: Vec<Attribute>,
        modifiers: Modifiers,
    ) -> P<bool> {
        let keyword = match self.kind() {
            Kind::Word(word) => match word.as_str() {
                "class" => TypeKeyword::Class,
                "struct" => TypeKeyword::Struct,
                "interface" => TypeKeyword::Interface,
                "enum" => TypeKeyword::Enum,
                "delegate" => TypeKeyword::Delegate,
                _ => return Ok(false),
            },
            _ => return Ok(false),
        };
        self.advance();
        let returns = match keyword {
            TypeKeyword::Delegate => Some(self.type_syntax()?),
            _ => None,
        };
        let at = self.here();
        let name = self.name()?;
        let type_parameters = self.type_parameters()?;
        let mut declaration = TypeDeclaration {
            at,
            name,
            prefix: prefix.into(),
            namespaces: namespaces.to_vec(),
            keyword,
            modifiers,
            attributes,
            type_parameters,
            bases: Vec::new(),
            members: Vec::new(),
            values: Vec::new(),
        };
        if let Some(returns) = returns {
            let parameters = self.parameters("(", ")")?;
            self.expect(";")?;
            declaration.members.push(Member {
                at,
                modifiers: Modifiers(1),
                attributes: Vec::new(),
                kind: MemberKind::Method {
                    returns,
                    name: "Invoke".into(),
                    type_parameters: Vec::new(),
                    parameters,
                    body: None,
                },
            });
            unit.types.push(Rc::new(declaration));
            return Ok(true);
        }
        if self.take(":") {
            loop {
                declaration.bases.push(self.type_syntax()?);
                if !self.take(",") {
                    break;
                }
            }
        }
        self.constraints()?;
        self.expect("{")?;
        if keyword == TypeKeyword::Enum {
            self.enum_values(&mut declaration)?;
            self.expect("}")?;
            self.take(";");
            unit.types.push(Rc::new(declaration));
            return Ok(true);
        }
        let mut nested = Unit::default();
        let inner = format!("{}+", declaration.full_name());
        while !self.is("}") {
            if matches!(self.kind(), Kind::End) {
                self.expect("}")?;
            }
            if self.take(";") {
                continue;
            }
            let attributes = self.attributes()?;
            let modifiers = self.modifiers();
            let place = (&*inner, namespaces);
            let attributes_again = attributes.clone();
            if self.deeper(|p| p.type_declaration(&mut nested, place, attributes, modifiers))? {
                continue;
            }
            let member = self.member(&declaration, attributes_again, modifiers)?;
            declaration.members.extend(member);
        }
        self.advance();
        unit.types.push(Rc::new(declaration));
        unit.types.append(&mut nested.types);
        Ok(true)
    }

    fn type_parameters(&mut self) -> P<Vec<Rc<str>>> {
        let mut names = Vec::new();
        if self.take("<") {
            loop {
                if !self.take_word("in") {
                    self.take_word("out");
                }
                names.push(self.name()?);
                if !self.take(",") {
                    break;
                }
            }
            self.expect(">")?;
        }
        Ok(names)
    }

    /// `where T : …`, which is read and not used.
    fn constraints(&mut self) -> P<()> {
        while self.take_word("where") {
            self.name()?;
            self.expect(":")?;
            loop {
                if self.take_word("new") {
                    self.expect("(")?;
                    self.expect(")")?;
                } else if !self.take_word("class") && !self.take_word("struct") {
                    self.type_syntax()?;
                }
                if !self.take(",") {
                    break;
                }
            }
        }
        Ok(())
    }

    fn enum_values(&mut self, declaration: &mut TypeDeclaration) -> P<()> {
        while !self.is("}") {
            self.attributes()?;
            let name = self.name()?;
            let value = match self.take("=") {
                true => Some(self.expression()?),
                false => None,
            };
            declaration.values.push((name, value));
            if !self.take(",") {
                break;
            }
        }
        Ok(())
    }

    /// The parameters of a method or indexer.
    pub(super) fn parameters(
        &mut self,
        open: &'static str,
        close: &'static str,
    ) -> P<Vec<Parameter>> {
        self.expect(open)?;
        let mut found = Vec::new();
        while !self.is(close) {
            self.attributes()?;
            let (mut by_ref, mut rest) = (false, false);
            loop {
                if self.take_word("ref") || self.take_word("out") {
                    by_ref = true;
                } else if self.take_word("params") {
                    rest = true;
                } else if !(self.take_word("this")
                    || self.take_word("in")
                    || self.take_word("readonly"))
                {
                    break;
                }
            }
            let type_syntax = self.type_syntax()?;
            let name = self.name()?;
            let default = match self.take("=") {
                true => Some(Rc::new(self.expression()?)),
                false => None,
            };
            found.push(Parameter {
                name,
                type_syntax: Some(type_syntax),
                by_ref,
                rest,
                default,
            });
            if !self.take(",") {
                break;
            }
        }
        self.expect(close)?;
        Ok(found)
    }

    fn member(
        &mut self,
        owner: &TypeDeclaration,
        attributes: Vec<Attribute>,
        modifiers: Modifiers,
    ) -> P<Option<Member>> {
        let at = self.here();
        let finish = |attributes, at, kind| {
            Ok(Some(Member {
                at,
                modifiers,
                attributes,
                kind,
            }))
        };
        if self.take("~") {
            self.name()?;
            self.parameters("(", ")")?;
            self.body()?;
            return Ok(None);
        }
        if self.name_here().is_some_and(|n| n == owner.name) && self.is_at(1, "(") {
            self.advance();
            let parameters = self.parameters("(", ")")?;
            let mut chain = None;
            if self.take(":") {
                let own = self.take_word("this");
                if !own && !self.take_word("base") {
                    return self.wrong("CS1018", "Keyword 'this' or 'base' expected");
                }
                chain = Some((own, self.arguments("(", ")")?));
            }
            let body = match self.body()? {
                Some(body) => body,
                None => Rc::new(Body::Block(Vec::new())),
            };
            return finish(
                attributes,
                at,
                MemberKind::Constructor {
                    parameters,
                    chain,
                    body,
                },
            );
        }
        if self.take_word("event") {
            let type_syntax = self.type_syntax()?;
            let at = self.here();
            let name = self.name()?;
            if self.is("{") {
                self.skip_braces();
            } else {
                while self.take(",") {
                    self.name()?;
                }
                self.expect(";")?;
            }
            return finish(attributes, at, MemberKind::Event { type_syntax, name });
        }
        if self.is_word("implicit") || self.is_word("explicit") {
            let name = match self.is_word("implicit") {
                true => "op_Implicit",
                false => "op_Explicit",
            };
            self.advance();
            self.advance();
            let returns = self.type_syntax()?;
            return self.method(at, (attributes, modifiers), returns, name.into());
        }
        if matches!(self.kind(), Kind::End) || self.name_here().is_none() && !self.starts_type() {
            let shown = match self.kind() {
                Kind::Word(word) => word.clone(),
                Kind::Mark(mark) => mark.to_string(),
                _ => String::new(),
            };
            return self.wrong(
                "CS1519",
                format!("Invalid token '{shown}' in class, record, struct, or interface member declaration"),
            );
        }
        let type_syntax = self.type_syntax()?;
        if self.take_word("operator") {
            let name = self.operator_name()?;
            return self.method(at, (attributes, modifiers), type_syntax, name);
        }
        let at = self.here();
        if self.take_word("this") {
            let parameters = self.parameters("[", "]")?;
            return self.property(
                at,
                (attributes, modifiers),
                type_syntax,
                "Item".into(),
                parameters,
            );
        }
        if self.is("(") {
            return self.wrong_at(type_syntax.at, "CS1520", "Method must have a return type");
        }
        let mut name = match self.name_here() {
            Some(name) => {
                self.advance();
                name
            }
            None if matches!(self.kind(), Kind::Mark(_)) => {
                let shown = match self.kind() {
                    Kind::Mark(mark) => *mark,
                    _ => "",
                };
                return self.wrong(
                    "CS1519",
                    format!("Invalid token '{shown}' in class, record, struct, or interface member declaration"),
                );
            }
            None => self.name()?,
        };
        // The interface in front of a member that only it shows.
        while self.take(".") {
            name = self.name()?;
        }
        if self.is("(") || self.is("<") {
            return self.method(at, (attributes, modifiers), type_syntax, name);
        }
        if self.is("{") || self.is("=>") {
            return self.property(at, (attributes, modifiers), type_syntax, name, Vec::new());
        }
        let mut variables = vec![(name, at, self.first_value()?)];
        while self.take(",") {
            let at = self.here();
            let name = self.name()?;
            variables.push((name, at, self.first_value()?));
        }
        if !self.is(";") && self.name_here().is_some() && variables.len() == 1 {
            return self.wrong_at(self.behind(), "CS1002", "; expected");
        }
        self.expect(";")?;
        finish(
            attributes,
            at,
            MemberKind::Field {
                type_syntax,
                variables,
            },
        )
    }

    fn starts_type(&self) -> bool {
        matches!(self.kind(), Kind::Word(w) if crate::syntax::csharp::parser::is_type_keyword(w))
            || self.is("(")
    }

    fn first_value(&mut self) -> P<Option<Rc<Expr>>> {
        Ok(match self.take("=") {
            true => Some(Rc::new(self.value_or_array()?)),
            false => None,
        })
    }

    fn operator_name(&mut self) -> P<Rc<str>> {
        let Kind::Mark(mark) = self.kind() else {
            let truth = match self.kind() {
                Kind::Word(w) if w == "true" => "op_True",
                Kind::Word(w) if w == "false" => "op_False",
                _ => return self.wrong("CS1037", "Overloadable operator expected"),
            };
            self.advance();
            return Ok(truth.into());
        };
        let mark = *mark;
        self.advance();
        // With one parameter the sign is another operator than with two.
        let mut ahead = 0;
        let mut depth = 0;
        let mut two = false;
        loop {
            match self.kind_at(ahead) {
                Kind::Mark("(" | "<") => depth += 1,
                Kind::Mark(")" | ">") => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                Kind::Mark(",") if depth == 1 => two = true,
                Kind::End => break,
                _ => {}
            }
            ahead += 1;
        }
        let name = match (mark, two) {
            ("+", true) => "op_Addition",
            ("+", false) => "op_UnaryPlus",
            ("-", true) => "op_Subtraction",
            ("-", false) => "op_UnaryNegation",
            ("*", _) => "op_Multiply",
            ("/", _) => "op_Division",
            ("%", _) => "op_Modulus",
            ("==", _) => "op_Equality",
            ("!=", _) => "op_Inequality",
            ("<", _) => "op_LessThan",
            (">", _) => "op_GreaterThan",
            ("<=", _) => "op_LessThanOrEqual",
            (">=", _) => "op_GreaterThanOrEqual",
            ("!", _) => "op_LogicalNot",
            ("~", _) => "op_OnesComplement",
            ("&", _) => "op_BitwiseAnd",
            ("|", _) => "op_BitwiseOr",
            ("^", _) => "op_ExclusiveOr",
            ("++", _) => "op_Increment",
            ("--", _) => "op_Decrement",
            ("<<", _) => "op_LeftShift",
            _ => return self.wrong("CS1037", "Overloadable operator expected"),
        };
        Ok(name.into())
    }

    fn method(
        &mut self,
        at: usize,
        (attributes, modifiers): (Vec<Attribute>, Modifiers),
        returns: TypeSyntax,
        name: Rc<str>,
    ) -> P<Option<Member>> {
        let type_parameters = self.type_parameters()?;
        let parameters = self.parameters("(", ")")?;
        self.constraints()?;
        let mut body = self.body()?;
        if modifiers.has("async") {
            body = Some(Rc::new(Body::Foreign("asynchronous methods")));
        }
        Ok(Some(Member {
            at,
            modifiers,
            attributes,
            kind: MemberKind::Method {
                returns,
                name,
                type_parameters,
                parameters,
                body,
            },
        }))
    }

    fn property(
        &mut self,
        at: usize,
        (attributes, modifiers): (Vec<Attribute>, Modifiers),
        type_syntax: TypeSyntax,
        name: Rc<str>,
        parameters: Vec<Parameter>,
    ) -> P<Option<Member>> {
        let (mut get, mut set, mut initial) = (None, None, None);
        if self.is("=>") {
            get = Some(Accessor {
                modifiers: Modifiers::default(),
                body: self.body()?,
            });
        } else {
            self.expect("{")?;
            while !self.is("}") {
                self.attributes()?;
                let modifiers = self.modifiers();
                let word = match self.name_here() {
                    Some(word) => word,
                    None => {
                        return self.wrong("CS1014", "A get or set accessor expected");
                    }
                };
                self.advance();
                let body = self.body()?;
                let accessor = Accessor { modifiers, body };
                match &*word {
                    "get" => get = Some(accessor),
                    "set" | "init" => set = Some(accessor),
                    _ => return self.wrong("CS1014", "A get or set accessor expected"),
                }
            }
            self.advance();
            if self.take("=") {
                initial = Some(Rc::new(self.value_or_array()?));
                self.expect(";")?;
            }
        }
        Ok(Some(Member {
            at,
            modifiers,
            attributes,
            kind: MemberKind::Property {
                type_syntax,
                name,
                parameters,
                get,
                set,
                initial,
            },
        }))
    }

    /// `{ … }`, `=> …;` or `;`
    fn body(&mut self) -> P<Option<Rc<Body>>> {
        if self.take(";") {
            return Ok(None);
        }
        let place = self.mark_place();
        let read = match self.is("=>") {
            true => {
                self.advance();
                self.expression().and_then(|value| {
                    self.expect(";")?;
                    Ok(Body::Expression(value))
                })
            }
            false => {
                if !self.is("{") {
                    return match self.name_here().is_some() || self.is("=") {
                        true => self.wrong_at(self.behind(), "CS1002", "; expected"),
                        false => self.expect("{").map(|()| None),
                    };
                }
                self.block().map(Body::Block)
            }
        };
        match read {
            Ok(body) => Ok(Some(Rc::new(body))),
            Err(Stop::Foreign(construct)) => {
                self.back_to(place);
                if self.is("{") {
                    self.skip_braces();
                } else {
                    while !self.is(";") && !matches!(self.kind(), Kind::End) {
                        self.advance();
                    }
                    self.advance();
                }
                Ok(Some(Rc::new(Body::Foreign(construct))))
            }
            Err(wrong) => Err(wrong),
        }
    }
}

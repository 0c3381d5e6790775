//! Types by the names that scripts write as text: `int`, `System.Math`, `List[int]`, `string[]`.

use crate::runtime::symbol::same_name;
use crate::runtime::types::{self, TypeRef};
use crate::runtime::vm::Vm;

impl Vm {
    /// The type of this name, with arguments and array brackets; script types and `using namespace` count.
    pub fn find_type(&self, name: &str) -> Option<TypeRef> {
        let mut reader = Reader {
            vm: self,
            rest: name.trim(),
        };
        let found = reader.type_name()?;
        reader.rest.trim().is_empty().then_some(found)
    }

    /// The type of this plain name, without arguments and brackets; `arity` counts the arguments to come.
    fn simple_type(&self, name: &str, arity: usize) -> Option<TypeRef> {
        let generic;
        let name = if arity > 0 && !name.contains('`') {
            generic = format!("{name}`{arity}");
            &generic
        } else {
            name
        };
        let script = self
            .session
            .types
            .iter()
            .rev()
            .find(|t| same_name(&t.full_name, name));
        script.cloned().or_else(|| types::find(name)).or_else(|| {
            self.session
                .namespaces
                .iter()
                .find_map(|space| types::find_full(&format!("{space}.{name}")))
        })
    }
}

struct Reader<'a> {
    vm: &'a Vm,
    rest: &'a str,
}

impl Reader<'_> {
    fn type_name(&mut self) -> Option<TypeRef> {
        self.rest = self.rest.trim_start();
        let end = self.rest.find(['[', ']', ',']).unwrap_or(self.rest.len());
        let name = self.rest[..end].trim_end();
        self.rest = &self.rest[end..];
        if name.is_empty() {
            return None;
        }
        let mut found = None;
        if self.rest.starts_with('[') && !self.is_rank() {
            let arguments = self.arguments()?;
            let definition = self.vm.simple_type(name, arguments.len())?;
            found = Some(types::generic(&definition, arguments));
        }
        let mut found = match found {
            Some(found) => found,
            None => self.vm.simple_type(name, 0)?,
        };
        while self.rest.starts_with('[') && self.is_rank() {
            let end = self.rest.find(']')?;
            let rank = self.rest[..end].matches(',').count() as u32 + 1;
            self.rest = &self.rest[end + 1..];
            found = types::array_of(&found, rank);
        }
        Some(found)
    }

    fn is_rank(&self) -> bool {
        self.rest[1..]
            .find(|c: char| c != ',' && c != ' ')
            .is_some_and(|at| self.rest[1 + at..].starts_with(']'))
    }

    fn arguments(&mut self) -> Option<Vec<TypeRef>> {
        self.rest = &self.rest[1..];
        let mut arguments = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            // The reflection form puts each argument in brackets, with its assembly.
            if self.rest.starts_with('[') {
                self.rest = &self.rest[1..];
                arguments.push(self.type_name()?);
                let close = self.rest.find(']')?;
                self.rest = &self.rest[close + 1..];
            } else {
                arguments.push(self.type_name()?);
            }
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(',') {
                self.rest = rest;
            } else {
                self.rest = self.rest.strip_prefix(']')?;
                return Some(arguments);
            }
        }
    }
}

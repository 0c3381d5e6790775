//! What nodes hold besides nodes: names of types and variables, pairs, and members of enumerations.

use super::AstNode;
use super::make::{Maker, read_only};
use crate::runtime::collection::Dictionary;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::text::version::Version;
use crate::runtime::types::collections::tuple;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, find, find_full, generic, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::*;
use std::rc::Rc;

pub(super) const LANGUAGE: &str = "System.Management.Automation.Language";

/// A member of an enumeration of the language by its name.
pub(super) fn member_of(type_name: &str, member: &str) -> Value {
    let type_ref = find_full(&format!("{LANGUAGE}.{type_name}"));
    let bits = type_ref.as_ref().and_then(|type_ref| {
        let definition = type_ref.enum_definition()?;
        let found = definition
            .members
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(member));
        found.map(|(_, bits)| *bits)
    });
    match (type_ref, bits) {
        (Some(type_ref), Some(bits)) => Value::enumeration(type_ref, bits),
        _ => Value::str(member),
    }
}

/// The token of a binary operator.
pub(super) fn binary_operator(operator: BinaryOperator) -> Value {
    use BinaryOperator::*;
    let cased = |case: Case, name: &str| match case {
        Case::Sensitive => format!("C{name}"),
        _ => format!("I{name}"),
    };
    let name = match operator {
        BitAnd => "Band".into(),
        BitOr => "Bor".into(),
        BitXor => "Bxor".into(),
        Eq(case) => cased(case, "eq"),
        Ne(case) => cased(case, "ne"),
        Gt(case) => cased(case, "gt"),
        Ge(case) => cased(case, "ge"),
        Lt(case) => cased(case, "lt"),
        Le(case) => cased(case, "le"),
        Like(case) => cased(case, "like"),
        NotLike(case) => cased(case, "notlike"),
        Match(case) => cased(case, "match"),
        NotMatch(case) => cased(case, "notmatch"),
        Replace(case) => cased(case, "replace"),
        Contains(case) => cased(case, "contains"),
        NotContains(case) => cased(case, "notcontains"),
        In(case) => cased(case, "in"),
        NotIn(case) => cased(case, "notin"),
        Split(case) => cased(case, "split"),
        Coalesce => "QuestionQuestion".into(),
        Add => "Plus".into(),
        Subtract => "Minus".into(),
        Remainder => "Rem".into(),
        Range => "DotDot".into(),
        And | Or | Xor | Join | Is | IsNot | As | Shl | Shr | Multiply | Divide | Format => {
            format!("{operator:?}")
        }
    };
    member_of("TokenKind", &name)
}

/// The token of a unary operator.
pub(super) fn unary_operator(operator: UnaryOperator) -> Value {
    use UnaryOperator::*;
    let name = match operator {
        Not => "Not",
        Exclaim => "Exclaim",
        BitNot => "Bnot",
        Plus => "Plus",
        Minus => "Minus",
        Join => "Join",
        Split {
            case_sensitive: true,
        } => "Csplit",
        Split { .. } => "Isplit",
        PreIncrement => "PlusPlus",
        PreDecrement => "MinusMinus",
        PostIncrement => "PostfixPlusPlus",
        PostDecrement => "PostfixMinusMinus",
        Comma => "Comma",
    };
    member_of("TokenKind", name)
}

/// The token of an assignment.
pub(super) fn assignment_operator(operator: AssignmentOperator) -> Value {
    let name = match operator {
        AssignmentOperator::Equals => "Equals".to_string(),
        AssignmentOperator::QuestionQuestion => "QuestionQuestionEquals".to_string(),
        other => format!("{other:?}Equals"),
    };
    member_of("TokenKind", &name)
}

/// Nodes that belong together in twos, as clauses and table entries do.
pub(super) fn pairs(one: &str, other: &str, items: Vec<(Value, Value)>) -> Value {
    let node = |name: &str| type_named(&format!("{LANGUAGE}.{name}"));
    let pair = generic(&type_named("System.Tuple`2"), vec![node(one), node(other)]);
    let items = items
        .into_iter()
        .map(|(one, other)| tuple::of_type(&pair, vec![one, other]))
        .collect();
    read_only(pair.clone(), items)
}

/// Members of an enumeration of flags, taken together.
pub(super) fn members_of(type_name: &str, members: &[&str]) -> Value {
    let Some(type_ref) = find_full(&format!("{LANGUAGE}.{type_name}")) else {
        return Value::str(members.join(", "));
    };
    let known = type_ref.enum_definition();
    let bit = |name: &&str| {
        let mut all = known.iter().flat_map(|definition| &definition.members);
        all.find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map_or(0, |(_, bits)| *bits)
    };
    let bits = members.iter().map(bit).fold(0, |all, bit| all | bit);
    Value::enumeration(type_ref.clone(), bits)
}

/// The flags of a `switch`.
pub(super) fn switch_flags(flags: SwitchFlags) -> Value {
    let all = [
        (flags.file, "File"),
        (flags.regex, "Regex"),
        (flags.wildcard, "Wildcard"),
        (flags.exact, "Exact"),
        (flags.case_sensitive, "CaseSensitive"),
    ];
    let given: Vec<&str> = all.iter().filter(|(is, _)| *is).map(|(_, n)| *n).collect();
    members_of("SwitchFlags", &given)
}

/// The stream of a redirection.
pub fn stream(stream: RedirectionStream) -> Value {
    member_of("RedirectionStream", &format!("{stream:?}"))
}

/// What `#requires` asks for.
pub(super) fn requirements(asked: &ScriptRequirements) -> Value {
    let text = |text: &Option<String>| text.as_deref().map_or(Value::Null, Value::str);
    let version = |version: &Option<String>| {
        let version = version.as_deref().unwrap_or_default();
        let full = match version.contains('.') {
            true => version.to_string(),
            false => format!("{version}.0"),
        };
        match Version::parse(&full) {
            Ok(version) => crate::runtime::types::version::value(version),
            Err(_) => Value::Null,
        }
    };
    let modules = asked.modules.iter().map(|module| {
        let name = "Microsoft.PowerShell.Commands.ModuleSpecification";
        let made = PlainObject::new(
            name,
            vec![
                ("Name", Value::str(module.name.as_str())),
                ("Guid", text(&module.guid)),
                ("Version", version(&module.module_version)),
                ("MaximumVersion", text(&module.maximum_version)),
                ("RequiredVersion", version(&module.required_version)),
            ],
        );
        made.with_text(module.name.clone()).value()
    });
    let editions = asked
        .editions
        .iter()
        .map(|e| Value::str(e.as_str()))
        .collect();
    let modules = modules.collect();
    PlainObject::new(
        &format!("{LANGUAGE}.ScriptRequirements"),
        vec![
            ("RequiredApplicationId", text(&asked.application_id)),
            ("RequiredPSVersion", version(&asked.version)),
            ("RequiredPSEditions", read_only(known::string(), editions)),
            (
                "RequiredModules",
                read_only(
                    type_named("Microsoft.PowerShell.Commands.ModuleSpecification"),
                    modules,
                ),
            ),
            ("RequiredAssemblies", read_only(known::string(), Vec::new())),
            ("IsElevationRequired", Value::Bool(asked.elevated)),
        ],
    )
    .value()
}

/// The path of a variable.
pub fn variable_path(path: &VariablePath) -> Value {
    let drive = path.drive.as_deref();
    let text = match drive {
        Some(drive) => format!("{drive}:{}", path.name),
        None => path.name.to_string(),
    };
    let is = |name: &str| drive.is_some_and(|d| d.eq_ignore_ascii_case(name));
    let scoped = ["global", "local", "script", "private"]
        .iter()
        .any(|s| is(s));
    let is_drive = drive.is_some() && !scoped && !is("variable") && !is("using");
    PlainObject::new(
        "System.Management.Automation.VariablePath",
        vec![
            ("UserPath", Value::str(text.as_str())),
            ("IsGlobal", Value::Bool(is("global"))),
            ("IsLocal", Value::Bool(is("local"))),
            ("IsPrivate", Value::Bool(is("private"))),
            ("IsScript", Value::Bool(is("script"))),
            ("IsUnqualified", Value::Bool(drive.is_none())),
            ("IsUnscopedVariable", Value::Bool(drive.is_none())),
            ("IsVariable", Value::Bool(!is_drive)),
            ("IsDriveQualified", Value::Bool(is_drive)),
            (
                "DriveName",
                match (is_drive, drive) {
                    (true, Some(drive)) => Value::str(drive),
                    _ => Value::Null,
                },
            ),
        ],
    )
    .with_text(text)
    .value()
}

impl Maker {
    /// The name of a type.
    pub(super) fn type_name(&self, name: &TypeName) -> Value {
        type_name_value(&self.source, name)
    }
}

/// A type's name as `ITypeName`.
pub fn type_name_value(source: &Rc<crate::syntax::source::Source>, name: &TypeName) -> Value {
    let text = crate::runtime::types::resolve::type_name_text(name);
    let (kind, array, of_arguments) = match &name.kind {
        TypeNameKind::Simple(_) => ("TypeName", false, false),
        TypeNameKind::Array { .. } => ("ArrayTypeName", true, false),
        _ => ("GenericTypeName", false, true),
    };
    let extent = crate::runtime::invocation::Extent {
        source: source.clone(),
        span: name.span,
    };
    PlainObject::new(
        &format!("{LANGUAGE}.{kind}"),
        vec![
            ("FullName", Value::str(text.as_str())),
            ("Name", Value::str(text.as_str())),
            (
                "AssemblyName",
                name.assembly.as_deref().map_or(Value::Null, Value::str),
            ),
            ("IsArray", Value::Bool(array)),
            ("IsGeneric", Value::Bool(of_arguments)),
            (
                "Extent",
                Value::native(crate::runtime::types::automation::language::ExtentValue(
                    extent,
                )),
            ),
        ],
    )
    .with_text(text)
    .value()
}

/// The type of an expression's value as far as the text tells.
pub(super) fn static_type(ast: &ExpressionAst) -> TypeRef {
    let named = |name: &TypeName| {
        let text = crate::runtime::types::resolve::type_name_text(name);
        find(&text).unwrap_or_else(known::object)
    };
    match &ast.kind {
        ExpressionKind::Number { value, .. } => match value {
            NumberLiteral::Int(_) => known::int(),
            NumberLiteral::Long(_) => known::long(),
            NumberLiteral::Double(_) => known::double(),
            NumberLiteral::Decimal(_) => known::decimal(),
            NumberLiteral::Byte(_) => known::byte(),
            NumberLiteral::SByte(_) => known::sbyte(),
            NumberLiteral::Short(_) => known::short(),
            NumberLiteral::UShort(_) => known::ushort(),
            NumberLiteral::UInt(_) => known::uint(),
            NumberLiteral::ULong(_) => known::ulong(),
            NumberLiteral::BigInteger(_) => known::bigint(),
        },
        ExpressionKind::String { .. } | ExpressionKind::Expandable { .. } => known::string(),
        ExpressionKind::ArrayLiteral(_) | ExpressionKind::Array(_) => {
            find("object[]").unwrap_or_else(known::object)
        }
        ExpressionKind::Hashtable(_) => known::hashtable(),
        ExpressionKind::ScriptBlock(_) => known::script_block(),
        ExpressionKind::Type(_) => type_named("System.Type"),
        ExpressionKind::Convert { constraint, .. } => named(&constraint.type_name),
        _ => known::object(),
    }
}

/// The value a node stands for, when it is made of constants alone.
pub(super) fn safe_value(vm: &mut Vm, node: &Value) -> R<Value> {
    let Some(inner) = node.as_native::<AstNode>() else {
        return Ok(Value::Null);
    };
    let part = |name: &str| {
        let found = inner.properties.iter().find(|(n, _)| *n == name);
        found.map(|(_, v)| v.clone()).unwrap_or_default()
    };
    match inner.type_name {
        "ConstantExpressionAst" | "StringConstantExpressionAst" => Ok(part("Value")),
        "ParenExpressionAst" => safe_value(vm, &part("Pipeline")),
        "CommandExpressionAst" => safe_value(vm, &part("Expression")),
        "PipelineAst" => match vm.enumerate(&part("PipelineElements"))?.as_deref() {
            Some([one]) => safe_value(vm, one),
            _ => not_constant(vm),
        },
        "ArrayLiteralAst" => {
            let mut items = Vec::new();
            for item in vm.enumerate(&part("Elements"))?.unwrap_or_default() {
                items.push(safe_value(vm, &item)?);
            }
            Ok(Value::array(items))
        }
        "ArrayExpressionAst" => {
            let body = part("SubExpression");
            let statements = vm.read_property(&body, "Statements")?;
            let mut items = Vec::new();
            for statement in vm.enumerate(&statements)?.unwrap_or_default() {
                let value = safe_value(vm, &statement)?;
                match vm.enumerate(&value)? {
                    Some(inner) => items.extend(inner),
                    None => items.push(value),
                }
            }
            Ok(Value::array(items))
        }
        "HashtableAst" => {
            let table = Dictionary::hashtable();
            for entry in vm.enumerate(&part("KeyValuePairs"))?.unwrap_or_default() {
                let key = vm.read_property(&entry, "Item1")?;
                let value = vm.read_property(&entry, "Item2")?;
                let (key, value) = (safe_value(vm, &key)?, safe_value(vm, &value)?);
                table.set(key, value);
            }
            Ok(Value::Dict(Rc::new(table)))
        }
        "VariableExpressionAst" => {
            let path = part("VariablePath");
            match vm.to_text(&path)?.to_ascii_lowercase().as_str() {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                "null" => Ok(Value::Null),
                _ => not_constant(vm),
            }
        }
        "UnaryExpressionAst" => {
            let value = safe_value(vm, &part("Child"))?;
            vm.unary(UnaryOperator::Minus, &value)
        }
        _ => not_constant(vm),
    }
}

fn not_constant(vm: &mut Vm) -> R<Value> {
    vm.raise(Fault::of(
        "System.InvalidOperationException",
        "InvalidOperationException",
        Category::NotSpecified,
        "Cannot generate a value from an expression that is not made of constants.",
    ))
}

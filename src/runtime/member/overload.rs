//! Choosing an overload by the types of the arguments.
//!
//! Every argument is ranked by how directly it becomes the parameter's type;
//! the overload whose ranks are higher, with earlier arguments counting more,
//! is taken. Only then are the arguments converted.

use crate::runtime::symbol::Symbol;
use crate::runtime::types::reflection::delegate::Delegate;
use crate::runtime::types::reflection::members::{declared_members, members_of, overloads_of};
use crate::runtime::types::reflection::parameter_type::{self, resolve};
use crate::runtime::types::reflection::signature::{Member, Overload};
use crate::runtime::types::{TypeCode, TypeRef, known};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use rustc_hash::FxHashMap;
use std::cell::RefCell;
use std::rc::Rc;

/// A parameter with its type.
#[derive(Clone)]
pub struct Parameter {
    /// Its name.
    pub name: Rc<str>,
    /// Its type; `None` when the program does not know it.
    pub type_ref: Option<TypeRef>,
    /// Takes a `[ref]`.
    pub by_ref: bool,
    /// May be left out.
    pub optional: bool,
}

/// A signature that arguments may fit.
#[derive(Clone)]
pub struct Candidate {
    /// Its parameters.
    pub parameters: Vec<Parameter>,
    /// The last parameter takes the remaining arguments.
    pub is_params: bool,
    /// Its own type parameters, when it has some that nothing stands for yet.
    pub generic: Option<Rc<GenericSignature>>,
    /// What stands for its own type parameters, and what it then gives back.
    pub closed: Option<Rc<GenericCall>>,
}

/// A signature with type parameters of its own.
pub struct GenericSignature {
    /// The signature as declared.
    pub overload: Overload,
    /// What stands for the type parameters of the type.
    owner: Vec<(String, TypeRef)>,
}

/// What a call of a generic method knows beside its arguments.
pub struct GenericCall {
    /// The types that stand for the method's type parameters.
    pub arguments: Vec<TypeRef>,
    /// The type of the result.
    pub returns: Option<TypeRef>,
}

impl GenericSignature {
    /// The candidate with types for the type parameters.
    pub fn close(&self, arguments: Vec<TypeRef>) -> Candidate {
        let names = self.overload.type_parameters.iter().cloned();
        let mut parameters = self.owner.clone();
        parameters.extend(names.zip(arguments.iter().cloned()));
        let names: Vec<(&str, TypeRef)> = parameters
            .iter()
            .map(|(name, type_ref)| (name.as_str(), type_ref.clone()))
            .collect();
        let mut closed = candidate(&self.overload, &parameters);
        closed.generic = None;
        closed.closed = Some(Rc::new(GenericCall {
            returns: resolve(&self.overload.returns, &names),
            arguments,
        }));
        closed
    }
}

/// The candidates of one name.
pub struct Candidates {
    /// The method's name as its type spells it, `.ctor` of constructors: what messages about
    /// arguments and exceptions say, however the call is written.
    pub name: Rc<str>,
    /// The signatures that can be called.
    pub list: Vec<Candidate>,
    /// No interface of the type declares the name again. PowerShell counts the
    /// methods of interfaces as overloads, though only a cast makes them callable.
    pub alone: bool,
    /// What plain arguments chose before, by their kinds.
    chosen: RefCell<FxHashMap<Kinds, Choice>>,
    /// What they chose where type parameters had to be inferred first.
    inferred: RefCell<FxHashMap<Kinds, (Rc<Candidate>, Choice)>>,
}

impl Candidates {
    /// What plain arguments chose before among candidates with inferred types.
    pub fn inferred(&self, arguments: &[Value]) -> Option<(Rc<Candidate>, Choice)> {
        let inferred = self.inferred.borrow();
        match inferred.is_empty() {
            true => None,
            false => inferred.get(&kinds(arguments)?).cloned(),
        }
    }

    /// Remembers it.
    pub fn remember_inferred(&self, arguments: &[Value], candidate: &Candidate, choice: Choice) {
        if let Some(kinds) = kinds(arguments) {
            let known = (Rc::new(candidate.clone()), choice);
            self.inferred.borrow_mut().insert(kinds, known);
        }
    }
}

/// The kinds of a call's arguments, where kinds alone decide the overload.
type Kinds = [u8; 4];

/// The kinds of these arguments; `None` where it takes more than that to choose.
fn kinds(arguments: &[Value]) -> Option<Kinds> {
    let mut kinds = Kinds::default();
    for (at, argument) in arguments.iter().enumerate() {
        *kinds.get_mut(at)? = match argument {
            Value::Bool(_) => 1,
            Value::Char(_) => 2,
            Value::Int(_) => 3,
            Value::Long(_) => 4,
            Value::Double(_) => 5,
            Value::Str(_) => 6,
            Value::Byte(_) => 7,
            Value::DateTime(_) => 8,
            Value::TimeSpan(_) => 9,
            _ => return None,
        };
    }
    Some(kinds)
}

/// Chooses among a name's candidates, remembering what plain arguments chose.
pub fn choose_again(
    vm: &Vm,
    candidates: &Candidates,
    arguments: &[Value],
) -> Result<Choice, NoChoice> {
    let Candidates {
        name: _,
        list,
        alone,
        chosen,
        inferred: _,
    } = candidates;
    let Some(kinds) = kinds(arguments) else {
        return choose(vm, list, *alone, arguments);
    };
    if let Some(choice) = chosen.borrow().get(&kinds) {
        return Ok(*choice);
    }
    let choice = choose(vm, list, *alone, arguments)?;
    chosen.borrow_mut().insert(kinds, choice);
    Ok(choice)
}

/// The taken overload.
#[derive(Clone, Copy)]
pub struct Choice {
    /// Its place in the list.
    pub index: usize,
    /// The last arguments become items of an array.
    pub expanded: bool,
}

/// Why no overload was taken.
pub enum NoChoice {
    /// None fits.
    NoFit,
    /// None fits that has this number of type parameters.
    NoGenericFit(usize),
    /// Several fit equally well.
    Ambiguous,
}

type Ranks = Vec<u32>;

const NONE: u32 = 0;
const UNRELATED_ARRAYS: u32 = 0x0F;
const TO_STRING: u32 = 0x1F;
const CUSTOM: u32 = 0x2F;
const CONVERTIBLE: u32 = 0x3F;
const IMPLICIT_CAST: u32 = 0x4F;
const CONSTRUCTOR: u32 = 0x6F;
const PARSE: u32 = 0x7F;
const PSOBJECT: u32 = 0x8F;
const LANGUAGE: u32 = 0x9F;
const NULL_TO_VALUE: u32 = 0xAF;
const NULL_TO_REFERENCE: u32 = 0xBF;
const NUMERIC_EXPLICIT: u32 = 0xCF;
const NUMERIC_STRING: u32 = 0xEF;
const NUMERIC_IMPLICIT: u32 = 0xFF;
const ASSIGNABLE: u32 = 0x10F;
const STRING_TO_CHARS: u32 = 0x11A;
const IDENTITY: u32 = 0x11F;
/// A scalar that becomes the one item of an array ranks a little lower.
const SCALAR_TO_ARRAY: u32 = 8;

/// The candidates of a method or, for an empty name, of the constructors.
pub fn candidates(type_ref: &TypeRef, name: &str, is_static: bool) -> Rc<Candidates> {
    type Key = (usize, Symbol, bool);
    type Known = (TypeRef, Rc<Candidates>);
    thread_local! {
        static KNOWN: RefCell<FxHashMap<Key, Known>> = RefCell::default();
    }
    let address = std::ptr::from_ref(&**type_ref) as usize;
    let key = (address, Symbol::fold(name), is_static);
    if let Some((_, found)) = KNOWN.with_borrow(|known| known.get(&key).cloned()) {
        return found;
    }
    let overloads = signatures(type_ref, name, is_static);
    let parameters = substitution(&declaring_type(type_ref, name, is_static));
    let built = Rc::new(Candidates {
        name: spelling(type_ref, name, is_static),
        list: overloads
            .iter()
            .map(|overload| candidate(overload, &parameters))
            .collect(),
        alone: is_static || of_interfaces(type_ref, name).is_empty(),
        chosen: RefCell::default(),
        inferred: RefCell::default(),
    });
    KNOWN.with_borrow_mut(|known| known.insert(key, (type_ref.clone(), built.clone())));
    built
}

/// A method's name as its type spells it; what is no method keeps the name it is called by.
fn spelling(type_ref: &TypeRef, name: &str, is_static: bool) -> Rc<str> {
    if name.is_empty() {
        return ".ctor".into();
    }
    let mut chain = Some(type_ref);
    while let Some(current) = chain {
        if let Some(members) = members_of(&table_name(current)) {
            let mut methods = members.members.iter();
            let same = |m: &&Member| m.is_static == is_static && m.name.eq_ignore_ascii_case(name);
            if let Some(method) = methods.find(same) {
                return method.name.as_str().into();
            }
        }
        chain = current.base.as_ref();
    }
    // What a type has through an interface alone is spelled as that does.
    match of_interfaces(type_ref, name).first() {
        Some((_, spelled, _)) if !is_static => spelled.as_str().into(),
        _ => name.into(),
    }
}

/// The overloads of a method or, for an empty name, of the constructors.
pub fn signatures(type_ref: &TypeRef, name: &str, is_static: bool) -> Vec<Overload> {
    let mut chain = Some(type_ref.clone());
    while let Some(current) = chain {
        let definition = table_name(&current);
        if name.is_empty() {
            if let Some(members) = members_of(&definition) {
                return members.constructors.clone();
            }
            return Vec::new();
        }
        let found = overloads_of(&definition, name, is_static);
        if !found.is_empty() {
            return found;
        }
        chain = current.base.clone();
    }
    Vec::new()
}

/// The type whose members have the method: the type itself or a base, closed over
/// arguments of its own.
pub fn declaring_type(type_ref: &TypeRef, name: &str, is_static: bool) -> TypeRef {
    let has = |it: &TypeRef| !overloads_of(&table_name(it), name, is_static).is_empty();
    let mut current = Some(type_ref);
    while let Some(at) = current {
        if name.is_empty() || has(at) {
            return at.clone();
        }
        current = at.base.as_ref();
    }
    type_ref.clone()
}

/// The methods of this name that the interfaces of a type declare, with the interface.
fn of_interfaces<'a>(type_ref: &'a TypeRef, name: &str) -> Vec<(&'a TypeRef, String, Overload)> {
    let mut found = Vec::new();
    for interface in type_ref.all_interfaces() {
        let Some(declared) = declared_members(interface.definition_name()) else {
            continue;
        };
        let methods = declared.members.iter();
        for method in methods.filter(|member| member.name.eq_ignore_ascii_case(name)) {
            let overloads = method.overloads().iter().cloned();
            found.extend(overloads.map(|it| (interface, method.name.clone(), it)));
        }
    }
    found
}

/// The spelling and the texts of those methods: `void ICollection[int].Add(int item)`.
pub fn interface_texts(type_ref: &TypeRef, name: &str) -> Vec<(String, String)> {
    let methods = of_interfaces(type_ref, name);
    let texts = methods.iter().map(|(interface, spelled, overload)| {
        let parameters = substitution(interface);
        let shown = super::list::without_namespaces(&interface.display());
        let dotted = format!("{shown}.{spelled}");
        let text = signature_text(&dotted, overload, false, &parameters, None);
        (spelled.clone(), text)
    });
    texts.collect()
}

/// The table's name of a type's members: arrays share those of `System.Array`.
pub fn table_name(type_ref: &TypeRef) -> String {
    if type_ref.element().is_some() {
        return "System.Array".to_string();
    }
    match type_ref.definition_name() {
        "System.RuntimeType" => "System.Type".to_string(),
        name => name.to_string(),
    }
}

/// What stands for the type parameters of a generic type.
pub fn substitution(type_ref: &TypeRef) -> Vec<(String, TypeRef)> {
    if type_ref.element().is_some() {
        return Vec::new();
    }
    if type_ref.arguments.is_empty() {
        // A type may derive from a closed generic one.
        return match &type_ref.base {
            Some(base) => substitution(base),
            None => Vec::new(),
        };
    }
    match members_of(type_ref.definition_name()) {
        Some(members) => members
            .type_parameters
            .iter()
            .cloned()
            .zip(type_ref.arguments.iter().cloned())
            .collect(),
        None => Vec::new(),
    }
}

fn candidate(overload: &Overload, parameters: &[(String, TypeRef)]) -> Candidate {
    let mut names: Vec<(&str, TypeRef)> = parameters
        .iter()
        .map(|(n, t)| (n.as_str(), t.clone()))
        .collect();
    names.extend(
        overload
            .type_parameters
            .iter()
            .map(|n| (n.as_str(), known::object())),
    );
    Candidate {
        parameters: overload
            .parameters
            .iter()
            .map(|p| Parameter {
                name: p.name.as_str().into(),
                type_ref: resolve(&p.type_name, &names),
                by_ref: p.by_ref,
                optional: p.optional,
            })
            .collect(),
        is_params: overload.parameters.last().is_some_and(|p| p.is_params),
        generic: (!overload.type_parameters.is_empty()).then(|| {
            Rc::new(GenericSignature {
                overload: overload.clone(),
                owner: parameters.to_vec(),
            })
        }),
        closed: None,
    }
}

/// The text of a signature: `string Substring(int startIndex)`.
pub fn signature_text(
    name: &str,
    overload: &Overload,
    is_static: bool,
    parameters: &[(String, TypeRef)],
    returns: Option<&str>,
) -> String {
    let names: Vec<(&str, TypeRef)> = parameters
        .iter()
        .map(|(n, t)| (n.as_str(), t.clone()))
        .collect();
    let own = if overload.type_parameters.is_empty() {
        String::new()
    } else {
        format!("[{}]", overload.type_parameters.join(", "))
    };
    let list: Vec<String> = overload
        .parameters
        .iter()
        .map(|p| {
            let type_name = parameter_type::display(&p.type_name, &names);
            let lead = match (p.by_ref, p.is_params) {
                (true, _) => "[ref] ",
                (_, true) => "Params ",
                _ => "",
            };
            format!("{lead}{type_name} {}", p.name)
        })
        .collect();
    let returns = match returns {
        Some(text) => text.to_string(),
        None => parameter_type::display(&overload.returns, &names),
    };
    let lead = if is_static { "static " } else { "" };
    format!("{lead}{returns} {name}{own}({})", list.join(", "))
}

/// Chooses among the candidates.
pub fn choose(
    vm: &Vm,
    list: &[Candidate],
    alone: bool,
    arguments: &[Value],
) -> Result<Choice, NoChoice> {
    if let [only] = list
        && alone
        && !only.is_params
        && only.closed.is_none()
        && only.parameters.len() == arguments.len()
    {
        return Ok(Choice {
            index: 0,
            expanded: false,
        });
    }
    let mut fitting: Vec<(Choice, Ranks)> = Vec::new();
    for (index, candidate) in list.iter().enumerate() {
        if let Some((expanded, ranks)) = rank_all(vm, candidate, arguments) {
            fitting.push((Choice { index, expanded }, ranks));
        }
    }
    if fitting.is_empty() {
        return Err(NoChoice::NoFit);
    }
    let mut best: Vec<usize> = vec![0];
    for at in 1..fitting.len() {
        let order = compare(list, &fitting[at], &fitting[best[0]]);
        match order {
            o if o > 0 => best = vec![at],
            0 => best.push(at),
            _ => {}
        }
    }
    if best.len() > 1 {
        let first = &list[fitting[best[0]].0.index];
        let distinct = best.iter().any(|i| {
            let other = &list[fitting[*i].0.index];
            other.parameters.len() != first.parameters.len()
                || std::iter::zip(&other.parameters, &first.parameters)
                    .any(|(a, b)| a.type_ref != b.type_ref)
        });
        if distinct && arguments.iter().any(Value::is_null) && best.len() > 4 {
            return Err(NoChoice::Ambiguous);
        }
    }
    Ok(fitting.swap_remove(best[0]).0)
}

fn rank_all(vm: &Vm, candidate: &Candidate, arguments: &[Value]) -> Option<(bool, Ranks)> {
    let parameters = &candidate.parameters;
    let required = parameters.iter().filter(|p| !p.optional).count();
    let (given, taken) = (arguments.len(), parameters.len());
    if candidate.is_params {
        let fixed = taken.saturating_sub(1);
        if given < fixed {
            return None;
        }
        let mut ranks = Vec::with_capacity(given);
        for (argument, parameter) in arguments.iter().zip(parameters.iter().take(fixed)) {
            ranks.push(nonzero(rank(vm, argument, parameter))?);
        }
        let last = parameters.last()?;
        let array = last.type_ref.clone()?;
        let element = array.element().cloned().unwrap_or_else(known::object);
        if given == taken {
            let whole = rank_type(vm, arguments.get(fixed)?, &array);
            let single = rank_type(vm, arguments.get(fixed)?, &element);
            if whole == NONE && single == NONE {
                return None;
            }
            let expanded = single > whole;
            ranks.push(whole.max(single));
            return Some((expanded, ranks));
        }
        for argument in arguments.iter().skip(fixed) {
            ranks.push(nonzero(rank_type(vm, argument, &element))?);
        }
        return Some((true, ranks));
    }
    if given > taken || given < required {
        return None;
    }
    let mut ranks = Vec::with_capacity(given);
    for (argument, parameter) in arguments.iter().zip(parameters) {
        ranks.push(nonzero(rank(vm, argument, parameter))?);
    }
    Some((false, ranks))
}

fn nonzero(rank: u32) -> Option<u32> {
    (rank != NONE).then_some(rank)
}

fn rank(vm: &Vm, argument: &Value, parameter: &Parameter) -> u32 {
    if parameter.by_ref {
        return match (argument.base(), &parameter.type_ref) {
            (Value::Ref(reference), Some(type_ref)) => {
                rank_type(vm, &reference.get(), type_ref).max(UNRELATED_ARRAYS)
            }
            _ => LANGUAGE,
        };
    }
    match &parameter.type_ref {
        Some(type_ref) => rank_type(vm, argument, type_ref),
        None => NONE,
    }
}

/// Whether the first number type widens to the second without loss, as C# has it.
fn widens(from: TypeCode, to: TypeCode) -> bool {
    use TypeCode::*;
    match from {
        SByte => matches!(to, Short | Int | Long | Float | Double | Decimal),
        Byte => matches!(
            to,
            Short | UShort | Int | UInt | Long | ULong | Float | Double | Decimal
        ),
        Short => matches!(to, Int | Long | Float | Double | Decimal),
        UShort => matches!(to, Int | UInt | Long | ULong | Float | Double | Decimal),
        Int => matches!(to, Long | Float | Double | Decimal),
        UInt => matches!(to, Long | ULong | Float | Double | Decimal),
        Long | ULong => matches!(to, Float | Double | Decimal),
        Float => to == Double,
        _ => false,
    }
}

/// How directly a value becomes a type; 0 for not at all.
fn rank_type(vm: &Vm, value: &Value, target: &TypeRef) -> u32 {
    let value = value.base();
    if value.is_null() {
        // Null becomes an empty text, which is a conversion.
        let takes_null = !target.is_value_type() && target.code != TypeCode::String;
        return if takes_null {
            NULL_TO_REFERENCE
        } else {
            NULL_TO_VALUE
        };
    }
    let actual = vm.type_of(value);
    if actual == *target {
        return IDENTITY;
    }
    if let Value::Ref(reference) = value
        && target.code != TypeCode::Object
    {
        return rank_type(vm, &reference.get(), target);
    }
    if vm.fits(value, target) {
        return ASSIGNABLE;
    }
    if target.code == TypeCode::Nullable
        && let Some(inner) = target.arguments.first()
    {
        return rank_type(vm, value, inner).min(ASSIGNABLE);
    }
    if let Some(element) = target.element() {
        return rank_to_array(vm, value, target, element);
    }
    match target.code {
        TypeCode::String => return TO_STRING,
        TypeCode::Bool | TypeCode::Switch => return LANGUAGE,
        TypeCode::PSObject | TypeCode::CustomObject => return PSOBJECT,
        _ => {}
    }
    if target.code.is_numeric() {
        return match value {
            Value::Str(_) => NUMERIC_STRING,
            Value::Bool(_) | Value::Switch(_) => LANGUAGE,
            // A date claims to be convertible, and only then says that it is not.
            Value::Char(_) | Value::DateTime(_) => CONVERTIBLE,
            Value::Enum(_) => LANGUAGE,
            Value::BigInt(_) => CUSTOM,
            _ if actual.code.is_numeric() => {
                if widens(actual.code, target.code) {
                    NUMERIC_IMPLICIT
                } else {
                    NUMERIC_EXPLICIT
                }
            }
            _ => NONE,
        };
    }
    match (target.code, value) {
        (TypeCode::Char, Value::Str(_)) => PARSE,
        (TypeCode::Char, Value::Int(_) | Value::Byte(_) | Value::Long(_)) => CONVERTIBLE,
        (TypeCode::Char, _) => NONE,
        (TypeCode::BigInt, Value::Str(_)) => PARSE,
        (TypeCode::BigInt, _) if actual.code.is_numeric() => CUSTOM,
        (TypeCode::Enum, Value::Str(_)) => LANGUAGE,
        (TypeCode::Enum, _) if actual.code.is_numeric() => LANGUAGE,
        (TypeCode::Enum, _) => NONE,
        (TypeCode::DateTime | TypeCode::TimeSpan, Value::Str(_)) => PARSE,
        (TypeCode::TimeSpan | TypeCode::DateTime, Value::Int(_) | Value::Long(_)) => CONSTRUCTOR,
        (TypeCode::TimeSpan | TypeCode::DateTime, _) => NONE,
        (TypeCode::Type, Value::Str(_)) => LANGUAGE,
        (TypeCode::ScriptBlock | TypeCode::Type, _) => NONE,
        (TypeCode::Hashtable, Value::Dict(_)) => LANGUAGE,
        _ => rank_to_object(vm, value, target),
    }
}

fn rank_to_array(vm: &Vm, value: &Value, target: &TypeRef, element: &TypeRef) -> u32 {
    match value {
        Value::Str(_) if element.code == TypeCode::Char => STRING_TO_CHARS,
        Value::Array(_) | Value::List(_) => {
            if target.code == TypeCode::Array {
                UNRELATED_ARRAYS
            } else {
                NONE
            }
        }
        _ => match rank_type(vm, value, element) {
            NONE => NONE,
            rank => rank - SCALAR_TO_ARRAY,
        },
    }
}

/// Whether a type is a delegate, which script blocks become.
pub fn is_delegate(target: &TypeRef) -> bool {
    target
        .ancestry()
        .iter()
        .any(|t| &*t.full_name == "System.Delegate")
}

fn rank_to_object(vm: &Vm, value: &Value, target: &TypeRef) -> u32 {
    if let Value::Block(_) = value {
        return if is_delegate(target) { LANGUAGE } else { NONE };
    }
    if is_delegate(target) && value.as_native::<super::method::Method>().is_some() {
        return match Delegate::fits_method(vm, target, value) {
            true => LANGUAGE,
            false => NONE,
        };
    }
    let name = target.definition_name();
    if name == "System.Xml.XmlDocument" {
        return LANGUAGE;
    }
    if matches!(
        name,
        "System.Collections.Generic.List`1"
            | "System.Collections.ObjectModel.Collection`1"
            | "System.Collections.Generic.HashSet`1"
    ) {
        return match value {
            Value::Array(_) | Value::List(_) => UNRELATED_ARRAYS,
            Value::Dict(_) => NONE,
            other => match target.arguments.first() {
                Some(element) => rank_type(vm, other, element).min(CONSTRUCTOR),
                None => NONE,
            },
        };
    }
    if matches!(value, Value::Str(_)) {
        let parses = candidates(target, "Parse", true).list.iter().any(|c| {
            c.parameters
                .first()
                .and_then(|p| p.type_ref.as_ref())
                .is_some_and(|t| t.code == TypeCode::String)
        });
        if parses {
            return PARSE;
        }
    }
    if matches!(target.kind, crate::runtime::types::TypeKind::Interface) {
        return NONE;
    }
    let actual = vm.type_of(value);
    let constructs = candidates(target, "", false).list.iter().any(|c| {
        c.parameters.len() == 1
            && c.parameters[0]
                .type_ref
                .as_ref()
                .is_some_and(|t| *t == actual || (t.code != TypeCode::Object && actual.is_a(t)))
    });
    if constructs {
        return CONSTRUCTOR;
    }
    if crate::runtime::types::behaviour::converted(value, target).is_some() {
        return IMPLICIT_CAST;
    }
    if let Some(class) = target.class() {
        return match value {
            Value::Dict(_) | Value::Custom(_) => CONSTRUCTOR,
            _ if class.constructors.iter().any(|c| c.parameters.len() == 1) => CONSTRUCTOR,
            _ => NONE,
        };
    }
    NONE
}

/// Positive when the first is the better one.
fn compare(list: &[Candidate], one: &(Choice, Ranks), other: &(Choice, Ranks)) -> i64 {
    let count = one.1.len().min(other.1.len());
    let types = |choice: &Choice, at: usize| parameter_at(&list[choice.index], choice, at);
    let weigh = |each: &dyn Fn(usize) -> i64| -> i64 {
        (0..count).map(|at| (count - at) as i64 * each(at)).sum()
    };
    let by_rank = weigh(&|at| match one.1[at].cmp(&other.1[at]) {
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
    });
    if by_rank != 0 {
        return by_rank;
    }
    // What loses nothing goes to the most special type, what loses something to
    // the most general one.
    let by_type = weigh(&|at| {
        let (mine, theirs) = (one.1[at], other.1[at]);
        let exact = mine >= NUMERIC_IMPLICIT;
        if mine.min(theirs) < NULL_TO_VALUE || exact != (theirs >= NUMERIC_IMPLICIT) {
            return 0;
        }
        let (a, b) = (types(&one.0, at), types(&other.0, at));
        let specific = more_specific(a.as_ref(), b.as_ref());
        if exact { specific } else { -specific }
    });
    if by_type != 0 {
        return by_type;
    }
    let plainness = |choice: &Choice| {
        let candidate = &list[choice.index];
        (
            !choice.expanded,
            candidate.closed.is_none(),
            std::cmp::Reverse(candidate.parameters.len()),
        )
    };
    match plainness(&one.0).cmp(&plainness(&other.0)) {
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
    }
}

/// The type an argument becomes, inside an expanded array too.
pub fn parameter_at(candidate: &Candidate, choice: &Choice, at: usize) -> Option<TypeRef> {
    let last = candidate.parameters.len().checked_sub(1)?;
    if choice.expanded && at >= last {
        let array = candidate.parameters[last].type_ref.clone()?;
        return Some(array.element().cloned().unwrap_or_else(known::object));
    }
    candidate.parameters.get(at)?.type_ref.clone()
}

/// Positive when the first type is the more specific one.
fn more_specific(one: Option<&TypeRef>, other: Option<&TypeRef>) -> i64 {
    let (Some(one), Some(other)) = (one, other) else {
        return 0;
    };
    if one == other {
        return 0;
    }
    let becomes = |from: &TypeRef, to: &TypeRef| {
        if from.is_a(to) {
            ASSIGNABLE
        } else if widens(from.code, to.code) {
            NUMERIC_IMPLICIT
        } else if from.code.is_numeric() && to.code.is_numeric() {
            NUMERIC_EXPLICIT
        } else if from.code == TypeCode::String && to.code.is_numeric() {
            NUMERIC_STRING
        } else if from.code == TypeCode::String && to.code == TypeCode::Char {
            PARSE
        } else if to.code == TypeCode::String {
            TO_STRING
        } else {
            NONE
        }
    };
    match becomes(one, other).cmp(&becomes(other, one)) {
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Less => -1,
        std::cmp::Ordering::Equal => 0,
    }
}

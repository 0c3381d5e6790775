//! The generic behaviour of a noun's verbs, driven by the declaration of its kind.
//!
//! A cmdlet without behaviour of its own whose noun declares a kind runs here:
//! the verb chooses the file, the kind says the rest.

pub mod conditions;
pub mod filter;
pub mod get;
pub mod grant;
pub mod link;
pub mod new;
pub mod remove;
pub mod set;
pub mod value;

use super::declaration::CmdletDeclaration;
use crate::model::error::ModelError;
use crate::model::kind::{Confirm, Kind, Output, Property};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{R, Unwind};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;
use std::rc::Rc;

/// Makes the generic behaviour of a cmdlet, if its noun has a kind and its verb a meaning.
pub fn behaviour(declaration: &Rc<CmdletDeclaration>) -> Option<Box<dyn Fn() -> Box<dyn Cmdlet>>> {
    let (verb, noun) = declaration.name.split_once('-')?;
    // The tenant's own cmdlets (`Get-EXOMailbox`) show the same objects.
    let noun = noun.strip_prefix("EXO").unwrap_or(noun);
    // Users of older servers are users.
    let noun = if noun == "CsLegacyUser" {
        "CsUser"
    } else {
        noun
    };
    let kind = super::kinds::find(noun)?;
    let subject = Subject {
        kind,
        declaration: declaration.clone(),
        verb: verb.into(),
    };
    if link::is_link(noun) {
        return Some(Box::new(move || Box::new(link::Link::new(subject.clone()))));
    }
    let acts_as = kind.verb(verb).and_then(|rule| rule.acts_as.as_deref());
    match acts_as.unwrap_or(verb).to_ascii_lowercase().as_str() {
        "get" => Some(Box::new(move || Box::new(get::Get::new(subject.clone())))),
        "new" => Some(Box::new(move || Box::new(new::New::new(subject.clone())))),
        "set" | "enable" | "disable" | "move" | "approve" | "clear" | "complete" | "lock"
        | "unlock" | "register" | "unregister" | "reset" | "restore" | "resume" | "retry"
        | "revoke" | "start" | "stop" | "suspend" | "update" => {
            Some(Box::new(move || Box::new(set::Set::new(subject.clone()))))
        }
        "remove" => Some(Box::new(move || {
            Box::new(remove::Remove::new(subject.clone()))
        })),
        "grant" if kind.grant.is_some() => Some(Box::new(move || {
            Box::new(grant::Grant::new(subject.clone()))
        })),
        _ => None,
    }
}

/// Writes what refused one object as an error, so that the pipeline goes on with the next.
pub fn refusals_written(vm: &mut Vm, result: R<()>) -> R<()> {
    match result {
        Err(unwind) => match *unwind {
            Unwind::Error(thrown) if !thrown.ends_script => vm.write_error(thrown.record),
            other => Err(Box::new(other)),
        },
        Ok(()) => Ok(()),
    }
}

/// What a generic cmdlet works on.
#[derive(Clone)]
pub struct Subject {
    /// The kind of its noun.
    pub kind: &'static Kind,
    /// Its declaration.
    pub declaration: Rc<CmdletDeclaration>,
    /// Its verb.
    pub verb: Rc<str>,
}

/// Parameters that say how, not what: never written into an object.
const CONTROLS: &[&str] = &[
    "Identity",
    "Instance",
    "InMemory",
    "Force",
    "PassThru",
    "WhatIf",
    "Confirm",
    "DomainController",
    "LocalStore",
    "Filter",
    "Tenant",
    "Credential",
    "ResultSize",
    "LdapFilter",
    "Organization",
    "OrganizationalUnit",
    "ReadFromDomainController",
    "IgnoreDefaultScope",
    "Parent",
    "Server",
    "PolicyName",
    "Target",
    "BypassDualWrite",
    "AsJob",
    "Report",
    "Global",
];

impl Subject {
    /// Writes the given parameters into an object.
    pub fn apply_parameters(&self, vm: &mut Vm, call: &Call, object: &mut Object) -> R<()> {
        let writable = self
            .kind
            .verb(&self.verb)
            .map(|rule| rule.properties.as_slice())
            .unwrap_or_default();
        for (name, given) in call.given() {
            if crate::runtime::common_parameters::is_common(&name, call.info.surface()) {
                continue;
            }
            let property = self.property_of(&name);
            let is_control = CONTROLS.iter().any(|c| c.eq_ignore_ascii_case(&name))
                && property.is_none_or(|p| p.key);
            if is_control || name.eq_ignore_ascii_case("Identity") {
                continue;
            }
            let Some(property) = property else { continue };
            if property.key {
                continue;
            }
            if !writable.is_empty()
                && !writable
                    .iter()
                    .any(|w| w.eq_ignore_ascii_case(&property.name))
            {
                continue;
            }
            let datum = self.changed_list(vm, object, &property.name, &given)?;
            let datum = match datum {
                Some(datum) => datum,
                None => value::value_datum(vm, &given, Some(property))?,
            };
            match property.parts() {
                Some(_) => object.set_parts(&property.name, datum),
                None => object.set(&property.name, datum),
            }
        }
        super::network_rules::settle(vm, call, &self.verb, object)?;
        if let Some(rule) = self.kind.verb(&self.verb) {
            for (name, datum) in &rule.assigns {
                object.set(name, datum.clone());
            }
            for name in &rule.clears {
                object.clear(name);
            }
        }
        Ok(())
    }

    fn property_of(&self, parameter: &str) -> Option<&'static Property> {
        self.kind
            .properties
            .iter()
            .find(|p| {
                p.parameter
                    .as_deref()
                    .unwrap_or(&p.name)
                    .eq_ignore_ascii_case(parameter)
            })
            .or_else(|| self.kind.property(parameter))
    }

    /// `@{Add=…; Remove=…; Replace=…}` changes a list instead of replacing it.
    fn changed_list(
        &self,
        vm: &mut Vm,
        object: &Object,
        name: &str,
        given: &Value,
    ) -> R<Option<Datum>> {
        let Value::Dict(table) = given.base() else {
            return Ok(None);
        };
        let known = ["add", "remove", "replace"];
        if table.is_empty()
            || !table.keys().iter().all(|k| {
                k.as_str()
                    .is_some_and(|k| known.contains(&k.to_ascii_lowercase().as_str()))
            })
        {
            return Ok(None);
        }
        let property = self.kind.property(name);
        let mut items = object.get(name).items().to_vec();
        let part = |vm: &mut Vm, key: &str| -> R<Vec<Datum>> {
            let Some(value) = table.get_str(key) else {
                return Ok(Vec::new());
            };
            Ok(match value::value_datum(vm, &value, property)? {
                Datum::List(list) => list,
                Datum::Null => Vec::new(),
                one => vec![one],
            })
        };
        if table.get_str("Replace").is_some() {
            items = part(vm, "Replace")?;
        }
        for datum in part(vm, "Remove")? {
            items.retain(|i| !is_same_item(property, i, &datum));
        }
        for datum in part(vm, "Add")? {
            if !items.iter().any(|i| is_same_item(property, i, &datum)) {
                items.push(datum);
            }
        }
        Ok(Some(Datum::List(items)))
    }

    /// Writes the object if the verb does, or if `-PassThru` asks for it.
    pub fn output(&self, vm: &mut Vm, call: &Call, object: &Object, default: Output) -> R<()> {
        let output = self
            .kind
            .verb(&self.verb)
            .and_then(|rule| rule.output)
            .unwrap_or(default);
        let wanted = match output {
            Output::Nothing => call.switch("PassThru"),
            Output::Object => true,
            Output::PassThru => call.switch("PassThru"),
        };
        if wanted {
            vm.write(value::object_value(object))
        } else {
            Ok(())
        }
    }

    /// Warns of properties that an object is left without and should have.
    pub fn warn_of_blanks(&self, vm: &mut Vm, object: &Object) -> R<()> {
        for property in &self.kind.properties {
            if let Some(warning) = &property.warn_blank
                && object.value_of(property).is_blank()
            {
                vm.write_warning(&object.expand(warning))?;
            }
        }
        Ok(())
    }

    /// Writes a refusal in the words of this noun: a view's property, not that of what it looks at.
    pub fn refuse(&self, vm: &mut Vm, error: ModelError) -> R<()> {
        let error = match error {
            ModelError::NotUnique {
                property,
                value,
                holder_noun,
                holder,
                identity,
            } if self.kind.view.is_some() && holder_noun == self.kind.stored_noun() => {
                let shown = self
                    .kind
                    .properties
                    .iter()
                    .find(|it| it.stored_name().eq_ignore_ascii_case(&property));
                ModelError::NotUnique {
                    property: shown.map_or(property, |it| it.name.clone()),
                    value,
                    holder_noun: self.kind.noun.clone(),
                    holder,
                    identity,
                }
            }
            other => other,
        };
        vm.write_fault(super::twin::model_fault(&error))
    }

    /// Asks before a change: by `-WhatIf` and `-Confirm`, and where the kind says so unless `-Force` is given.
    pub fn approve(&self, vm: &mut Vm, call: &Call, identity: &str) -> R<bool> {
        let action = call.info.name.clone();
        if !vm.should_process(call, identity, &action)? {
            return Ok(false);
        }
        let confirm = self
            .kind
            .verb(&self.verb)
            .map(|rule| rule.confirm)
            .unwrap_or_default();
        let asks = match confirm {
            Confirm::ByImpact => false,
            Confirm::UnlessForced => !call.switch("Force"),
            Confirm::Always => true,
        };
        let silenced = call.parameters.borrow().get("Confirm").is_some()
            || vm.overrides.confirm == Some(false);
        if asks && !silenced {
            let question = format!("{} will change \"{identity}\".", call.info.name);
            return vm.should_continue(&question, "Confirm");
        }
        Ok(true)
    }

    /// Identities given by argument or pipeline, as text.
    pub fn identities(&self, vm: &mut Vm, call: &Call) -> R<Vec<String>> {
        let mut found = Vec::new();
        let named_by = self.kind.named_by.iter().map(String::as_str);
        let tenant = ["UserPrincipalName", "PrimarySmtpAddress"];
        let of_tenant = self.declaration.name.contains("-EXO");
        let tenant = tenant.into_iter().filter(|_| of_tenant);
        for name in ["Identity", "Instance"]
            .into_iter()
            .chain(tenant)
            .chain(named_by)
        {
            if let Some((first, second)) = name.split_once(['+', '\\']) {
                let between = if name.contains('+') { '/' } else { '\\' };
                if let (Some(first), Some(second)) = (call.get(first), call.get(second)) {
                    let first = value::identity_text(vm, &first)?;
                    let second = value::identity_text(vm, &second)?;
                    found.push(format!("{first}{between}{second}"));
                    break;
                }
                continue;
            }
            let Some(given) = call.get(name) else {
                continue;
            };
            let items = match given.base() {
                Value::Array(_) | Value::List(_) => vm.enumerate(&given)?.unwrap_or_default(),
                _ => vec![given],
            };
            for item in &items {
                found.push(value::identity_text(vm, item)?);
            }
            break;
        }
        if found.is_empty()
            && !["Get", "New", "Add"].contains(&&*self.verb)
            && call.get("Filter").is_some()
        {
            return self.filtered(vm, call);
        }
        if found.is_empty()
            && self.kind.called.is_some()
            && matches!(
                &*self.verb.to_ascii_lowercase(),
                "disable" | "remove" | "set"
            )
            && let Some(container) = call.get("Server")
        {
            // What the server has, where its cmdlets name only the server.
            let container = value::identity_text(vm, &container)?;
            found.push(format!("{container}\\*"));
        }
        if self.kind.container_parameter().map(|(name, _)| name) == Some("Mailbox") {
            self.within_mailbox(vm, call, &mut found)?;
        }
        if let Some(owner) = &self.kind.owned_by {
            let store = vm.twin()?;
            for name in &mut found {
                if let Ok(owner) = store.find_one(owner, name) {
                    *name = owner.identity;
                }
            }
        }
        if let Some(owner) = &self.kind.one_each {
            let store = vm.twin()?;
            for name in &mut found {
                let owner = store.find_one(owner, name);
                *name = vm.model(owner)?.identity;
            }
        }
        Ok(found)
    }
}

impl Subject {
    /// What a mailbox has is looked for in the mailbox that is named, or else in that of who runs
    /// the cmdlet, if there is one.
    fn within_mailbox(&self, vm: &mut Vm, call: &Call, found: &mut Vec<String>) -> R<()> {
        if found.iter().any(|it| it.contains('\\')) {
            return Ok(());
        }
        let store = vm.twin()?;
        let mailbox = match call.get("Mailbox") {
            Some(given) => {
                let given = value::identity_text(vm, &given)?;
                let mailbox = store.find_one("Mailbox", &given);
                Some(vm.model(mailbox)?)
            }
            None => store.find_one("Mailbox", &vm.user_name()).ok(),
        };
        let Some(mailbox) = mailbox else {
            return Ok(());
        };
        if found.is_empty() {
            found.push("*".into());
        }
        for name in found {
            *name = format!("{}\\{name}", mailbox.identity);
        }
        Ok(())
    }

    /// The identities of the objects that `-Filter` keeps, for verbs that change what it finds.
    fn filtered(&self, vm: &mut Vm, call: &Call) -> R<Vec<String>> {
        let filter = filter::Filter::given(vm, call, self.kind)?;
        let conditions = conditions::Conditions::of(vm, call, self)?;
        let store = vm.twin()?;
        let listed = store.list(&self.kind.noun);
        let mut found = Vec::new();
        for object in vm.model(listed)? {
            let object = vm.model(object)?;
            if conditions.accept(&object) && filter.accepts(vm, &object)? {
                found.push(object.identity);
            }
        }
        Ok(found)
    }
}

/// Whether two items of a list are the same one; parts of an object are known by their names.
fn is_same_item(property: Option<&Property>, one: &Datum, other: &Datum) -> bool {
    let kind = property
        .and_then(Property::parts)
        .and_then(super::kinds::find);
    let name = |item: &Datum| match (kind, item) {
        (Some(kind), Datum::Record(record)) => crate::store::part_name(kind, record),
        _ => None,
    };
    match (name(one), name(other)) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(&other),
        _ => one.same(other),
    }
}

/// A transaction that a pipeline's changes share: begun with the first change, ended with the cmdlet.
#[derive(Default)]
pub struct SharedTransaction {
    store: Option<Rc<Store>>,
}

impl SharedTransaction {
    /// The store, inside the transaction.
    pub fn open(&mut self, vm: &mut Vm, call: &Call) -> R<Rc<Store>> {
        if let Some(store) = &self.store {
            return Ok(store.clone());
        }
        let store = vm.sign_changes(call)?;
        if call.expecting_input {
            let begun = store.begin();
            vm.model(begun)?;
            self.store = Some(store.clone());
        }
        Ok(store)
    }

    /// Makes the changes durable.
    pub fn close(&mut self, vm: &mut Vm) -> R<()> {
        match self.store.take() {
            Some(store) => {
                let committed = store.commit();
                vm.model(committed)
            }
            None => Ok(()),
        }
    }
}

//! `Get-`: objects of a kind, by identity or filter, from the central store or this computer's copy.

use super::Subject;
use super::conditions::Conditions;
use super::filter::Filter;
use super::value::object_value;
use crate::model::identity::{self, Scope};
use crate::model::kind::IdentityForm;
use crate::model::object::Object;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::Member;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// One call of Get.
pub struct Get {
    subject: Subject,
    conditions: Conditions,
    /// How many objects the call may write.
    limit: usize,
    written: usize,
    /// With each mailbox, show how it was moved.
    with_moves: bool,
}

impl Get {
    /// For a noun.
    pub fn new(subject: Subject) -> Get {
        Get {
            subject,
            conditions: Conditions::default(),
            limit: usize::MAX,
            written: 0,
            with_moves: false,
        }
    }

    fn by_identity(&mut self, vm: &mut Vm, call: &Call, typed: &str, filter: &Filter) -> R<()> {
        let store = vm.twin()?;
        let kind = self.subject.kind;
        if call.switch("LocalStore") {
            let computer = vm.deployment_computer()?;
            let view = store.local_store(&computer);
            let view = vm.model(view)?;
            let normal = identity::normalise(kind, typed);
            let normal = vm.model(normal)?;
            let found = view.get(&kind.noun, &normal);
            return match vm.model(found)? {
                Some(object) => self.write(vm, &object),
                None => {
                    let error = crate::model::constraint::not_found(kind, &normal);
                    vm.write_fault(crate::cmdlet::twin::model_fault(&error))
                }
            };
        }
        let open = matches!(
            kind.identity,
            IdentityForm::User | IdentityForm::Directory { .. }
        );
        if let Some(parent) = self.parent(typed) {
            return self.listed(vm, call, &parent.and(filter.clone()));
        }
        if open || !identity::has_wildcard(typed) {
            let found = store.find(&kind.noun, typed);
            let found = vm.model(found)?;
            let mut matching: Vec<Object> = found.into_iter().collect();
            if matching.is_empty() && kind.one_each.is_some() {
                matching.push(Object::new(kind, typed));
            }
            if matching.is_empty() && !(open && identity::has_wildcard(typed)) {
                let missing = store.find_one(&kind.noun, typed);
                return match missing {
                    Ok(object) => self.write(vm, &object),
                    Err(error) => vm.write_fault(crate::cmdlet::twin::model_fault(&error)),
                };
            }
            return self.offer(vm, matching, filter).map(drop);
        }
        self.listed(vm, call, &Filter::identity(typed))
    }

    fn listed(&mut self, vm: &mut Vm, call: &Call, filter: &Filter) -> R<()> {
        let store = vm.twin()?;
        let kind = self.subject.kind;
        if call.switch("LocalStore") {
            let computer = vm.deployment_computer()?;
            let view = store.local_store(&computer);
            let objects = vm.model(view)?.list(&kind.noun);
            let objects = vm.model(objects)?;
            return self.offer(vm, objects, filter).map(drop);
        }
        // Objects with an order among their like come in it.
        if kind.order().is_some() {
            let listed = store.in_order(kind);
            let objects = vm.model(listed)?;
            return self.offer(vm, objects, filter).map(drop);
        }
        let mut page = crate::store::Page::default();
        loop {
            let next = store.page(kind, &mut page);
            let objects = vm.model(next)?;
            if objects.is_empty() {
                break;
            }
            if !self.offer(vm, objects, filter)? {
                return Ok(());
            }
            vm.check_interrupt()?;
        }
        let gathered = store.gathered(kind);
        let objects = vm.model(gathered)?;
        self.offer(vm, objects, filter).map(drop)
    }

    /// Writes those objects that the call asks for; whether it may write more.
    fn offer(
        &mut self,
        vm: &mut Vm,
        objects: impl IntoIterator<Item = Object>,
        filter: &Filter,
    ) -> R<bool> {
        for object in objects {
            if self.written >= self.limit {
                return Ok(false);
            }
            if self.conditions.accept(&object) && filter.accepts(vm, &object)? {
                self.write(vm, &object)?;
            }
        }
        Ok(true)
    }

    fn write(&mut self, vm: &mut Vm, object: &Object) -> R<()> {
        self.written += 1;
        let shown = if object.kind.noun == "CsAdminRole" {
            object_value(&crate::cmdlet::admin_roles::with_cmdlets(object))
        } else {
            object_value(object)
        };
        if self.with_moves
            && let Value::Custom(custom) = &shown
        {
            let moves = vm.twin()?.find("MoveRequest", &object.identity);
            let moves = vm.model(moves)?.iter().map(object_value).collect();
            let history = Member::Note(Value::array(moves));
            custom.members.set("MoveHistory", history);
        }
        vm.write(shown)
    }
}

impl Get {
    /// The filter for all objects of a parent, if an identity names a parent: a scope or service
    /// whose objects are called `<parent>/<name>`.
    fn parent(&self, typed: &str) -> Option<Filter> {
        let kind = self.subject.kind;
        if typed.contains('/') || identity::has_wildcard(typed) {
            return None;
        }
        match &kind.identity {
            IdentityForm::Child { .. } => {
                let normal = identity::normalise(kind, &format!("{typed}/-")).ok()?;
                let parent = normal.strip_suffix('-')?;
                Some(Filter::identity(&format!("{parent}*")))
            }
            IdentityForm::Name if kind.view.is_none() && kind.noun != "CsService" => {
                let Scope::Service(role, fqdn) = Scope::parse(typed) else {
                    return None;
                };
                if !role.chars().all(char::is_alphabetic) || role.is_empty() {
                    return None;
                }
                let plain = Filter::identity(&format!("{role}:{fqdn}/*"));
                let named = Filter::identity(&format!("service:{role}:{fqdn}/*"));
                Some(Filter::Or(Box::new(plain), Box::new(named)))
            }
            _ => None,
        }
    }
}

impl Cmdlet for Get {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let filter = Filter::given(vm, call, self.subject.kind)?;
        let filter = self.with_parameters(vm, call, filter)?;
        self.conditions = Conditions::of(vm, call, &self.subject)?;
        if let Some(size) = call.get("ResultSize") {
            let size = vm.to_text(&size)?;
            self.limit = size.parse().unwrap_or(usize::MAX);
        }
        self.with_moves = call.switch("IncludeMoveHistory") || call.switch("IncludeMoveReport");
        let mut identities = self.subject.identities(vm, call)?;
        // This computer, which is the one that the session is on.
        if call.switch("Local") {
            identities.push(vm.deployment_computer()?.to_string());
        }
        if identities.is_empty() {
            return self.listed(vm, call, &filter);
        }
        for typed in identities {
            self.by_identity(vm, call, &typed, &filter)?;
        }
        Ok(())
    }
}

impl Get {
    /// Further parameters that name a property keep only the objects that have the value.
    fn with_parameters(&self, vm: &mut Vm, call: &Call, filter: Filter) -> R<Filter> {
        let mut filter = filter;
        for (name, value) in call.given() {
            if super::CONTROLS
                .iter()
                .any(|c| c.eq_ignore_ascii_case(&name))
                || name.eq_ignore_ascii_case("Site")
                || self
                    .subject
                    .kind
                    .container_parameter()
                    .is_some_and(|(it, _)| it == "Mailbox" && name.eq_ignore_ascii_case(it))
                || super::conditions::LISTS
                    .iter()
                    .any(|it| it.eq_ignore_ascii_case(&name))
                || matches!(value.base(), Value::Switch(_))
            {
                continue;
            }
            if let Some(property) = self.subject.property_of(&name) {
                let datum = super::value::value_datum(vm, &value, Some(property))?;
                let datum = crate::cmdlet::application::named(self.subject.kind, &name, datum);
                filter = filter.and_equals(&property.name, datum);
            }
        }
        Ok(filter)
    }
}

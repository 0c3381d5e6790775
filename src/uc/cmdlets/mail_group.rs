//! Groups of the directory that get addresses, and that lose them again.

use super::answer::{fault, refuse, text, write_object};
use super::mail_user::described;
use crate::cmdlet::exchange_rules::group_type;
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Enable-DistributionGroup", || Box::new(Enable)),
    ("Disable-DistributionGroup", || Box::new(Disable)),
];

/// The property of a distribution group that says what permissions it can have.
const TYPE: &str = "Type";

struct Enable;

impl Cmdlet for Enable {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let group = match store.find_one("ADGroup", &typed) {
            Ok(group) => group,
            Err(error) => match store.find_one("DistributionGroup", &typed) {
                Ok(known) => return not_possible(vm, call, &known, "has mail already"),
                Err(_) => return refuse(vm, &error),
            },
        };
        let name = group.text("Name");
        let known = store.find("DistributionGroup", &name);
        if let Some(known) = vm.model(known)?.first() {
            return not_possible(vm, call, known, "has mail already");
        }
        if group.text("GroupScope") != "Universal" {
            return not_possible(vm, call, &group, "is not a universal group");
        }
        let kind = store.kind("DistributionGroup");
        let mut made = Object::new(vm.model(kind)?, name);
        made.set(TYPE, group.get("GroupCategory"));
        made.set("DistinguishedName", Datum::text(group.identity.as_str()));
        let mut made = described(vm, call, "DistributionGroup", made)?;
        group_type(call, &mut made);
        if !vm.should_process(call, &made.identity, &call.info.name)? {
            return Ok(());
        }
        match store.create(made) {
            Ok(made) => write_object(vm, &made),
            Err(error) => refuse(vm, &error),
        }
    }
}

fn not_possible(vm: &mut Vm, call: &Call, group: &Object, why: &str) -> R<()> {
    vm.write_fault(fault(
        "RecipientTypeInvalid",
        Category::InvalidArgument,
        format!(
            "\"{}\" {why}: {} works on universal groups without mail.",
            group.text("Name"),
            call.info.name
        ),
        &group.identity,
    ))
}

/// The group stays in the directory.
struct Disable;

impl Cmdlet for Disable {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let group = match store.find_one("DistributionGroup", &typed) {
            Ok(group) => group,
            Err(error) => return refuse(vm, &error),
        };
        if !vm.should_process(call, &group.identity, &call.info.name)? {
            return Ok(());
        }
        match store.atomic(|| take_mail(&store, &group)) {
            Ok(()) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

fn take_mail(store: &Store, group: &Object) -> Result<(), ModelError> {
    store.remove(group.kind, &group.identity)?;
    let name = group.text("DistinguishedName");
    if name.is_empty() || !store.find("ADGroup", &name)?.is_empty() {
        return Ok(());
    }
    let secure = group.text(TYPE).eq_ignore_ascii_case("Security");
    let category = if secure { "Security" } else { "Distribution" };
    let left = Object::new(store.kind("ADGroup")?, name)
        .with("GroupCategory", category)
        .with("GroupScope", "Universal")
        .with("SamAccountName", group.text("SamAccountName").as_str());
    store.create(left).map(drop)
}

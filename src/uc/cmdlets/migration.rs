//! Moving in and about: what an older product left (its normalization rules in a file, its settings and
//! topology), contacts that come back from Exchange, endpoints of applications that go to another pool.

use super::answer::{fault, refuse, text, write_object};
use super::file::{read_text, write_text};
use super::maintenance::topology_xml;
use crate::cmdlet::registry::Factory;
use crate::model::error::ModelError;
use crate::model::identity::{fold, normalise};
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::text::guid::Guid;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Import-CsCompanyPhoneNormalizationRules", || {
        Box::new(ImportRules)
    }),
    ("Import-CsLegacyConferenceDirectory", || Box::new(Legacy)),
    ("Import-CsLegacyConfiguration", || Box::new(Legacy)),
    ("Merge-CsLegacyTopology", || Box::new(Legacy)),
    ("Invoke-CsUcsRollback", || Box::new(Rollback)),
    ("Move-CsApplicationEndpoint", || Box::new(MoveEndpoint)),
];

/// The rules of the text file that older address book servers read: a pattern and below it what
/// becomes of the number, with comments after `#`.
struct ImportRules;

/// The pairs of pattern and translation in the text of such a file.
fn rules(content: &str) -> Vec<(String, String)> {
    let mut lines = content
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut found = Vec::new();
    while let (Some(pattern), Some(translation)) = (lines.next(), lines.next()) {
        // The file knows no anchors: a pattern is for the whole number.
        let pattern = format!(
            "^{}$",
            pattern.trim_start_matches('^').trim_end_matches('$')
        );
        found.push((pattern, translation.to_owned()));
    }
    found
}

impl Cmdlet for ImportRules {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let path = text(vm, call, "FileName")?.unwrap_or_default();
        let named = super::answer::first_text(vm, call, &["Identity", "Instance"])?;
        let content = read_text(vm, &path)?;
        let store = vm.sign_changes(call)?;
        let settings = vm.model(store.kind("CsAddressBookNormalizationConfiguration"))?;
        let scope = normalise(settings, &named.unwrap_or_else(|| "Global".into()));
        let scope = vm.model(scope)?;
        if let Err(error) = store.find_one("CsAddressBookNormalizationConfiguration", &scope) {
            return refuse(vm, &error);
        }
        if !vm.should_process(call, &scope, &call.info.name.clone())? {
            return Ok(());
        }
        let kind = vm.model(store.kind("CsAddressBookNormalizationRule"))?;
        let within = fold(&format!("{scope}/"));
        let mut known = Vec::new();
        let listed = store.list(&kind.noun);
        for rule in vm.model(listed)? {
            let rule = vm.model(rule)?;
            if fold(&rule.identity).starts_with(&within) {
                known.push((rule.text("Pattern"), rule.text("Translation")));
            }
        }
        for rule in rules(&content) {
            if known.contains(&rule) {
                continue;
            }
            // The file has no names for its rules.
            let object = Object::new(kind, format!("{scope}/{}", Guid::new()))
                .with("Pattern", Datum::Text(rule.0))
                .with("Translation", Datum::Text(rule.1));
            let made = store.create(object);
            vm.model(made)?;
        }
        Ok(())
    }
}

/// What an older product beside this one would be asked for: there is none, so nothing comes. The
/// merged topology is this one.
struct Legacy;

impl Cmdlet for Legacy {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        if let Some(edges) = text(vm, call, "UserInputFileName")? {
            read_text(vm, &edges)?;
        }
        let name = call.info.name.clone();
        if !vm.should_process(call, "the deployment", &name)? {
            return Ok(());
        }
        if let Some(path) = text(vm, call, "TopologyXmlFileName")? {
            let xml = topology_xml(vm)?;
            write_text(vm, &path, &xml)?;
        }
        let done = format!("{name}: no deployment of an older product is beside this one.");
        if let Some(path) = text(vm, call, "Report")? {
            write_text(vm, &path, &format!("<html><body>{done}</body></html>\n"))?;
        }
        vm.write_verbose(&done)
    }
}

/// Contacts that were kept in Exchange are kept by the pool again.
struct Rollback;

impl Cmdlet for Rollback {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let user = match store.find_one("CsUser", &typed) {
            Ok(user) => user,
            Err(error) => return refuse(vm, &error),
        };
        if !vm.should_process(call, &user.identity, &call.info.name.clone())? {
            return Ok(());
        }
        let noted = store.set_setting(&format!("contacts {}", fold(&user.identity)), "pool");
        vm.model(noted)?;
        if call.switch("PassThru") {
            write_object(vm, &user)?;
        }
        Ok(())
    }
}

/// An endpoint goes to the same application on another pool.
struct MoveEndpoint;

impl Cmdlet for MoveEndpoint {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let target = text(vm, call, "TargetApplicationPool")?.unwrap_or_default();
        let endpoint = match store.find_one("CsTrustedApplicationEndpoint", &typed) {
            Ok(endpoint) => endpoint,
            Err(error) => return refuse(vm, &error),
        };
        let pool = match store.find_one("CsTrustedApplicationPool", &target) {
            Ok(pool) => pool.identity,
            Err(error) => return refuse(vm, &error),
        };
        let pool = pool.rsplit(':').next().unwrap_or_default().to_owned();
        let application = format!("{pool}/urn:application:{}", endpoint.text("ApplicationId"));
        if let Err(error) = store.find_one("CsTrustedApplication", &application) {
            return refuse(vm, &error);
        }
        let stays = fold(&endpoint.text("TrustedApplicationPoolFqdn")) == fold(&pool);
        if stays && !call.switch("Force") {
            let message = format!(
                "The endpoint is on \"{pool}\" already. Use -Force to bring its directory object up to date there."
            );
            let category = Category::InvalidOperation;
            return vm.write_fault(fault("SameApplicationPool", category, message, &typed));
        }
        if !vm.should_process(call, &endpoint.identity, &call.info.name.clone())? {
            return Ok(());
        }
        let moved = store.modify(endpoint.kind, &endpoint.identity, |stored| {
            stored.set("TrustedApplicationPoolFqdn", Datum::text(&pool));
            Ok::<(), ModelError>(())
        });
        match moved {
            Ok((after, _)) if call.switch("PassThru") => write_object(vm, &after),
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_file_of_rules_has_a_pattern_and_below_it_its_translation() {
        let file = "# our numbers\n\n(\\d{5})\n+1425555$1\n## more\n^9(\\d+)$\n+$1\nalone\n";
        let expected = [("^(\\d{5})$", "+1425555$1"), ("^9(\\d+)$", "+$1")];
        let found = super::rules(file);
        let found: Vec<(&str, &str)> = found.iter().map(|(a, b)| (&**a, &**b)).collect();
        assert_eq!(found, expected);
    }
}

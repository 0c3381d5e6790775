//! Members and permissions: objects that join two others. `Add-` makes one, `Remove-` takes it away,
//! `Get-` shows those of an owner, `Update-` replaces them all.

use super::value::{identity_text, object_value};
use super::{Subject, value};
use crate::cmdlet::twin::model_fault;
use crate::model::identity::fold;
use crate::model::kind::Kind;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::object::Member;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::Store;

/// The nouns of such objects, with the kinds of their owners (none: not checked).
const LINKS: &[(&str, &[&str])] = &[
    ("DistributionGroupMember", &["DistributionGroup"]),
    ("RoleGroupMember", &["RoleGroup"]),
    ("MailboxPermission", &["Mailbox"]),
    (
        "RecipientPermission",
        &["Mailbox", "DistributionGroup", "MailUser", "MailContact"],
    ),
    ("MailboxFolderPermission", &[]),
    ("ADPermission", &[]),
    ("ManagementRoleEntry", &[]),
];

/// The parameters that name the other side.
const OTHER: &[&str] = &["Member", "User", "Trustee", "Members", "Instance"];

/// Whether a noun's objects join two others.
pub fn is_link(noun: &str) -> bool {
    LINKS
        .iter()
        .any(|(known, _)| known.eq_ignore_ascii_case(noun))
}

/// One call on such an object.
pub struct Link {
    subject: Subject,
}

impl Link {
    /// For a noun.
    pub fn new(subject: Subject) -> Link {
        Link { subject }
    }

    /// The owner as it is stored, or the text it was named by where owners are not checked.
    fn owner(&self, store: &Store, typed: &str) -> Result<String, crate::model::error::ModelError> {
        let nouns = LINKS
            .iter()
            .find(|(noun, _)| noun.eq_ignore_ascii_case(&self.subject.kind.noun))
            .map_or(&[][..], |(_, owners)| owners);
        if let Some((mailbox, folder)) = typed.split_once(":\\") {
            // A folder is called by its mailbox and path, however the mailbox was named.
            let mailbox = store.find_one("Mailbox", mailbox)?;
            return Ok(format!("{}:\\{folder}", mailbox.identity));
        }
        let mut missing = None;
        for noun in nouns {
            match store.find_one(noun, typed) {
                Ok(owner) => return Ok(owner.identity),
                Err(error) => missing = Some(error),
            }
        }
        missing.map_or_else(|| Ok(typed.to_owned()), Err)
    }

    /// A recipient or account as it is stored, or the text that named it.
    fn other(store: &Store, typed: &str) -> String {
        [
            "Mailbox",
            "ADUser",
            "MailContact",
            "DistributionGroup",
            "ADGroup",
        ]
        .iter()
        .find_map(|noun| store.find_one(noun, typed).ok())
        .map_or_else(|| typed.to_owned(), |found| found.identity)
    }

    /// Whether these are the permissions of a folder of a mailbox.
    fn of_folder(&self) -> bool {
        self.subject.kind.noun == "MailboxFolderPermission"
    }

    /// What everybody may do with a folder on which nothing else was said.
    fn standing(&self, owner: &str, known: &[Object]) -> Vec<Object> {
        let Some((_, folder)) = owner.split_once(":\\").filter(|_| self.of_folder()) else {
            return Vec::new();
        };
        let calendar = folder.eq_ignore_ascii_case("Calendar");
        let default = if calendar { "AvailabilityOnly" } else { "None" };
        [("Default", default), ("Anonymous", "None")]
            .into_iter()
            .filter(|(user, _)| !known.iter().any(|it| fold(&it.text("Other")) == fold(user)))
            .map(|(user, right)| {
                let mut link = Object::new(self.subject.kind, format!("{owner}/{user}"));
                link.set("Owner", Datum::text(owner));
                link.set("Other", Datum::text(user));
                link.set("AccessRights", Datum::List(vec![Datum::text(right)]));
                link
            })
            .collect()
    }

    /// Delegates of a folder become users with the same rights.
    fn reset_delegates(&self, vm: &mut Vm, call: &Call, store: &Store, owner: &str) -> R<()> {
        if !self.subject.approve(vm, call, owner)? {
            return Ok(());
        }
        for link in self.of_owner(vm, store, owner)? {
            let mut wanted = link.clone();
            wanted.set("SharingPermissionFlags", Datum::text("None"));
            let changed = store.change(&link, &wanted);
            vm.model(changed)?;
        }
        Ok(())
    }

    fn others(&self, vm: &mut Vm, call: &Call) -> R<Vec<String>> {
        let mut list = Vec::new();
        for name in OTHER {
            for item in call.items(name) {
                list.push(identity_text(vm, &item)?);
            }
        }
        Ok(list)
    }

    /// The stored links of an owner.
    fn of_owner(&self, vm: &mut Vm, store: &Store, owner: &str) -> R<Vec<Object>> {
        let listed = store.list(&self.subject.kind.noun);
        let mut found = Vec::new();
        for link in vm.model(listed)? {
            let link = vm.model(link)?;
            if fold(&link.text("Owner")) == fold(owner) {
                found.push(link);
            }
        }
        Ok(found)
    }

    /// A new link of two objects, not stored yet.
    pub fn joining(store: &Store, kind: &'static Kind, owner: &str, other: &str) -> Object {
        let other = Link::other(store, other);
        let mut link = Object::new(kind, format!("{owner}/{other}"));
        link.set("Owner", Datum::text(owner));
        link.set("Other", Datum::Text(other));
        link
    }

    fn add(&self, vm: &mut Vm, call: &Call, store: &Store, owner: &str, other: &str) -> R<()> {
        let mut link = Link::joining(store, self.subject.kind, owner, other);
        for name in [
            "AccessRights",
            "ExtendedRights",
            "InheritanceType",
            "Deny",
            "Parameters",
        ] {
            if let Some(given) = call.get(name) {
                let datum = value::value_datum(vm, &given, self.subject.kind.property(name))?;
                link.set(name, datum);
            }
        }
        if self.of_folder() {
            if let Some(flags) = call.get("SharingPermissionFlags") {
                let flags = vm.to_text(&flags)?;
                link.set("SharingPermissionFlags", Datum::Text(flags));
            }
            if call.has("SendNotificationToUser") && !call.has("SharingPermissionFlags") {
                link.set("SharingPermissionFlags", Datum::text("None"));
            }
            if store
                .find_one(&self.subject.kind.noun, &link.identity)
                .is_ok()
            {
                return vm.write_fault(entry_fault(
                    "UserAlreadyExistsInPermissionEntryException",
                    format!("An existing permission entry was found for user: {other}."),
                    &link.identity,
                ));
            }
        }
        let permission = !self.subject.kind.noun.ends_with("Member");
        if permission && let Ok(known) = store.find_one(&self.subject.kind.noun, &link.identity) {
            // A right that is there already is no error; other rights of the same user join it.
            let mut rights = known.texts("AccessRights");
            for right in link.texts("AccessRights") {
                if !rights.iter().any(|it| fold(it) == fold(&right)) {
                    rights.push(right);
                }
            }
            let mut wanted = known.clone();
            wanted.set(
                "AccessRights",
                Datum::List(rights.into_iter().map(Datum::Text).collect()),
            );
            return match store.change(&known, &wanted) {
                Ok((_, false)) => vm.write_warning(&format!(
                    "\"{other}\" has this permission on \"{owner}\" already."
                )),
                Ok((after, true)) => vm.write(shown(store, &after)),
                Err(error) => vm.write_fault(model_fault(&error)),
            };
        }
        let quiet = self.subject.verb.eq_ignore_ascii_case("set");
        match store.create(link) {
            Ok(made) if !quiet && !self.subject.kind.noun.ends_with("Member") => {
                vm.write(shown(store, &made))
            }
            Ok(_) => Ok(()),
            Err(error) => vm.write_fault(model_fault(&error)),
        }
    }
}

/// A link as its Get writes it: with the names of the two that it joins; a member as the recipient
/// that it is.
fn shown(store: &Store, link: &Object) -> Value {
    if link.kind.noun.ends_with("Member")
        && let Ok(recipient) = store.find_one("Recipient", &link.text("Other"))
    {
        return object_value(&recipient);
    }
    let value = object_value(link);
    if let Value::Custom(custom) = &value {
        let other = link.text("Other");
        let set =
            |name: &str, text: String| custom.members.set(name, Member::Note(Value::str(text)));
        if link.kind.noun.ends_with("Member") {
            let name = store
                .find_one("ADUser", &other)
                .map_or(other.clone(), |user| user.text("Name"));
            set("Name", name);
            set("Identity", other);
        } else {
            let owner = link.text("Owner");
            if let Some((_, folder)) = owner.split_once(":\\") {
                let name = folder.rsplit('\\').next().unwrap_or(folder);
                set("FolderName", name.to_owned());
            }
            set("Identity", owner);
            set("User", other);
            let inherited = Member::Note(Value::Bool(false));
            custom.members.set("IsInherited", inherited);
            let denied = Member::Note(Value::Bool(link.flag("Deny")));
            custom.members.set("Deny", denied);
        }
    }
    value
}

impl Cmdlet for Link {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let verb = self.subject.verb.to_ascii_lowercase();
        let Some(typed) = self.subject.identities(vm, call)?.into_iter().next() else {
            if verb == "get" {
                let listed = store.list(&self.subject.kind.noun);
                for link in vm.model(listed)? {
                    let link = vm.model(link)?;
                    vm.write(shown(&store, &link))?;
                }
            }
            return Ok(());
        };
        let owner = match self.owner(&store, &typed) {
            Ok(owner) => owner,
            Err(error) => return vm.write_fault(model_fault(&error)),
        };
        let others = self.others(vm, call)?;
        match &*verb {
            "get" => self.show(vm, &store, &owner, &others),
            "remove" if call.switch("ResetDelegateUserCollection") => {
                self.reset_delegates(vm, call, &store, &owner)
            }
            "remove" => self.remove(vm, call, &store, &owner, &others),
            verb => self.relate(vm, call, verb, &store, &owner, &others),
        }
    }
}

impl Link {
    /// Shows the links of an owner, all or those to some others.
    fn show(&self, vm: &mut Vm, store: &Store, owner: &str, others: &[String]) -> R<()> {
        let known = self.of_owner(vm, store, owner)?;
        let mut all = self.standing(owner, &known);
        all.extend(known);
        for link in all {
            let other = fold(&link.text("Other"));
            let wanted = others.is_empty()
                || others
                    .iter()
                    .any(|it| fold(&Link::other(store, it)) == other);
            if wanted {
                vm.write(shown(store, &link))?;
            }
        }
        Ok(())
    }

    /// Takes links away; one that is not there is an error for members and a warning else.
    fn remove(
        &self,
        vm: &mut Vm,
        call: &Call,
        store: &Store,
        owner: &str,
        others: &[String],
    ) -> R<()> {
        let links = self.of_owner(vm, store, owner)?;
        for other in others {
            let full = fold(&Link::other(store, other));
            let found = links.iter().find(|link| fold(&link.text("Other")) == full);
            let Some(found) = found else {
                if !self.subject.kind.noun.ends_with("Member") {
                    vm.write_warning(&format!(
                        "\"{other}\" has no such permission on \"{owner}\": nothing to remove."
                    ))?;
                    continue;
                }
                let error = crate::model::constraint::not_found(self.subject.kind, other);
                vm.write_fault(model_fault(&error))?;
                continue;
            };
            if self.subject.approve(vm, call, &found.identity)? {
                let removed = store.remove(self.subject.kind, &found.identity);
                vm.model(removed)?;
            }
        }
        Ok(())
    }

    /// Adds links; `Set` and `Update` replace those that are there.
    fn relate(
        &self,
        vm: &mut Vm,
        call: &Call,
        verb: &str,
        store: &Store,
        owner: &str,
        others: &[String],
    ) -> R<()> {
        if !self.subject.approve(vm, call, owner)? {
            return Ok(());
        }
        let kept = match verb == "set" && self.of_folder() {
            true => match self.kept_flags(vm, store, owner, others)? {
                Ok(kept) => kept,
                Err(refusal) => return vm.write_fault(refusal),
            },
            false => Vec::new(),
        };
        if verb == "update" || verb == "set" {
            let replaced: Vec<String> = others
                .iter()
                .map(|it| fold(&Link::other(store, it)))
                .collect();
            for link in self.of_owner(vm, store, owner)? {
                if verb == "set" && !replaced.contains(&fold(&link.text("Other"))) {
                    continue;
                }
                let removed = store.remove(self.subject.kind, &link.identity);
                vm.model(removed)?;
            }
        }
        for other in others {
            self.add(vm, call, store, owner, other)?;
        }
        if call.has("SharingPermissionFlags") || call.has("SendNotificationToUser") {
            return Ok(());
        }
        // Who was a delegate stays one unless the call says otherwise.
        for (other, flags) in kept {
            let noun = &self.subject.kind.noun;
            if let Ok(link) = store.find_one(noun, &format!("{owner}/{other}")) {
                let mut wanted = link.clone();
                wanted.set("SharingPermissionFlags", flags);
                let changed = store.change(&link, &wanted);
                vm.model(changed)?;
            }
        }
        Ok(())
    }

    /// Who was a delegate of a folder, to stay one; or the refusal of one who has no entry there.
    fn kept_flags(
        &self,
        vm: &mut Vm,
        store: &Store,
        owner: &str,
        others: &[String],
    ) -> R<Result<Vec<(String, Datum)>, Fault>> {
        let mut kept = Vec::new();
        let known = self.of_owner(vm, store, owner)?;
        for other in others {
            let full = fold(&Link::other(store, other));
            let entry = known.iter().find(|it| fold(&it.text("Other")) == full);
            let standing = ["default", "anonymous"].contains(&&*full);
            match entry {
                Some(entry) => kept.push((full, entry.get("SharingPermissionFlags"))),
                None if standing => {}
                None => {
                    let message =
                        format!("There is no existing permission entry found for user: {other}.");
                    let id = "UserNotFoundInPermissionEntryException";
                    return Ok(Err(entry_fault(id, message, owner)));
                }
            }
        }
        Ok(Ok(kept))
    }
}

/// A refusal about an entry of a folder's permissions.
fn entry_fault(id: &str, message: String, target: &str) -> Fault {
    Fault::of(
        "System.InvalidOperationException",
        id,
        Category::InvalidOperation,
        message,
    )
    .target(Value::str(target))
}

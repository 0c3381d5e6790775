//! The folders of mailboxes: those that each has from the start. The deployment keeps no items in them.

use super::answer::{fault, refuse, text};
use crate::cmdlet::registry::Factory;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, R};
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[("Get-MailboxFolderStatistics", || Box::new(Statistics))];

/// A folder: its path, its type, and the class of what it holds.
type Folder = (&'static str, &'static str, &'static str);

/// What a mailbox has.
const FOLDERS: &[Folder] = &[
    ("/Top of Information Store", "Root", ""),
    ("/Calendar", "Calendar", "IPF.Appointment"),
    ("/Contacts", "Contacts", "IPF.Contact"),
    ("/Conversation History", "ConversationHistory", "IPF.Note"),
    ("/Deleted Items", "DeletedItems", "IPF.Note"),
    ("/Drafts", "Drafts", "IPF.Note"),
    ("/Inbox", "Inbox", "IPF.Note"),
    ("/Journal", "Journal", "IPF.Journal"),
    ("/Junk Email", "JunkEmail", "IPF.Note"),
    ("/Notes", "Notes", "IPF.StickyNote"),
    ("/Outbox", "Outbox", "IPF.Note"),
    ("/Sent Items", "SentItems", "IPF.Note"),
    ("/Sync Issues", "SyncIssues", "IPF.Note"),
    ("/Tasks", "Tasks", "IPF.Task"),
];

/// What a user has deleted for good, until the time for taking it back is over.
const RECOVERABLE: &[Folder] = &[
    ("/Recoverable Items", "RecoverableItemsRoot", ""),
    ("/Deletions", "RecoverableItemsDeletions", ""),
    ("/DiscoveryHolds", "RecoverableItemsDiscoveryHolds", ""),
    ("/Purges", "RecoverableItemsPurges", ""),
    ("/Versions", "RecoverableItemsVersions", ""),
];

/// What an archive has of the first list.
const ARCHIVED: &[&str] = &["Root", "DeletedItems"];

/// Lists the folders of a mailbox with what is in them: nothing.
struct Statistics;

impl Cmdlet for Statistics {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let Some(typed) = text(vm, call, "Identity")? else {
            return Ok(());
        };
        let mailbox = match store.find_one("Mailbox", &typed) {
            Ok(mailbox) => mailbox,
            Err(error) => return refuse(vm, &error),
        };
        let archive = call.switch("Archive");
        let archives = ["ArchiveStatus", "ArchiveGuid", "ArchiveName"];
        if archive && archives.iter().all(|it| mailbox.text(it).is_empty()) {
            return vm.write_fault(fault(
                "ArchiveNotEnabled",
                Category::InvalidOperation,
                format!("The mailbox \"{}\" has no archive.", mailbox.identity),
                &mailbox.identity,
            ));
        }
        let scope = text(vm, call, "FolderScope")?.unwrap_or_else(|| "All".into());
        let all = scope.eq_ignore_ascii_case("All");
        let recoverable = scope.eq_ignore_ascii_case("RecoverableItems");
        let normal = FOLDERS.iter().filter(|(_, kind, _)| {
            (all || scope.eq_ignore_ascii_case(kind)) && (!archive || ARCHIVED.contains(kind))
        });
        let kept = RECOVERABLE.iter().filter(|_| all || recoverable);
        for (path, kind, class) in normal.chain(kept) {
            let name = path.trim_start_matches('/');
            let nothing = Value::str("0 B (0 bytes)");
            vm.write(CustomObject::typed(
                "Microsoft.Exchange.Management.Tasks.MailboxFolderConfiguration",
                [
                    ("Name", Value::str(name)),
                    ("FolderPath", Value::str(*path)),
                    ("FolderType", Value::str(*kind)),
                    ("ContainerClass", Value::str(*class)),
                    ("ItemsInFolder", Value::Int(0)),
                    ("DeletedItemsInFolder", Value::Int(0)),
                    ("FolderSize", nothing.clone()),
                    ("ItemsInFolderAndSubfolders", Value::Int(0)),
                    ("DeletedItemsInFolderAndSubfolders", Value::Int(0)),
                    ("FolderAndSubfolderSize", nothing),
                    (
                        "Identity",
                        Value::str(format!("{}\\{name}", mailbox.identity)),
                    ),
                    ("IsValid", Value::Bool(true)),
                    ("ObjectState", Value::str("Unchanged")),
                ],
            ))?;
        }
        Ok(())
    }
}

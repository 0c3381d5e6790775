//! Parts of the deployment in and out of files (response groups, locations, user data), prompts and audio files
//! that are kept as they come, and lists that have cmdlets of their own for adding and removing.

use super::answer::{first_text, refuse, text};
use crate::cmdlet::kinds;
use crate::cmdlet::registry::Factory;
use crate::model::deployment::{self, Deployment, Entry};
use crate::model::error::ModelError;
use crate::model::identity::{fold, without_scheme};
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Export-CsRgsConfiguration", || {
        Box::new(Export(RESPONSE_GROUPS))
    }),
    ("Import-CsRgsConfiguration", || {
        Box::new(Import::new(RESPONSE_GROUPS))
    }),
    ("Export-CsLisConfiguration", || Box::new(Export(LOCATIONS))),
    ("Import-CsLisConfiguration", || {
        Box::new(Import::new(LOCATIONS))
    }),
    ("Export-CsPersistentChatData", || Box::new(Export(CHAT))),
    ("Import-CsPersistentChatData", || {
        Box::new(Import::new(CHAT))
    }),
    ("Export-CsUserData", || Box::new(Export(USERS))),
    ("Import-CsUserData", || Box::new(Import::new(USERS))),
    ("Convert-CsUserData", || Box::new(Convert(USERS))),
    ("Import-CsAnnouncementFile", || Box::new(ImportFile)),
    ("Import-CsRgsAudioFile", || Box::new(ImportFile)),
    ("Add-CsSlaDelegates", || Box::new(Member(&DELEGATES, true))),
    ("Remove-CsSlaDelegates", || {
        Box::new(Member(&DELEGATES, false))
    }),
    ("Add-DatabaseAvailabilityGroupServer", || {
        Box::new(Member(&SERVERS, true))
    }),
    ("Remove-DatabaseAvailabilityGroupServer", || {
        Box::new(Member(&SERVERS, false))
    }),
];

/// Which objects a part has: those of the nouns that begin so.
#[derive(Clone, Copy)]
struct Part {
    nouns: &'static str,
    /// The property by which objects belong to a pool, if the part is a pool's.
    pool: Option<&'static str>,
}

const RESPONSE_GROUPS: Part = Part {
    nouns: "CsRgs",
    pool: None,
};
const LOCATIONS: Part = Part {
    nouns: "CsLis",
    pool: None,
};
const CHAT: Part = Part {
    nouns: "CsPersistentChat",
    pool: None,
};
const USERS: Part = Part {
    nouns: "ADUser",
    pool: Some("msRTCSIP-PrimaryHomeServer"),
};

impl Part {
    /// Whether an entry is of the part, and of what the call names: a pool, users, a service.
    fn has(&self, vm: &mut Vm, call: &Call, entry: &Entry) -> R<bool> {
        if !entry.noun.starts_with(self.nouns) {
            return Ok(false);
        }
        let value = |name: &str| {
            let found = entry
                .properties
                .iter()
                .find(|(known, _)| fold(known) == fold(name));
            found.map_or_else(String::new, |(_, value)| value.display())
        };
        if let (Some(property), Some(pool)) = (self.pool, text(vm, call, "PoolFqdn")?)
            && call.info.name.starts_with("Export")
            && fold(&value(property)) != fold(&pool)
        {
            return Ok(false);
        }
        if let Some(users) = first_text(vm, call, &["UserFilter", "Identity"])? {
            let address = value("msRTCSIP-PrimaryUserAddress");
            return Ok(fold(without_scheme(&address)) == fold(without_scheme(&users)));
        }
        if let Some(source) = text(vm, call, "Source")? {
            let bare = source.trim_start_matches("service:");
            return Ok(fold(&entry.identity).contains(&fold(bare)));
        }
        Ok(true)
    }
}

struct Export(Part);

impl Cmdlet for Export {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        for parameter in ["PoolFqdn"] {
            if let Some(pool) = text(vm, call, parameter)?
                && let Err(error) = store.find_one("CsPool", &pool)
            {
                return refuse(vm, &error);
            }
        }
        let whole = store.export();
        let whole = vm.model(whole)?;
        let mut entries = Vec::new();
        for entry in whole.entries {
            if self.0.has(vm, call, &entry)? {
                entries.push(entry);
            }
        }
        let part = Deployment {
            product: String::new(),
            entries,
        };
        let content = deployment::write(&part, kinds::find);
        match text(vm, call, "FileName")? {
            Some(path) => super::file::write_text(vm, &path, &content),
            None => vm.write(Value::array(content.bytes().map(Value::Byte).collect())),
        }
    }
}

struct Import {
    part: Part,
    bytes: Vec<u8>,
}

impl Import {
    fn new(part: Part) -> Import {
        Import {
            part,
            bytes: Vec::new(),
        }
    }
}

impl Cmdlet for Import {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        for item in call.items("ByteInput") {
            if let Value::Byte(byte) = item.base() {
                self.bytes.push(*byte);
            }
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let content = match text(vm, call, "FileName")? {
            Some(path) => super::file::read_text(vm, &path)?,
            None => String::from_utf8_lossy(&self.bytes).into_owned(),
        };
        let read = deployment::read(&content, kinds::find);
        let read = vm.model(read)?;
        let destination = text(vm, call, "Destination")?;
        let mut entries = Vec::new();
        for mut entry in read.entries {
            if !self.part.has(vm, call, &entry)? {
                continue;
            }
            // What belonged to another service belongs to this one.
            if let (Some(service), Some((_, name))) = (&destination, entry.identity.split_once('/'))
            {
                entry.identity = format!("{service}/{name}");
            }
            entries.push(entry);
        }
        if !vm.should_process(call, "the deployment", &call.info.name.clone())? {
            return Ok(());
        }
        let store = vm.sign_changes(call)?;
        let done = store.import(&Deployment {
            product: String::new(),
            entries,
        });
        vm.model(done)
    }
}

/// Takes what a call asks for out of an exported file into another.
struct Convert(Part);

impl Cmdlet for Convert {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let from = text(vm, call, "InputFile")?.unwrap_or_default();
        let to = text(vm, call, "OutputFile")?.unwrap_or_default();
        let content = super::file::read_text(vm, &from)?;
        let read = deployment::read(&content, kinds::find);
        let mut read = vm.model(read)?;
        let mut entries = Vec::new();
        for entry in read.entries {
            if self.0.has(vm, call, &entry)? {
                entries.push(entry);
            }
        }
        read.entries = entries;
        super::file::write_text(vm, &to, &deployment::write(&read, kinds::find))
    }
}

/// The object that a file belongs to, and the name under which the file is kept with it.
fn place_of_file(vm: &mut Vm, call: &Call) -> R<Result<String, ModelError>> {
    let store = vm.twin()?;
    let mut owner = String::new();
    for (parameter, noun) in [("Parent", "CsService"), ("Identity", "CsService")] {
        let Some(named) = text(vm, call, parameter)? else {
            continue;
        };
        match store.find_one(noun, &named) {
            Ok(found) => owner = format!("{noun} {}", found.identity),
            Err(error) => return Ok(Err(error)),
        }
    }
    let file = first_text(vm, call, &["FileName"])?.unwrap_or_default();
    Ok(Ok(format!("file {} {}", fold(&owner), fold(&file))))
}

struct ImportFile;

impl Cmdlet for ImportFile {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let place = match place_of_file(vm, call)? {
            Ok(place) => place,
            Err(error) => return refuse(vm, &error),
        };
        let mut content = String::new();
        for item in call.items("Content") {
            if let Value::Byte(byte) = item.base() {
                content.push_str(&format!("{byte:02x}"));
            }
        }
        if !vm.should_process(call, &place, &call.info.name.clone())? {
            return Ok(());
        }
        let store = vm.sign_changes(call)?;
        let kept = store.set_setting(&place, &content);
        vm.model(kept)?;
        if !call.info.name.eq_ignore_ascii_case("Import-CsRgsAudioFile") {
            return Ok(());
        }
        let file = text(vm, call, "FileName")?.unwrap_or_default();
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Rgs.Management.WritableSettings.AudioFile",
            [
                ("OriginalFileName", Value::str(file.as_str())),
                ("UniqueName", Value::str(file)),
            ],
        ))
    }
}

/// A list of an object that grows and shrinks by cmdlets of its own.
struct MemberList {
    noun: &'static str,
    property: &'static str,
    parameter: &'static str,
}

const DELEGATES: MemberList = MemberList {
    noun: "CsSlaConfiguration",
    property: "Delegates",
    parameter: "Delegate",
};
const SERVERS: MemberList = MemberList {
    noun: "DatabaseAvailabilityGroup",
    property: "Servers",
    parameter: "MailboxServer",
};

struct Member(&'static MemberList, bool);

impl Cmdlet for Member {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let typed = text(vm, call, "Identity")?.unwrap_or_default();
        let owner = match store.find_one(self.0.noun, &typed) {
            Ok(owner) => owner,
            Err(error) => return refuse(vm, &error),
        };
        let Some(member) = text(vm, call, self.0.parameter)? else {
            return Ok(());
        };
        let noun = match self.0.parameter {
            "Delegate" => "CsUser",
            _ => "ExchangeServer",
        };
        let known = match store.find_one(noun, &member) {
            Ok(known) => known,
            Err(error) => return refuse(vm, &error),
        };
        let member = match noun {
            "CsUser" => known.text("SipAddress"),
            _ => known.identity,
        };
        let mut list: Vec<Datum> = owner.get(self.0.property).items().to_vec();
        let member = Datum::Text(member);
        list.retain(|it| !it.same(&member));
        if self.1 {
            list.push(member.clone());
        }
        if !vm.should_process(call, &owner.identity, &call.info.name.clone())? {
            return Ok(());
        }
        let mut wanted = owner.clone();
        if self.0.noun == SERVERS.noun {
            // A new member is in service, one that left is in no list.
            let name = member.display();
            wanted.keep_texts("StoppedMailboxServers", |it| {
                !it.eq_ignore_ascii_case(&name)
            });
            wanted.keep_texts("StartedMailboxServers", |it| {
                !it.eq_ignore_ascii_case(&name)
            });
            if self.1 {
                let mut started = wanted.get("StartedMailboxServers").items().to_vec();
                started.push(member);
                wanted.set("StartedMailboxServers", Datum::List(started));
            }
        }
        wanted.set(self.0.property, Datum::List(list));
        match store.change(&owner, &wanted) {
            Ok((after, _)) if call.switch("PassThru") => {
                vm.write(crate::cmdlet::generic::value::object_value(&after))
            }
            Ok(_) => Ok(()),
            Err(error) => refuse(vm, &error),
        }
    }
}

//! The declaration of an object kind: what the objects of one noun look like,
//! how they are named, what must hold between them, and what the generic verbs
//! do with them. Declarations are data (`cmdlets/<module>/<Noun>.ron`); this
//! file is compiled into the build script too, so it knows nothing but
//! [`Datum`].
//!
//! Every field that has a sensible absence may be left out of a declaration.

use super::value::Datum;
use serde::{Deserialize, Serialize};
use std::sync::{LazyLock, OnceLock};

/// What every kind with scopes refers to by its identity: an object for a site
/// or a service is there only as long as those are.
static SCOPE_REFERENCES: LazyLock<[Reference; 2]> = LazyLock::new(|| {
    let to = |noun: &str, part, missing: &str| Reference {
        property: "Identity".into(),
        to: vec![noun.into()],
        target: None,
        part,
        must_exist: true,
        having: None,
        on_remove: OnRemove::Cascade,
        makes: false,
        missing: Some(missing.into()),
    };
    [
        to(
            "CsSite",
            Part::Site,
            "Cannot find the site that \"{value}\" names.",
        ),
        to(
            "CsService",
            Part::Service,
            "Cannot find the service \"{value}\".",
        ),
    ]
});

/// One kind of object: the noun of its cmdlets and all facts about it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    /// The noun of the cmdlets, for instance `CsHostingProvider`.
    pub noun: String,
    /// `PSTypeNames` of the objects, most derived first, without the `Deserialized.` ones.
    #[serde(default)]
    pub type_names: Vec<String>,
    /// How objects are named.
    pub identity: IdentityForm,
    /// Where the objects live.
    #[serde(default)]
    pub area: Area,
    /// Which computers get a copy; none said = all of them for [`Area::Cms`], no one else.
    #[serde(default)]
    pub replicas: Option<Vec<ReplicaClass>>,
    /// Further kinds whose objects show in this one too, by the properties that
    /// have the same name (contacts and groups among the recipients).
    #[serde(default)]
    pub gathers: Vec<Gathered>,
    /// Set for a kind that is another view of stored objects of a second kind.
    #[serde(default)]
    pub view: Option<View>,
    /// The properties, in the order in which objects show them.
    pub properties: Vec<Property>,
    /// Other type names and absent properties that depend on a property's value.
    #[serde(default)]
    pub variants: Vec<Variant>,
    /// Values that only one object may have, within the kind or across kinds.
    #[serde(default)]
    pub unique: Vec<Uniqueness>,
    /// Properties that find objects quickly without being unique.
    #[serde(default)]
    pub indexes: Vec<Index>,
    /// Properties that name other objects.
    #[serde(default)]
    pub references: Vec<Reference>,
    /// Objects that come into being together with one of this kind.
    #[serde(default)]
    pub companions: Vec<Companion>,
    /// The parameters that name an object where its cmdlets have no `Identity`;
    /// `A+B` is two that name it together, with a slash between; `A\\B` is two with a backslash.
    #[serde(default)]
    pub named_by: Vec<String>,
    /// The noun of the objects that those of this kind are about, one for each: an
    /// object is called like its owner and named by whatever names that (the
    /// move request of a mailbox).
    #[serde(default)]
    pub owned_by: Option<String>,
    /// What a new object of a container is called, for kinds whose objects are
    /// `<container>\\<name>`: text with `{Parameter}` and `{Parameter|otherwise}`
    /// in it; `@server` is the Exchange server that the session is on, `@mailbox` the mailbox of
    /// who runs it, `{@guid}` a new id.
    #[serde(default)]
    pub called: Option<String>,
    /// What the names of a parent's objects begin with; it may be left out where one is typed.
    #[serde(default)]
    pub name_prefix: String,
    /// The part of the identity that a wildcard after `-Filter` is held against.
    #[serde(default)]
    pub filter_part: Part,
    /// Set makes an object that is not there yet.
    #[serde(default)]
    pub set_makes: bool,
    /// The noun whose objects each have one of this kind, with its defaults
    /// until it is set (a user's call forwarding).
    #[serde(default)]
    pub one_each: Option<String>,
    /// A Boolean property that exactly one object of the kind has set
    /// (`IsDefault` of a SIP domain): setting it takes it from the holder,
    /// taking it away and removing the holder are refused.
    #[serde(default)]
    pub sole: Option<String>,
    /// States of other objects that exclude this one.
    #[serde(default)]
    pub exclusions: Vec<Exclusion>,
    /// Properties without which an object cannot be removed.
    #[serde(default)]
    pub remove_requires: Vec<String>,
    /// For a policy: how Grant assigns it.
    #[serde(default)]
    pub grant: Option<Grant>,
    /// What the verbs of the noun do beyond the rule for all kinds.
    #[serde(default)]
    pub verbs: Vec<VerbRule>,
    /// Objects that come with the product beside the global one (ready-made policies):
    /// there until somebody changes them, and as they were again when they are removed.
    #[serde(default)]
    pub presets: Vec<Preset>,
    /// Where the property of a name stands; filled on first use.
    #[serde(skip)]
    places: OnceLock<Vec<(u64, usize)>>,
    /// The stored names that the rules look at; filled on first use.
    #[serde(skip)]
    watched: OnceLock<Vec<String>>,
}

/// A hash of a name that letter case does not change.
fn folded_hash(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3)
    })
}

/// How the objects of a kind are named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum IdentityForm {
    /// `XdsIdentity`: `global`, `site:X`, `Registrar:fqdn`, `tag:X` or a plain name.
    /// A kind with the global scope always has its global object; removing it resets it.
    Scoped {
        /// The scopes that objects of the kind may have.
        scopes: Vec<ScopeKind>,
        /// For the service scope: the roles that may be named; empty for any.
        #[serde(default)]
        services: Vec<String>,
    },
    /// `XdsGlobalRelativeIdentity`: an opaque name, always below global.
    Name,
    /// `<parent>/<name>`: the parent is a scope, or the identity of another kind's object.
    Child {
        /// The noun of the parent, if the parent is an object.
        #[serde(default)]
        parent: Option<String>,
        /// The scopes that the parent part may have; empty for a plain name.
        #[serde(default)]
        scopes: Vec<ScopeKind>,
    },
    /// Exactly one object, called `Global` or as said; it always exists.
    Singleton {
        /// The displayed identity.
        #[serde(default = "global")]
        name: String,
    },
    /// `UserIdParameter`: SIP address, UPN, `domain\logon`, display name, DN.
    User,
    /// An Exchange or directory id: name, DN, GUID and the properties named here.
    Directory {
        /// Properties whose value also identifies the object (`Alias`, `PrimarySmtpAddress`).
        #[serde(default)]
        also: Vec<String>,
    },
}

fn global() -> String {
    "Global".into()
}

/// A scope level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ScopeKind {
    /// The one object for everyone.
    Global,
    /// `site:<site>`.
    Site,
    /// `<role>:<fqdn>`.
    Service,
    /// `tag:<name>`: given to users one by one.
    Tag,
}

/// Where the objects of a kind live, which decides how they spread.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Area {
    /// Central Management store: replicated.
    #[default]
    Cms,
    /// Attributes of users and contacts in the Lync forest.
    Directory,
    /// Exchange configuration in the Exchange forest.
    Exchange,
    /// One server's own state: certificates, services.
    Server,
    /// DNS zones.
    Dns,
    /// The hosted provider's side.
    Provider,
    /// Computed; never stored.
    Derived,
}

/// A class of computers that hold a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReplicaClass {
    /// Front End, Director, Mediation and the other servers inside.
    Internal,
    /// Survivable Branch Appliances and Servers.
    Branch,
    /// Edge Servers.
    Edge,
}

/// Makes a kind another view of stored objects: `CsUser` and `Mailbox` both
/// look at the same directory user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The noun under which the objects are stored.
    pub of: String,
    /// A stored object shows in this view only if all these stored properties are set.
    #[serde(default)]
    pub when: Vec<String>,
    /// And only if these stored properties have these values.
    #[serde(default)]
    pub equals: Vec<(String, Datum)>,
}

/// An object that comes with the product.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// Its identity, in displayed form.
    pub identity: String,
    /// What it has beside the defaults.
    #[serde(default)]
    pub properties: Vec<(String, Datum)>,
}

/// A further kind whose objects show in a view.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gathered {
    /// The noun of that kind.
    pub noun: String,
    /// What its objects have in the view.
    #[serde(default)]
    pub properties: Vec<(String, Datum)>,
}

/// One property.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// The name as shown.
    pub name: String,
    /// The type of the value.
    #[serde(rename = "type", default)]
    pub value_type: ValueType,
    /// The value that an object has when nobody gave one.
    #[serde(default)]
    pub default: Datum,
    /// Mirrors the identity (`Name`, `Domain`, `Fqdn`): filled from it, never stored.
    #[serde(default)]
    pub key: bool,
    /// Must be given when an object is made.
    #[serde(default)]
    pub required: bool,
    /// Never written by a verb.
    #[serde(default)]
    pub read_only: bool,
    /// Written when the object is made and never again.
    #[serde(default)]
    pub fixed: bool,
    /// Not in the default display.
    #[serde(default)]
    pub hidden: bool,
    /// The deployment's own note about the object: no cmdlet shows it.
    #[serde(default)]
    pub internal: bool,
    /// `$null` is refused.
    #[serde(default)]
    pub not_null: bool,
    /// The name under which it is stored, for views (an LDAP attribute name).
    #[serde(default)]
    pub stored_as: Option<String>,
    /// Computed from other properties: text with `{Property}` in it, `{Identity}` included.
    #[serde(default)]
    pub template: Option<String>,
    /// Computed: whether that other Boolean property is not set.
    #[serde(default)]
    pub opposite: Option<String>,
    /// The value that a new object gets if nobody gave one: text with
    /// `{Property}` in it, and `{@guid}`, `{@now}`, `{@forest}`, `{@forest-dn}`,
    /// `{@scope}` (what stands in the scope, `Registrar_fqdn` for a service), `{@parent}`
    /// and `{@plain-name}` (the name without the prefix of its kind), `{@alias}` (the name as an
    /// alias), `{@mail-domain}` and `{@unit}` (the container that `OrganizationalUnit` means).
    #[serde(default)]
    pub initial: Option<String>,
    /// A three-valued flag that is kept as one entry of a list of `key=0|1` texts.
    #[serde(default)]
    pub pair: Option<Pair>,
    /// Collected: the identities of the objects of a noun that name this one in
    /// a property (the computers of a pool). A list of records has those objects
    /// themselves as its parts (the rules of a dial plan): writing the list makes,
    /// changes and removes them. No property said = all objects of the noun.
    #[serde(default)]
    pub collects: Option<(String, String)>,
    /// The object's place among those of its kind and parent, counted from 0: a new
    /// one comes last, and those behind move when one is put in, moved or removed.
    #[serde(default)]
    pub ordered: bool,
    /// What an administrator is warned of when New or Set leaves it without a value;
    /// `{Identity}` is the object's.
    #[serde(default)]
    pub warn_blank: Option<String>,
    /// The Boolean property that may be true only if this one has a value.
    #[serde(default)]
    pub required_by: Option<String>,
    /// The property with the end of the range of numbers that begins with this one.
    #[serde(default)]
    pub range_to: Option<String>,
    /// The parameter that writes it, if it has another name than the property.
    #[serde(default)]
    pub parameter: Option<String>,
    /// The smallest number.
    #[serde(default)]
    pub min: Option<i64>,
    /// The largest number.
    #[serde(default)]
    pub max: Option<i64>,
    /// The fewest characters.
    #[serde(default)]
    pub min_length: Option<u32>,
    /// The most characters.
    #[serde(default)]
    pub max_length: Option<u32>,
    /// A regular expression that the whole text matches, without regard to case.
    #[serde(default)]
    pub pattern: Option<String>,
}

/// A flag kept as `key=1` or `key=0` among other authors' entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The property that holds the list.
    pub attribute: String,
    /// The key that is written, and read first.
    pub own: String,
    /// The key that is read if there is no own one.
    pub other: String,
}

/// The type of a property's value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum ValueType {
    /// `System.String`.
    #[default]
    String,
    /// `System.Boolean`.
    Boolean,
    /// `System.Int32`.
    Int32,
    /// `System.Int64`.
    Int64,
    /// `System.UInt16`.
    UInt16,
    /// `System.UInt32`.
    UInt32,
    /// `System.UInt64`.
    UInt64,
    /// `System.Double`.
    Double,
    /// `System.Guid`.
    Guid,
    /// `System.DateTime`.
    DateTime,
    /// `System.TimeSpan`.
    TimeSpan,
    /// A text that some named .NET type wraps (`Microsoft…PhoneNumber`, `System.Uri`).
    Wrapped(String),
    /// One member of an enumeration.
    Enum {
        /// The full type name.
        #[serde(default)]
        name: String,
        /// The members.
        values: Vec<String>,
    },
    /// Number or the word `Unlimited`.
    Unlimited,
    /// An amount of data in bytes (`250MB`), or the word `Unlimited`.
    Size,
    /// The identity of an object of that noun.
    Reference(String),
    /// Several values.
    List(Box<ValueType>),
    /// An object inside the object, of that type name.
    Record(String),
    /// Anything.
    Any,
}

/// What an object looks like while a property has a certain value.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// The property and the value.
    pub when: (String, Datum),
    /// The type names then; empty leaves those of the kind.
    #[serde(default)]
    pub type_names: Vec<String>,
    /// Properties the object then does not have.
    #[serde(default)]
    pub absent: Vec<String>,
}

/// A value that only one object may have.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Uniqueness {
    /// The name of the space; kinds that name the same space share it.
    pub space: String,
    /// The property, or several that count together; `Identity` is one too.
    /// Each value of a list counts by itself.
    pub properties: Vec<String>,
    /// The part of the value that counts.
    #[serde(default)]
    pub part: Part,
    /// Whether the value may be given where the object's identity is asked for.
    #[serde(default)]
    pub finds: bool,
}

/// A property that finds objects without being unique.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Index {
    /// The name of the index.
    pub space: String,
    /// The property.
    pub property: String,
    /// The part of the value that counts.
    #[serde(default)]
    pub part: Part,
    /// Whether the value may be given where the object's identity is asked for.
    #[serde(default)]
    pub finds: bool,
}

/// The part of a text that is compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// An address without its scheme (`sip:`, `tel:`, `smtp:`).
    WithoutScheme,
    /// What follows the `@` of an address.
    Domain,
    /// The site of a `Site:X` identity; other scopes name nothing.
    Site,
    /// The whole of a `<role>:<fqdn>` identity; other scopes name nothing.
    Service,
    /// What stands before the last `/` of a child's identity.
    Parent,
}

/// A property that names an object of another kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// The property that holds the name; each value of a list counts. `Identity` is one too.
    pub property: String,
    /// The nouns of the objects that may be meant.
    pub to: Vec<String>,
    /// The property of the other object that is named; its identity if not said.
    #[serde(default)]
    pub target: Option<String>,
    /// The part of the value that names the object.
    #[serde(default)]
    pub part: Part,
    /// Whether the named object must exist.
    #[serde(default = "yes")]
    pub must_exist: bool,
    /// A value that the named object must have; the message of `missing` tells it.
    #[serde(default)]
    pub having: Option<(String, Datum)>,
    /// What happens to this object when the named one is to be removed.
    #[serde(default)]
    pub on_remove: OnRemove,
    /// A named object that is not there yet is made with its defaults.
    #[serde(default)]
    pub makes: bool,
    /// What an administrator is told when the named object is missing;
    /// `{value}` stands for the name.
    #[serde(default)]
    pub missing: Option<String>,
}

fn yes() -> bool {
    true
}

/// What the removal of an object means for one that refers to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum OnRemove {
    /// The removal is refused.
    #[default]
    Forbid,
    /// The referring object goes too.
    Cascade,
    /// The property becomes `$null`.
    Clear,
    /// The removal asks for confirmation (unless forced); the name stays behind.
    Confirm,
    /// The name stays behind.
    Leave,
}

/// An object that is made together with another.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Companion {
    /// The noun of the companion.
    pub noun: String,
    /// Its identity; `{Property}` and `{Identity}` are those of the first object.
    pub identity: String,
    /// Its properties; texts may hold `{Property}` as well.
    #[serde(default)]
    pub properties: Vec<(String, Datum)>,
    /// A property (or parameter) of the first object that has to be true, or to hold something.
    #[serde(default)]
    pub when: Option<String>,
    /// One that is there already will do; a change of the first object brings another one along
    /// if it then asks for it, too (the place that a port is at).
    #[serde(default)]
    pub shared: bool,
}

/// A state of other objects that excludes an object, or excludes a value it wants.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exclusion {
    /// Applies only while this object has the value.
    #[serde(default)]
    pub when: Option<(String, Datum)>,
    /// The noun of the objects that exclude.
    pub noun: String,
    /// Only objects with this value exclude; otherwise any object does.
    #[serde(default)]
    pub having: Option<(String, Datum)>,
    /// What an administrator is told; `{Identity}` and `{Property}` are this object's.
    pub message: String,
}

/// How a policy is given to users.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The property of the holder that names the policy.
    pub property: String,
    /// The nouns of those who can hold it.
    pub holders: Vec<String>,
    /// The name that `Get-CsEffectivePolicy` uses, if it differs.
    #[serde(default)]
    pub effective_name: Option<String>,
}

/// What a verb does beyond the rule for all kinds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VerbRule {
    /// The verb.
    pub verb: String,
    /// Another verb whose behaviour it has (`Enable-OutlookAnywhere` makes an
    /// object as New does).
    #[serde(default)]
    pub acts_as: Option<String>,
    /// The properties that it may write; empty: all that are neither read-only
    /// nor (for other verbs than New) fixed.
    #[serde(default)]
    pub properties: Vec<String>,
    /// Values that it writes by itself (`Enabled` of Enable and Disable).
    #[serde(default)]
    pub assigns: Vec<(String, Datum)>,
    /// Properties that it sets back to their defaults.
    #[serde(default)]
    pub clears: Vec<String>,
    /// It is an error if nothing changes; the message, with `{Identity}` in it.
    #[serde(default)]
    pub unchanged: Option<String>,
    /// What comes out.
    #[serde(default)]
    pub output: Option<Output>,
    /// When it asks.
    #[serde(default)]
    pub confirm: Confirm,
}

/// What a verb writes to the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Output {
    /// Nothing.
    Nothing,
    /// The object.
    Object,
    /// The object if `-PassThru` is given.
    PassThru,
}

/// When a verb asks for confirmation without being told to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confirm {
    /// By its confirm impact only.
    #[default]
    ByImpact,
    /// Unless `-Force` is given.
    UnlessForced,
    /// Always, even with `-Force`.
    Always,
}

impl Kind {
    /// The property of that name, without regard to letter case.
    pub fn property(&self, name: &str) -> Option<&Property> {
        let places = self.places.get_or_init(|| {
            let mut places: Vec<(u64, usize)> = self
                .properties
                .iter()
                .enumerate()
                .map(|(place, property)| (folded_hash(&property.name), place))
                .collect();
            places.sort_unstable();
            places
        });
        let hash = folded_hash(name);
        let first = places.partition_point(|(known, _)| *known < hash);
        places[first..]
            .iter()
            .take_while(|(known, _)| *known == hash)
            .filter_map(|(_, place)| self.properties.get(*place))
            .find(|property| property.name.eq_ignore_ascii_case(name))
    }

    /// The property that is the object's place among its like, if the kind has an order.
    pub fn order(&self) -> Option<&Property> {
        self.properties.iter().find(|property| property.ordered)
    }

    /// The stored names of the properties that uniqueness, indexes, references,
    /// exclusions and the sole flag look at, in lower case.
    pub fn watched(&self) -> &[String] {
        self.watched.get_or_init(|| {
            let mut names: Vec<&str> = Vec::new();
            for rule in &self.unique {
                names.extend(rule.properties.iter().map(String::as_str));
            }
            names.extend(self.indexes.iter().map(|rule| rule.property.as_str()));
            names.extend(self.references.iter().map(|rule| rule.property.as_str()));
            names.extend(self.sole.iter().map(String::as_str));
            for property in &self.properties {
                if let Some(flag) = &property.required_by {
                    names.extend([property.name.as_str(), flag.as_str()]);
                }
                if let Some(end) = &property.range_to {
                    names.extend([property.name.as_str(), end.as_str()]);
                }
            }
            let conditions = self.exclusions.iter().filter_map(|rule| rule.when.as_ref());
            names.extend(conditions.map(|(name, _)| name.as_str()));
            let mut watched = Vec::new();
            for name in names {
                match self.property(name) {
                    Some(Property {
                        template: Some(template),
                        ..
                    }) => {
                        let inner = template.split('{').skip(1);
                        for name in inner.filter_map(|rest| rest.split('}').next()) {
                            let stored = self.property(name).map_or(name, Property::stored_name);
                            watched.push(stored.to_lowercase());
                        }
                    }
                    Some(property) => watched.push(property.stored_name().to_lowercase()),
                    None => watched.push(name.to_lowercase()),
                }
            }
            watched.sort();
            watched.dedup();
            watched
        })
    }

    /// The declared references, and those that its scopes bring.
    pub fn all_references(&self) -> impl Iterator<Item = &Reference> {
        let scopes = match &self.identity {
            IdentityForm::Scoped { scopes, .. } if self.noun != "CsService" => scopes.as_slice(),
            _ => &[],
        };
        let implied = SCOPE_REFERENCES.iter().filter(move |it| match it.part {
            Part::Site => scopes.contains(&ScopeKind::Site),
            _ => scopes.contains(&ScopeKind::Service),
        });
        self.references.iter().chain(implied)
    }

    /// The noun under which objects of the kind are stored.
    pub fn stored_noun(&self) -> &str {
        self.view.as_ref().map_or(&self.noun, |view| &view.of)
    }

    /// The rule for a verb, if the kind has one of its own.
    pub fn verb(&self, verb: &str) -> Option<&VerbRule> {
        self.verbs
            .iter()
            .find(|rule| rule.verb.eq_ignore_ascii_case(verb))
    }

    /// The first type name without its namespace, for messages.
    pub fn short_type_name(&self) -> &str {
        self.type_names
            .first()
            .and_then(|name| name.rsplit(['.', '+', '#']).next())
            .unwrap_or(&self.noun)
    }

    /// Whether the kind has the given scope.
    pub fn has_scope(&self, scope: ScopeKind) -> bool {
        match &self.identity {
            IdentityForm::Scoped { scopes, .. } | IdentityForm::Child { scopes, .. } => {
                scopes.contains(&scope)
            }
            IdentityForm::Singleton { .. } => scope == ScopeKind::Global,
            _ => false,
        }
    }

    /// Whether a backslash in an identity separates the name from where the object is.
    pub fn in_container(&self) -> bool {
        self.called.is_some() || self.named_by.iter().any(|names| names.contains('\\'))
    }

    /// The parameter that names the container of its objects, and what stands for it if it is not given.
    pub fn container_parameter(&self) -> Option<(&str, &str)> {
        let (container, _) = self.called.as_deref()?.split_once("}\\")?;
        let container = container.strip_prefix('{')?;
        Some(container.split_once('|').unwrap_or((container, "")))
    }

    /// The identity of the object that always exists, if the kind has one.
    pub fn standing_identity(&self) -> Option<&str> {
        match &self.identity {
            IdentityForm::Scoped { scopes, .. } if scopes.contains(&ScopeKind::Global) => {
                Some("Global")
            }
            IdentityForm::Singleton { name } => Some(name),
            _ => None,
        }
    }

    /// The identities of the objects that always exist.
    pub fn standing_identities(&self) -> impl Iterator<Item = &str> {
        let presets = self.presets.iter().map(|it| it.identity.as_str());
        self.standing_identity().into_iter().chain(presets)
    }

    /// Whether a class of computers gets a copy of the objects.
    pub fn reaches(&self, class: ReplicaClass) -> bool {
        match &self.replicas {
            Some(classes) => classes.contains(&class),
            None => self.area == Area::Cms,
        }
    }
}

impl Property {
    /// The noun of the objects that are its parts, if it has parts.
    pub fn parts(&self) -> Option<&str> {
        let (noun, _) = self.collects.as_ref()?;
        match &self.value_type {
            ValueType::List(item) if matches!(**item, ValueType::Record(_)) => Some(noun),
            _ => None,
        }
    }

    /// Whether its value follows from other things and is never stored.
    pub fn is_computed(&self) -> bool {
        self.key
            || self.opposite.is_some()
            || self.template.is_some()
            || self.collects.is_some()
            || self.pair.is_some()
    }

    /// The name under which the value is stored.
    pub fn stored_name(&self) -> &str {
        self.stored_as.as_deref().unwrap_or(&self.name)
    }
}

//! What the administrative roles let their members run: the cmdlets of the role that a role was
//! made after, and those that were added to it.

use super::catalog;
use crate::model::object::Object;
use crate::model::value::{Datum, Record};

/// A standard role and the cmdlets that it has: those of some verbs for nouns that begin so.
/// `*` is any; what stands before the first colon are verbs, what comes after it nouns.
const ROLES: &[(&str, &[&str])] = &[
    ("CsAdministrator", &["*:*"]),
    ("CsViewOnlyAdministrator", &["Get,Test:*"]),
    (
        "CsHelpDesk",
        &[
            "Get,Test:*",
            "Lock,Unlock,Set:ClientPin",
            "Revoke:ClientCertificate",
        ],
    ),
    (
        "CsUserAdministrator",
        &[
            "Get,Test:*",
            "*:User,AdUser,AdContact,ClientPin,ClientCertificate,MeetingRoom,CommonAreaPhone,AnalogDevice,ExUmContact",
            "Grant:*",
        ],
    ),
    (
        "CsVoiceAdministrator",
        &[
            "Get,Test:*",
            "*:Voice,DialPlan,DialIn,Pstn,Trunk,Outbound,UnassignedNumber,CallPark,Announcement,Cps,Rgs,SipResponseCode,Network,BandwidthPolicy,MediaConfiguration,AnalogDevice,CommonAreaPhone,RoutingConfiguration,GroupPickup,Sla",
            "Grant:Voice,DialPlan",
        ],
    ),
    (
        "CsServerAdministrator",
        &[
            "Get,Test,Debug:*",
            "Start,Stop,Invoke,Sync,Search,Show,Update,Enable,Disable:*",
            "*:Cls,Certificate,Pool,Computer,Service,WindowsService,Registrar,Replica",
        ],
    ),
    (
        "CsArchivingAdministrator",
        &["Get:User,Site,Pool", "*:Archiving"],
    ),
    (
        "CsResponseGroupAdministrator",
        &["Get:User,Site,Pool,Service", "*:Rgs", "Move:Rgs"],
    ),
    ("CsResponseGroupManager", &["Get,Set,New,Import:Rgs"]),
    (
        "CsLocationAdministrator",
        &["Get:User,Site,Pool,Network", "*:Lis,LocationPolicy"],
    ),
    (
        "CsPersistentChatAdministrator",
        &["Get:User,Site,Pool,Service", "*:PersistentChat"],
    ),
];

/// Whether a rule of a role has a cmdlet.
fn has(rule: &str, verb: &str, noun: &str) -> bool {
    let Some((verbs, nouns)) = rule.split_once(':') else {
        return false;
    };
    let listed = |list: &str, fits: &dyn Fn(&str) -> bool| list == "*" || list.split(',').any(fits);
    listed(verbs, &|it| it.eq_ignore_ascii_case(verb))
        && listed(nouns, &|it| {
            noun.get(..it.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(it))
        })
}

/// The role with the cmdlets of its template before its own.
pub fn with_cmdlets(role: &Object) -> Object {
    let template = role.text("Template");
    let rules = ROLES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(&template))
        .map_or(&[][..], |(_, rules)| rules);
    let mut names: Vec<String> = Vec::new();
    if !rules.is_empty() {
        for summary in catalog::names_starting_with("") {
            let Some((verb, noun)) = summary.name.split_once("-Cs") else {
                continue;
            };
            if rules.iter().any(|rule| has(rule, verb, noun)) {
                names.push(summary.name.to_string());
            }
        }
        names.sort();
    }
    for own in role.get("Cmdlets").items() {
        let own = own.display();
        let own = own.strip_prefix("Name=").unwrap_or(&own);
        if !names.iter().any(|it| it.eq_ignore_ascii_case(own)) {
            names.push(own.to_owned());
        }
    }
    let records = names.into_iter().map(|name| {
        Datum::Record(Record {
            type_name: "Microsoft.Rtc.Management.WritableConfig.Settings.Roles.CmdletType".into(),
            fields: vec![("Name".into(), Datum::Text(name))],
        })
    });
    let mut shown = role.clone();
    shown.set("Cmdlets", Datum::List(records.collect()));
    shown
}

#[cfg(test)]
mod tests {
    use super::has;

    #[test]
    fn rules_name_verbs_and_the_beginnings_of_nouns() {
        for (rule, cmdlet, holds) in [
            ("*:*", "Set-CsUser", true),
            ("Get,Test:*", "Test-CsIM", true),
            ("Get,Test:*", "Set-CsUser", false),
            ("*:Rgs", "New-CsRgsQueue", true),
            ("*:Rgs", "New-CsVoicePolicy", false),
            ("Grant:Voice,DialPlan", "Grant-CsDialPlan", true),
        ] {
            let (verb, noun) = cmdlet.split_once("-Cs").unwrap_or_default();
            assert_eq!(has(rule, verb, noun), holds, "{rule} {cmdlet}");
        }
    }
}

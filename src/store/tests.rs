//! Tests of the store on the example deployment.

use super::clock::Clock;
use super::log::Action;
use super::*;
use crate::model::constraint::State;
use crate::model::object::Object;
use crate::model::testing::kind;
use crate::model::value::Datum;
use std::time::Duration;

fn store() -> Store {
    let store = Store::memory(kind).unwrap();
    store
        .set_clock(Clock::Virtual {
            at: 1_800_000_000_000,
        })
        .unwrap();
    store
}

fn declared(noun: &str) -> &'static Kind {
    kind(noun).unwrap()
}

fn provider(name: &str, proxy: &str) -> Object {
    Object::new(declared("CsHostingProvider"), name)
        .with("ProxyFqdn", proxy)
        .with("Enabled", true)
}

fn set(
    store: &Store,
    noun: &str,
    identity: &str,
    name: &str,
    value: impl Into<Datum>,
) -> Result<bool, ModelError> {
    let value = value.into();
    let object = store.find_one(noun, identity)?;
    store
        .modify(object.kind, &object.identity, |object| {
            object.set(name, value);
            Ok(())
        })
        .map(|(_, changed)| changed)
}

#[test]
fn the_example_deployment_reads_back_and_exports_whole() {
    let store = store();
    let text = store.export_text().unwrap();
    let again = Store::open_with(None, kind, &text).unwrap();
    assert_eq!(again.export_text().unwrap(), text);
    assert_eq!(
        again
            .get("CsPool", "POOL01.contoso.com")
            .unwrap()
            .unwrap()
            .texts("Computers"),
        ["fe01.contoso.com", "fe02.contoso.com"]
    );
}

#[test]
fn users_are_found_in_every_form_but_by_bare_logon() {
    let store = store();
    for form in [
        "sip:kmyer@contoso.com",
        "kmyer@contoso.com",
        "contoso\\KMYER",
        "Ken Myer",
        "Ken*",
        "CN=Ken Myer,OU=Tukwila,DC=contoso,DC=com",
    ] {
        let found = store.find("CsUser", form).unwrap();
        assert_eq!(found.len(), 1, "{form}");
        assert_eq!(found[0].text("SipAddress"), "sip:kmyer@contoso.com");
    }
    assert_eq!(
        store.find_one("CsUser", "kmyer").unwrap_err().to_string(),
        "Management object not found for identity \"kmyer\"."
    );
    assert_eq!(store.find("CsUser", "*").unwrap().len(), 6);
    assert_eq!(
        store.find_one("ADUser", "kmyer").unwrap().text("Name"),
        "Ken Myer"
    );
    assert_eq!(
        store
            .find_one("UMMailbox", "kmyer")
            .unwrap()
            .text("UMDialPlan"),
        "TukwilaSip"
    );
    assert_eq!(store.list("CsUser").unwrap().count(), 6);
    // The directory also has the service account and the accounts of five system mailboxes.
    assert_eq!(store.list("CsAdUser").unwrap().count(), 12);
}

#[test]
fn providers_share_their_names_and_proxies() {
    let store = store();
    store
        .create(provider("Exchange Online", "exap.um.outlook.com"))
        .unwrap();
    let again = store
        .create(provider("Other", "EXAP.um.outlook.com"))
        .unwrap_err();
    assert_eq!(again.id(), "ValueNotUnique");
    let again = store
        .create(provider("exchange online", "x.y"))
        .unwrap_err();
    assert_eq!(again.id(), "IdentityAlreadyExists");
    let public = Object::new(declared("CsPublicProvider"), "Exchange Online")
        .with("ProxyFqdn", "a.b")
        .with("Enabled", true);
    assert_eq!(store.create(public).unwrap_err().id(), "ValueNotUnique");
    let route = set(
        &store,
        "CsAccessEdgeConfiguration",
        "Global",
        "RoutingMethod",
        "UseDefaultRouting",
    );
    assert_eq!(route.unwrap_err().id(), "Excluded");
    store
        .remove(declared("CsHostingProvider"), "Exchange Online")
        .unwrap();
    set(
        &store,
        "CsAccessEdgeConfiguration",
        "Global",
        "RoutingMethod",
        "UseDefaultRouting",
    )
    .unwrap();
    assert_eq!(
        store.create(provider("E", "x.y")).unwrap_err().id(),
        "Excluded"
    );
}

#[test]
fn limits_are_checked_and_enumerations_get_their_spelling() {
    let store = store();
    let odd = provider("E", "x.y").with("VerificationLevel", "usesourceverification");
    assert_eq!(
        store.create(odd).unwrap().text("VerificationLevel"),
        "UseSourceVerification"
    );
    let wrong = provider("F", "x.z").with("VerificationLevel", "maybe");
    assert_eq!(
        store.create(wrong).unwrap_err().id(),
        "InvalidPropertyValue"
    );
    let long = set(
        &store,
        "CsHostedVoicemailPolicy",
        "global",
        "Destination",
        "a b",
    );
    assert_eq!(long.unwrap_err().id(), "InvalidPropertyValue");
    let missing = Object::new(declared("CsHostingProvider"), "G").with("Enabled", true);
    assert_eq!(store.create(missing).unwrap_err().id(), "PropertyRequired");
    assert!(store.changes(0..=100).unwrap().len() == 1);
}

#[test]
fn global_is_always_there_and_removal_resets_it() {
    let store = store();
    let policy = declared("CsExternalAccessPolicy");
    assert_eq!(
        store
            .create(Object::new(policy, "global"))
            .unwrap_err()
            .id(),
        "IdentityAlreadyExists"
    );
    set(
        &store,
        "CsExternalAccessPolicy",
        "global",
        "EnableOutsideAccess",
        true,
    )
    .unwrap();
    assert!(
        store
            .get("CsExternalAccessPolicy", "global")
            .unwrap()
            .unwrap()
            .flag("EnableOutsideAccess")
    );
    assert!(store.remove(policy, "Global").unwrap().reset);
    assert!(
        !store
            .get("CsExternalAccessPolicy", "global")
            .unwrap()
            .unwrap()
            .flag("EnableOutsideAccess")
    );
    let nowhere = store
        .create(Object::new(policy, "site:Nowhere"))
        .unwrap_err();
    assert_eq!(nowhere.id(), "ReferenceNotFound");
    store.create(Object::new(policy, "Some")).unwrap();
    store.create(Object::new(policy, "site:tukwila")).unwrap();
    let names: Vec<String> = store
        .list("CsExternalAccessPolicy")
        .unwrap()
        .map(|it| it.unwrap().identity)
        .collect();
    assert_eq!(names, ["Global", "Site:tukwila", "Tag:Some"]);
}

#[test]
fn the_default_sip_domain_is_one_and_stays() {
    let store = store();
    let domains = declared("CsSipDomain");
    store
        .create(Object::new(domains, "fabrikam.com").with("IsDefault", true))
        .unwrap();
    assert!(
        !store
            .get("CsSipDomain", "contoso.com")
            .unwrap()
            .unwrap()
            .flag("IsDefault")
    );
    assert_eq!(
        set(&store, "CsSipDomain", "fabrikam.com", "IsDefault", false)
            .unwrap_err()
            .id(),
        "SoleHolder"
    );
    assert_eq!(
        store.remove(domains, "fabrikam.com").unwrap_err().id(),
        "ObjectNotRemovable"
    );
    assert_eq!(
        store.remove(domains, "contoso.com").unwrap_err().id(),
        "ObjectInUse"
    );
    let stranger = set(
        &store,
        "CsUser",
        "Ken Myer",
        "SipAddress",
        "sip:k@nowhere.com",
    );
    assert_eq!(stranger.unwrap_err().id(), "ReferenceNotFound");
    let taken = set(
        &store,
        "CsUser",
        "Ken Myer",
        "SipAddress",
        "sip:SA-tukwila@contoso.com",
    );
    assert_eq!(taken.unwrap_err().id(), "ValueNotUnique");
}

#[test]
fn dial_plans_come_with_a_policy_that_holds_them() {
    let store = store();
    let plans = declared("UMDialPlan");
    let plan = Object::new(plans, "Third")
        .with("NumberOfDigitsInExtension", 5i64)
        .with("URIType", "SipName");
    let made = store.create(plan).unwrap();
    assert_eq!(made.text("PhoneContext"), "Third.contoso.com");
    let policy = store
        .get("UMMailboxPolicy", "third default policy")
        .unwrap()
        .unwrap();
    assert_eq!(policy.text("UMDialPlan"), "Third");
    assert_eq!(
        store.remove(plans, "Third").unwrap_err().id(),
        "ObjectInUse"
    );
    store.remove(policy.kind, &policy.identity).unwrap();
    store.remove(plans, "Third").unwrap();
    let removed = store.remove(declared("UMIPGateway"), "pool01").unwrap();
    assert_eq!(removed.with.len(), 2);
}

#[test]
fn voice_dial_plans_have_rules_that_go_with_them() {
    let store = store();
    let plan = store
        .create(Object::new(declared("CsDialPlan"), "Redmond"))
        .unwrap();
    assert_eq!(plan.text("SimpleName"), "Redmond");
    assert!(
        store
            .get("CsVoiceNormalizationRule", "tag:redmond/Prefix All")
            .unwrap()
            .is_some()
    );
    let plan = store.get("CsDialPlan", "Redmond").unwrap().unwrap();
    let rules = plan.texts("NormalizationRules");
    assert_eq!(rules.len(), 1);
    assert!(rules[0].contains("Name=Prefix All"));
    store.remove(plan.kind, "Tag:Redmond").unwrap();
    assert!(
        store
            .get("CsVoiceNormalizationRule", "tag:redmond/Prefix All")
            .unwrap()
            .is_none()
    );
}

#[test]
fn policies_in_use_ask_and_pools_in_use_stay() {
    let store = store();
    let policy = store
        .create(Object::new(declared("CsHostedVoicemailPolicy"), "EXO"))
        .unwrap();
    set(&store, "CsUser", "Ken Myer", "HostedVoicemailPolicy", "EXO").unwrap();
    assert_eq!(store.consequences(&policy).unwrap().confirm, 1);
    let missing = set(
        &store,
        "CsUser",
        "Kim Akers",
        "HostedVoicemailPolicy",
        "Nope",
    );
    assert_eq!(missing.unwrap_err().id(), "ReferenceNotFound");
    store.remove(policy.kind, "Tag:EXO").unwrap();
    assert_eq!(
        store
            .find_one("CsUser", "Ken Myer")
            .unwrap()
            .text("HostedVoicemailPolicy"),
        "EXO"
    );
    assert_eq!(
        store
            .remove(declared("CsPool"), "pool01.contoso.com")
            .unwrap_err()
            .id(),
        "ObjectInUse"
    );
}

#[test]
fn the_voice_mail_flag_is_one_pair_among_others() {
    let store = store();
    set(&store, "CsUser", "Ken Myer", "HostedVoiceMail", true).unwrap();
    let user = store.find_one("CsUser", "Ken Myer").unwrap();
    assert_eq!(
        user.texts("msExchUCVoiceMailSettings"),
        ["CsHostedVoiceMail=1"]
    );
    assert_eq!(user.get("HostedVoiceMail"), Datum::Bool(true));
    set(&store, "CsUser", "Ken Myer", "HostedVoiceMail", Datum::Null).unwrap();
    assert_eq!(
        store
            .find_one("CsUser", "Ken Myer")
            .unwrap()
            .get("HostedVoiceMail"),
        Datum::Null
    );
}

#[test]
fn replicas_see_changes_when_they_arrive() {
    let store = store();
    store
        .create(provider("Exchange Online", "exap.um.outlook.com"))
        .unwrap();
    let seen = |fqdn: &str| {
        store
            .local_store(fqdn)
            .unwrap()
            .list("CsHostingProvider")
            .unwrap()
            .len()
    };
    let current = |fqdn: &str| {
        let status = store.replication_status().unwrap();
        status
            .into_iter()
            .find(|it| it.fqdn == fqdn)
            .unwrap()
            .up_to_date
    };
    assert_eq!(
        (seen("edge01.contoso.com"), current("edge01.contoso.com")),
        (0, false)
    );
    assert!(store.sleep(Duration::from_secs(30)).unwrap());
    assert_eq!(
        (seen("fe01.contoso.com"), seen("edge01.contoso.com")),
        (1, 0)
    );
    store.sleep(Duration::from_secs(30)).unwrap();
    assert_eq!(
        (seen("edge01.contoso.com"), current("edge01.contoso.com")),
        (1, true)
    );
    store.invoke_replication(None).unwrap();
    assert!(!current("edge01.contoso.com"));
    store.sleep(Duration::from_secs(150)).unwrap();
    assert!(current("edge01.contoso.com"));
    store.run_replica("edge01.contoso.com", false).unwrap();
    store
        .remove(declared("CsHostingProvider"), "Exchange Online")
        .unwrap();
    store.sleep(Duration::from_secs(600)).unwrap();
    assert_eq!(
        (seen("fe01.contoso.com"), seen("edge01.contoso.com")),
        (0, 1)
    );
    assert!(!current("edge01.contoso.com"));
    store.run_replica("edge01.contoso.com", true).unwrap();
    store.sleep(Duration::from_secs(60)).unwrap();
    assert_eq!(seen("edge01.contoso.com"), 0);
}

#[test]
fn the_log_undoes_and_compares() {
    let store = store();
    store.set_origin(Origin {
        who: "CONTOSO\\admin".into(),
        line: "New-CsHostingProvider …".into(),
    });
    store.create(provider("E", "x.y")).unwrap();
    set(&store, "CsHostingProvider", "E", "Enabled", false).unwrap();
    let position = store.position().unwrap();
    let diff = store.diff(0, position).unwrap();
    assert_eq!(diff.len(), 1);
    assert_eq!(diff[0].action, Action::Create);
    assert!(
        diff[0]
            .properties
            .contains(&("Enabled".into(), None, Some(Datum::Bool(false))))
    );
    let changes = store.changes(1..=position).unwrap();
    assert_eq!(changes[0].who, "CONTOSO\\admin");
    store.undo(2).unwrap();
    assert!(
        store
            .get("CsHostingProvider", "E")
            .unwrap()
            .unwrap()
            .flag("Enabled")
    );
    assert!(store.undo(2).is_err());
    store.remove(declared("CsHostingProvider"), "E").unwrap();
    let removal = store.position().unwrap();
    store.undo(removal).unwrap();
    assert!(
        store
            .get("CsHostingProvider", "E")
            .unwrap()
            .unwrap()
            .flag("Enabled")
    );
    assert!(store.diff(1, store.position().unwrap()).unwrap().is_empty());
    assert_eq!(store.at(0).list("CsHostingProvider").unwrap().len(), 0);
    assert!(
        !store
            .at(2)
            .get("CsHostingProvider", "e")
            .unwrap()
            .unwrap()
            .flag("Enabled")
    );
}

#[test]
fn a_failed_change_leaves_nothing_behind() {
    let store = store();
    store.begin().unwrap();
    store.create(provider("E", "x.y")).unwrap();
    assert!(store.create(provider("F", "x.y")).is_err());
    store.create(provider("G", "x.z")).unwrap();
    store.commit().unwrap();
    assert_eq!(store.count("CsHostingProvider").unwrap(), 2);
    store.begin().unwrap();
    store.remove(declared("CsHostingProvider"), "E").unwrap();
    store.rollback().unwrap();
    assert!(store.holder("provider proxy", "x.y").unwrap().is_some());
}

#[test]
fn two_processes_share_a_file() {
    let folder = std::env::temp_dir().join(format!("ucsh-store-{}", std::process::id()));
    let path = folder.join("deployment.db");
    let first = Store::open(&path, kind).unwrap();
    let second = Store::open(&path, kind).unwrap();
    first.create(provider("E", "x.y")).unwrap();
    assert!(second.get("CsHostingProvider", "e").unwrap().is_some());
    second.create(provider("F", "x.z")).unwrap();
    assert_eq!(first.count("CsHostingProvider").unwrap(), 2);
    drop((first, second));
    let other = folder.join("other.db");
    std::fs::write(
        &other,
        "not a database, but long enough to be looked at as one",
    )
    .unwrap();
    assert!(Store::open(&other, kind).is_err());
    std::fs::remove_dir_all(&folder).unwrap();
}

/// Run by hand (`cargo test --release -- --ignored --nocapture many_users`).
#[test]
#[ignore = "a measurement"]
fn many_users() {
    const MANY: usize = 100_000;
    use std::time::Instant;
    let folder = std::env::temp_dir().join(format!("ucsh-many-{}", std::process::id()));
    let store = Store::open(&folder.join("deployment.db"), kind).unwrap();
    let users = declared("ADUser");
    let start = Instant::now();
    store.begin().unwrap();
    for number in 0..MANY {
        let name = format!("User {number}");
        store
            .create(
                Object::new(users, format!("CN={name},OU=Users,DC=contoso,DC=com"))
                    .with("Name", name.as_str())
                    .with("DisplayName", name.as_str())
                    .with("SamAccountName", format!("user{number}"))
                    .with("NetBIOSName", "CONTOSO")
                    .with("UserPrincipalName", format!("user{number}@contoso.com"))
                    .with(
                        "msRTCSIP-PrimaryUserAddress",
                        format!("sip:user{number}@contoso.com"),
                    )
                    .with("msRTCSIP-UserEnabled", true)
                    .with("msRTCSIP-PrimaryHomeServer", "pool01.contoso.com")
                    .with("EnterpriseVoiceEnabled", true)
                    .with("msRTCSIP-Line", format!("tel:+1425{number:07}")),
            )
            .unwrap();
    }
    store.commit().unwrap();
    println!("create {MANY}: {:?}", start.elapsed());
    let start = Instant::now();
    let user = store.find_one("CsUser", "sip:user777@contoso.com").unwrap();
    println!("find one: {:?} {}", start.elapsed(), user.identity);
    let start = Instant::now();
    println!(
        "list: {} in {:?}",
        store.list("CsUser").unwrap().count(),
        start.elapsed()
    );
    let start = Instant::now();
    store.begin().unwrap();
    for user in store.list("CsUser").unwrap() {
        let user = user.unwrap();
        if user.flag("EnterpriseVoiceEnabled") {
            store
                .modify(user.kind, &user.identity, |user| {
                    user.set("HostedVoiceMail", Datum::Bool(true));
                    Ok(())
                })
                .unwrap();
        }
    }
    store.commit().unwrap();
    println!("change {MANY}: {:?}", start.elapsed());
    drop(store);
    std::fs::remove_dir_all(&folder).unwrap();
}

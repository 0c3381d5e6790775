//! The worked checks of the domain: small deployments and what must follow.

use super::access::owa_sign_in;
use super::mode::{self, Mode, VoiceMail};
use super::policy;
use super::routing::{Purpose, deposit, number, probe};
use super::trace::{Decision, Reason};
use crate::model::error::ModelError;
use crate::model::object::Object;
use crate::model::testing::kind;
use crate::model::value::Datum;
use crate::store::Store;
use crate::store::clock::Clock;
use std::time::Duration;

const KEN: &str = "sip:kmyer@contoso.com";
const PROXY: &str = "exap.um.outlook.com";
const EDGE: &str = "edge01.contoso.com";

/// 2026-06-01, within the certificates' time.
const START: i64 = 1_780_272_000_000;

struct World(Store);

impl World {
    fn new() -> World {
        let store = Store::memory(kind).unwrap();
        store.set_clock(Clock::Virtual { at: START }).unwrap();
        World(store)
    }

    /// Everything that hosted voice mail needs, replicated; Ken is hosted.
    fn hosted() -> World {
        let world = World::new();
        world.set(
            "CsAccessEdgeConfiguration",
            "Global",
            "AllowFederatedUsers",
            true,
        );
        world.provider();
        world.set("CsHostedVoicemailPolicy", "Global", "Destination", PROXY);
        world.set(
            "CsHostedVoicemailPolicy",
            "Global",
            "Organization",
            "contoso.onmicrosoft.com",
        );
        world.set("CsUser", "Ken Myer", "HostedVoiceMail", true);
        world.wait(60);
        world
    }

    fn provider(&self) {
        self.make(
            "CsHostingProvider",
            "Exchange Online",
            &[
                ("ProxyFqdn", PROXY.into()),
                ("Enabled", true.into()),
                ("EnabledSharedAddressSpace", true.into()),
                ("VerificationLevel", "UseSourceVerification".into()),
            ],
        );
    }

    fn make(&self, noun: &str, identity: &str, values: &[(&str, Datum)]) {
        self.try_make(noun, identity, values).unwrap();
    }

    fn try_make(
        &self,
        noun: &str,
        identity: &str,
        values: &[(&str, Datum)],
    ) -> Result<Object, ModelError> {
        let mut object = Object::new(kind(noun).unwrap(), identity);
        for (name, value) in values {
            object.set(name, value.clone());
        }
        self.0.create(object)
    }

    fn set(&self, noun: &str, identity: &str, name: &str, value: impl Into<Datum>) {
        self.try_set(noun, identity, name, value).unwrap();
    }

    fn try_set(
        &self,
        noun: &str,
        identity: &str,
        name: &str,
        value: impl Into<Datum>,
    ) -> Result<(), ModelError> {
        let value = value.into();
        let object = self.0.find_one(noun, identity)?;
        self.0.modify(object.kind, &object.identity, |object| {
            object.set(name, value);
            Ok(())
        })?;
        Ok(())
    }

    fn remove(&self, noun: &str, identity: &str) {
        let object = self.0.find_one(noun, identity).unwrap();
        self.0.remove(object.kind, &object.identity).unwrap();
    }

    fn wait(&self, seconds: u64) {
        self.0.sleep(Duration::from_secs(seconds)).unwrap();
    }

    fn user(&self, name: &str) -> Object {
        self.0.find_one("CsUser", name).unwrap()
    }

    fn call(&self) -> Decision {
        deposit(&self.0.at(i64::MAX), KEN).unwrap()
    }

    fn fails(&self, reason: Reason) {
        let decision = self.call();
        assert_eq!(decision.failure, Some(reason), "{decision:#?}");
    }

    fn works(&self) {
        let decision = self.call();
        assert_eq!(decision.failure, None, "{decision:#?}");
    }
}

fn list(items: &[&str]) -> Datum {
    Datum::List(items.iter().map(|it| Datum::text(*it)).collect())
}

#[test]
fn the_example_deployment_takes_messages_on_premises() {
    let world = World::new();
    world.works();
    assert_eq!(world.call().server, "um1.contoso.com");
    let view = world.0.at(i64::MAX);
    assert_eq!(mode::mode(&view).unwrap(), Mode::OnPremises);
    assert!(
        number(&view, "+14255550100", Purpose::SubscriberAccess)
            .unwrap()
            .succeeded()
    );
    assert!(
        number(&view, "+14255550101", Purpose::AutoAttendant)
            .unwrap()
            .succeeded()
    );
    assert_eq!(
        number(&view, "+14255550101", Purpose::SubscriberAccess)
            .unwrap()
            .failure,
        Some(Reason::NumberUnknown)
    );
    assert_eq!(deposit(&view, "sip:nobody@contoso.com").unwrap().sip(), 404);
    assert_eq!(
        deposit(&view, "sip:jhaas@contoso.com").unwrap().failure,
        Some(Reason::NoVoiceMail)
    );
    assert_eq!(
        deposit(&view, "sip:aalberts@contoso.com").unwrap().failure,
        Some(Reason::CalleeNotVoiceEnabled)
    );
}

#[test]
fn u3_the_destination_goes_away_later() {
    let world = World::hosted();
    world.works();
    assert!(world.call().hosted);
    world.set(
        "CsHostedVoicemailPolicy",
        "Global",
        "Destination",
        Datum::Null,
    );
    world.works();
    world.wait(30);
    world.fails(Reason::HostedPolicyNoDestination);
    assert_eq!(world.call().sip(), 480);
}

#[test]
fn u14_without_an_own_policy_site_and_global_count() {
    let world = World::new();
    let shown = |world: &World| {
        let user = world.user("Ken Myer");
        let found = policy::effective(&world.0.at(i64::MAX), "CsExternalAccessPolicy", &user);
        policy::shown_name(&found.unwrap())
    };
    assert_eq!(shown(&world), "Global");
    world.make("CsExternalAccessPolicy", "site:Tukwila", &[]);
    assert_eq!(shown(&world), "Site:Tukwila");
    world.make("CsExternalAccessPolicy", "Redmond", &[]);
    world.set("CsUser", "Ken Myer", "ExternalAccessPolicy", "Redmond");
    assert_eq!(shown(&world), "Redmond");
    world.remove("CsExternalAccessPolicy", "Redmond");
    assert_eq!(shown(&world), "Site:Tukwila");
}

#[test]
fn u15_u16_the_attribute_decides_over_addresses() {
    let world = World::new();
    world.set(
        "CsUser",
        "Ken Myer",
        mode::SETTINGS,
        list(&["ExchangeHostedVoiceMail=1"]),
    );
    let user = world.user("Ken Myer");
    assert!(mode::is_hosted(&user));
    world.set("CsUser", "Ken Myer", "HostedVoiceMail", true);
    let user = world.user("Ken Myer");
    assert_eq!(
        user.texts(mode::SETTINGS),
        ["ExchangeHostedVoiceMail=1", "CsHostedVoiceMail=1"]
    );
    let view = world.0.at(i64::MAX);
    assert_eq!(mode::voice_mail(&view, &user).unwrap(), VoiceMail::Hosted);
    assert_eq!(mode::mode(&view).unwrap(), Mode::Mixed);
}

#[test]
fn u17_u18_contact_numbers_are_well_formed_and_one_of_a_kind() {
    let world = World::new();
    let contact = |address: &str, number: &str| {
        let identity = format!("CN={address},OU=ExUM,DC=contoso,DC=com");
        world.try_make(
            "CsExUmContact",
            &identity,
            &[
                ("SipAddress", format!("sip:{address}@contoso.com").into()),
                ("DisplayNumber", number.into()),
                ("RegistrarPool", "pool01.contoso.com".into()),
            ],
        )
    };
    assert_eq!(
        contact("a", "04255550199").unwrap_err().id(),
        "InvalidPropertyValue"
    );
    contact("a", "+14255550199").unwrap();
    assert_eq!(
        contact("b", "+14255550199").unwrap_err().id(),
        "ValueNotUnique"
    );
}

#[test]
fn u19_a_dial_plan_name_leaves_room_for_its_policy() {
    let world = World::new();
    let plan = |length: usize| {
        world.try_make(
            "UMDialPlan",
            &"p".repeat(length),
            &[("NumberOfDigitsInExtension", Datum::Int(5))],
        )
    };
    assert!(
        plan(50)
            .unwrap_err()
            .to_string()
            .starts_with("Cannot generate UMMailboxPolicy")
    );
    plan(49).unwrap();
}

#[test]
fn u20_servers_join_sip_dial_plans_only() {
    let world = World::new();
    world.make(
        "UMDialPlan",
        "Extensions",
        &[("NumberOfDigitsInExtension", Datum::Int(5))],
    );
    let joined = world.try_set("UMService", "um1", "DialPlans", list(&["Extensions"]));
    assert_eq!(joined.unwrap_err().id(), "ReferenceNotFound");
}

#[test]
fn u21_u22_the_port_opens_after_a_restart() {
    let world = World::new();
    for server in ["um1", "um2", "um3", "um4"] {
        world.set(
            "ExchangeServer",
            server,
            "CallRouter.RunningStartupMode",
            "TCP",
        );
        world.set("UMCallRouterSettings", server, "UMStartupMode", "TCP");
    }
    world.fails(Reason::UmPortClosed);
    for server in ["um1", "um2", "um3", "um4"] {
        world.set("UMCallRouterSettings", server, "UMStartupMode", "Dual");
    }
    world.fails(Reason::UmPortClosed);
    world.set(
        "ExchangeServer",
        "um2",
        "CallRouter.RunningStartupMode",
        "Dual",
    );
    world.works();
    assert_eq!(
        world
            .call()
            .steps
            .iter()
            .filter(|it| it.rule == "O9")
            .count(),
        2
    );
}

fn certificates(world: &World, change: impl Fn(&mut Object, &str)) {
    let store = &world.0;
    let all: Vec<Object> = store
        .list("ExchangeCertificate")
        .unwrap()
        .map(Result::unwrap)
        .collect();
    for found in all {
        let server = found.text("Server");
        store
            .modify(found.kind, &found.identity, |object| {
                change(object, &server);
                Ok(())
            })
            .unwrap();
    }
}

#[test]
fn u23_u24_u25_certificates_have_to_name_the_server() {
    let world = World::new();
    certificates(&world, |it, _| it.set("IsSelfSigned", true.into()));
    world.fails(Reason::UmCertificate);
    assert_eq!(
        (world.call().sip(), world.call().diagnostic()),
        (504, Some(1010))
    );
    let world = World::new();
    certificates(&world, |it, _| it.set("Subject", "CN=*.contoso.com".into()));
    world.fails(Reason::UmCertificate);
    let world = World::new();
    certificates(&world, |it, _| {
        it.set("CertificateDomains", list(&["*.contoso.com"]))
    });
    world.works();
    world
        .0
        .set_clock(Clock::Virtual {
            at: START + 400_000_000_000,
        })
        .unwrap();
    world.fails(Reason::UmCertificate);
}

#[test]
fn u26_encryption_has_to_fit() {
    let world = World::new();
    world.set("UMDialPlan", "TukwilaSip", "VoIPSecurity", "SIPSecured");
    world.fails(Reason::SecurityMismatch);
    assert_eq!(world.call().sip(), 488);
    world.make(
        "CsMediaConfiguration",
        "site:Tukwila",
        &[("EncryptionLevel", "SupportEncryption".into())],
    );
    world.fails(Reason::SecurityMismatch);
    world.wait(30);
    world.works();
}

#[test]
fn u28_the_edge_decides_with_its_replica() {
    let world = World::hosted();
    world.set("CsHostingProvider", "Exchange Online", "Enabled", false);
    world.works();
    world.wait(59);
    world.works();
    world.wait(1);
    world.fails(Reason::ProviderDisabled);
    for (name, value, reason) in [
        (
            "EnabledSharedAddressSpace",
            false,
            Reason::ProviderNotShared,
        ),
        ("HostsOCSUsers", true, Reason::ProviderHostsUsers),
        ("IsLocal", true, Reason::ProviderIsLocal),
    ] {
        let world = World::hosted();
        world.set("CsHostingProvider", "Exchange Online", name, value);
        world.wait(60);
        world.fails(reason);
    }
}

#[test]
fn the_hosted_way_fails_where_something_is_missing() {
    let world = World::hosted();
    world.set("CsSite", "Tukwila", "FederationRoute", Datum::Null);
    world.fails(Reason::NoFederationRoute);
    let world = World::hosted();
    world.set(
        "TwinWindowsService",
        "edge01.contoso.com/RTCSRV",
        "Status",
        "Stopped",
    );
    world.fails(Reason::EdgeUnreachable);
    let world = World::hosted();
    world.remove(
        "DnsServerResourceRecord",
        "External/exap.um.outlook.com/A/198.51.100.19",
    );
    world.fails(Reason::ProxyUnresolvable);
    let world = World::hosted();
    world.set(
        "CsCertificate",
        "edge01.contoso.com/AccessEdgeExternal",
        "PublicAuthority",
        false,
    );
    world.fails(Reason::EdgeCertificate);
    let world = World::hosted();
    world.remove(
        "DnsServerResourceRecord",
        "External/_sipfederationtls._tcp.contoso.com/SRV/sip.contoso.com",
    );
    world.fails(Reason::ReturnRouteMissing);
    let world = World::hosted();
    world.set(
        "CsHostedVoicemailPolicy",
        "Global",
        "Organization",
        "other.onmicrosoft.com",
    );
    world.wait(30);
    world.fails(Reason::TenantUnknown);
    world.set(
        "CsHostedVoicemailPolicy",
        "Global",
        "Organization",
        "other.onmicrosoft.com, contoso.onmicrosoft.com",
    );
    world.wait(30);
    world.works();
    world.set(
        "TwinHostedTenant",
        "contoso.onmicrosoft.com",
        "UmEnabledAddresses",
        list(&[]),
    );
    world.fails(Reason::HostedMailboxNotEnabled);
    assert!(probe(&world.0.at(i64::MAX), KEN).unwrap().succeeded());
    world.set(
        "TwinHostedTenant",
        "contoso.onmicrosoft.com",
        "AuthoritativeDomains",
        list(&["x.com"]),
    );
    world.fails(Reason::DomainNotAccepted);
}

#[test]
fn u30_outlook_web_app_needs_both_switches() {
    let world = World::hosted();
    let sign_in = |world: &World| owa_sign_in(&world.0.at(i64::MAX), KEN, PROXY).unwrap();
    let decision = sign_in(&world);
    assert_eq!((decision.sip(), decision.diagnostic()), (403, Some(4003)));
    world.set(
        "CsExternalAccessPolicy",
        "Global",
        "EnableOutsideAccess",
        true,
    );
    assert!(sign_in(&world).succeeded());
    world.set(
        "CsAccessEdgeConfiguration",
        "Global",
        "AllowOutsideUsers",
        false,
    );
    assert!(sign_in(&world).succeeded());
    world.wait(60);
    assert_eq!(
        sign_in(&world).failure,
        Some(Reason::RemoteAccessNotAllowed)
    );
    assert_eq!(sign_in(&world).steps.last().unwrap().rule, "W6");
}

/// Tukwila's servers are gone; its names lead to Dublin's.
fn repointed() -> World {
    let world = World::new();
    for (name, old, new, server) in [
        ("um1", "10.1.0.31", "10.2.0.33", "um1"),
        ("um2", "10.1.0.32", "10.2.0.34", "um2"),
    ] {
        world.remove(
            "DnsServerResourceRecord",
            &format!("Internal/{name}.contoso.com/A/{old}"),
        );
        world.make(
            "DnsServerResourceRecord",
            &format!("Internal/{name}.contoso.com/A/{new}"),
            &[
                ("View", "Internal".into()),
                ("HostName", format!("{name}.contoso.com").into()),
                ("RecordType", "A".into()),
                ("RecordData", new.into()),
            ],
        );
        world.set("ExchangeServer", server, "Available", false);
    }
    // Who has asked before keeps the old answer for an hour.
    world.fails(Reason::UmServiceDown);
    world.wait(3600);
    world
}

#[test]
fn u31_repointed_names_need_certificates_that_cover_them() {
    let world = repointed();
    world.works();
    for server in ["um3", "um4"] {
        let only = list(&["DublinSip"]);
        world.set("UMCallRouterSettings", server, "DialPlans", only);
    }
    certificates(&world, |it, server| {
        it.set(
            "CertificateDomains",
            list(&[&format!("{server}.contoso.com")]),
        );
    });
    world.fails(Reason::UmCertificate);
}

#[test]
fn u33_old_servers_do_not_stand_in_for_dead_new_ones() {
    let world = World::new();
    for server in ["um2", "um3", "um4"] {
        world.set("ExchangeServer", server, "Product", "Exchange2010SP1");
        world.set("ExchangeServer", server, "IsUnifiedMessagingServer", true);
        world.set("ExchangeServer", server, "RunningStartupMode", "Dual");
    }
    world.set("ExchangeServer", "um1", "Available", false);
    world.fails(Reason::UmServiceDown);
    world.set(
        "ServerComponentState",
        "um1/UMCallRouter",
        "State",
        "Inactive",
    );
    world.works();
    assert_eq!(world.call().server, "um2.contoso.com");
    for server in ["um2", "um3", "um4"] {
        world.set("UMServer", server, "Status", "Disabled");
    }
    world.fails(Reason::NoUmServer);
}

#[test]
fn u34_forests_have_to_trust_each_other_both_ways() {
    let world = World::new();
    world.make(
        "ADForest",
        "exchange.net",
        &[("UmPermissionGrantedTo", list(&["contoso.com"]))],
    );
    world.set(
        "UMDialPlan",
        "TukwilaSip",
        "PhoneContext",
        "TukwilaSip.exchange.net",
    );
    world.set(
        "ADUser",
        "kmyer",
        "proxyAddresses",
        list(&["EUM:kmyer@contoso.com;phone-context=TukwilaSip.exchange.net"]),
    );
    world.fails(Reason::UmPermissionMissing);
    world.make(
        "ADTrust",
        "contoso.com/exchange.net",
        &[
            ("Source", "contoso.com".into()),
            ("Target", "exchange.net".into()),
            ("Direction", "Outbound".into()),
        ],
    );
    world.fails(Reason::UmPermissionMissing);
    world.set(
        "ADTrust",
        "contoso.com/exchange.net",
        "Direction",
        "BiDirectional",
    );
    world.works();
    world.set(
        "ADForest",
        "exchange.net",
        "UmPermissionGrantedAt",
        Datum::DateTime(i64::MAX / 2),
    );
    world.fails(Reason::UmTopologyStale);
    world.set(
        "ADForest",
        "exchange.net",
        "UmPermissionGrantedTo",
        list(&[]),
    );
    world.fails(Reason::UmPermissionMissing);
}

#[test]
fn peers_gateways_and_redirects_are_checked() {
    let world = World::new();
    world.set("UMIPGateway", "pool01", "Status", "Disabled");
    world.fails(Reason::GatewayDisabled);
    world.remove("UMIPGateway", "pool01");
    world.fails(Reason::UmPeerUnknown);
    let world = World::new();
    world.remove("UMHuntGroup", "TukwilaSip-pool01");
    world.fails(Reason::NoHuntGroup);
    let world = World::new();
    world.set("UMService", "um1", "DialPlans", list(&["DublinSip"]));
    world.fails(Reason::RedirectUntrusted);
    let world = World::new();
    world.set("UMAutoAttendant", "MainAA", "Status", "Disabled");
    let decision = number(
        &world.0.at(i64::MAX),
        "+14255550101",
        Purpose::AutoAttendant,
    )
    .unwrap();
    assert_eq!(decision.failure, Some(Reason::AutoAttendantDisabled));
}

#[test]
fn u29_everything_sent_anew_takes_its_time() {
    let world = World::hosted();
    let current = |world: &World| {
        let all = world.0.replication_status().unwrap();
        all.iter().find(|it| it.fqdn == EDGE).unwrap().up_to_date
    };
    assert!(current(&world));
    world.0.invoke_replication(Some(EDGE)).unwrap();
    assert!(!current(&world));
    world.wait(180);
    assert!(current(&world));
}

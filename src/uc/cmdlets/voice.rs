//! Trying out Enterprise Voice: normalisation rules, dial plans, routes, policies, and test cases for all of them.

use super::answer::{identity_text, text};
use crate::cmdlet::registry::Factory;
use crate::model::identity::fold;
use crate::model::object::Object;
use crate::model::value::Datum;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::R;
use crate::runtime::object::CustomObject;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::{BinaryOperator, Case};

/// The behaviour's cmdlets.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Test-CsVoiceNormalizationRule", || Box::new(TestRule)),
    ("Test-CsDialPlan", || Box::new(TestDialPlan)),
    ("Test-CsVoiceRoute", || Box::new(TestRoute)),
    ("Test-CsVoicePolicy", || Box::new(TestPolicy)),
    ("Test-CsVoiceTestConfiguration", || Box::new(TestCase)),
    ("Test-CsVoiceUser", || Box::new(TestUser)),
    ("Test-CsTrunkConfiguration", || Box::new(TestTrunk)),
    ("Copy-CsVoicePolicy", || Box::new(CopyPolicy)),
];

/// The number of an argument, without `tel:`.
fn number(vm: &mut Vm, call: &Call, name: &str) -> R<String> {
    let given = text(vm, call, name)?.unwrap_or_default();
    Ok(crate::model::identity::without_scheme(given.trim()).to_owned())
}

/// Whether a number fits a pattern; an unreadable pattern fits nothing.
fn fits(vm: &mut Vm, number: &str, pattern: &str) -> bool {
    if pattern.is_empty() {
        return false;
    }
    let operator = BinaryOperator::Match(Case::Default);
    match vm.binary(operator, &Value::str(number), &Value::str(pattern)) {
        Ok(answer) => vm.to_bool(&answer),
        Err(_) => false,
    }
}

/// A dialled number in the form a rule gives it; nothing if the rule does not fit.
fn normalised(vm: &mut Vm, number: &str, pattern: &str, translation: &str) -> Option<String> {
    if !fits(vm, number, pattern) {
        return None;
    }
    let pair = Value::array(vec![Value::str(pattern), Value::str(translation)]);
    let operator = BinaryOperator::Replace(Case::Default);
    let replaced = vm.binary(operator, &Value::str(number), &pair).ok()?;
    vm.to_text(&replaced).ok()
}

/// The text of a property of an object that an argument is, stored or in memory.
fn property(vm: &mut Vm, value: &Value, name: &str) -> R<Option<String>> {
    if let Value::Custom(custom) = value.base()
        && let Some(found) = custom.members.note(name)
    {
        return vm.to_text(&found).map(Some);
    }
    Ok(None)
}

/// A stored object that an argument names.
fn stored(vm: &mut Vm, noun: &str, given: &Value) -> R<Object> {
    let typed = identity_text(vm, given)?;
    let store = vm.twin()?;
    let found = store.find_one(noun, &typed);
    vm.model(found)
}

/// The rules of a dial plan in the order they are tried.
fn rules(vm: &mut Vm, plan: &str) -> R<Vec<Object>> {
    let store = vm.twin()?;
    let listed = store.list("CsVoiceNormalizationRule");
    let mut rules = Vec::new();
    for rule in vm.model(listed)? {
        let rule = vm.model(rule)?;
        let parent = rule
            .identity
            .rsplit_once('/')
            .map(|(parent, _)| fold(parent));
        if parent.as_deref() == Some(&*fold(plan)) {
            rules.push(rule);
        }
    }
    rules.sort_by_key(|rule| rule.get("Priority").as_int().unwrap_or_default());
    Ok(rules)
}

/// The first rule of a dial plan that fits, and the number it makes.
fn by_plan(vm: &mut Vm, plan: &str, dialled: &str) -> R<Option<(Object, String)>> {
    for rule in rules(vm, plan)? {
        let (pattern, translation) = (rule.text("Pattern"), rule.text("Translation"));
        if let Some(number) = normalised(vm, dialled, &pattern, &translation) {
            return Ok(Some((rule, number)));
        }
    }
    Ok(None)
}

/// The first route that a policy's usages lead a number to, and the usage.
fn by_policy(vm: &mut Vm, policy: &Object, number: &str) -> R<Option<(Object, String)>> {
    let store = vm.twin()?;
    let listed = store.list("CsVoiceRoute");
    let mut routes = Vec::new();
    for route in vm.model(listed)? {
        routes.push(vm.model(route)?);
    }
    routes.sort_by_key(|route| route.get("Priority").as_int().unwrap_or(i64::MAX));
    for usage in policy.texts("PstnUsages") {
        for route in &routes {
            let carries = route
                .texts("PstnUsages")
                .iter()
                .any(|it| fold(it) == fold(&usage));
            if carries && fits(vm, number, &route.text("NumberPattern")) {
                return Ok(Some((route.clone(), usage)));
            }
        }
    }
    Ok(None)
}

fn optional(value: Option<String>) -> Value {
    value.map_or(Value::Null, Value::str)
}

struct TestRule;

impl Cmdlet for TestRule {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let dialled = number(vm, call, "DialedNumber")?;
        let given = call.get("NormalizationRule").unwrap_or_default();
        let pattern = property(vm, &given, "Pattern")?;
        let translation = property(vm, &given, "Translation")?;
        let (pattern, translation) = match (pattern, translation) {
            (Some(pattern), Some(translation)) => (pattern, translation),
            _ => {
                let rule = stored(vm, "CsVoiceNormalizationRule", &given)?;
                (rule.text("Pattern"), rule.text("Translation"))
            }
        };
        let answer = normalised(vm, &dialled, &pattern, &translation);
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.Voice.NormalizationRuleTestResult",
            [("TranslatedNumber", optional(answer))],
        ))
    }
}

/// What the rules of a trunk make of the numbers of a call.
struct TestTrunk;

impl TestTrunk {
    /// The first rule of a trunk that fits a number, and the number it makes.
    fn translated(
        vm: &mut Vm,
        trunk: &str,
        noun: &str,
        number: &str,
    ) -> R<(Option<String>, Option<String>)> {
        let store = vm.twin()?;
        let listed = store.list(noun);
        let mut rules = Vec::new();
        for rule in vm.model(listed)? {
            let rule = vm.model(rule)?;
            let parent = rule.identity.rsplit_once('/').map(|(it, _)| fold(it));
            if parent.as_deref() == Some(&*fold(trunk)) {
                rules.push(rule);
            }
        }
        rules.sort_by_key(|rule| rule.get("Priority").as_int().unwrap_or_default());
        for rule in rules {
            let (pattern, translation) = (rule.text("Pattern"), rule.text("Translation"));
            if let Some(made) = normalised(vm, number, &pattern, &translation) {
                return Ok((Some(rule.identity), Some(made)));
            }
        }
        Ok((None, None))
    }
}

impl Cmdlet for TestTrunk {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let given = call.get("TrunkConfiguration").unwrap_or_default();
        let trunk = stored(vm, "CsTrunkConfiguration", &given)?.identity;
        let dialled = number(vm, call, "DialedNumber")?;
        let calling = number(vm, call, "CallingNumber")?;
        let (rule, called) =
            TestTrunk::translated(vm, &trunk, "CsOutboundTranslationRule", &dialled)?;
        let noun = "CsOutboundCallingNumberTranslationRule";
        let (calling_rule, caller) = TestTrunk::translated(vm, &trunk, noun, &calling)?;
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.Voice.TrunkConfigurationTestResult",
            [
                ("TranslatedNumber", optional(called)),
                ("MatchingRule", optional(rule)),
                ("TranslatedCallingNumber", optional(caller)),
                ("MatchingCallingNumberRule", optional(calling_rule)),
            ],
        ))
    }
}

/// A rule as its dial plan shows it.
fn setting(rule: &Object) -> Value {
    super::answer::datum_value(&Datum::Record(rule.as_part()), None)
}

struct TestDialPlan;

impl Cmdlet for TestDialPlan {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let dialled = number(vm, call, "DialedNumber")?;
        let plan = stored(vm, "CsDialPlan", &call.get("Dialplan").unwrap_or_default())?;
        let found = by_plan(vm, &plan.identity, &dialled)?;
        let (rule, translated) = match found {
            Some((rule, number)) => (setting(&rule), Value::str(number)),
            None => (Value::Null, Value::Null),
        };
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.Voice.LocationProfileTestResult",
            [("TranslatedNumber", translated), ("MatchingRule", rule)],
        ))
    }
}

struct TestRoute;

impl Cmdlet for TestRoute {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let wanted = number(vm, call, "TargetNumber")?;
        let given = call.get("Route").unwrap_or_default();
        let pattern = match property(vm, &given, "NumberPattern")? {
            Some(pattern) => pattern,
            None => stored(vm, "CsVoiceRoute", &given)?.text("NumberPattern"),
        };
        let answer = fits(vm, &wanted, &pattern);
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.Voice.VoiceRouteTestResult",
            [("MatchesPattern", Value::Bool(answer))],
        ))
    }
}

struct TestPolicy;

impl Cmdlet for TestPolicy {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let wanted = number(vm, call, "TargetNumber")?;
        let policy = stored(
            vm,
            "CsVoicePolicy",
            &call.get("VoicePolicy").unwrap_or_default(),
        )?;
        let found = by_policy(vm, &policy, &wanted)?;
        let (route, usage) = match found {
            Some((route, usage)) => (Value::str(route.identity), Value::str(usage)),
            None => (Value::Null, Value::Null),
        };
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.Voice.VoicePolicyTestResult",
            [("FirstMatchingRoute", route), ("MatchingUsage", usage)],
        ))
    }
}

struct TestCase;

impl Cmdlet for TestCase {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let case = match call.get("TestCaseInputObject") {
            Some(given) => Some(stored(vm, "CsVoiceTestConfiguration", &given)?),
            None => None,
        };
        let of_case = |name: &str| {
            case.as_ref()
                .map(|case| case.text(name))
                .unwrap_or_default()
        };
        let dialled = match &case {
            Some(case) => case.text("DialedNumber"),
            None => number(vm, call, "DialedNumber")?,
        };
        let named = |given: Option<Value>, fallback: String| {
            given.unwrap_or_else(|| {
                Value::str(if fallback.is_empty() {
                    "Global".to_owned()
                } else {
                    fallback
                })
            })
        };
        let plan = named(call.get("Dialplan"), of_case("TargetDialplan"));
        let plan = stored(vm, "CsDialPlan", &plan)?;
        let policy = named(call.get("VoicePolicy"), of_case("TargetVoicePolicy"));
        let policy = stored(vm, "CsVoicePolicy", &policy)?;
        let rule = by_plan(vm, &plan.identity, &dialled)?;
        let translated = rule.as_ref().map(|(_, number)| number.clone());
        let route = match &translated {
            Some(number) => by_policy(vm, &policy, number)?,
            None => None,
        };
        let expected = [
            ("ExpectedTranslatedNumber", translated.clone()),
            (
                "ExpectedRoute",
                route.as_ref().map(|(route, _)| route.identity.clone()),
            ),
            (
                "ExpectedUsage",
                route.as_ref().map(|(_, usage)| usage.clone()),
            ),
        ];
        // Without a stored case nothing is expected, and nothing met or missed.
        let result = case.as_ref().map(|case| {
            let met = expected.iter().all(|(name, got)| {
                let wanted = case.text(name);
                wanted.is_empty() || got.as_deref().map(fold) == Some(fold(&wanted))
            });
            ("Result", Value::str(if met { "Pass" } else { "Fail" }))
        });
        let rows = result.into_iter().chain(outcome(rule, route));
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.Voice.OcsVoiceTestResult",
            rows,
        ))
    }
}

/// The properties that tell what became of a dialled number.
fn outcome(
    rule: Option<(Object, String)>,
    route: Option<(Object, String)>,
) -> [(&'static str, Value); 4] {
    let (rule, number) = rule.unzip();
    let (route, usage) = route.unzip();
    [
        ("TranslatedNumber", optional(number)),
        (
            "MatchingRule",
            rule.map_or(Value::Null, |rule| setting(&rule)),
        ),
        (
            "FirstMatchingRoute",
            optional(route.map(|route| route.identity)),
        ),
        ("MatchingUsage", optional(usage)),
    ]
}

/// What a user gets when he dials a number: by his effective dial plan and voice policy.
struct TestUser;

impl Cmdlet for TestUser {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.twin()?;
        let dialled = number(vm, call, "DialedNumber")?;
        let given = super::answer::first_text(vm, call, &["SipUri", "Identity", "UserSipAddress"])?
            .unwrap_or_default();
        let user = store.find_one("CsUser", &given);
        let user = vm.model(user)?;
        let view = store.at(i64::MAX);
        let plan = crate::uc::policy::effective(&view, "CsDialPlan", &user);
        let plan = vm.model(plan)?;
        let policy = crate::uc::policy::effective(&view, "CsVoicePolicy", &user);
        let policy = vm.model(policy)?;
        let rule = by_plan(vm, &plan.identity, &dialled)?;
        let translated = rule.as_ref().map(|(_, number)| number.clone());
        let route = match &translated {
            Some(number) => by_policy(vm, &policy, number)?,
            None => None,
        };
        vm.write(CustomObject::typed(
            "Microsoft.Rtc.Management.Voice.OcsVoiceUserTestResult",
            outcome(rule, route),
        ))
    }
}

/// Takes over the settings of one voice policy into another.
struct CopyPolicy;

impl Cmdlet for CopyPolicy {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let store = vm.sign_changes(call)?;
        let source = stored(
            vm,
            "CsVoicePolicy",
            &call.get("SourceVoicePolicy").unwrap_or_default(),
        )?;
        let target = call.get("TargetVoicePolicy").unwrap_or_default();
        let target = identity_text(vm, &target)?;
        if !vm.should_process(call, &target, "Copy-CsVoicePolicy")? {
            return Ok(());
        }
        let found = store.find("CsVoicePolicy", &target);
        let found = vm.model(found)?.into_iter().next();
        let normal = crate::model::identity::normalise(source.kind, &target);
        let mut copy = found.unwrap_or(Object::new(source.kind, vm.model(normal)?));
        copy.properties = source.properties.clone();
        let saved = store.save(&copy);
        vm.model(saved).map(drop)
    }
}

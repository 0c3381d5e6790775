//! Random changes against a plain map: the store must hold what the map holds,
//! refuse what the map refuses, and every position of its log must show the
//! state of that moment.

use super::Store;
use super::clock::Clock;
use crate::model::object::Object;
use crate::model::testing::kind;
use crate::model::value::Datum;
use proptest::prelude::*;
use std::collections::BTreeMap;

const NOUN: &str = "CsHostingProvider";

/// One change; the numbers choose from few names, so that changes meet.
#[derive(Clone, Debug)]
enum Change {
    Create(u8, u8),
    Enable(u8, bool),
    Remove(u8),
    Undo,
    /// These stand or fall together; the flag says which.
    Group(Vec<Change>, bool),
}

fn change() -> impl Strategy<Value = Change> {
    let one = prop_oneof![
        (0..5u8, 0..5u8).prop_map(|(name, proxy)| Change::Create(name, proxy)),
        (0..5u8, any::<bool>()).prop_map(|(name, flag)| Change::Enable(name, flag)),
        (0..5u8).prop_map(Change::Remove),
        Just(Change::Undo),
    ];
    let group = (proptest::collection::vec(one.clone(), 0..5), any::<bool>());
    prop_oneof![
        4 => one,
        1 => group.prop_map(|(changes, kept)| Change::Group(changes, kept)),
    ]
}

/// Name → proxy and whether it is enabled.
type Model = BTreeMap<u8, (u8, bool)>;

fn name(number: u8) -> String {
    format!("Provider {number}")
}

/// Makes the change in both worlds.
fn apply(store: &Store, model: &mut Model, change: &Change) -> Result<(), TestCaseError> {
    let providers = kind(NOUN).expect("it is declared");
    match change {
        Change::Create(number, proxy) => {
            let taken = model.contains_key(number) || model.values().any(|(it, _)| it == proxy);
            let made = store.create(
                Object::new(providers, name(*number).to_uppercase())
                    .with("ProxyFqdn", format!("p{proxy}.contoso.com"))
                    .with("Enabled", false),
            );
            prop_assert_eq!(made.is_err(), taken);
            if !taken {
                model.insert(*number, (*proxy, false));
            }
        }
        Change::Enable(number, flag) => {
            let done = store.modify(providers, &name(*number), |it| {
                it.set("Enabled", Datum::Bool(*flag));
                Ok(())
            });
            match model.get_mut(number) {
                None => prop_assert!(done.is_err()),
                Some((_, enabled)) => {
                    prop_assert_eq!(done.expect("it exists").1, *enabled != *flag);
                    *enabled = *flag;
                }
            }
        }
        Change::Remove(number) => {
            let done = store.remove(providers, &name(*number));
            prop_assert_eq!(done.is_ok(), model.remove(number).is_some());
        }
        Change::Undo => {
            let position = store.position().expect("it can be read");
            if position > 0 && store.undo(position).is_ok() {
                *model = read(
                    &store
                        .list(NOUN)
                        .expect("declared")
                        .map(|it| it.expect("read"))
                        .collect::<Vec<_>>(),
                );
            }
        }
        Change::Group(changes, kept) => {
            let before = model.clone();
            store.begin().expect("a level");
            for change in changes {
                apply(store, model, change)?;
            }
            if *kept {
                store.commit().expect("kept");
            } else {
                store.rollback().expect("taken back");
                *model = before;
            }
        }
    }
    Ok(())
}

fn read(objects: &[Object]) -> Model {
    objects
        .iter()
        .map(|object| {
            let number = |text: &str| {
                text.bytes()
                    .find(u8::is_ascii_digit)
                    .map_or(0, |it| it - b'0')
            };
            let proxy = number(&object.text("ProxyFqdn"));
            (number(&object.identity), (proxy, object.flag("Enabled")))
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_store_holds_what_a_map_holds(changes in proptest::collection::vec(change(), 1..40)) {
        let store = Store::memory(kind).expect("a store");
        store.set_clock(Clock::Virtual { at: 0 }).expect("a clock");
        let mut model = Model::new();
        let mut history = vec![(0, Model::new())];
        for change in &changes {
            apply(&store, &mut model, change)?;
            let now: Vec<Object> = store.list(NOUN).expect("declared").map(|it| it.expect("read")).collect();
            prop_assert_eq!(&read(&now), &model);
            history.push((store.position().expect("it can be read"), model.clone()));
        }
        for (position, then) in history {
            let seen = store.at(position).list(NOUN).expect("declared");
            prop_assert_eq!(read(&seen), then, "at position {}", position);
        }
        // What was exported and read again is the same, rules included.
        let text = store.export_text().expect("it can be written");
        let again = Store::open_with(None, kind, &text).expect("it reads back");
        prop_assert_eq!(again.export_text().expect("it can be written"), text);
    }
}

//! Health checks: what in the deployment keeps, or will keep, voice mail and sign-in from working, with the
//! remedy. Every finding has the id of its check; one check may find several objects.

mod hosted;
mod local;
mod names;
mod standby;
mod whole;

use super::deployment::Deployment;
use super::mode;
use crate::model::error::ModelError;
use crate::model::object::Object;

/// How long before its end a certificate is worth a word, in ticks: thirty days.
pub(crate) const SOON: i64 = 30 * crate::store::clock::TICKS_PER_DAY;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Calls or sign-ins fail.
    Error,
    /// They may fail, or fail for some.
    Warning,
    /// Worth knowing.
    Information,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check (`EDG-2`).
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// The object that it is about.
    pub object: String,
    /// What is wrong.
    pub message: String,
    /// What mends it.
    pub remedy: &'static str,
}

/// The findings so far.
#[derive(Default)]
pub(crate) struct Findings(Vec<Finding>);

impl Findings {
    /// Notes an error if something is not as it should be.
    pub fn error(
        &mut self,
        id: &'static str,
        holds: bool,
        object: &str,
        message: impl Into<String>,
        remedy: &'static str,
    ) {
        self.note(id, Severity::Error, holds, object, message, remedy);
    }

    /// Notes a warning if something is not as it should be.
    pub fn warning(
        &mut self,
        id: &'static str,
        holds: bool,
        object: &str,
        message: impl Into<String>,
        remedy: &'static str,
    ) {
        self.note(id, Severity::Warning, holds, object, message, remedy);
    }

    /// Notes something worth knowing if something is not as it usually is.
    pub fn information(
        &mut self,
        id: &'static str,
        holds: bool,
        object: &str,
        message: impl Into<String>,
        remedy: &'static str,
    ) {
        self.note(id, Severity::Information, holds, object, message, remedy);
    }

    fn note(
        &mut self,
        id: &'static str,
        severity: Severity,
        holds: bool,
        object: &str,
        message: impl Into<String>,
        remedy: &'static str,
    ) {
        if holds {
            return;
        }
        self.0.push(Finding {
            id,
            severity,
            object: object.to_owned(),
            message: message.into(),
            remedy,
        });
    }
}

/// Who has voice mail, and where.
pub(crate) struct People {
    /// Lync's users.
    pub users: Vec<Object>,
    /// Its voice mail contacts.
    pub contacts: Vec<Object>,
}

impl People {
    fn of(deployment: &dyn Deployment) -> Result<People, ModelError> {
        Ok(People {
            users: deployment.list("CsUser")?,
            contacts: deployment.list("CsExUmContact")?,
        })
    }

    /// Users and contacts whose voice mail is at a provider.
    pub fn hosted(&self) -> impl Iterator<Item = &Object> {
        let users = self.users.iter().filter(|user| mode::is_hosted(user));
        users.chain(self.contacts.iter().filter(|it| it.flag("Hosted")))
    }

    /// Users whose voice mail is on premises.
    pub fn local(&self) -> impl Iterator<Item = &Object> {
        self.users
            .iter()
            .filter(|user| !mode::is_hosted(user) && !mode::eum_addresses(user).is_empty())
    }
}

/// What the checks find, errors first.
pub fn findings(deployment: &dyn Deployment) -> Result<Vec<Finding>, ModelError> {
    let people = People::of(deployment)?;
    let mut found = Findings::default();
    whole::check(deployment, &people, &mut found)?;
    if people.hosted().next().is_some() {
        hosted::check(deployment, &people, &mut found)?;
    }
    let local = people.local().next().is_some();
    if local || people.contacts.iter().any(|it| !it.flag("Hosted")) {
        local::check(deployment, &people, &mut found)?;
        standby::check(deployment, &people, &mut found)?;
    }
    names::check(deployment, &people, &mut found)?;
    found.0.sort_by_key(|finding| finding.severity);
    Ok(found.0)
}

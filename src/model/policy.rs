//! Which policy counts for whom: per user, else service, else site, else
//! global. Policies do not merge; the one that counts supplies every property.

use super::error::ModelError;
use super::identity::Scope;
use super::kind::{Kind, ScopeKind};
use super::object::Object;

/// What the resolution reads: objects by kind and identity, and declarations.
pub trait Lookup {
    /// An object by kind and identity.
    fn get(&self, noun: &str, identity: &str) -> Result<Option<Object>, ModelError>;
    /// The declaration of a noun.
    fn kind(&self, noun: &str) -> Result<&'static Kind, ModelError>;
}

/// The policy of a kind that counts for a user or contact.
pub fn effective(
    deployment: &dyn Lookup,
    noun: &str,
    holder: &Object,
) -> Result<Object, ModelError> {
    let kind = deployment.kind(noun)?;
    if let Some(grant) = &kind.grant {
        let name = holder.text(&grant.property);
        if !name.is_empty()
            && let Some(policy) = deployment.get(noun, &format!("Tag:{name}"))?
        {
            return Ok(policy);
        }
    }
    for_pool(deployment, noun, &holder.text("RegistrarPool"))
}

/// The policy or configuration of a kind that counts for a pool.
pub fn for_pool(deployment: &dyn Lookup, noun: &str, pool: &str) -> Result<Object, ModelError> {
    let kind = deployment.kind(noun)?;
    if kind.has_scope(ScopeKind::Service) && !pool.is_empty() {
        let identity = format!("Registrar:{pool}");
        if super::identity::normalise(kind, &identity).is_ok()
            && let Some(found) = deployment.get(noun, &identity)?
        {
            return Ok(found);
        }
    }
    if kind.has_scope(ScopeKind::Site)
        && let Some(site) = site_of(deployment, pool)?
        && let Some(found) = deployment.get(noun, &format!("Site:{site}"))?
    {
        return Ok(found);
    }
    let standing = kind.standing_identity().unwrap_or("Global");
    let found = deployment.get(noun, standing)?;
    Ok(found.unwrap_or_else(|| Object::new(kind, standing)))
}

/// The site of a pool.
pub fn site_of(deployment: &dyn Lookup, pool: &str) -> Result<Option<String>, ModelError> {
    if pool.is_empty() {
        return Ok(None);
    }
    let Some(pool) = deployment.get("CsPool", pool)? else {
        return Ok(None);
    };
    let site = pool.text("Site");
    Ok(match Scope::parse(&site) {
        Scope::Site(name) | Scope::Tag(name) if !name.is_empty() => Some(name.to_owned()),
        _ => None,
    })
}

/// The name of the policy that counts, as `Get-CsEffectivePolicy` shows it:
/// `Global`, `Site:X`, or the plain name of a per-user policy.
pub fn shown_name(policy: &Object) -> String {
    match Scope::parse(&policy.identity) {
        Scope::Tag(name) => name.to_owned(),
        scope => scope.display(),
    }
}

/// The name under which `Get-CsEffectivePolicy` lists a kind of policy.
pub fn listed_as(kind: &Kind) -> Option<&str> {
    let grant = kind.grant.as_ref()?;
    Some(grant.effective_name.as_deref().unwrap_or(&grant.property))
}

//! Why the deployment refuses something, as the administrator sees it: message,
//! error id, category and target.

use thiserror::Error;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ModelError {
    /// No such object (configuration and policies).
    #[error(
        "Cannot find \"{noun}\" \"{identity}\" because it does not exist. Make sure that the item exists, and then try again."
    )]
    NotFound {
        /// The kind.
        noun: String,
        /// What was asked for.
        identity: String,
    },
    /// No such user or contact.
    #[error("Management object not found for identity \"{identity}\".")]
    UserNotFound {
        /// What was asked for.
        identity: String,
    },
    /// No such Exchange or directory object.
    #[error(
        "The operation couldn't be performed because object '{identity}' couldn't be found on the domain controller."
    )]
    DirectoryNotFound {
        /// What was asked for.
        identity: String,
    },
    /// Several objects where one was meant.
    #[error(
        "Multiple management objects match the identity \"{identity}\". Use an identity that names one."
    )]
    Ambiguous {
        /// What was asked for.
        identity: String,
    },
    /// The identity cannot name an object of the kind.
    #[error("\"{identity}\" is not a valid identity for {noun}: {reason}.")]
    BadIdentity {
        /// The kind.
        noun: String,
        /// What was given.
        identity: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An object of that identity is there already.
    #[error("Cannot create \"{noun}\" \"{identity}\" because it already exists.")]
    AlreadyExists {
        /// The kind.
        noun: String,
        /// The identity.
        identity: String,
    },
    /// Another object has the value.
    #[error(
        "The value \"{value}\" of {property} is already used by {holder_noun} \"{holder}\". It must be unique."
    )]
    NotUnique {
        /// The property.
        property: String,
        /// The value.
        value: String,
        /// The kind of the object that has it.
        holder_noun: String,
        /// The object that has it.
        holder: String,
        /// The object that wants it.
        identity: String,
    },
    /// A named object does not exist.
    #[error("{message}")]
    MissingReference {
        /// What to tell.
        message: String,
        /// The missing name.
        value: String,
    },
    /// The object cannot go because others refer to it.
    #[error(
        "Cannot remove {noun} \"{identity}\" because it is still in use ({count}), first by {first_noun} \"{first}\"."
    )]
    Referenced {
        /// The kind.
        noun: String,
        /// The object.
        identity: String,
        /// How many refer to it.
        count: usize,
        /// The kind of the first of them.
        first_noun: String,
        /// The first of them.
        first: String,
    },
    /// The one object that has to have a flag would lose it.
    #[error(
        "{property} of {noun} \"{identity}\" cannot be given up: exactly one object has it. Give it to another one first."
    )]
    SoleHolder {
        /// The kind.
        noun: String,
        /// The object.
        identity: String,
        /// The flag.
        property: String,
    },
    /// The only object of the kind that must have one cannot be removed.
    #[error("Cannot remove {noun} \"{identity}\": {reason}.")]
    NotRemovable {
        /// The kind.
        noun: String,
        /// The object.
        identity: String,
        /// Why.
        reason: String,
    },
    /// Another object excludes this one, by a rule of the declaration.
    #[error("{message}")]
    Excluded {
        /// What to tell.
        message: String,
        /// The object.
        identity: String,
    },
    /// Nothing would change, and the verb calls that an error.
    #[error("{message}")]
    Unchanged {
        /// What to tell.
        message: String,
        /// The object.
        identity: String,
    },
    /// A value breaks the limits of its property.
    #[error("The value \"{value}\" is not valid for {property}: {reason}.")]
    InvalidValue {
        /// The property.
        property: String,
        /// The value.
        value: String,
        /// The limit.
        reason: String,
    },
    /// A property that has to be given was not.
    #[error("{noun} \"{identity}\" needs a value for {property}.")]
    Required {
        /// The kind.
        noun: String,
        /// The object.
        identity: String,
        /// The property.
        property: String,
    },
    /// A property that cannot be written was.
    #[error("{property} of {noun} cannot be changed.")]
    ReadOnly {
        /// The kind.
        noun: String,
        /// The property.
        property: String,
    },
    /// A policy that is not one for users was granted.
    #[error(
        "The policy \"{identity}\" is not a user policy. Only policies of the per-user scope can be granted."
    )]
    NotUserPolicy {
        /// The policy.
        identity: String,
    },
    /// A rule that one kind has for itself.
    #[error("{message}")]
    Rule {
        /// What to tell.
        message: String,
        /// The error id.
        id: String,
        /// The object.
        target: String,
    },
    /// The kind is not declared.
    #[error("The program has no declaration of the object kind \"{noun}\".")]
    UnknownKind {
        /// The noun.
        noun: String,
    },
    /// Another process holds the store for too long.
    #[error("The store is in use by another process. Try again when it has finished.")]
    Busy,
    /// The store cannot be read or written.
    #[error("The store cannot be used: {0}")]
    Storage(String),
    /// Later changes stand in the way of an undo.
    #[error("Change {sequence} cannot be undone: {reason}.")]
    CannotUndo {
        /// The change.
        sequence: i64,
        /// Why.
        reason: String,
    },
    /// A deployment file does not say what it should.
    #[error("{place}: {message}")]
    BadFile {
        /// Line and column, or the object.
        place: String,
        /// What is wrong.
        message: String,
    },
}

/// A category of PowerShell's error records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// The object is not there.
    ObjectNotFound,
    /// The object is there already.
    ResourceExists,
    /// The argument is wrong.
    InvalidArgument,
    /// The data is wrong.
    InvalidData,
    /// The operation does not fit the state.
    InvalidOperation,
    /// Something else is using it.
    ResourceBusy,
    /// It cannot be read.
    ReadError,
}

impl ModelError {
    /// The first part of the `FullyQualifiedErrorId`.
    pub fn id(&self) -> &str {
        match self {
            ModelError::NotFound { .. } => "IdentityNotFound",
            ModelError::UserNotFound { .. } | ModelError::DirectoryNotFound { .. } => {
                "ManagementObjectNotFound"
            }
            ModelError::Ambiguous { .. } => "ManagementObjectAmbiguous",
            ModelError::BadIdentity { .. } => "InvalidIdentity",
            ModelError::AlreadyExists { .. } => "IdentityAlreadyExists",
            ModelError::NotUnique { .. } => "ValueNotUnique",
            ModelError::MissingReference { .. } => "ReferenceNotFound",
            ModelError::Referenced { .. } => "ObjectInUse",
            ModelError::SoleHolder { .. } => "SoleHolder",
            ModelError::NotRemovable { .. } => "ObjectNotRemovable",
            ModelError::Excluded { .. } => "Excluded",
            ModelError::Unchanged { .. } => "AlreadyInState",
            ModelError::InvalidValue { .. } => "InvalidPropertyValue",
            ModelError::Required { .. } => "PropertyRequired",
            ModelError::ReadOnly { .. } => "PropertyReadOnly",
            ModelError::NotUserPolicy { .. } => "NotUserPolicy",
            ModelError::Rule { id, .. } => id,
            ModelError::UnknownKind { .. } => "KindNotDeclared",
            ModelError::Busy => "StoreBusy",
            ModelError::Storage(_) => "StoreUnusable",
            ModelError::CannotUndo { .. } => "CannotUndo",
            ModelError::BadFile { .. } => "BadDeploymentFile",
        }
    }

    /// The category of the error record.
    pub fn category(&self) -> Category {
        match self {
            ModelError::NotFound { .. }
            | ModelError::UserNotFound { .. }
            | ModelError::DirectoryNotFound { .. }
            | ModelError::MissingReference { .. } => Category::ObjectNotFound,
            ModelError::AlreadyExists { .. } | ModelError::NotUnique { .. } => {
                Category::ResourceExists
            }
            ModelError::BadIdentity { .. }
            | ModelError::Ambiguous { .. }
            | ModelError::Required { .. }
            | ModelError::NotUserPolicy { .. } => Category::InvalidArgument,
            ModelError::InvalidValue { .. } | ModelError::BadFile { .. } => Category::InvalidData,
            ModelError::Busy => Category::ResourceBusy,
            ModelError::Storage(_) => Category::ReadError,
            _ => Category::InvalidOperation,
        }
    }

    /// The target object's identity; empty if there is none.
    pub fn target(&self) -> &str {
        match self {
            ModelError::NotFound { identity, .. }
            | ModelError::UserNotFound { identity }
            | ModelError::DirectoryNotFound { identity }
            | ModelError::Ambiguous { identity }
            | ModelError::BadIdentity { identity, .. }
            | ModelError::AlreadyExists { identity, .. }
            | ModelError::NotUnique { identity, .. }
            | ModelError::Referenced { identity, .. }
            | ModelError::SoleHolder { identity, .. }
            | ModelError::NotRemovable { identity, .. }
            | ModelError::Excluded { identity, .. }
            | ModelError::Unchanged { identity, .. }
            | ModelError::Required { identity, .. }
            | ModelError::NotUserPolicy { identity } => identity,
            ModelError::MissingReference { value, .. } | ModelError::InvalidValue { value, .. } => {
                value
            }
            ModelError::Rule { target, .. } => target,
            ModelError::ReadOnly { property, .. } => property,
            _ => "",
        }
    }
}

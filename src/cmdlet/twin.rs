//! The deployment's store in a session: opened when a cmdlet first needs it.

use crate::model::error::{Category as ModelCategory, ModelError};
use crate::model::object::Object;
use crate::runtime::command::Call;
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::store::{Origin, Store};
use std::path::PathBuf;
use std::rc::Rc;

const KEY: &str = "twin";
const COMPUTER: &str = "computer";

/// What may be done about a store that cannot be used.
const REMEDY: &str = "Nothing was changed; --store or UCSH_STORE names another file.";

fn of_file(why: &str, path: &str) -> ModelError {
    ModelError::Storage(format!("{why} (\"{path}\"). {REMEDY}"))
}

impl Vm {
    /// The open store.
    pub fn twin(&mut self) -> R<Rc<Store>> {
        if let Some(open) = self.session.state.get(KEY)
            && let Ok(store) = open.clone().downcast::<Store>()
        {
            return Ok(store);
        }
        let store = Rc::new(self.open_store()?);
        self.session.state.insert(KEY, store.clone());
        Ok(store)
    }

    fn open_store(&mut self) -> R<Store> {
        let place = self
            .session
            .store
            .clone()
            .or_else(|| self.host.variable("UCSH_STORE"));
        let path = match place.as_deref() {
            Some(":memory:") => None,
            Some(path) => Some(PathBuf::from(path)),
            None => Some(self.default_store_path()),
        };
        let deployment = match self.session.deployment.clone() {
            Some(file) => match crate::host::file::read_to_string(&file) {
                Ok(text) => Some(text),
                Err(error) => {
                    let message = format!(
                        "The deployment file \"{}\" cannot be read: {error}",
                        file.display()
                    );
                    return self.raise(Fault::of(
                        "System.IO.IOException",
                        "BadDeploymentFile",
                        Category::ReadError,
                        message,
                    ));
                }
            },
            None => None,
        };
        if let Some(folder) = path.as_ref().and_then(|p| p.parent()) {
            // A folder that cannot be made shows when the store is opened in it.
            let _ = std::fs::create_dir_all(folder);
        }
        let text = deployment
            .as_deref()
            .unwrap_or(crate::store::EXAMPLE_DEPLOYMENT);
        let opened = Store::open_with(path.as_deref(), super::kinds::find, text);
        let opened = opened.map_err(|error| match (error, &path) {
            (ModelError::Storage(why), Some(path)) => of_file(&why, &path.to_string_lossy()),
            (error, _) => error,
        });
        self.model(opened)
    }

    fn default_store_path(&self) -> PathBuf {
        let folder = self
            .host
            .folder(crate::host::UserFolder::Data)
            .unwrap_or_else(std::env::temp_dir);
        folder.join("deployment.db")
    }

    /// The Exchange server that this session is on, as far as that matters: the first.
    pub fn local_exchange_server(&mut self) -> R<Option<Object>> {
        let store = self.twin()?;
        let listed = store.list("ExchangeServer");
        let first = self.model(listed)?.next();
        first.map(|server| self.model(server)).transpose()
    }

    /// A refusal of the model as a terminating error.
    pub fn model<T>(&mut self, result: Result<T, ModelError>) -> R<T> {
        match result {
            Ok(value) => Ok(value),
            Err(ModelError::Storage(why)) if !why.ends_with(REMEDY) => {
                // The file is named where the store is known.
                let open = self.session.state.get(KEY).cloned();
                let open = open.and_then(|open| open.downcast::<Store>().ok());
                let error = match open.as_ref().and_then(|store| store.path()) {
                    Some(path) => of_file(&why, path),
                    None => ModelError::Storage(why),
                };
                self.raise(model_fault(&error))
            }
            Err(error) => self.raise(model_fault(&error)),
        }
    }

    /// Says who changes something from now on, and by which line.
    pub fn sign_changes(&mut self, call: &Call) -> R<Rc<Store>> {
        let store = self.twin()?;
        let line = call
            .invocation
            .position
            .as_ref()
            .map(|p| p.text().to_string())
            .unwrap_or_default();
        store.set_origin(Origin {
            who: self.user_name(),
            line,
        });
        Ok(store)
    }

    /// The computer of the deployment that commands run on: chosen by `Invoke-Command -ComputerName` or
    /// `Enter-PSSession`, else a Front End Server.
    pub fn deployment_computer(&mut self) -> R<Rc<str>> {
        if let Some(chosen) = self.chosen_computer() {
            return Ok(chosen);
        }
        let store = self.twin()?;
        let replicas = self.model(store.replicas())?;
        Ok(replicas
            .first()
            .map(|r| Rc::from(r.fqdn.as_str()))
            .unwrap_or_else(|| "localhost".into()))
    }

    /// The computer chosen for this session, if one was.
    pub fn chosen_computer(&self) -> Option<Rc<str>> {
        let chosen = self
            .session
            .state
            .get(COMPUTER)?
            .clone()
            .downcast::<Rc<str>>()
            .ok()?;
        Some((*chosen).clone())
    }

    /// Chooses the computer of the deployment that commands run on; gives the one before.
    pub fn choose_computer(&mut self, computer: Option<Rc<str>>) -> Option<Rc<str>> {
        let before = self.chosen_computer();
        match computer {
            Some(computer) => {
                self.session.state.insert(COMPUTER, Rc::new(computer));
            }
            None => {
                self.session.state.remove(COMPUTER);
            }
        }
        before
    }
}

/// A refusal of the model as an error of the language.
pub fn model_fault(error: &ModelError) -> Fault {
    let category = match error.category() {
        ModelCategory::ObjectNotFound => Category::ObjectNotFound,
        ModelCategory::ResourceExists => Category::ResourceExists,
        ModelCategory::InvalidArgument => Category::InvalidArgument,
        ModelCategory::InvalidData => Category::InvalidData,
        ModelCategory::InvalidOperation => Category::InvalidOperation,
        ModelCategory::ResourceBusy => Category::ResourceBusy,
        ModelCategory::ReadError => Category::ReadError,
    };
    let exception = match error {
        ModelError::UserNotFound { .. } => "Microsoft.Rtc.Management.AD.ManagementException",
        ModelError::DirectoryNotFound { .. } => {
            "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException"
        }
        _ => "System.InvalidOperationException",
    };
    Fault::of(exception, error.id(), category, error.to_string()).target(Value::str(error.target()))
}

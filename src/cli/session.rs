//! The engine behind every front end: a session of the language on a machine.

use super::exit_code::Outcome;
use super::invocation::{ArgumentValue, DataFormat, Invocation, ScriptArgument};
use super::run::Engine;
use crate::bind::cmdlet_call::CmdletRunner;
use crate::bind::function_call::{self, FunctionRunner};
use crate::builtin::session::enter_history;
use crate::builtin::xml_output::{XmlMessages, XmlOutput};
use crate::cmdlet::registry::{self, Behaviours};
use crate::format::host_output::{HostOutput, finish_document, host_streams};
use crate::host::{ConsoleStream, Host, UserFolder};
use crate::lower;
use crate::repl::complete::complete;
use crate::repl::completion::Completion;
use crate::repl::session_world::SessionWorld;
use crate::repl::{Conversation, LineOutcome};
use crate::runtime::command::CmdletInfo;
use crate::runtime::command::{Command, ScriptInfo};
use crate::runtime::error::{R, Unwind};
use crate::runtime::invocation::InvocationInfo;
use crate::runtime::language::Language;
use crate::runtime::member::added::add_member;
use crate::runtime::object::Member;
use crate::runtime::parameter::Argument;
use crate::runtime::pipeline::Request;
use crate::runtime::script_block::ScriptBlock;
use crate::runtime::types::automation::host;
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use crate::syntax::ast::Span;
use crate::syntax::parse;
use crate::syntax::source::Source;
use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// What the evaluator gets to know of lowering and binding.
static LANGUAGE: Language = Language {
    lower: lower::lower_block,
    surface: lower::parameters::surface,
    define_types: lower::class::define_types,
    requests: lower::requests,
    bind_cmdlet: CmdletRunner::bind,
    bind_function: FunctionRunner::bind,
    bind_block: function_call::bind_block,
};

/// Where behaviours are written. The deployment's come first: Invoke-Command and its like run on its
/// computers too.
const BEHAVIOURS: [Behaviours; 3] = [
    crate::uc::cmdlets::find,
    crate::builtin::find,
    crate::repl::cmdlets::find,
];

fn find_cmdlet(name: &str) -> Option<CmdletInfo> {
    registry::find(name, &BEHAVIOURS)
}

/// A session.
pub struct Session {
    /// The machine it runs on.
    pub vm: Vm,
    /// Results go out as one document of serialised objects.
    xml: Option<(Rc<XmlOutput>, Rc<XmlMessages>)>,
}

impl Session {
    /// A fresh session as the command line wants it.
    pub fn new(invocation: &Invocation, host: Rc<dyn Host>) -> Session {
        let mut vm = Vm::new(&LANGUAGE, host, Rc::new(HostOutput), host_streams());
        vm.session.find_cmdlet = Some(find_cmdlet);
        vm.session.diagnose = Some(crate::repl::diagnosis::diagnose);
        vm.session.cmdlet_names = Some(registry::names);
        vm.session.shipped_function = Some(registry::shipped_function);
        vm.session.shipped_function_names = Some(registry::shipped_function_names);
        vm.session.is_shipped_module = Some(crate::builtin::modules::is_shipped);
        vm.session.location = vm.host.current_directory().unwrap_or_else(|_| "/".into());
        vm.interactive = !invocation.non_interactive;
        vm.session.store = invocation.store.clone();
        vm.session.deployment = invocation.deployment.clone();
        vm.define_session_variables();
        define_module_path(&vm);
        define_profile(&mut vm);
        let as_xml = invocation.output_format == DataFormat::Xml;
        let xml = as_xml.then(<(Rc<XmlOutput>, Rc<XmlMessages>)>::default);
        if let Some((output, messages)) = &xml {
            vm.out = output.clone();
            messages.take(Rc::make_mut(&mut vm.streams));
        }
        Session { vm, xml }
    }

    /// Ends what is open: the document being laid out, an error nobody caught.
    fn finish(&mut self, result: R<()>) -> Outcome {
        let outcome = match result {
            Ok(()) => Outcome::Ended {
                succeeded: self.vm.success,
            },
            Err(unwind) => match *unwind {
                Unwind::Exit(code) => Outcome::Exited(code),
                Unwind::Error(thrown) => {
                    // What was written before the error is shown before it.
                    let _ = finish_document(&mut self.vm);
                    let _ = self.vm.finish_error(&thrown);
                    Outcome::Stopped
                }
                Unwind::Stopped => Outcome::Stopped,
                // A jump without a loop ends the text silently.
                _ => Outcome::Ended { succeeded: true },
            },
        };
        let outcome = match host::should_exit(&self.vm) {
            Some(code) => Outcome::Exited(code),
            None => outcome,
        };
        let _ = finish_document(&mut self.vm);
        if let Some((output, messages)) = &self.xml {
            output.finish(&self.vm);
            messages.finish(&self.vm);
        }
        self.vm.host.flush();
        outcome
    }

    /// The session is over: who waits for that hears of it.
    pub fn close(&mut self) {
        if !self.vm.session.state.contains_key("events") {
            return;
        }
        let none = || Value::Null;
        self.vm
            .generate_event("PowerShell.Exiting", none(), Vec::new(), none());
        let _ = self.vm.process_pending_actions();
        let _ = finish_document(&mut self.vm);
        self.vm.host.flush();
    }

    fn block_of(&mut self, text: &str, name: Option<&str>) -> R<Rc<ScriptBlock>> {
        let source = Rc::new(Source::new(text, name));
        let block = Rc::new(self.vm.parse_source(&source)?);
        Ok(block)
    }

    fn run_text(&mut self, text: &str) -> R<()> {
        let block = self.block_of(text, None)?;
        self.vm.frame.invocation = Rc::new(InvocationInfo {
            command: Some(Command::Block(block.clone())),
            ..InvocationInfo::default()
        });
        self.vm.run_source(&block)
    }

    fn run_script(&mut self, path: &Path, arguments: &[ScriptArgument]) -> R<()> {
        let name: Rc<str> = path
            .file_name()
            .map(|n| n.to_string_lossy().to_string())
            .unwrap_or_default()
            .into();
        let full = crate::runtime::discovery::normal(&self.vm.session.location.join(path));
        let script = Rc::new(ScriptInfo {
            name,
            path: full.to_string_lossy().to_string().into(),
            block: OnceCell::new(),
        });
        let block = self.vm.script_block_of(&script)?;
        let mut request = Request::internal(
            &self.vm,
            Command::Script(script),
            arguments.iter().map(argument).collect(),
        );
        // The script of the command line is the session's own: its scope is the global one.
        request.dot = true;
        request.name = full.to_string_lossy().to_string().into();
        self.vm.frame.invocation = Rc::new(InvocationInfo::default());
        let input = self.redirected_input(&block.source.text);
        self.vm.run_pipeline(vec![request], input)
    }

    /// What the session's own `prompt` function gives, if there is one.
    fn own_prompt(&mut self) -> Option<String> {
        let function = self.vm.find_function("prompt")?;
        let block = function.block.borrow().clone();
        let shipped = self.vm.session.shipped_function;
        let shipped = shipped.and_then(|find| find("prompt"));
        if shipped.is_some_and(|(_, text)| *text == *block.source.text) {
            return None;
        }
        // A prompt that fails must not change what `$?` says of the last line.
        let success = self.vm.success;
        let items = self.vm.call_block(&block, Vec::new());
        self.vm.success = success;
        let items = items.ok()?;
        let texts = items.iter().filter_map(|v| self.vm.to_text(v).ok());
        Some(texts.collect()).filter(|text: &String| !text.is_empty())
    }

    /// The lines of standard input, if a program feeds it and the text asks
    /// for `$input`. Read any earlier they would be taken from the programs
    /// that the text starts.
    fn redirected_input(&self, text: &str) -> Option<Vec<Value>> {
        if !asks_for_input(text) || self.vm.host.is_terminal(ConsoleStream::Input) {
            return None;
        }
        let input = self.vm.host.read_to_end().ok()?;
        Some(input.lines().map(Value::str).collect())
    }
}

/// The user's profile scripts, in the order in which they run: for every host,
/// and for this one.
fn own_profiles(vm: &Vm) -> Vec<PathBuf> {
    let folder = vm.host.folder(UserFolder::Configuration);
    let names = ["profile.ps1", "Microsoft.PowerShell_profile.ps1"];
    let join = |folder: PathBuf| names.map(|name| folder.join(name)).to_vec();
    folder.map_or_else(Vec::new, join)
}

/// `$PROFILE`: the path of the profile, and those of all profiles as properties.
fn define_profile(vm: &mut Vm) {
    let own = own_profiles(vm);
    let [every, current] = own.as_slice() else {
        return;
    };
    let text = |path: &Path| Value::str(path.to_string_lossy());
    let shared = Path::new("/etc/ucsh");
    let mut value = text(current);
    for (name, path) in [
        ("AllUsersAllHosts", shared.join("profile.ps1")),
        (
            "AllUsersCurrentHost",
            shared.join("Microsoft.PowerShell_profile.ps1"),
        ),
        ("CurrentUserAllHosts", every.clone()),
        ("CurrentUserCurrentHost", current.clone()),
    ] {
        value = add_member(&value, name, Member::Note(text(&path)));
    }
    vm.define_global("PROFILE", value, 0);
}

/// `PSModulePath`, as programs that this one starts expect it.
fn define_module_path(vm: &Vm) {
    if vm.host.variable("PSModulePath").is_none()
        && let Some(home) = vm.host.folder(UserFolder::Home)
    {
        let own = home.join(".local/share/powershell/Modules");
        let shared = Path::new("/usr/local/share/powershell/Modules");
        if let Ok(joined) = std::env::join_paths([own.as_path(), shared]) {
            let text = joined.to_string_lossy();
            vm.host.set_variable("PSModulePath", Some(&text));
        }
    }
}

/// Whether `$input` stands in a text that takes it whole, not object by object.
fn asks_for_input(text: &str) -> bool {
    if !text.to_ascii_lowercase().contains("$input") {
        return false;
    }
    // It may also stand in a string; reading it for nothing does no harm.
    parse(text).block.process.is_none()
}

fn argument(argument: &ScriptArgument) -> Argument {
    let span = Span::default();
    match argument {
        ScriptArgument::Value(text) => Argument::Positional(Value::str(text.as_str()), span),
        ScriptArgument::Name(text) => {
            let name = text.trim_start_matches('-').trim_end_matches(':');
            Argument::Named {
                name: name.into(),
                text: text.as_str().into(),
                value: None,
                // Two dashes are no end of names here, but a name without letters.
                splatted: text == "--",
                span,
                value_span: span,
            }
        }
        ScriptArgument::Named(text, value) => {
            let name = text.trim_start_matches('-').trim_end_matches(':');
            let value = match value {
                ArgumentValue::Text(text) => Value::str(text.as_str()),
                ArgumentValue::Bool(value) => Value::Bool(*value),
            };
            Argument::Named {
                name: name.into(),
                text: text.as_str().into(),
                value: Some(value),
                splatted: false,
                span,
                value_span: span,
            }
        }
    }
}

impl Conversation for Session {
    fn run_line(&mut self, text: &str) -> LineOutcome {
        let parsed = crate::syntax::parse(text);
        if parsed.errors.iter().any(|e| e.incomplete) {
            return LineOutcome::Incomplete;
        }
        let began = self.vm.now().to_local();
        self.vm.hurried = false;
        let result = self.run_text(text);
        let outcome = self.finish(result);
        let succeeded = matches!(outcome, Outcome::Ended { succeeded: true });
        let ended = self.vm.now().to_local();
        enter_history(&mut self.vm, text.trim_end(), began, ended, succeeded);
        match outcome {
            // Inside Enter-PSSession `exit` leaves the computer, not the shell.
            Outcome::Exited(_) if self.vm.choose_computer(None).is_some() => {
                LineOutcome::Done { succeeded: true }
            }
            Outcome::Exited(code) => LineOutcome::Exited(code),
            Outcome::Stopped => LineOutcome::Done { succeeded: false },
            Outcome::Ended { succeeded } => LineOutcome::Done { succeeded },
        }
    }

    fn prompt(&mut self) -> String {
        let own = self.own_prompt();
        let text = own.unwrap_or_else(|| format!("PS {}> ", self.vm.session.location.display()));
        match self.vm.chosen_computer() {
            Some(computer) => format!("[{computer}]: {text}"),
            None => text,
        }
    }

    fn complete(&mut self, text: &str, cursor: usize) -> Completion {
        complete(text, cursor, &mut SessionWorld(&mut self.vm))
    }
}

impl Engine for Session {
    fn run_file(&mut self, path: &Path, arguments: &[ScriptArgument]) -> Outcome {
        // A file that is not named as a script is read as a text that was typed.
        let is_script = path
            .extension()
            .is_some_and(|e| e.eq_ignore_ascii_case("ps1"));
        if !is_script
            && let Ok(bytes) = crate::host::file::read(self.vm.session.location.join(path))
        {
            let text = crate::runtime::text::encoding::decode_script(&bytes);
            return self.run_command(&text, arguments);
        }
        let result = self.run_script(path, arguments);
        self.finish(result)
    }

    fn run_command(&mut self, text: &str, arguments: &[ScriptArgument]) -> Outcome {
        let result = (|| {
            if !arguments.is_empty() {
                let values = arguments.iter().map(|a| match argument(a) {
                    Argument::Positional(value, _) => value,
                    Argument::Named { text, .. } => Value::str(&*text),
                });
                let values = Value::array(values.collect());
                self.vm.set_variable("args", values)?;
            }
            if let Some(lines) = self.redirected_input(text) {
                self.vm.set_variable("input", Value::array(lines))?;
            }
            self.run_text(text)
        })();
        self.finish(result)
    }

    fn set_location(&mut self, path: &str) {
        let folder = self.vm.file_path(path);
        if folder.is_dir() {
            let _ = self.vm.host.set_current_directory(&folder);
            self.vm.session.location = folder;
        } else {
            let text =
                format!("Set-Location: Cannot find path '{path}' because it does not exist.\n");
            self.vm.host.write(ConsoleStream::Error, &text);
        }
    }

    fn run_profiles(&mut self) {
        for path in own_profiles(&self.vm) {
            if !path.is_file() {
                continue;
            }
            let quoted = path.to_string_lossy().replace('\'', "''");
            let result = self.run_text(&format!(". '{quoted}'"));
            self.finish(result);
        }
    }
}

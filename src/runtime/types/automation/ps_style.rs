//! `$PSStyle`: the escape sequences of output, and whether output carries them.

use crate::host::ConsoleStream;
use crate::runtime::collection::Dictionary;
use crate::runtime::error::R;
use crate::runtime::native::Native;
use crate::runtime::types::{TypeRef, find_full, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::vm::Vm;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// `System.Management.Automation.OutputRendering`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rendering {
    /// Sequences on a terminal only.
    Host,
    /// No sequences.
    PlainText,
    /// Sequences everywhere.
    Ansi,
}

const RENDERING_TYPE: &str = "System.Management.Automation.OutputRendering";

/// A part of the object.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    Formatting,
    Progress,
    FileInfo,
    Foreground,
    Background,
}

const WHOLE: &[(&str, &str)] = &[
    ("Reset", "0"),
    ("BlinkOff", "25"),
    ("Blink", "5"),
    ("BoldOff", "22"),
    ("Bold", "1"),
    ("DimOff", "22"),
    ("Dim", "2"),
    ("Hidden", "8"),
    ("HiddenOff", "28"),
    ("Reverse", "7"),
    ("ReverseOff", "27"),
    ("ItalicOff", "23"),
    ("Italic", "3"),
    ("UnderlineOff", "24"),
    ("Underline", "4"),
    ("StrikethroughOff", "29"),
    ("Strikethrough", "9"),
];

const FORMATTING: &[(&str, &str)] = &[
    ("FormatAccent", "32;1"),
    ("TableHeader", "32;1"),
    ("CustomTableHeaderLabel", "32;1;3"),
    ("ErrorAccent", "36;1"),
    ("Error", "31;1"),
    ("Warning", "33;1"),
    ("Verbose", "33;1"),
    ("Debug", "33;1"),
    ("FeedbackName", "33"),
    ("FeedbackText", "96"),
    ("FeedbackAction", "97"),
];

const FILE_INFO: &[(&str, &str)] = &[
    ("Directory", "44;1"),
    ("SymbolicLink", "36;1"),
    ("Executable", "32;1"),
];

const COLOURS: &[(&str, u8)] = &[
    ("Black", 0),
    ("BrightBlack", 60),
    ("White", 7),
    ("BrightWhite", 67),
    ("Red", 1),
    ("BrightRed", 61),
    ("Magenta", 5),
    ("BrightMagenta", 65),
    ("Blue", 4),
    ("BrightBlue", 64),
    ("Cyan", 6),
    ("BrightCyan", 66),
    ("Green", 2),
    ("BrightGreen", 62),
    ("Yellow", 3),
    ("BrightYellow", 63),
];

const EXTENSIONS: &[(&str, &str)] = &[
    (".zip", "31;1"),
    (".tgz", "31;1"),
    (".gz", "31;1"),
    (".tar", "31;1"),
    (".nupkg", "31;1"),
    (".cab", "31;1"),
    (".7z", "31;1"),
    (".ps1", "33;1"),
    (".psd1", "33;1"),
    (".psm1", "33;1"),
    (".ps1xml", "33;1"),
];

fn sequence(codes: &str) -> String {
    format!("\u{1b}[{codes}m")
}

/// What a session may change.
struct State {
    rendering: Cell<Rendering>,
    changed: RefCell<Vec<(Part, &'static str, Rc<str>)>>,
    max_width: RefCell<Value>,
    view: RefCell<Value>,
    use_indicator: Cell<bool>,
    extensions: Value,
}

impl State {
    fn text(&self, part: Part, name: &str, codes: &str) -> Rc<str> {
        let changed = self.changed.borrow();
        match changed.iter().find(|(p, n, _)| *p == part && *n == name) {
            Some((_, _, text)) => text.clone(),
            None => sequence(codes).into(),
        }
    }
}

const KEY: &str = "PSStyle";

fn state(vm: &Vm) -> Option<Rc<State>> {
    let held = vm.session.state.get(KEY)?;
    held.clone().downcast::<State>().ok()
}

fn state_or_new(vm: &mut Vm) -> Rc<State> {
    if let Some(state) = state(vm) {
        return state;
    }
    let extensions = Dictionary::hashtable();
    for (extension, codes) in EXTENSIONS {
        extensions.set_str(extension, Value::str(sequence(codes)));
    }
    let made = Rc::new(State {
        rendering: Cell::new(first_rendering(vm)),
        changed: RefCell::default(),
        max_width: RefCell::new(Value::Int(120)),
        view: RefCell::new(Value::enum_of(
            "System.Management.Automation.ProgressView",
            0,
        )),
        use_indicator: Cell::new(false),
        extensions: Value::Dict(Rc::new(extensions)),
    });
    vm.session.state.insert(KEY, made.clone());
    made
}

fn first_rendering(vm: &Vm) -> Rendering {
    if vm.host.allows_colour() {
        Rendering::Host
    } else {
        Rendering::PlainText
    }
}

/// Asks the environment about colours once.
pub fn settle(vm: &mut Vm) {
    state_or_new(vm);
}

/// Whether output to the console, or elsewhere, is decorated.
pub fn is_decorated(vm: &Vm, host: bool) -> bool {
    match rendering(vm) {
        Rendering::Ansi => true,
        Rendering::PlainText => false,
        Rendering::Host => host && vm.host.is_terminal(ConsoleStream::Output),
    }
}

/// `$PSStyle.OutputRendering`
pub fn rendering(vm: &Vm) -> Rendering {
    match state(vm) {
        Some(state) => state.rendering.get(),
        None => first_rendering(vm),
    }
}

/// A sequence of `$PSStyle.Formatting`.
pub fn formatting(vm: &Vm, name: &str) -> Rc<str> {
    of_part(vm, Part::Formatting, FORMATTING, name)
}

/// A sequence of `$PSStyle.FileInfo`.
pub fn file_info(vm: &Vm, name: &str) -> Rc<str> {
    of_part(vm, Part::FileInfo, FILE_INFO, name)
}

/// The sequence for files of an extension (with its dot).
pub fn extension(vm: &mut Vm, extension: &str) -> Option<Rc<str>> {
    let state = state_or_new(vm);
    match &state.extensions {
        Value::Dict(table) => table.get_str(extension)?.as_str().map(Rc::from),
        _ => None,
    }
}

fn of_part(vm: &Vm, part: Part, table: &[(&'static str, &str)], name: &str) -> Rc<str> {
    let Some((name, codes)) = table.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)) else {
        return "".into();
    };
    match state(vm) {
        Some(state) => state.text(part, name, codes),
        None => sequence(codes).into(),
    }
}

/// The object.
pub fn value(vm: &mut Vm) -> Value {
    let state = state_or_new(vm);
    Value::native(PsStyle {
        state,
        part: Part::Whole,
    })
}

struct PsStyle {
    state: Rc<State>,
    part: Part,
}

impl PsStyle {
    fn part(&self, part: Part) -> Value {
        Value::native(PsStyle {
            state: self.state.clone(),
            part,
        })
    }

    fn table(&self) -> &'static [(&'static str, &'static str)] {
        match self.part {
            Part::Whole => WHOLE,
            Part::Formatting => FORMATTING,
            Part::Progress => &[("Style", "33;1")],
            Part::FileInfo => FILE_INFO,
            Part::Foreground | Part::Background => &[],
        }
    }

    fn colour(&self, name: &str) -> Option<Value> {
        let base = match self.part {
            Part::Foreground => 30,
            Part::Background => 40,
            _ => return None,
        };
        let (_, offset) = COLOURS.iter().find(|(n, _)| n.eq_ignore_ascii_case(name))?;
        Some(Value::str(sequence(&(base + offset).to_string())))
    }
}

impl Native for PsStyle {
    fn type_ref(&self) -> TypeRef {
        let nested = match self.part {
            Part::Whole => "",
            Part::Formatting => "+FormattingData",
            Part::Progress => "+ProgressConfiguration",
            Part::FileInfo => "+FileInfoFormatting",
            Part::Foreground => "+ForegroundColor",
            Part::Background => "+BackgroundColor",
        };
        type_named(&format!("System.Management.Automation.PSStyle{nested}"))
    }

    fn properties(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = match self.part {
            Part::Foreground | Part::Background => COLOURS.iter().map(|(name, _)| *name).collect(),
            _ => self.table().iter().map(|(name, _)| *name).collect(),
        };
        names.extend_from_slice(match self.part {
            Part::Whole => &[
                "OutputRendering",
                "Formatting",
                "Progress",
                "FileInfo",
                "Foreground",
                "Background",
            ],
            Part::Progress => &["MaxWidth", "View", "UseOSCIndicator"],
            Part::FileInfo => &["Extension"],
            _ => &[],
        });
        names
    }

    fn get(&self, _vm: &mut Vm, name: &str) -> R<Option<Value>> {
        let found = self
            .table()
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name));
        if let Some((name, codes)) = found {
            return Ok(Some(Value::str(&*self.state.text(self.part, name, codes))));
        }
        if let Some(colour) = self.colour(name) {
            return Ok(Some(colour));
        }
        Ok(match (self.part, name.to_ascii_lowercase().as_str()) {
            (Part::Whole, "outputrendering") => Some(Value::enum_of(
                RENDERING_TYPE,
                self.state.rendering.get() as i64,
            )),
            (Part::Whole, "formatting") => Some(self.part(Part::Formatting)),
            (Part::Whole, "progress") => Some(self.part(Part::Progress)),
            (Part::Whole, "fileinfo") => Some(self.part(Part::FileInfo)),
            (Part::Whole, "foreground") => Some(self.part(Part::Foreground)),
            (Part::Whole, "background") => Some(self.part(Part::Background)),
            (Part::Progress, "maxwidth") => Some(self.state.max_width.borrow().clone()),
            (Part::Progress, "view") => Some(self.state.view.borrow().clone()),
            (Part::Progress, "useoscindicator") => {
                Some(Value::Bool(self.state.use_indicator.get()))
            }
            (Part::FileInfo, "extension") => Some(self.state.extensions.clone()),
            _ => None,
        })
    }

    fn set(&self, vm: &mut Vm, name: &str, value: Value) -> R<Option<bool>> {
        if self.part != Part::Whole
            && let Some((name, _)) = self
                .table()
                .iter()
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
        {
            let text: Rc<str> = vm.to_text(&value)?.into();
            let mut changed = self.state.changed.borrow_mut();
            changed.retain(|(p, n, _)| !(*p == self.part && n == name));
            changed.push((self.part, name, text));
            return Ok(Some(true));
        }
        match (self.part, name.to_ascii_lowercase().as_str()) {
            (Part::Whole, "outputrendering") => {
                if let Some(target) = find_full(RENDERING_TYPE)
                    && let Value::Enum(e) = vm.convert(&value, &target)?
                {
                    self.state.rendering.set(match e.bits {
                        1 => Rendering::PlainText,
                        2 => Rendering::Ansi,
                        _ => Rendering::Host,
                    });
                }
            }
            (Part::Progress, "maxwidth") => {
                *self.state.max_width.borrow_mut() = vm.convert(&value, &known::int())?;
            }
            (Part::Progress, "view") => {
                if let Some(target) = find_full("System.Management.Automation.ProgressView") {
                    *self.state.view.borrow_mut() = vm.convert(&value, &target)?;
                }
            }
            (Part::Progress, "useoscindicator") => {
                let on = matches!(vm.convert(&value, &known::boolean())?, Value::Bool(true));
                self.state.use_indicator.set(on);
            }
            _ => {
                let known = self
                    .properties()
                    .iter()
                    .any(|n| n.eq_ignore_ascii_case(name));
                return Ok(known.then_some(false));
            }
        }
        Ok(Some(true))
    }

    fn call(&self, vm: &mut Vm, _: &Value, name: &str, arguments: &[Value]) -> R<Option<Value>> {
        let mut texts = Vec::new();
        for argument in arguments {
            texts.push(vm.to_text(argument)?);
        }
        let base = if self.part == Part::Background {
            48
        } else {
            38
        };
        Ok(match (name, texts.as_slice()) {
            ("formathyperlink", [text, link]) => Some(Value::str(format!(
                "\u{1b}]8;;{link}\u{1b}\\{text}\u{1b}]8;;\u{1b}\\"
            ))),
            ("fromrgb", [r, g, b]) => Some(Value::str(sequence(&format!("{base};2;{r};{g};{b}")))),
            ("fromrgb", [rgb]) => {
                let rgb: u32 = rgb.parse().unwrap_or(0);
                let (r, g, b) = (rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255);
                Some(Value::str(sequence(&format!("{base};2;{r};{g};{b}"))))
            }
            _ => None,
        })
    }
}

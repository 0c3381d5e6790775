//! Get-FormatData and Export-FormatData: the registered views as objects, and as a file that
//! Update-FormatData reads.

use super::selection::file_to_write;
use crate::cmdlet::registry::Factory;
use crate::format::types::session_views;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::modules::fits_any;
use crate::runtime::native::Native;
use crate::runtime::type_data::{types_with_views, views_of};
use crate::runtime::types::collections::list::list_of;
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{TypeRef, known, type_named};
use crate::runtime::value::Value;
use crate::runtime::view::{
    Align, ListEntry, TableColumn, ViewControl, ViewDeclaration, ViewValue,
};
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[
    ("Get-FormatData", || Box::new(GetFormatData)),
    ("Export-FormatData", || Box::<ExportFormatData>::default()),
];

struct GetFormatData;

impl Cmdlet for GetFormatData {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut wanted = call.texts("TypeName");
        if wanted.is_empty() {
            wanted.push("*".into());
        }
        let mut found: Vec<Definition> = Vec::new();
        let mut add = |view: &ViewDeclaration| {
            if !view.types.iter().any(|name| fits_any(&wanted, name)) {
                return;
            }
            match found.iter_mut().find(|f| f.types == view.types) {
                Some(known) if known.views.contains(view) => {}
                Some(known) => known.views.push(view.clone()),
                None => found.push(Definition {
                    types: view.types.clone(),
                    views: vec![view.clone()],
                }),
            }
        };
        let session = session_views(vm);
        for view in session.iter().flat_map(|views| &views.before) {
            add(view);
        }
        for views in types_with_views().filter_map(views_of) {
            views.iter().for_each(&mut add);
        }
        for view in session.iter().flat_map(|views| &views.after) {
            add(view);
        }
        for definition in found {
            vm.write(Value::native(definition))?;
        }
        Ok(())
    }
}

/// The views of some types: `ExtendedTypeDefinition`.
struct Definition {
    types: Vec<String>,
    views: Vec<ViewDeclaration>,
}

impl Native for Definition {
    fn type_ref(&self) -> TypeRef {
        automation("ExtendedTypeDefinition")
    }

    fn to_text(&self, _vm: &mut Vm) -> R<String> {
        Ok(self.types.first().cloned().unwrap_or_default())
    }

    fn properties(&self) -> Vec<&'static str> {
        vec!["TypeNames", "TypeName", "FormatViewDefinition"]
    }

    fn get(&self, vm: &mut Vm, name: &str) -> R<Option<Value>> {
        Ok(Some(match name.to_ascii_lowercase().as_str() {
            "typename" => Value::str(self.to_text(vm)?),
            "typenames" => {
                let names = self.types.iter().map(|name| Value::str(name.as_str()));
                list_of(&known::string(), names.collect())
            }
            "formatviewdefinition" => list(
                "FormatViewDefinition",
                self.views.iter().map(view_value).collect(),
            ),
            _ => return Ok(None),
        }))
    }
}

fn automation(name: &str) -> TypeRef {
    type_named(&format!("System.Management.Automation.{name}"))
}

fn object(name: &str, fields: Vec<(&'static str, Value)>, text: &str) -> Value {
    PlainObject::new(&format!("System.Management.Automation.{name}"), fields)
        .with_text(text)
        .value()
}

fn list(element: &str, items: Vec<Value>) -> Value {
    list_of(&automation(element), items)
}

fn optional(text: Option<&String>) -> Value {
    text.map_or(Value::Null, |text| Value::str(text.as_str()))
}

fn view_value(view: &ViewDeclaration) -> Value {
    let kind = control_name(&view.control);
    object(
        "FormatViewDefinition",
        vec![
            ("Name", Value::str(view.name.as_str())),
            ("Control", control(view)),
        ],
        &format!("{} , {kind}", view.name),
    )
}

fn control_name(control: &ViewControl) -> &'static str {
    match control {
        ViewControl::Table(_) => "TableControl",
        ViewControl::List(_) => "ListControl",
        ViewControl::Wide(_) => "WideControl",
        ViewControl::Custom(_) => "CustomControl",
    }
}

fn entry(value: &ViewValue) -> Value {
    let (kind, bits, text) = match value {
        ViewValue::Property(name) => ("property", 0, name),
        ViewValue::Script(script) => ("script", 1, script),
    };
    let kinds = "System.Management.Automation.DisplayEntryValueType";
    object(
        "DisplayEntry",
        vec![
            ("ValueType", Value::enum_of(kinds, bits)),
            ("Value", Value::str(text.as_str())),
        ],
        &format!("{kind}: {text}"),
    )
}

fn alignment(side: Option<Align>) -> Value {
    let bits = match side {
        None => 0,
        Some(Align::Left) => 1,
        Some(Align::Center) => 2,
        Some(Align::Right) => 3,
    };
    Value::enum_of("System.Management.Automation.Alignment", bits)
}

fn control(view: &ViewDeclaration) -> Value {
    let name = control_name(&view.control);
    let mut fields = match &view.control {
        ViewControl::Table(columns) => vec![
            (
                "Headers",
                list(
                    "TableControlColumnHeader",
                    columns.iter().map(header).collect(),
                ),
            ),
            ("Rows", list("TableControlRow", vec![row(view, columns)])),
            ("AutoSize", Value::Bool(view.auto_size)),
            ("HideTableHeaders", Value::Bool(view.hide_header)),
        ],
        ViewControl::List(entries) => vec![(
            "Entries",
            list("ListControlEntry", entries.iter().map(list_entry).collect()),
        )],
        ViewControl::Wide(value) => {
            let item = vec![
                ("DisplayEntry", entry(value)),
                ("FormatString", Value::Null),
            ];
            let item = object(
                "WideControlEntryItem",
                item,
                "System.Management.Automation.WideControlEntryItem",
            );
            let columns = view.columns.and_then(|n| i32::try_from(n).ok());
            vec![
                ("Entries", list("WideControlEntryItem", vec![item])),
                ("AutoSize", Value::Bool(view.auto_size)),
                ("Columns", Value::Int(columns.unwrap_or(0))),
            ]
        }
        ViewControl::Custom(value) => {
            let item = object(
                "CustomControlEntry",
                vec![("CustomItems", list("DisplayEntry", vec![entry(value)]))],
                "System.Management.Automation.CustomControlEntry",
            );
            vec![("Entries", list("CustomControlEntry", vec![item]))]
        }
    };
    let group = view.group_by.as_ref().map(|group| {
        let fields = vec![
            ("Expression", entry(&group.value)),
            ("Label", optional(group.label.as_ref())),
        ];
        object(
            "PSControlGroupBy",
            fields,
            "System.Management.Automation.PSControlGroupBy",
        )
    });
    fields.push(("GroupBy", group.unwrap_or_default()));
    fields.push(("OutOfBand", Value::Bool(false)));
    object(name, fields, name)
}

fn header(column: &TableColumn) -> Value {
    let width = column.width.and_then(|n| i32::try_from(n).ok());
    object(
        "TableControlColumnHeader",
        vec![
            ("Label", optional(column.label.as_ref())),
            ("Alignment", alignment(column.align)),
            ("Width", Value::Int(width.unwrap_or(0))),
        ],
        "System.Management.Automation.TableControlColumnHeader",
    )
}

fn row(view: &ViewDeclaration, columns: &[TableColumn]) -> Value {
    let cell = |column: &TableColumn| {
        object(
            "TableControlColumn",
            vec![
                ("Alignment", alignment(column.align)),
                ("DisplayEntry", entry(&column.value)),
                ("FormatString", optional(column.format.as_ref())),
            ],
            match &column.value {
                ViewValue::Property(text) | ViewValue::Script(text) => text,
            },
        )
    };
    object(
        "TableControlRow",
        vec![
            (
                "Columns",
                list("TableControlColumn", columns.iter().map(cell).collect()),
            ),
            ("SelectedBy", Value::Null),
            ("Wrap", Value::Bool(view.wrap)),
        ],
        "System.Management.Automation.TableControlRow",
    )
}

fn list_entry(one: &ListEntry) -> Value {
    let item = |item: &crate::runtime::view::ListItem| {
        object(
            "ListControlEntryItem",
            vec![
                (
                    "ItemSelectionCondition",
                    item.condition.as_ref().map(entry).unwrap_or_default(),
                ),
                ("Label", optional(item.label.as_ref())),
                ("DisplayEntry", entry(&item.value)),
                ("FormatString", optional(item.format.as_ref())),
            ],
            "System.Management.Automation.ListControlEntryItem",
        )
    };
    let selected = one.selected_by.iter().map(|name| Value::str(name.as_str()));
    object(
        "ListControlEntry",
        vec![
            (
                "Items",
                list("ListControlEntryItem", one.items.iter().map(item).collect()),
            ),
            ("SelectedBy", list_of(&known::string(), selected.collect())),
        ],
        "System.Management.Automation.ListControlEntry",
    )
}

#[derive(Default)]
struct ExportFormatData {
    views: Vec<ViewDeclaration>,
}

impl Cmdlet for ExportFormatData {
    fn process(&mut self, _vm: &mut Vm, call: &Call) -> R<()> {
        for item in call.items("InputObject") {
            if let Some(definition) = item.as_native::<Definition>() {
                self.views.extend(definition.views.iter().cloned());
            }
        }
        Ok(())
    }

    fn end(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let literal = call.text("LiteralPath");
        let path = literal.clone().or_else(|| call.text("Path"));
        let path = path.unwrap_or_default();
        let item = file_to_write(vm, &path, literal.is_some())?;
        let file = item.as_file();
        if call.switch("NoClobber") && file.exists() {
            return vm.raise(
                Fault::of(
                    "System.IO.IOException",
                    "NoClobber",
                    Category::ResourceExists,
                    format!("The file '{}' already exists.", item.path),
                )
                .target(Value::str(item.path.as_str())),
            );
        }
        let scripts = call.switch("IncludeScriptBlock");
        let views: String = self
            .views
            .iter()
            .filter(|view| scripts || !has_script(view))
            .map(xml)
            .collect();
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\"?><Configuration><ViewDefinitions>{views}</ViewDefinitions></Configuration>"
        );
        match std::fs::write(file, text) {
            Ok(()) => Ok(()),
            Err(error) => vm.raise(Fault::of(
                "System.IO.IOException",
                "FileOpenFailure",
                Category::OpenError,
                error.to_string(),
            )),
        }
    }
}

/// Whether a view runs code, which a file holds on request only.
fn has_script(view: &ViewDeclaration) -> bool {
    let is_script = |value: &ViewValue| matches!(value, ViewValue::Script(_));
    let here = match &view.control {
        ViewControl::Table(columns) => columns.iter().any(|c| is_script(&c.value)),
        ViewControl::List(entries) => {
            let mut items = entries.iter().flat_map(|e| &e.items);
            items.any(|i| is_script(&i.value) || i.condition.as_ref().is_some_and(is_script))
        }
        ViewControl::Wide(value) | ViewControl::Custom(value) => is_script(value),
    };
    here || view.group_by.as_ref().is_some_and(|g| is_script(&g.value))
}

fn element(name: &str, text: Option<&String>) -> String {
    match text {
        Some(text) => format!("<{name}>{}</{name}>", quick_xml::escape::escape(text)),
        None => String::new(),
    }
}

fn value_xml(value: &ViewValue) -> String {
    match value {
        ViewValue::Property(name) => element("PropertyName", Some(name)),
        ViewValue::Script(script) => element("ScriptBlock", Some(script)),
    }
}

fn xml(view: &ViewDeclaration) -> String {
    let types: String = view
        .types
        .iter()
        .map(|t| element("TypeName", Some(t)))
        .collect();
    let group = view.group_by.as_ref().map(|group| {
        let label = element("Label", group.label.as_ref());
        format!("<GroupBy>{}{label}</GroupBy>", value_xml(&group.value))
    });
    let size = if view.auto_size { "<AutoSize />" } else { "" };
    let control = match &view.control {
        ViewControl::Table(columns) => table_xml(view, size, columns),
        ViewControl::List(entries) => {
            let entries: String = entries.iter().map(list_xml).collect();
            format!("<ListControl><ListEntries>{entries}</ListEntries></ListControl>")
        }
        ViewControl::Wide(value) => format!(
            "<WideControl>{size}{}<WideEntries><WideEntry><WideItem>{}</WideItem></WideEntry></WideEntries></WideControl>",
            element("ColumnNumber", view.columns.map(|n| n.to_string()).as_ref()),
            value_xml(value),
        ),
        ViewControl::Custom(value) => format!(
            "<CustomControl><CustomEntries><CustomEntry><CustomItem><ExpressionBinding>{}</ExpressionBinding></CustomItem></CustomEntry></CustomEntries></CustomControl>",
            value_xml(value),
        ),
    };
    format!(
        "<View>{}<ViewSelectedBy>{types}</ViewSelectedBy>{}{control}</View>",
        element("Name", Some(&view.name)),
        group.unwrap_or_default(),
    )
}

fn table_xml(view: &ViewDeclaration, size: &str, columns: &[TableColumn]) -> String {
    let side = |column: &TableColumn| column.align.map(|align| format!("{align:?}"));
    let header = |column: &TableColumn| {
        let width = column.width.map(|n| n.to_string());
        format!(
            "<TableColumnHeader>{}{}{}</TableColumnHeader>",
            element("Label", column.label.as_ref()),
            element("Width", width.as_ref()),
            element("Alignment", side(column).as_ref()),
        )
    };
    let cell = |column: &TableColumn| {
        format!(
            "<TableColumnItem>{}{}{}</TableColumnItem>",
            element("Alignment", side(column).as_ref()),
            value_xml(&column.value),
            element("FormatString", column.format.as_ref()),
        )
    };
    format!(
        "<TableControl>{size}{}<TableHeaders>{}</TableHeaders><TableRowEntries><TableRowEntry>{}<TableColumnItems>{}</TableColumnItems></TableRowEntry></TableRowEntries></TableControl>",
        if view.hide_header {
            "<HideTableHeaders />"
        } else {
            ""
        },
        columns.iter().map(header).collect::<String>(),
        if view.wrap { "<Wrap />" } else { "" },
        columns.iter().map(cell).collect::<String>(),
    )
}

fn list_xml(one: &ListEntry) -> String {
    let names: String = one
        .selected_by
        .iter()
        .map(|t| element("TypeName", Some(t)))
        .collect();
    let selected = match names.is_empty() {
        true => String::new(),
        false => format!("<EntrySelectedBy>{names}</EntrySelectedBy>"),
    };
    let item = |item: &crate::runtime::view::ListItem| {
        let condition = item.condition.as_ref().map(value_xml);
        format!(
            "<ListItem>{}{}{}{}</ListItem>",
            condition.map_or(String::new(), |c| format!(
                "<ItemSelectionCondition>{c}</ItemSelectionCondition>"
            )),
            element("Label", item.label.as_ref()),
            value_xml(&item.value),
            element("FormatString", item.format.as_ref()),
        )
    };
    let items: String = one.items.iter().map(item).collect();
    format!("<ListEntry>{selected}<ListItems>{items}</ListItems></ListEntry>")
}

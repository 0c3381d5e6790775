//! Views written as XML in `.ps1xml` files.

use crate::runtime::view::{
    Align, GroupBy, ListEntry, ListItem, TableColumn, ViewControl, ViewDeclaration, ViewValue,
};
use quick_xml::Reader;
use quick_xml::events::Event;

/// An element with its text and children.
#[derive(Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn child(&self, name: &str) -> Option<&Element> {
        self.children
            .iter()
            .find(|c| c.name.eq_ignore_ascii_case(name))
    }

    /// The element at the end of a path of names.
    fn at(&self, path: &[&str]) -> Option<&Element> {
        path.iter().try_fold(self, |at, name| at.child(name))
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children
            .iter()
            .filter(move |c| c.name.eq_ignore_ascii_case(name))
    }

    fn text_of(&self, name: &str) -> Option<String> {
        self.child(name).map(|c| c.text.trim().to_string())
    }

    /// The value that a PropertyName or ScriptBlock child gives.
    fn value(&self) -> Option<ViewValue> {
        if let Some(script) = self.child("ScriptBlock") {
            return Some(ViewValue::Script(script.text.clone()));
        }
        self.text_of("PropertyName").map(ViewValue::Property)
    }
}

/// How deep elements may nest.
const MOST_DEPTH: usize = 200;

fn parse(text: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        let event = reader.read_event().map_err(|e| e.to_string())?;
        match event {
            Event::Start(start) => {
                if open.len() > MOST_DEPTH {
                    return Err("The elements are nested too deeply.".into());
                }
                open.push(Element {
                    name: start.local_name().as_ref().to_string(),
                    ..Element::default()
                });
            }
            Event::Empty(start) => {
                let element = Element {
                    name: start.local_name().as_ref().to_string(),
                    ..Element::default()
                };
                if let Some(parent) = open.last_mut() {
                    parent.children.push(element);
                }
            }
            Event::End(_) => {
                if let Some(element) = open.pop()
                    && let Some(parent) = open.last_mut()
                {
                    parent.children.push(element);
                }
            }
            Event::Text(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::CData(text) => {
                if let Some(element) = open.last_mut() {
                    element.text.push_str(&text);
                }
            }
            Event::GeneralRef(name) => {
                if let Some(element) = open.last_mut() {
                    let name = name.to_string();
                    element.text.push_str(&entity(&name));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    match open.len() {
        1 => open.pop().ok_or_else(String::new),
        _ => Err("An element is not closed.".into()),
    }
}

/// The character of a reference.
fn entity(name: &str) -> String {
    let code = name
        .strip_prefix("#x")
        .and_then(|hex| u32::from_str_radix(hex, 16).ok())
        .or_else(|| name.strip_prefix('#').and_then(|n| n.parse().ok()));
    match (name, code.and_then(char::from_u32)) {
        ("lt", _) => "<".into(),
        ("gt", _) => ">".into(),
        ("amp", _) => "&".into(),
        ("quot", _) => "\"".into(),
        ("apos", _) => "'".into(),
        (_, Some(c)) => c.to_string(),
        _ => format!("&{name};"),
    }
}

/// The views of a file's text, or what is wrong with it.
pub fn read(text: &str) -> Result<Vec<ViewDeclaration>, String> {
    let root = parse(text)?;
    let Some(configuration) = root.child("Configuration") else {
        return Err("The Configuration element is missing.".into());
    };
    let mut views = Vec::new();
    let sets = selection_sets(configuration);
    for definitions in configuration.all("ViewDefinitions") {
        for view in definitions.all("View") {
            views.extend(declaration(view, &sets));
        }
    }
    Ok(views)
}

/// Named groups of types.
fn selection_sets(configuration: &Element) -> Vec<(String, Vec<String>)> {
    let Some(sets) = configuration.child("SelectionSets") else {
        return Vec::new();
    };
    sets.all("SelectionSet")
        .map(|set| {
            let types = set
                .child("Types")
                .map(|types| {
                    types
                        .all("TypeName")
                        .map(|t| t.text.trim().to_string())
                        .collect()
                })
                .unwrap_or_default();
            (set.text_of("Name").unwrap_or_default(), types)
        })
        .collect()
}

fn selected_types(element: Option<&Element>, sets: &[(String, Vec<String>)]) -> Vec<String> {
    let Some(element) = element else {
        return Vec::new();
    };
    let mut types: Vec<String> = element
        .all("TypeName")
        .map(|t| t.text.trim().to_string())
        .collect();
    for name in element.all("SelectionSetName") {
        let wanted = name.text.trim();
        for (_, members) in sets.iter().filter(|(n, _)| n.eq_ignore_ascii_case(wanted)) {
            types.extend(members.iter().cloned());
        }
    }
    types
}

fn declaration(view: &Element, sets: &[(String, Vec<String>)]) -> Option<ViewDeclaration> {
    let types = selected_types(view.child("ViewSelectedBy"), sets);
    let group_by = view.child("GroupBy").and_then(|group| {
        Some(GroupBy {
            label: group.text_of("Label"),
            value: group.value()?,
            indent: 3,
        })
    });
    let flag = |element: &Element, name: &str| {
        element
            .child(name)
            .is_some_and(|f| !f.text.trim().eq_ignore_ascii_case("false"))
    };
    let mut declared = ViewDeclaration {
        types,
        name: view.text_of("Name").unwrap_or_default(),
        group_by,
        auto_size: false,
        wrap: false,
        columns: None,
        hide_header: false,
        control: ViewControl::Table(Vec::new()),
    };
    if let Some(table) = view.child("TableControl") {
        declared.auto_size = flag(table, "AutoSize");
        declared.hide_header = flag(table, "HideTableHeaders");
        let row = table.at(&["TableRowEntries", "TableRowEntry"])?;
        declared.wrap = flag(row, "Wrap");
        declared.control = ViewControl::Table(columns(table, row));
    } else if let Some(list) = view.child("ListControl") {
        let entries = list.child("ListEntries")?;
        declared.control = ViewControl::List(
            entries
                .all("ListEntry")
                .map(|entry| ListEntry {
                    selected_by: selected_types(entry.child("EntrySelectedBy"), sets),
                    items: list_items(entry),
                })
                .collect(),
        );
    } else if let Some(wide) = view.child("WideControl") {
        declared.auto_size = flag(wide, "AutoSize");
        declared.columns = wide.text_of("ColumnNumber").and_then(|n| n.parse().ok());
        let item = wide.at(&["WideEntries", "WideEntry", "WideItem"])?;
        declared.control = ViewControl::Wide(item.value()?);
    } else if let Some(custom) = view.child("CustomControl") {
        let item = custom.at(&["CustomEntries", "CustomEntry", "CustomItem"])?;
        let mut script = String::from("$out = [System.Text.StringBuilder]::new()\n");
        custom_script(item, 0, &mut script, &mut true);
        script.push_str("$out.ToString()");
        declared.control = ViewControl::Custom(ViewValue::Script(format!("& {{ {script} }}")));
    } else {
        return None;
    }
    Some(declared)
}

fn columns(table: &Element, row: &Element) -> Vec<TableColumn> {
    let headers: Vec<&Element> = table
        .child("TableHeaders")
        .map(|h| h.all("TableColumnHeader").collect())
        .unwrap_or_default();
    let items = row.child("TableColumnItems");
    let items = items.map(|i| i.all("TableColumnItem").collect::<Vec<_>>());
    items
        .unwrap_or_default()
        .into_iter()
        .enumerate()
        .map(|(at, item)| {
            let header = headers.get(at);
            let said = |name: &str| header.and_then(|h| h.text_of(name));
            TableColumn {
                label: said("Label"),
                value: item
                    .value()
                    .unwrap_or_else(|| ViewValue::Script(String::new())),
                width: said("Width").and_then(|w| w.parse().ok()),
                align: item
                    .text_of("Alignment")
                    .or_else(|| said("Alignment"))
                    .and_then(|a| align(&a)),
                format: item.text_of("FormatString"),
            }
        })
        .collect()
}

fn align(text: &str) -> Option<Align> {
    match text.to_ascii_lowercase().as_str() {
        "left" => Some(Align::Left),
        "center" => Some(Align::Center),
        "right" => Some(Align::Right),
        _ => None,
    }
}

fn list_items(entry: &Element) -> Vec<ListItem> {
    let Some(items) = entry.child("ListItems") else {
        return Vec::new();
    };
    items
        .all("ListItem")
        .filter_map(|item| {
            Some(ListItem {
                label: item.text_of("Label"),
                value: item.value()?,
                format: item.text_of("FormatString"),
                condition: item
                    .child("ItemSelectionCondition")
                    .and_then(Element::value),
            })
        })
        .collect()
}

/// A custom layout as a script that builds its text.
fn custom_script(item: &Element, indent: usize, script: &mut String, line_begins: &mut bool) {
    for part in &item.children {
        let margin = |begins: &mut bool| match std::mem::take(begins) {
            true => " ".repeat(indent),
            false => String::new(),
        };
        match part.name.to_ascii_lowercase().as_str() {
            "text" => {
                let text = part.text.replace('\'', "''");
                let margin = margin(line_begins);
                script.push_str(&format!("$null = $out.Append('{margin}{text}')\n"));
            }
            "newline" => {
                script.push_str("$null = $out.Append(\"`n\")\n");
                *line_begins = true;
            }
            "expressionbinding" => {
                let value = match part.value() {
                    Some(ViewValue::Property(name)) => {
                        format!("$_.'{}'", name.replace('\'', "''"))
                    }
                    Some(ViewValue::Script(block)) => format!("$({block})"),
                    None => "$_".into(),
                };
                let margin = margin(line_begins);
                script.push_str(&format!(
                    "$null = $out.Append('{margin}').Append(\"$({value})\")\n"
                ));
            }
            "frame" => {
                let left = part
                    .text_of("LeftIndent")
                    .and_then(|n| n.parse::<usize>().ok())
                    .unwrap_or(0);
                if let Some(inner) = part.child("CustomItem") {
                    custom_script(inner, indent + left, script, line_begins);
                }
            }
            _ => {}
        }
    }
}

//! Files of type data (`*.types.ps1xml`): the members they give to types.

use super::xml_text::Element;
use crate::runtime::value::Value;

/// One member a file declares.
pub struct Declared {
    /// The full name of the type.
    pub type_name: String,
    /// The member's name.
    pub name: String,
    /// The name of its PSMemberTypes value.
    pub kind: &'static str,
    /// What it is made of.
    pub first: Option<Value>,
    /// The setter, or the type an alias converts to.
    pub second: Option<Value>,
    /// It stands among the standard members.
    pub standard: bool,
}

/// The members a file declares; what is wrong with it otherwise.
pub fn read(text: &str) -> Result<Vec<Declared>, String> {
    let Some(root) = Element::parse(text) else {
        return Err("The file is not valid XML.".into());
    };
    if root.name != "Types" {
        return Err(format!(
            "The node {} is not expected here; a file of type data begins with Types.",
            root.name
        ));
    }
    let mut all = Vec::new();
    for of_type in &root.children {
        if of_type.name != "Type" {
            return Err(format!(
                "The node {} cannot have the node {}.",
                root.name, of_type.name
            ));
        }
        let Some(type_name) = child_text(of_type, "Name") else {
            return Err("A node Type must have one node Name.".into());
        };
        for members in of_type.children.iter().filter(|e| e.name == "Members") {
            for member in &members.children {
                read_member(member, &type_name, false, &mut all)?;
            }
        }
    }
    Ok(all)
}

fn read_member(
    element: &Element,
    type_name: &str,
    standard: bool,
    all: &mut Vec<Declared>,
) -> Result<(), String> {
    let Some(name) = child_text(element, "Name") else {
        return Err(format!("A node {} must have one node Name.", element.name));
    };
    let part = |name: &str| child_text(element, name).map(Value::str);
    let (kind, first, second) = match element.name.as_str() {
        "NoteProperty" => ("NoteProperty", part("Value"), None),
        "AliasProperty" => (
            "AliasProperty",
            part("ReferencedMemberName"),
            part("TypeName"),
        ),
        "ScriptProperty" => (
            "ScriptProperty",
            part("GetScriptBlock"),
            part("SetScriptBlock"),
        ),
        "ScriptMethod" => ("ScriptMethod", part("Script"), None),
        "PropertySet" => {
            let names = element
                .children
                .iter()
                .filter(|e| e.name == "ReferencedProperties")
                .flat_map(|e| &e.children)
                .map(|e| e.text.trim().to_string());
            ("PropertySet", Some(Value::strings(names)), None)
        }
        "MemberSet" if name == "PSStandardMembers" => {
            for members in element.children.iter().filter(|e| e.name == "Members") {
                for member in &members.children {
                    read_member(member, type_name, true, all)?;
                }
            }
            return Ok(());
        }
        // Members of compiled code have nothing to run here.
        "CodeProperty" | "CodeMethod" | "MemberSet" => return Ok(()),
        other => return Err(format!("The node Members cannot have the node {other}.")),
    };
    all.push(Declared {
        type_name: type_name.to_string(),
        name,
        kind,
        first,
        second,
        standard,
    });
    Ok(())
}

fn child_text(element: &Element, name: &str) -> Option<String> {
    element
        .children
        .iter()
        .find(|e| e.name == name)
        .map(|e| e.text.trim().to_string())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn members_are_read_with_their_types() {
        let file = "<Types><Type><Name>A.B</Name><Members>\
            <AliasProperty><Name>x</Name><ReferencedMemberName>y</ReferencedMemberName></AliasProperty>\
            <MemberSet><Name>PSStandardMembers</Name><Members><PropertySet><Name>DefaultDisplayPropertySet</Name>\
            <ReferencedProperties><Name>y</Name></ReferencedProperties></PropertySet></Members></MemberSet>\
            </Members></Type></Types>";
        let all = read(file).unwrap_or_default();
        let shown: Vec<_> = all
            .iter()
            .map(|d| (d.type_name.as_str(), d.kind, d.name.as_str(), d.standard))
            .collect();
        assert_eq!(
            shown,
            [
                ("A.B", "AliasProperty", "x", false),
                ("A.B", "PropertySet", "DefaultDisplayPropertySet", true)
            ]
        );
        assert!(read("<Types").is_err());
        assert!(read("<Types><Other/></Types>").is_err());
    }
}

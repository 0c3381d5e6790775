//! `GetHelpContent`: the help in a function's or script's comments.

use super::make::read_only;
use crate::runtime::collection::{Dictionary, KeyComparison};
use crate::runtime::types::plain_object::PlainObject;
use crate::runtime::types::{find_full, generic, known};
use crate::runtime::value::Value;
use crate::syntax::comment_help::CommentHelp;
use std::rc::Rc;

/// `CommentHelpInfo` of comments; null where there are none.
pub(super) fn content(comments: Option<&str>) -> Value {
    let Some(help) = comments.and_then(CommentHelp::read) else {
        return Value::Null;
    };
    let text = |text: &str| match text {
        "" => Value::Null,
        text => Value::str(text),
    };
    let list = |texts: &[String]| {
        let texts = texts.iter().map(|t| Value::str(t.as_str()));
        read_only(known::string(), texts.collect())
    };
    let type_ref = match find_full("System.Collections.Generic.Dictionary`2") {
        Some(definition) => generic(&definition, vec![known::string(), known::string()]),
        None => known::hashtable(),
    };
    let parameters = Dictionary::new(type_ref, KeyComparison::Exact);
    for (name, told) in &help.parameters {
        parameters.set_str(&name.to_uppercase(), Value::str(told.as_str()));
    }
    PlainObject::new(
        &format!("{}.CommentHelpInfo", super::values::LANGUAGE),
        vec![
            ("Synopsis", text(&help.synopsis)),
            ("Description", text(&help.description)),
            ("Notes", text(&help.notes)),
            ("Parameters", Value::Dict(Rc::new(parameters))),
            ("Links", list(&help.links)),
            ("Examples", list(&help.examples)),
            ("Inputs", list(&help.inputs)),
            ("Outputs", list(&help.outputs)),
            ("Component", text(&help.component)),
            ("Role", text(&help.role)),
            ("Functionality", text(&help.functionality)),
            ("ForwardHelpTargetName", text(&help.forward_target)),
            ("ForwardHelpCategory", text(&help.forward_category)),
            ("RemoteHelpRunspace", text(&help.remote_runspace)),
            ("MamlHelpFile", text(&help.external_help)),
        ],
    )
    .value()
}

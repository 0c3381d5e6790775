//! Groups of types that share what they do, and the rule that says which types belong.

use super::{Behaviour, of};
use crate::runtime::types::{
    TypeRef, automation::attributes, automation::ps_member, automation::runspace,
    collections::dictionary, collections::list, collections::tuple, cryptography, data,
    data::sql_client, drawing, net::mail_message, net::media_type, settings, text::json_node,
    text::text_encoding, text::text_json, xml::xlinq,
};

/// Types that share what they do.
pub(super) struct Family {
    pub(super) covers: Covers,
    pub(super) does: Behaviour,
}

/// Which types belong to a family.
pub(super) enum Covers {
    /// Those whose full name begins so.
    Beginning(&'static str),
    /// Those whose full name begins and ends so.
    Between(&'static str, &'static str),
    /// Those of which this holds.
    Those(fn(&TypeRef) -> bool),
}

impl Covers {
    pub(super) fn holds(&self, type_ref: &TypeRef) -> bool {
        match self {
            Covers::Beginning(with) => type_ref.full_name.starts_with(with),
            Covers::Between(start, end) => {
                type_ref.full_name.starts_with(start) && type_ref.full_name.ends_with(end)
            }
            Covers::Those(holds) => holds(type_ref),
        }
    }
}

const fn family(covers: Covers, does: Behaviour) -> Family {
    Family { covers, does }
}

/// What each of them does.
pub(super) static FAMILIES: &[Family] = &[
    family(
        Covers::Those(list::is_list_type),
        of("").construct(list::construct),
    ),
    family(
        Covers::Those(dictionary::is_dictionary_type),
        of("").construct(dictionary::construct),
    ),
    family(
        Covers::Those(|this| ps_member::is_member_type(&this.full_name)),
        of("")
            .construct(|vm, this, arguments| ps_member::construct(vm, &this.full_name, arguments)),
    ),
    family(
        Covers::Those(is_attribute),
        of("").construct(attributes::construct),
    ),
    family(
        Covers::Those(settings::is_settings),
        of("").construct(settings::construct),
    ),
    family(
        Covers::Beginning("System.Tuple`"),
        of("").construct(tuple::construct),
    ),
    family(
        Covers::Beginning("System.ValueTuple`"),
        of("")
            .construct(tuple::construct)
            .zero(|this| Some(tuple::zero(this))),
    ),
    family(
        Covers::Beginning("System.Data.SqlClient."),
        of("")
            .construct(|_, this, arguments| Ok(sql_client::construct(&this.full_name, arguments))),
    ),
    family(
        Covers::Beginning("System.Data."),
        of("").construct(|vm, this, arguments| data::construct(vm, &this.full_name, arguments)),
    ),
    family(
        Covers::Beginning("System.Drawing."),
        of("")
            .read(|_, this, name| Ok(drawing::read_static(&this.full_name, name)))
            .construct(|vm, this, arguments| drawing::construct(vm, &this.full_name, arguments)),
    ),
    family(
        Covers::Beginning("System.Management.Automation.Runspaces."),
        of("").call(|vm, this, name, arguments| {
            runspace::call_static(vm, &this.full_name, name, arguments)
        }),
    ),
    family(
        Covers::Beginning("System.Management.Automation.Runspaces.SessionState"),
        of("").construct(|_, this, arguments| Ok(runspace::entry(&this.full_name, arguments))),
    ),
    family(
        Covers::Beginning("System.Net.Mail."),
        of("").construct(|vm, this, arguments| {
            mail_message::construct(vm, &this.full_name, arguments)
        }),
    ),
    family(
        Covers::Beginning("System.Net.Mime.MediaTypeNames+"),
        of("").read(|_, this, name| Ok(media_type::read_static(&this.name, name))),
    ),
    family(
        Covers::Beginning("System.Security.Cryptography."),
        of("")
            .read(|_, this, name| Ok(cryptography::read_static(&this.full_name, name)))
            .call(|vm, this, name, arguments| {
                cryptography::call_static(vm, &this.full_name, name, arguments)
            })
            .construct(cryptography::construct),
    ),
    family(
        Covers::Between("System.Text.", "Encoding"),
        of("").construct(|_, this, arguments| {
            Ok(text_encoding::construct(&this.full_name, arguments))
        }),
    ),
    family(
        Covers::Between("System.Text.", "Fallback"),
        of("").construct(|_, this, arguments| {
            Ok(text_encoding::fallback(
                &this.full_name,
                "new",
                arguments.first(),
            ))
        }),
    ),
    family(
        Covers::Beginning("System.Text.Json."),
        of("").call(|vm, this, name, arguments| {
            text_json::call_static(vm, &this.full_name, name, arguments)
        }),
    ),
    family(
        Covers::Beginning("System.Text.Json.Nodes."),
        of("")
            .construct(|vm, this, arguments| json_node::construct(vm, &this.full_name, arguments)),
    ),
    family(
        Covers::Beginning("System.Xml.Linq."),
        of("")
            .read(|_, this, name| Ok(xlinq::read_static(&this.full_name, name)))
            .call(|vm, this, name, arguments| {
                xlinq::call_static(vm, &this.full_name, name, arguments)
            })
            .construct(xlinq::construct)
            .convert(xlinq::converted),
    ),
];

/// Attributes that scripts write; those of XML are nodes.
fn is_attribute(type_ref: &TypeRef) -> bool {
    type_ref.full_name.ends_with("Attribute") && !type_ref.full_name.starts_with("System.Xml.")
}

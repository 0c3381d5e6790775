//! Functions of native libraries, of which there are none: calling one fails as it does where its
//! library is missing.

use super::operators::fail;
use crate::runtime::class::{Body, CompiledBody};
use crate::syntax::csharp::ast::{Attribute, ExprKind, Literal};
use std::rc::Rc;

/// The body of a method with `[DllImport]`, if it is one.
pub(super) fn imported(attributes: &[Attribute]) -> Option<Body> {
    let import = attributes
        .iter()
        .find(|a| matches!(&*a.name, "DllImport" | "LibraryImport"))?;
    let library = import
        .arguments
        .iter()
        .find_map(|(label, value)| match (label, &value.kind) {
            (None, ExprKind::Literal(Literal::Text(text))) => Some(text.clone()),
            _ => None,
        });
    let library = library.unwrap_or_else(|| "".into());
    let body: Rc<CompiledBody> = Rc::new(move |vm, _, _| {
        let home = vm.variable("PSHOME").unwrap_or_default();
        let home = vm.to_text(&home)?;
        let text = message(&library, &home);
        fail(vm, "System.DllNotFoundException", &text)
    });
    Some(Body::Compiled(body))
}

/// What the system's loader says of every file it tried.
fn message(library: &str, home: &str) -> String {
    let mut text = format!(
        "Unable to load shared library '{library}' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace. If you're using glibc, consider setting the LD_DEBUG environment variable: \n"
    );
    let names = match library.contains(".so") {
        true => vec![library.to_string(), format!("lib{library}")],
        false => vec![
            format!("{library}.so"),
            format!("lib{library}.so"),
            library.to_string(),
            format!("lib{library}"),
        ],
    };
    for name in names {
        for place in [format!("{home}/{name}"), name] {
            text.push_str(&place);
            text.push_str(": cannot open shared object file: No such file or directory\n");
        }
    }
    text
}

//! Update-FormatData: views from files.

use super::type_data::files;
use crate::cmdlet::registry::Factory;
use crate::format::types::{SessionViews, session_views, set_session_views};
use crate::format::view_file;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::provider::ItemPath;
use crate::runtime::text::encoding::decode_script;
use crate::runtime::view::ViewDeclaration;
use crate::runtime::vm::Vm;

/// The family.
pub const CMDLETS: &[(&str, Factory)] = &[("Update-FormatData", || Box::new(UpdateFormatData))];

struct UpdateFormatData;

impl Cmdlet for UpdateFormatData {
    fn process(&mut self, vm: &mut Vm, call: &Call) -> R<()> {
        let mut views = match session_views(vm) {
            Some(views) => (*views).clone(),
            None => SessionViews::default(),
        };
        for path in call.texts("PrependPath") {
            for file in files(vm, &path, "FormatPrependPathException")? {
                let read = read(vm, &file)?;
                views.before.splice(0..0, read);
            }
        }
        for path in call.texts("AppendPath") {
            for file in files(vm, &path, "FormatAppendPathException")? {
                let read = read(vm, &file)?;
                views.after.extend(read);
            }
        }
        set_session_views(vm, views);
        Ok(())
    }
}

fn read(vm: &mut Vm, file: &ItemPath) -> R<Vec<ViewDeclaration>> {
    let found = match crate::host::file::read(file.as_file()) {
        Ok(bytes) => view_file::read(&decode_script(&bytes)),
        Err(error) => Err(error.to_string()),
    };
    match found {
        Ok(views) => Ok(views),
        Err(message) => {
            let fault = Fault::of(
                "System.Management.Automation.RuntimeException",
                "FormatXmlUpdateException",
                Category::InvalidOperation,
                format!("{}: {message}", file.path),
            );
            vm.write_fault(fault)?;
            Ok(Vec::new())
        }
    }
}

//! Update-FormatData: views from files.

use crate::cmdlet::registry::Factory;
use crate::format::types::{SessionViews, session_views, set_session_views};
use crate::format::view_file;
use crate::runtime::command::{Call, Cmdlet};
use crate::runtime::error::{Category, Fault, R};
use crate::runtime::provider::path_not_found;
use crate::runtime::text::encoding::decode_script;
use crate::runtime::value::Value;
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
            let read = read(vm, &path)?;
            views.before.splice(0..0, read);
        }
        for path in call.texts("AppendPath") {
            let read = read(vm, &path)?;
            views.after.extend(read);
        }
        set_session_views(vm, views);
        Ok(())
    }
}

fn read(vm: &mut Vm, path: &str) -> R<Vec<ViewDeclaration>> {
    let full = vm.file_path(path);
    if !path.to_ascii_lowercase().ends_with(".ps1xml") {
        vm.write_fault(
            Fault::of(
                "System.Management.Automation.PSInvalidOperationException",
                "WrongFileExtension",
                Category::InvalidArgument,
                format!(
                    "The file {} is not valid. Only files with the .ps1xml extension can be read here.",
                    full.display()
                ),
            )
            .target(Value::str(path)),
        )?;
        return Ok(Vec::new());
    }
    let found = match crate::host::file::read(&full) {
        Ok(bytes) => view_file::read(&decode_script(&bytes)),
        Err(_) => {
            let fault = path_not_found(&full.to_string_lossy());
            vm.write_fault(fault.target(Value::str(path)))?;
            return Ok(Vec::new());
        }
    };
    match found {
        Ok(views) => Ok(views),
        Err(message) => {
            let fault = Fault::of(
                "System.Management.Automation.RuntimeException",
                "FormatXmlUpdateException",
                Category::InvalidOperation,
                format!("{}: {message}", full.display()),
            );
            vm.write_fault(fault)?;
            Ok(Vec::new())
        }
    }
}

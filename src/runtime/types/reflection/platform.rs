//! What .NET has on Windows alone: the types are there everywhere, and elsewhere each of their
//! constructors and methods says so. Their enumerations work everywhere.

use crate::runtime::error::R;
use crate::runtime::types::failures;
use crate::runtime::value::Value;

const PRINCIPAL: &str = "Windows Principal functionality is not supported on this platform.";
const ACCESS_CONTROL: &str = "Access Control List (ACL) APIs are part of resource management on Windows and are not supported on this platform.";
const MANAGEMENT: &str =
    "System.Management currently is only supported for Windows desktop applications.";
const DIRECTORY: &str = "System.DirectoryServices is not supported on this platform.";
const ACCOUNTS: &str =
    "System.DirectoryServices.AccountManagement is not supported on this platform.";
const DRAWING: &str = "System.Drawing.Common is not supported on non-Windows platforms. See https://aka.ms/systemdrawingnonwindows for more information.";

/// Full names, or beginnings of them that end in a full stop or an asterisk, with what the members say.
const REFUSALS: &[(&str, &str)] = &[
    (
        "Microsoft.Win32.Registry*",
        "Registry is not supported on this platform.",
    ),
    (
        "System.Data.OleDb.",
        "System.Data.OleDb is not supported on this platform.",
    ),
    (
        "System.Diagnostics.EventLog*",
        "EventLog access is not supported on this platform.",
    ),
    (
        "System.Diagnostics.PerformanceCounter*",
        "Performance Counters are not supported on this platform.",
    ),
    (
        "Microsoft.VisualBasic.Interaction",
        "Method requires System.Windows.Forms.",
    ),
    ("System.DirectoryServices.AccountManagement.", ACCOUNTS),
    ("System.DirectoryServices.", DIRECTORY),
    ("System.Drawing.Bitmap", DRAWING),
    ("System.Drawing.Brush*", DRAWING),
    ("System.Drawing.Drawing2D.", DRAWING),
    ("System.Drawing.Font*", DRAWING),
    ("System.Drawing.Graphics", DRAWING),
    ("System.Drawing.Icon", DRAWING),
    ("System.Drawing.Image", DRAWING),
    ("System.Drawing.Imaging.", DRAWING),
    ("System.Drawing.Pen", DRAWING),
    ("System.Drawing.Printing.", DRAWING),
    ("System.Drawing.Region", DRAWING),
    ("System.Drawing.SolidBrush", DRAWING),
    ("System.Drawing.StringFormat", DRAWING),
    ("System.Drawing.SystemFonts", DRAWING),
    ("System.Drawing.SystemIcons", DRAWING),
    ("System.Drawing.Text.", DRAWING),
    ("System.Drawing.TextureBrush", DRAWING),
    ("System.Management.Automation.", ""),
    ("System.Management.", MANAGEMENT),
    ("System.Security.AccessControl.", ACCESS_CONTROL),
    ("System.Security.Principal.NTAccount", PRINCIPAL),
    ("System.Security.Principal.SecurityIdentifier", PRINCIPAL),
    ("System.Security.Principal.WindowsIdentity", PRINCIPAL),
    ("System.Security.Principal.WindowsPrincipal", PRINCIPAL),
    (
        "System.ServiceProcess.ServiceController",
        "ServiceController enables manipulating and accessing Windows services and it is not applicable for other operating systems.",
    ),
];

/// What the members of a type say where it does not work.
fn refusal(type_name: &str) -> Option<&'static str> {
    let found = REFUSALS.iter().find(|(name, _)| {
        let begins = name
            .strip_suffix('*')
            .or(name.ends_with('.').then_some(*name));
        match begins {
            Some(begin) => type_name.starts_with(begin),
            None => type_name == *name,
        }
    });
    found
        .map(|(_, message)| *message)
        .filter(|message| !message.is_empty())
}

/// A constructor or method of a type that may belong to another system: nothing, or the refusal.
pub fn refuse(type_name: &str) -> R<Option<Value>> {
    match refusal(type_name) {
        Some(message) => failures::fail("System.PlatformNotSupportedException", message),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rule_that_fits_a_type_speaks_for_it() {
        for (name, want) in [
            ("System.Security.Principal.WindowsIdentity", Some(PRINCIPAL)),
            (
                "System.DirectoryServices.ActiveDirectory.Domain",
                Some(DIRECTORY),
            ),
            (
                "System.DirectoryServices.AccountManagement.UserPrincipal",
                Some(ACCOUNTS),
            ),
            ("System.Management.ManagementClass", Some(MANAGEMENT)),
            ("System.Management.Automation.PSObject", None),
            ("System.String", None),
        ] {
            assert_eq!(refusal(name), want, "{name}");
        }
    }
}

//! What the reader takes, and what it says of what it does not.

use super::ast::*;
use super::parse;

fn complaint(text: &str) -> String {
    match parse(text) {
        Ok(_) => "fine".into(),
        Err(wrong) => {
            let before = &text[..wrong.at];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
            format!("({line},{column}): error {}: {}", wrong.code, wrong.message)
        }
    }
}

#[test]
fn names_of_types_carry_their_place() {
    let unit = parse("namespace A.B { public class C { enum D { X = 1, Y } } struct E { } }");
    let unit = unit.unwrap_or_default();
    let names: Vec<String> = unit.types.iter().map(|t| t.full_name()).collect();
    assert_eq!(names, ["A.B.C", "A.B.C+D", "A.B.E"]);
}

#[test]
fn errors_have_the_code_and_place_of_the_compiler() {
    for (text, expected) in [
        ("class {", "(1,7): error CS1001: Identifier expected"),
        ("class A { int x }", "(1,16): error CS1002: ; expected"),
        ("class A {", "(1,10): error CS1513: } expected"),
        (
            "class A { void M() { int x = ; } }",
            "(1,30): error CS1525: Invalid expression term ';'",
        ),
        (
            "class A { void M() { M( } }",
            "(1,25): error CS1525: Invalid expression term '}'",
        ),
        (
            "class A { M() { } }",
            "(1,11): error CS1520: Method must have a return type",
        ),
        (
            "}",
            "(1,1): error CS1022: Type or namespace definition, or end-of-file expected",
        ),
    ] {
        assert_eq!(complaint(text), expected, "{text}");
    }
}

#[test]
fn everyday_source_is_read() {
    for text in [
        "using System; using System.Net; public class P : ICertificatePolicy { public P() {} public bool CheckValidationResult(ServicePoint s, X509Certificate c, WebRequest r, int p) { return true; } }",
        "class A { [DllImport(\"user32.dll\", SetLastError = true)] [return: MarshalAs(UnmanagedType.Bool)] public static extern bool F(IntPtr h, ref int x, [In] string[] s); }",
        "class A { int[] a = { 1, 2 }; string s = $\"{x,5:N2} {{}}\"; List<Dictionary<string, int>> d = new List<Dictionary<string, int>>(); }",
        "class A { int X { get; private set; } = 3; string Y => \"a\"; int this[int i] { get { return i; } } }",
        "class A { void M() { for (int i = 0, j = 1; i < j; i++, j--) { } foreach (var x in y) z(x); do { } while (a < b && (c as D) != null); } }",
        "class A { object M(int a = 1, params string[] r) { switch (a) { case 1: case 2: return (int)a; default: break; } try { } catch (Exception e) { throw; } finally { } using (var f = G()) { } return x ?? y; } }",
        "class A { Func<int,int> f = x => x + 1; EventHandler h = delegate(object s, EventArgs e) { }; Action g = () => { return; }; }",
        "delegate bool D(IntPtr a, int b); class A<T> where T : class, new() { static A() { } ~A() { } public static A operator +(A x, A y) { return x; } }",
    ] {
        assert_eq!(complaint(text), "fine", "{text}");
    }
}

#[test]
fn what_is_not_known_stays_a_note_in_its_body() {
    let text = "class A { void M() { var q = from x in y select x; } int N() { return 1; } }";
    let unit = parse(text).unwrap_or_default();
    let bodies: Vec<bool> = unit.types[0]
        .members
        .iter()
        .map(|member| match &member.kind {
            MemberKind::Method { body, .. } => {
                matches!(body.as_deref(), Some(Body::Foreign("queries")))
            }
            _ => false,
        })
        .collect();
    assert_eq!(bodies, [true, false]);
}

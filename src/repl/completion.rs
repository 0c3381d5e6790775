//! The answer of completion, as `TabExpansion2` gives it.

/// What a match is: `System.Management.Automation.CompletionResultType`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompletionResultType {
    /// Any text.
    Text,
    /// A line of the history.
    History,
    /// A command's name.
    Command,
    /// A file or another item.
    ProviderItem,
    /// A folder or another container.
    ProviderContainer,
    /// A property.
    Property,
    /// A method.
    Method,
    /// A parameter or an operator.
    ParameterName,
    /// A value of a parameter.
    ParameterValue,
    /// A variable.
    Variable,
    /// A namespace.
    Namespace,
    /// A type.
    Type,
    /// A keyword.
    Keyword,
    /// A keyword that a module defines.
    DynamicKeyword,
}

impl CompletionResultType {
    const ALL: [CompletionResultType; 14] = [
        CompletionResultType::Text,
        CompletionResultType::History,
        CompletionResultType::Command,
        CompletionResultType::ProviderItem,
        CompletionResultType::ProviderContainer,
        CompletionResultType::Property,
        CompletionResultType::Method,
        CompletionResultType::ParameterName,
        CompletionResultType::ParameterValue,
        CompletionResultType::Variable,
        CompletionResultType::Namespace,
        CompletionResultType::Type,
        CompletionResultType::Keyword,
        CompletionResultType::DynamicKeyword,
    ];

    /// The kind of a name, in any letter case.
    pub fn named(name: &str) -> Option<CompletionResultType> {
        let mut all = Self::ALL.into_iter();
        all.find(|kind| format!("{kind:?}").eq_ignore_ascii_case(name))
    }
}

/// One way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompletionResult {
    /// What replaces the text.
    pub completion_text: String,
    /// What a list shows.
    pub list_item_text: String,
    /// What it is.
    pub result_type: CompletionResultType,
    /// What a person may want to know about it.
    pub tool_tip: String,
}

impl CompletionResult {
    /// A match that is shown as it is inserted.
    pub fn new(text: impl Into<String>, result_type: CompletionResultType) -> CompletionResult {
        let text = text.into();
        CompletionResult {
            list_item_text: text.clone(),
            tool_tip: text.clone(),
            completion_text: text,
            result_type,
        }
    }

    /// The same with another text in lists.
    pub fn listed(mut self, text: impl Into<String>) -> CompletionResult {
        self.list_item_text = text.into();
        self
    }

    /// The same with another tool tip.
    pub fn tip(mut self, text: impl Into<String>) -> CompletionResult {
        self.tool_tip = text.into();
        self
    }
}

/// All ways to go on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where the replaced text begins, in bytes.
    pub start: usize,
    /// How long it is, in bytes.
    pub length: usize,
    /// What may stand there.
    pub matches: Vec<CompletionResult>,
}

impl Completion {
    /// Nothing fits here.
    pub fn none(cursor: usize) -> Completion {
        Completion {
            start: cursor,
            ..Completion::default()
        }
    }
}

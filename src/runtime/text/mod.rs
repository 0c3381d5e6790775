//! Values as text and text as values: numbers, dates, spans and composite formats.

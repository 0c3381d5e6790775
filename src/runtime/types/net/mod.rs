//! Addresses, names, mail and the web.

pub mod ip_address;
pub mod mail_address;
pub mod mail_message;
pub mod media_type;
pub mod network;
pub mod service_point;
pub mod socket;
pub mod uri;
pub mod uri_builder;
pub mod web_client;
pub mod web_request;
pub mod web_text;

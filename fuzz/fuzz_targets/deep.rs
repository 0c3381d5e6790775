//! A thread with a deep stack that works on one input after the other, as the
//! program's own evaluator has one.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

/// The evaluator's stack, as in the program itself.
const STACK: usize = 1 << 30;

/// The thread, as seen from the fuzzer's.
pub struct Deep(Mutex<(Sender<String>, Receiver<()>)>);

impl Deep {
    /// Starts a thread that hands every text to `work`.
    pub fn new(work: fn(&str)) -> Deep {
        let (texts, next) = channel::<String>();
        let (done, ends) = channel();
        let serve = move || {
            for text in next {
                work(&text);
                if done.send(()).is_err() {
                    break;
                }
            }
        };
        let thread = std::thread::Builder::new().stack_size(STACK);
        thread.spawn(serve).expect("a thread");
        Deep(Mutex::new((texts, ends)))
    }

    /// Hands a text over and waits until it is done with; a panic ends the process.
    pub fn work(&self, text: &str) {
        let channels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        channels.0.send(text.to_owned()).expect("it listens");
        if channels.1.recv().is_err() {
            std::process::abort();
        }
    }
}

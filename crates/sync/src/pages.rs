//! Answers that come in pages. A server that names a page which was asked for already, or that names ever another one, is asked no further.

use std::collections::BTreeSet;

use belfry_graph::GraphError;

/// No calendar of a person has so many.
const MOST_PAGES: usize = 10_000;

/// The pages that were asked for.
#[derive(Debug, Default)]
pub(crate) struct Pages(BTreeSet<String>);

impl Pages {
    /// The link of the next page.
    ///
    /// # Errors
    /// [`GraphError::Unreadable`] when it leads nowhere.
    pub(crate) fn next(&mut self, link: Option<String>) -> Result<String, GraphError> {
        let link = link.filter(|link| self.0.len() < MOST_PAGES && self.0.insert(link.clone()));
        link.ok_or(GraphError::Unreadable { source: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_was_there_already_is_the_last_one() {
        let mut pages = Pages::default();
        assert_eq!(pages.next(Some("a".into())).expect("a page"), "a");
        assert_eq!(pages.next(Some("b".into())).expect("a page"), "b");
        assert!(pages.next(Some("a".into())).is_err());
        assert!(pages.next(None).is_err());
    }

    #[test]
    fn pages_end() {
        let mut pages = Pages::default();
        let read = (0..2 * MOST_PAGES).take_while(|page| pages.next(Some(page.to_string())).is_ok()).count();
        assert_eq!(read, MOST_PAGES);
    }
}

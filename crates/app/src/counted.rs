//! How many of something, as people say it.

/// `1 item`, `2 items`.
#[must_use]
pub fn counted(count: impl TryInto<u64>, one: &str) -> String {
    let count = count.try_into().unwrap_or(u64::MAX);
    format!("{count} {one}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn one_is_one() {
        assert_eq!([0_u64, 1, 2].map(|count| counted(count, "item")), ["0 items", "1 item", "2 items"]);
    }
}

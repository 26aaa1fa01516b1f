//! Bytes to text, whatever they were written in.

/// UTF-8, UTF-16 with a mark, else Windows-1252, which is what files that are neither usually are.
pub fn decode(bytes: &[u8]) -> String {
    let (text, _, malformed) = encoding_rs::UTF_8.decode(bytes);
    let text = if malformed { encoding_rs::WINDOWS_1252.decode(bytes).0 } else { text };
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n")
}

/// The values of a property, as the file spells them, after its folded lines are joined (RFC 5545 section 3.1).
pub fn values_of(text: &str, property: &str) -> Vec<String> {
    let unfolded = text.replace("\n ", "").replace("\n\t", "");
    let value = |line: &str| {
        let (head, value) = line.split_once(':')?;
        head.split(';').next()?.eq_ignore_ascii_case(property).then(|| value.trim().to_owned())
    };
    unfolded.lines().filter_map(value).collect()
}

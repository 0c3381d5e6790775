//! How far a mistyped word is from another: insertions, omissions,
//! replacements and exchanged neighbours count one each.

/// The nearest of the candidates, at most three, nearest first; none that is
/// too far to be meant.
pub fn nearest<'c>(typed: &str, candidates: impl IntoIterator<Item = &'c str>) -> Vec<&'c str> {
    let wanted: Vec<char> = folded(typed);
    let most = match wanted.len() {
        0 => return Vec::new(),
        1..=3 => 1,
        4..=7 => 2,
        8..=14 => 3,
        _ => 4,
    };
    let mut found: Vec<(usize, &str)> = Vec::new();
    for candidate in candidates {
        let other = folded(candidate);
        if other == wanted || other.len().abs_diff(wanted.len()) > most {
            continue;
        }
        let distance = between(&wanted, &other);
        if distance <= most && distance < wanted.len() {
            found.push((distance, candidate));
        }
    }
    found.sort_by_key(|(distance, text)| (*distance, text.to_lowercase()));
    found.dedup_by(|a, b| a.1.eq_ignore_ascii_case(b.1));
    let best = found.first().map_or(0, |(distance, _)| *distance);
    let near = found.into_iter().filter(|(distance, _)| *distance <= best);
    near.map(|(_, text)| text).take(3).collect()
}

fn folded(text: &str) -> Vec<char> {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn between(a: &[char], b: &[char]) -> usize {
    let mut older: Vec<usize> = Vec::new();
    let mut old: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let replaced = at(&old, j) + usize::from(x != y);
            let mut best = replaced.min(at(&old, j + 1) + 1).min(at(&row, j) + 1);
            let exchanged = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if exchanged {
                best = best.min(at(&older, j - 1) + 1);
            }
            row.push(best);
        }
        older = std::mem::replace(&mut old, row);
    }
    old.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_is_meant() {
        let names = ["Get-Date", "Get-Data", "Set-Date", "Get-ChildItem"];
        let cases: [(&str, &[&str]); 5] = [
            ("Get-Dte", &["Get-Date"]),
            ("Gte-Date", &["Get-Date"]),
            ("get-dat", &["Get-Data", "Get-Date"]),
            ("Get-ChildIten", &["Get-ChildItem"]),
            ("Remove-Everything", &[]),
        ];
        for (typed, wanted) in cases {
            assert_eq!(nearest(typed, names), wanted, "{typed}");
        }
    }
}

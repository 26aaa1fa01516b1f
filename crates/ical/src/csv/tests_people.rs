//! Tables as people keep them by hand.

use super::*;
use crate::tests::into;

fn table(text: &str) -> Result<Contents, FileProblem> {
    read_csv(text.as_bytes(), &ColumnMap::default(), &into())
}

/// Starts with minutes of what went in, and reasons of what did not.
fn said(text: &str) -> (Vec<(String, u32)>, Vec<String>) {
    let contents = table(text).expect(text);
    let read = contents.reminders.iter().map(|one| (one.when.to_string(), one.length.minutes())).collect();
    (read, contents.set_aside.iter().map(|aside| aside.reason.to_string()).collect())
}

#[test]
fn an_end_without_a_date_is_the_next_such_time() {
    let of = |start: &str, end: &str| said(&format!("title,date,start time,end time\nA,2027-03-05,{start},{end}\n"));
    for (start, end, minutes) in
        [("22:00", "02:00", 240), ("9:00", "10:00", 60), ("10:00 PM", "06:00 AM", 480), ("9", "17", 480), ("0:00", "24:00", 1440)]
    {
        let (read, reasons) = of(start, end);
        assert_eq!((read.into_iter().map(|(_, minutes)| minutes).collect::<Vec<_>>(), reasons), (vec![minutes], vec![]), "{start} {end}");
    }
    // A length comes before it, and a whole day has none.
    assert_eq!(said("title,date,time,end time,duration\nA,2027-03-05,9:00,11:00,30\n").0, [("2027-03-05T09:00:00".to_owned(), 30)]);
    assert_eq!(said("title,date,end time\nA,2027-03-05,11:00\n").0, [("2027-03-05".to_owned(), 1440)]);
}

#[test]
fn a_column_of_times_is_one_whatever_it_is_called() {
    for header in ["Titel;Datum;Beginn;Ende", "Titel;Datum;Von;Bis", "Titel;Datum;Startzeit;Endzeit"] {
        let text = format!("{header}\nA;3.3.2027;9:00;10:30\nB;4.3.2027;;\n");
        let expected = vec![("2027-03-03T09:00:00".to_owned(), 90), ("2027-03-04".to_owned(), 1440)];
        assert_eq!(said(&text), (expected, vec![]), "{header}");
        // As a window that knows the names alone says it.
        let map = guess_columns(&csv_header(text.as_bytes()).expect("a header"));
        let read = read_csv(text.as_bytes(), &map, &into()).expect("read");
        assert_eq!(read.reminders.first().map(|one| one.length), Some(Length::Minutes(90)), "{header}");
    }
    assert_eq!(said("Titel;Von;Bis\nA;3.3.2027;5.3.2027\n").0, [("2027-03-03".to_owned(), 3 * 1440)]);
    assert_eq!(said("Titel;Beginn;Ende\nA;3.3.2027;10:30\nB;3.3.2027;5.3.2027\n").1, ["`10:30` is not a value for the column Ende"]);
    assert_eq!(
        table("Titel;Datum;Notiz\nA;3.3.2027;x\n").map(|read| read.reminders.first().map(|one| one.notes.clone())),
        Ok(Some("x".into()))
    );
}

#[test]
fn a_quotation_mark_that_another_row_closes_spoils_only_its_rows() {
    let text = "title,date\n\"Die Hard night,2027-03-03\n\"Top Gun\" night,2027-03-04\nZ,2027-03-05";
    let contents = table(text).expect("read");
    assert_eq!(said(text).0, [("2027-03-05".to_owned(), 1440)]);
    let aside: Vec<_> = contents.set_aside.iter().map(|aside| (aside.line, &aside.reason)).collect();
    assert_eq!(aside, [(2, &ItemProblem::StrayQuote)]);
    // Neither of the two is taken for dropped.
    let known = table("title,date\nDie Hard night,2027-03-03\nTop Gun night,2027-03-04\nOther,2027-03-04\n").expect("read").reminders;
    assert_eq!(known.iter().map(|one| contents.unread.names(one)).collect::<Vec<_>>(), [true, true, false]);
    assert_eq!(said("title,date\n\"Top Gun\" night,2027-03-04\n").1.len(), 1);
    assert_eq!(said("title,date\n\"a \"\"b\"\" c\" ,\"2027-03-04\"  \n").1, Vec::<String>::new());
}

#[test]
fn a_table_that_ends_within_a_date_or_a_time_breaks_off() {
    let cut = |text: &str| table(text) == Err(FileProblem::Truncated { line: text.lines().count(), open: Open::Part });
    for text in [
        "title,date\nA,2027-03-10\nB,2027-03-1",
        "title,date\nB,2027-03-1",
        "title,date,time\nA,2027-03-10,14:30\nB,2027-03-10,14:3",
        "title,date,time\nA,2027-03-10,9:30\nB,2027-03-10,1",
        "title,date\nA,3.3.2027\nB,3.3.20",
        "title,date\nA,2027-03-10 09:00\nB,2027-03-10 09:3",
    ] {
        assert!(cut(text), "{text}");
        assert!(table(&format!("{text}\n")).is_ok(), "{text}");
    }
    for text in [
        "title,date\nA,2027-3-7\nB,2027-3-1",
        "title,date\nA,2027-03-4\nB,2027-03-1",
        "title,date,time\nA,2027-03-10,10:30\nB,2027-03-10,9:30",
        "title,date\nB,3.3.27",
        "title,date\nA,2027-03-10 09:00\nB,2027-03-10",
        "title,date,notes\nA,2027-03-10,1234\nB,2027-03-10,1",
    ] {
        assert!(table(text).is_ok(), "{text}");
    }
}

#[test]
fn times_and_dates_of_everyday() {
    for (date, time, when) in [
        ("2027-03-03", "9", "2027-03-03T09:00:00"),
        ("2027-03-03", "noon", "2027-03-03T12:00:00"),
        ("2027-03-03", "24:00", "2027-03-04T00:00:00"),
        ("2027-03-03 24:00", "", "2027-03-04T00:00:00"),
        ("Mi 3.3.2027", "", "2027-03-03"),
        ("Mittwoch, 3.3.2027", "8 Uhr", "2027-03-03T08:00:00"),
        ("Wed. 2027/3/3 10:00", "", "2027-03-03T10:00:00"),
    ] {
        let (read, reasons) = said(&format!("title;date;time\nx;{date};{time}\n"));
        assert_eq!((read.into_iter().map(|(when, _)| when).collect::<Vec<_>>(), reasons), (vec![when.to_owned()], vec![]), "{date} {time}");
    }
    let bad = |time: &str| said(&format!("title,date,time\nx,2027-03-03,{time}\n")).1;
    assert_eq!([bad("99"), bad("24:30"), bad("some day")].map(|reasons| reasons.len()), [1, 1, 1]);
}

#[test]
fn birthdays_come_every_year() {
    let rule = |text: &str| table(text).expect(text).reminders.remove(0).recurrence.map(|series| series.rule.to_string());
    assert_eq!(rule("Name;Geburtstag\nAnn;3.3.1980\n").as_deref(), Some("FREQ=YEARLY"));
    assert_eq!(rule("Name;Geburtstag;Wiederholung\nAnn;3.3.1980;\n"), None);
    assert_eq!(rule("Name;Datum\nAnn;3.3.1980\n"), None);
}

//! Tables, each showing one thing.

use belfry_core::{ShowAs, Zone};
use proptest::prelude::*;

use super::*;
use crate::tests::into;

fn table(text: &str) -> Contents {
    read_csv(text.as_bytes(), &ColumnMap::default(), &into()).expect(text)
}

fn map(text: &str) -> ColumnMap {
    ColumnMap::parse(text).expect(text)
}

fn starts(contents: &Contents) -> Vec<String> {
    contents.reminders.iter().map(|reminder| reminder.when.to_string()).collect()
}

#[test]
fn a_spreadsheet_of_contracts() {
    let contents = table(
        "Contract no.;Contract name;Expires on;Comment;Owner\r\n17;Lease;3.3.2027;\"two\nlines\";Ann\r\n18;\"Gas; water\";31.12.27;;\r\n",
    );
    assert_eq!(contents.set_aside, []);
    let lease = contents.reminders.first().expect("a reminder");
    assert_eq!((lease.title.as_str(), lease.notes.as_str(), lease.uid.as_deref()), ("Lease", "two\nlines", Some("17")));
    assert_eq!(lease.id, ReminderId::of_uid(into().list, "17"));
    assert_eq!(starts(&contents), ["2027-03-03", "2027-12-31"]);
    assert_eq!(contents.left_out, [("column Owner".to_owned(), 1)].into());
}

#[test]
fn outlooks_own_export() {
    let contents = table(
        "\"Subject\",\"Start Date\",\"Start Time\",\"End Date\",\"End Time\",\"All day event\",\"Categories\",\"Description\",\"Private\",\"Show time as\"\r\n\
         \"Dentist\",\"12/31/2026\",\"9:30:00 AM\",\"12/31/2026\",\"10:15:00 AM\",\"False\",\"Red\",\"bring card\",\"True\",\"2\"\r\n\
         \"Fair\",\"1/2/2027\",\"12:00:00 AM\",\"1/4/2027\",\"12:00:00 AM\",\"True\",\"\",\"\",\"False\",\"3\"\r\n",
    );
    assert_eq!(contents.set_aside, []);
    assert_eq!(starts(&contents), ["2026-12-31T09:30:00", "2027-01-02"]);
    assert_eq!(contents.reminders.iter().map(|reminder| reminder.length).collect::<Vec<_>>(), [Length::Minutes(45), Length::Days(2)]);
    assert_eq!(contents.reminders.iter().map(|reminder| reminder.private).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn outlooks_own_reminders_in_two_languages() {
    let alarms = |text: &str| {
        let contents = table(text);
        assert_eq!((contents.set_aside, contents.left_out), (vec![], [].into()));
        contents.reminders.into_iter().map(|reminder| reminder.alarms).collect::<Vec<_>>()
    };
    let english = "Subject,Start Date,Start Time,Reminder on/off,Reminder Date,Reminder Time\n\
                   a,12/31/2026,9:30:00 AM,True,12/31/2026,9:15:00 AM\n\
                   b,12/31/2026,9:30:00 AM,False,12/31/2026,9:15:00 AM\n\
                   c,1/2/2027,9:30:00 AM,True,1/1/2027,9:30:00 AM\n\
                   d,1/2/2027,9:30:00 AM,True,,\n\
                   e,1/2/2027,9:30:00 AM,,1/2/2027,9:35:00 AM\n";
    assert_eq!(alarms(english), [vec![15], vec![], vec![24 * 60], vec![15], vec![-5]]);
    let german = "Betreff;Beginnt am;Beginnt um;Ganzt\u{e4}giges Ereignis;Erinnerung Ein/Aus;Erinnerung am;Erinnerung um\n\
                  a;3.1.2027;09:30:00;Aus;Ein;3.1.2027;09:00:00\nb;3.1.2027;09:30:00;Aus;Aus;3.1.2027;09:15:00\n\
                  c;3.1.2027;00:00:00;Ein;Ein;2.1.2027;09:00:00\n";
    assert_eq!(alarms(german), [vec![30], vec![], vec![15 * 60]]);
    // The dates of alarms decide too which number is the day.
    let order = "Subject,Start Date,Start Time,Reminder Date,Reminder Time\na,5/1/2027,09:00,4/30/2027,09:00\n";
    assert_eq!(alarms(order), [vec![24 * 60]]);
    // An alarm that is said in words comes first.
    assert_eq!(alarms("title,date,time,alarm,reminder date,reminder time\na,2027-03-03,09:00,5m,2027-03-03,08:00\n"), [vec![5]]);
    let bad = table(
        "Subject,Start Date,Start Time,Reminder Date,Reminder Time\na,2027-03-03,09:00,1999-01-01,08:00\nb,2027-03-03,09:00,soon,08:00\n",
    );
    let reasons: Vec<String> = bad.set_aside.iter().map(|aside| aside.reason.to_string()).collect();
    assert_eq!(reasons, ["`1999-01-01` is not a value for the column Reminder Date", "`soon` is not a value for the column Reminder Date"]);
}

#[test]
fn outlooks_whole_header_in_german() {
    let contents = table(
        "Betreff;Beginnt am;Beginnt um;Endet am;Endet um;Ganzt\u{e4}giges Ereignis;Erinnerung Ein/Aus;Erinnerung am;Erinnerung um;Besprechungsplanung;\
         Erforderliche Teilnehmer;Optionale Teilnehmer;Besprechungsressourcen;Abrechnungsinformationen;Beschreibung;Kategorien;Ort;Priorit\u{e4}t;Privat;\
         Reisekilometer;Vertraulichkeit;Zeitspanne zeigen als\n\
         Zahnarzt;3.1.2027;09:30:00;3.1.2027;10:15:00;Aus;Ein;3.1.2027;09:15:00;;;;;;Karte mitbringen;Rot;Markt 1;Normal;Ein;;Privat;4\n",
    );
    let read = contents.reminders.first().expect("a reminder");
    assert_eq!(
        (read.title.as_str(), read.notes.as_str(), read.category.as_deref()),
        ("Zahnarzt", "Karte mitbringen\n\nLocation: Markt 1", Some("Rot"))
    );
    assert_eq!((read.when.to_string().as_str(), read.length), ("2027-01-03T09:30:00", Length::Minutes(45)));
    assert_eq!((read.alarms.as_slice(), read.private, read.show_as), ([15].as_slice(), true, ShowAs::Oof));
    assert_eq!(contents.left_out.keys().map(String::as_str).collect::<Vec<_>>(), ["column Priorit\u{e4}t", "column Vertraulichkeit"]);
    let shown = |number: &str| table(&format!("title,date,show as\nx,2027-03-03,{number}\n")).reminders.first().map(|one| one.show_as);
    assert_eq!(["1", "2", "3", "4"].map(shown), [ShowAs::Tentative, ShowAs::Busy, ShowAs::Free, ShowAs::Oof].map(Some));
}

#[test]
fn a_repeat_within_a_day_is_one_reminder_for_each_time() {
    let contents =
        table("id,title,date,repeat\n1,Pills,2027-03-01 08:00,\"FREQ=DAILY;BYHOUR=8,20\"\n2,Bins,2027-03-01,\"FREQ=DAILY;BYDAY=MO\"\n");
    assert_eq!(contents.set_aside, []);
    assert_eq!(starts(&contents), ["2027-03-01T08:00:00", "2027-03-01T20:00:00", "2027-03-01"]);
    let rules: Vec<String> = contents.reminders.iter().filter_map(|one| Some(one.recurrence.as_ref()?.rule.to_string())).collect();
    assert_eq!(rules, ["FREQ=DAILY", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO"]);
}

#[test]
fn rows_that_are_told_apart_by_nothing_are_named_so() {
    let reasons = |text: &str| table(text).set_aside.iter().map(|aside| aside.reason.clone()).collect::<Vec<_>>();
    assert_eq!(reasons("title,date,notes\nx,2027-03-01,one\nx,2027-03-01,two\n"), [ItemProblem::Alike]);
    assert_eq!(reasons("id,title,date,notes\n1,x,2027-03-01,one\n1,x,2027-03-01,two\n"), [ItemProblem::Replaced]);
}

#[test]
fn the_order_of_day_and_month_is_that_of_the_table() {
    let rows = |dates: &str| format!("title,date\n{}", dates.split(' ').map(|date| format!("x{date},{date}\n")).collect::<String>());
    assert_eq!(starts(&table(&rows("03/04/2027 25/04/2027"))), ["2027-04-03", "2027-04-25"]);
    assert_eq!(starts(&table(&rows("03/04/2027 04/25/2027"))), ["2027-03-04", "2027-04-25"]);
    assert_eq!(starts(&table(&rows("04/04/2027"))), ["2027-04-04"]);
    let open = read_csv(rows("03/04/2027").as_bytes(), &ColumnMap::default(), &into());
    assert_eq!(open, Err(FileProblem::AmbiguousDates { value: "03/04/2027".into() }));
    assert!(open.is_err_and(|why| why.to_string().contains("format=")));
    assert!(read_csv(rows("03/04/2027 25/04/2027 04/25/2027").as_bytes(), &ColumnMap::default(), &into()).is_err());
    let said = read_csv(rows("03/04/2027").as_bytes(), &map("format=MM/DD/YYYY"), &into()).expect("read");
    assert_eq!(starts(&said), ["2027-03-04"]);
}

#[test]
fn dates_and_times_as_people_write_them() {
    for (date, when) in [
        ("2027-03-03", "2027-03-03"),
        ("2027/3/3", "2027-03-03"),
        ("20270303", "2027-03-03"),
        ("3.3.27", "2027-03-03"),
        ("3. M\u{e4}rz 2027", "2027-03-03"),
        ("March 3 2027", "2027-03-03"),
        ("Wed 3 Mar 2027", "2027-03-03"),
        ("3-Dez-2027", "2027-12-03"),
        ("2027-03-03 09:00", "2027-03-03T09:00:00"),
        ("2027-03-03T09:00:00Z", "2027-03-03T09:00:00"),
        ("3.3.2027 9.30 Uhr", "2027-03-03T09:30:00"),
        ("13/3/2027 9 PM", "2027-03-13T21:00:00"),
        ("March 3 2027 12:15 am", "2027-03-03T00:15:00"),
        ("3.3.2027 14h30", "2027-03-03T14:30:00"),
    ] {
        let contents = table(&format!("title;date\nx;{date}\n"));
        assert_eq!(starts(&contents), [when], "{date} {:?}", contents.set_aside);
    }
}

#[test]
fn bad_rows_are_set_aside_with_their_line() {
    let contents = table(
        "title,date,duration,alarm,repeat,zone\n\"a\nb\",2027-03-03,,,,\nc,2027-02-30,,,,\n,2027-03-03,,,,\nd,,,,,\ne,2027-03-03,soon,,,\nf,2027-03-03,,later,,\ng,2027-03-03,,,FREQ=SOMETIMES,\nh,2027-03-03 09:00,,,,Middle/Earth\n\nlast,2027-03-03T09:00,2h,1 day; 15,FREQ=WEEKLY,UTC\n",
    );
    let reasons: Vec<(usize, String)> = contents.set_aside.iter().map(|aside| (aside.line, aside.reason.to_string())).collect();
    assert_eq!(
        reasons,
        [
            (4, "`2027-02-30` is not a value for the column date".to_owned()),
            (5, "it has no title".to_owned()),
            (6, "it has no date".to_owned()),
            (7, "`soon` is not a value for the column duration".to_owned()),
            (8, "`later` is not a value for the column alarm".to_owned()),
            (9, "`SOMETIMES` is not a value for FREQ".to_owned()),
            (10, "its time zone `Middle/Earth` is not known".to_owned()),
        ]
    );
    assert_eq!(contents.reminders.iter().map(|reminder| reminder.title.as_str()).collect::<Vec<_>>(), ["a b", "last"]);
    let last = contents.reminders.last().expect("a reminder");
    assert_eq!((last.length, last.alarms.clone(), last.when.zone()), (Length::Minutes(120), vec![15, 1440], Some(Zone::UTC)));
}

#[test]
fn a_table_that_breaks_off_is_an_error() {
    let read = |text: &str| read_csv(text.as_bytes(), &ColumnMap::default(), &into());
    let told = |text: &str| read(text).map(|_| ()).map_err(|problem| problem.to_string());
    let open = "the file breaks off: the quotation mark on line 3 is not closed";
    assert_eq!(told("title,date\nx,2027-03-03\ny,\"2027-0").as_ref().map_err(String::as_str), Err(open));
    // The row begins on line 2.
    assert_eq!(told("title,notes,date\n\"a\nb\",\"2027-03-03\nz,y,x\n").as_ref().map_err(String::as_str), Err(open));
    assert_eq!(read("title,date\nx,2027-03-03\nyy"), Err(FileProblem::Truncated { line: 3, open: Open::Part }));
    assert!(read("title,date\nx,2027-03-03").is_ok());
    for nothing in ["", "\n\n", " \r\n"] {
        assert_eq!(told(nothing).as_ref().map_err(String::as_str), Err("the file is empty"));
    }
    assert_eq!(read("<html><body>log in</body></html>"), Err(FileProblem::NotTable));
    assert_eq!(read("PK\u{3}\u{4}rest"), Err(FileProblem::NotTable));
    assert_eq!(read("title,who\nx,y\n"), Err(FileProblem::ColumnNeeded { field: "date" }));
}

#[test]
fn maps_say_which_column_is_what() {
    let text = "A,B,C\nx,y,3.3.2027\n";
    let read = |map: &ColumnMap| read_csv(text.as_bytes(), map, &into());
    let contents = read(&map("title=B,date=#3")).expect("read");
    assert_eq!(contents.reminders.first().map(|reminder| reminder.title.as_str()), Some("y"));
    assert_eq!(read(&map("title=Name,date=C")), Err(FileProblem::NoSuchColumn { column: "Name".into() }));
    assert_eq!(
        map("title=Name, first,date=Expires on,format=%d/%m/%Y"),
        ColumnMap {
            columns: [(Column::Title, "Name, first".to_owned()), (Column::Date, "Expires on".to_owned())].into(),
            order: Some(DateOrder::DayFirst),
        }
    );
    for (text, problem) in [
        ("title", BadMap::Part("title".into())),
        ("colour=Red", BadMap::Field("colour".into())),
        ("title=a,title=b", BadMap::Twice("title".into())),
        ("format=soon", BadMap::Format("soon".into())),
    ] {
        assert_eq!(ColumnMap::parse(text), Err(problem));
    }
    let unread = read_csv(b"title,date,notes\nx,2027-03-03,secret\n", &map("notes="), &into()).expect("read");
    assert_eq!(unread.reminders.first().map(|reminder| reminder.notes.as_str()), Some(""));
}

#[test]
fn columns_are_guessed_in_two_languages() {
    let guess = |header: &str| {
        let header: Vec<String> = header.split(';').map(str::to_owned).collect();
        guess_columns(&header).columns.into_iter().map(|(column, name)| format!("{}={name}", column.name())).collect::<Vec<_>>().join(",")
    };
    assert_eq!(
        guess("Betreff;Beginnt am;Beginnt um;Endet am;Endet um;Beschreibung"),
        "title=Betreff,date=Beginnt am,time=Beginnt um,end=Endet am,end_time=Endet um,notes=Beschreibung"
    );
    assert_eq!(guess("Vertrag;L\u{e4}uft ab am;Kategorie;Link"), "title=Vertrag,date=L\u{e4}uft ab am,category=Kategorie,link=Link");
    assert_eq!(guess("Name;Start;End date"), "title=Name,date=Start,end=End date");
    assert_eq!(guess("Name;End date"), "title=Name,date=End date");
    assert_eq!(csv_header(b"\xef\xbb\xbfName\tDue\nx\t2027-03-03\n"), Ok(vec!["Name".to_owned(), "Due".to_owned()]));
}

#[test]
fn other_charsets() {
    let latin = read_csv(b"Titel;Datum\nB\xfccher;3.3.2027\n", &ColumnMap::default(), &into()).expect("read");
    assert_eq!(latin.reminders.first().map(|reminder| reminder.title.as_str()), Some("B\u{fc}cher"));
}

#[test]
fn a_row_that_comes_twice_counts_once() {
    let contents = table("id,title,date\n1,x,2027-03-03\n1,x,2027-03-03\n1,y,2027-03-03\n");
    assert_eq!(contents.reminders.iter().map(|reminder| reminder.title.as_str()).collect::<Vec<_>>(), ["y"]);
    assert_eq!(contents.set_aside.iter().map(|aside| (aside.line, &aside.reason)).collect::<Vec<_>>(), [(3, &ItemProblem::Replaced)]);
}

prop_compose! {
    fn reminder()(
        title in "[!-~]([ -~\u{e9}\u{1f514}]{0,30}[!-~])?",
        notes in prop::collection::vec("[ -~]{0,20}", 0..3),
        uid in prop::option::of("[a-z0-9]{1,9}"),
        days in 0_i64..9000,
        minute in prop::option::of(0_i64..1440),
        minutes in 0_u32..3000,
        alarms in prop::collection::btree_set(-9000_i32..9000, 0..3),
        zone in prop::sample::select(vec!["UTC", "Europe/Berlin", "Asia/Kolkata"]),
        rule in prop::option::of(prop::sample::select(vec!["FREQ=WEEKLY;BYDAY=MO,TU", "FREQ=DAILY;COUNT=3"])),
        show_as in prop::sample::select(vec![ShowAs::Free, ShowAs::Busy, ShowAs::WorkingElsewhere]),
        flags in any::<(bool, bool)>(),
    ) -> Reminder {
        let on = chrono::NaiveDate::from_ymd_opt(2010, 1, 1).expect("a date") + chrono::Duration::days(days);
        let zone = Zone::parse(zone).expect("a zone");
        let when = minute.map_or(When::Date(on), |minute| When::At { local: chrono::NaiveDateTime::from(on) + chrono::Duration::minutes(minute), zone });
        let list = into().list;
        let id = uid.as_ref().map_or(ReminderId::of_title(list, &title, "typed"), |uid| ReminderId::of_uid(list, uid));
        Reminder {
            id, list, title, uid, when, show_as,
            notes: belfry_core::reminder::plain_text(&notes.join("\n")),
            length: if when.is_all_day() { Length::Days(1 + minutes % 9) } else { Length::Minutes(minutes) },
            recurrence: rule.map(|rule| Recurrence::of(rule.parse().expect(rule))),
            alarms: alarms.into_iter().collect(),
            category: flags.0.then(|| "Red, blue".to_owned()),
            private: flags.0,
            link: flags.1.then(|| "https://example.org/?a=b;c".to_owned()),
            done: flags.1,
            created_at: into().now,
            changed_at: into().now,
            kept: Kept::default(),
            other: vec![],
        }.normal()
    }
}

proptest! {
    #[test]
    fn a_written_table_is_read_as_it_was(reminder in reminder()) {
        prop_assume!(reminder.check().is_ok());
        let text = write_csv(std::slice::from_ref(&reminder));
        let contents = read_csv(text.as_bytes(), &ColumnMap::default(), &into()).expect(&text);
        prop_assert_eq!(&contents.set_aside, &vec![]);
        prop_assert_eq!(contents.reminders, vec![reminder], "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "(\\PC|\n|,|;|\"){0,200}") {
        let _ = read_csv(format!("title,date\n{text}").as_bytes(), &ColumnMap::default(), &into());
    }

    #[test]
    fn any_date_is_read_or_refused(text in "(\\PC|[0-9]|/|\\.|-| |m|a|r|:){0,20}") {
        let _ = dates::moment(&text, DateOrder::DayFirst);
        let _ = dates::clock(&text);
    }
}

/// Excel writes it for its own sake.
#[test]
fn a_first_line_that_names_the_separator_is_no_row() {
    let read = Table::parse("sep=;\nTitle;Start\nRent;2026-12-01\n").expect("a table");
    assert_eq!((read.header.join("|"), read.header_line, read.rows[0].line), ("Title|Start".into(), 2, 3));
}

#[test]
fn a_table_says_nothing_of_single_dates() {
    let contents = table("title,date,repeat\nRent,2027-03-01T09:00,FREQ=MONTHLY\nTea,2027-03-03,\n");
    assert_eq!(contents.columns, Some([Column::Title, Column::Date, Column::Repeat].into()));
    let calendar = crate::read(b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nSUMMARY:x\nDTSTART:20270301\nEND:VEVENT\nEND:VCALENDAR\n", &into());
    assert_eq!(calendar.map(|contents| (contents.reminders.len(), contents.columns)), Ok((1, None)));
    // A rule comes back as this says, and then as it is.
    let start = When::parse("2027-03-01T09:00", Zone::UTC).expect("a time");
    for (rule, read) in
        [("FREQ=DAILY;UNTIL=20270401", "FREQ=DAILY;UNTIL=20270401T235959Z"), ("FREQ=DAILY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=MO")]
    {
        let once = rule_of_table(rule.parse().expect(rule), &start);
        assert_eq!((once.to_string().as_str(), rule_of_table(once.clone(), &start)), (read, once));
    }
}

/// Nothing tells whether what stands before it is in its own column.
#[test]
fn a_row_that_is_longer_than_the_header_is_set_aside() {
    let contents =
        table("title,date,notes\nRent,2027-03-01,flat, garage\nTea,2027-03-02,two,,\nLease,2027-03-03,\"flat, garage\"\n,2027-03-04\n");
    let aside: Vec<(usize, String)> = contents.set_aside.iter().map(|aside| (aside.line, aside.reason.to_string())).collect();
    let said = "`garage` stands behind the last column of the table; a text with a separator in it needs quotation marks";
    assert_eq!(aside, [(2, said.to_owned()), (5, "it has no title".to_owned())]);
    assert_eq!(contents.reminders.iter().map(|reminder| reminder.notes.as_str()).collect::<Vec<_>>(), ["two", "flat, garage"]);
    // It is still meant: a list that follows the table keeps its reminder.
    let before = table("title,date,notes\nRent,2027-03-01,flat\n").reminders;
    assert!(before.iter().all(|reminder| contents.unread.names(reminder)));
}

/// As Excel, pandas and SQL write a day.
#[test]
fn days_that_are_written_as_their_midnight_are_days() {
    let starts = |text: &str| table(text).reminders.iter().map(|one| one.when.to_string()).collect::<Vec<_>>();
    assert_eq!(starts("title,expires\nLease,2026-12-03 00:00:00\nPhone,2027-01-05 00:00:00\n"), ["2026-12-03", "2027-01-05"]);
    assert_eq!(starts("title,date\nLease,2026-12-03 00:00:00\nTea,2027-01-05 15:00:00\n"), ["2026-12-03T00:00:00", "2027-01-05T15:00:00"]);
    assert_eq!(starts("title,date,zone\nLease,2026-12-03 00:00:00,Europe/Berlin\n"), ["2026-12-03T00:00:00"]);
}

#[test]
fn what_people_and_spreadsheets_write_into_cells() {
    let read = table(
        "Title,Date,Repeat,Alarm\nInsurance,46360,yearly,-PT15M\nRent,46360.375,Monatlich,P1D\nBins,2026-12-07,every two weeks,PT1H; 2h\nDentist,2026-12-08,never,none\n",
    );
    assert_eq!(starts(&read), ["2026-12-04", "2026-12-04T09:00:00", "2026-12-07", "2026-12-08"], "{:?}", read.set_aside);
    let rule = |at: usize| read.reminders[at].recurrence.as_ref().map(|series| series.rule.to_string());
    assert_eq!(
        [rule(0), rule(1), rule(2), rule(3)].map(|rule| rule.unwrap_or_default().chars().take(14).collect::<String>()),
        ["FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=WEEKLY;IN", ""]
    );
    let alarms: Vec<&[i32]> = read.reminders.iter().map(|one| one.alarms.as_slice()).collect();
    assert_eq!(alarms, [&[15][..], &[1440], &[60, 120], &[]]);
}

//! What a language has to say for itself: what its words mean, and how it says things.

use belfry_core::rule::Frequency;
use chrono::Weekday;

/// A span of time that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

impl Unit {
    /// In minutes, if it is always the same.
    pub fn minutes(self) -> Option<u32> {
        match self {
            Self::Minute => Some(1),
            Self::Hour => Some(60),
            Self::Day => Some(24 * 60),
            Self::Week => Some(7 * 24 * 60),
            Self::Month | Self::Year => None,
        }
    }

    /// How often something comes that comes once in it.
    pub fn frequency(self) -> Option<Frequency> {
        match self {
            Self::Minute | Self::Hour => None,
            Self::Day => Some(Frequency::Daily),
            Self::Week => Some(Frequency::Weekly),
            Self::Month => Some(Frequency::Monthly),
            Self::Year => Some(Frequency::Yearly),
        }
    }
}

/// A part of the day: no time, but it tells nine in the morning from nine in the evening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Morning,
    Noon,
    Afternoon,
    Evening,
    /// The night that begins on a day: its small hours are the next day's ("Friday night").
    Night,
    /// The night that is to come.
    Tonight,
    /// The dark hours of a day ("at night").
    AtNight,
    /// The night that ends on a day: its evening is the day's before ("in der Nacht auf Freitag").
    NightTo,
}

/// A day that is not the same in every year, and not so far from Easter in every country.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moving {
    /// The fourth Thursday of November in the United States, the second Monday of October in Canada.
    Thanksgiving,
    /// The day after the American Thanksgiving.
    BlackFriday,
    /// The Monday after that day.
    CyberMonday,
    /// The second Sunday of May in most countries, the fourth Sunday of Lent on the British Isles.
    MothersDay,
    /// The second Sunday of May.
    Muttertag,
    /// The third Sunday of June.
    FathersDay,
    /// The first Monday of September.
    LaborDay,
    /// The last Monday of May.
    MemorialDay,
    /// The first Monday of September in Canada, the first of May in most of the world.
    LabourDay,
    /// The third Monday of January.
    KingDay,
    /// The third Monday of February.
    PresidentsDay,
    /// The second Monday of October.
    ColumbusDay,
    /// The second Sunday of November.
    RemembranceSunday,
    /// The first Sunday of October.
    Erntedank,
    /// The Wednesday before 23 November.
    BussUndBettag,
    /// The last Sunday before Advent.
    Totensonntag,
}

/// What a word can mean. A word may have several.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sense {
    /// In digits.
    Digits(u32),
    /// In letters.
    Number(u32),
    /// An article, which counts one before a unit and is no hour ("a", "eine").
    Article,
    /// From the first; -1 is the last, -2 the one before it.
    Ordinal(i8),
    /// In digits: `3rd`, `3.`.
    Place(u32),
    /// Days from today.
    Day(i64),
    /// A weekday.
    Weekday(Weekday),
    /// A short name of a weekday that is also an everyday word: only where a weekday is due.
    Short(Weekday),
    /// The first letter of a weekday, among several with strokes between them ("M/W/F").
    Initial(Weekday),
    /// Every such weekday ("Mondays").
    Habit(Weekday),
    /// A month, from 1.
    Month(u32),
    /// A unit of time.
    Unit(Unit),
    /// A length in minutes that has a name ("half an hour").
    Minutes(u32),
    /// A length in months that has a name ("half a year").
    Months(u32),
    /// "Monthly": how often, in steps of how many.
    Often(Frequency, u32),
    /// Monday to Friday.
    Workday,
    /// Every day from Monday to Friday ("weekdays").
    Workdays,
    /// Saturday and Sunday.
    Weekend,
    /// Every Saturday and Sunday ("weekends").
    Weekends,
    /// Behind a weekday: the one a week later ("Friday week").
    WeekOn,
    /// A day of the year that has a name: month and day.
    Feast(u32, u32),
    /// A day that is so many days from Easter Sunday.
    Easter(i64),
    /// So many Sundays of Advent before the fourth.
    Advent(i64),
    /// Behind a span that is counted from today ("two weeks from now").
    Hence,
    /// Before a beginning that has gone.
    Since,
    /// How many, and nobody knows ("a few").
    Few,
    /// "Mid", before a month.
    Middle,
    /// A day that a rule finds in every year.
    Moving(Moving),
    /// A day with a name that is counted by another calendar, or is another day in each country.
    Unfixed,
    /// Behind a number that counts places of a house, a row or a life, and no days ("3rd floor").
    Ranked,
    /// Behind a number: what people count ("persons").
    Counted,
    /// Behind a time: what leaves at minutes that are not round ("train").
    Journey,
    /// The alarm of the evening before the day.
    Eve,
    /// Before a time that is not exact ("around").
    Roughly,
    /// Before a time that is just not meant ("shortly before").
    Nearly,
    /// A day that has gone ("yesterday").
    Gone,
    /// Before a weekday or a span that has gone ("letzten", "vorigen").
    Bygone,
    /// Behind a span that has gone.
    Ago,
    /// "Biweekly": in steps of two, or twice in each.
    OftenOr(Frequency),
    /// Every second one ("alternate Fridays").
    Alternate,
    /// More often than a rule in words can say ("hourly").
    TooOften,
    /// How many times in something ("twice").
    SoOften,
    /// So many times, in one word ("zehnmal").
    Fold(u32),
    /// A part of every day, in one word ("nightly").
    DailyPart(Part),
    /// "Every".
    Every,
    /// Before what comes again and again ("always Mondays").
    Always,
    /// "Other", as in every other week.
    Other,
    /// "Next": the nearest, or the one of next week.
    Next,
    /// "After next": the one behind that.
    AfterNext,
    /// "Coming": the nearest.
    Coming,
    /// "This".
    This,
    /// "End", as in end of the month.
    End,
    /// "Start", as in start of the month.
    Start,
    /// The last day of a unit, in one word.
    EndOf(Unit),
    /// The first day of a unit, in one word.
    StartOf(Unit),
    /// A quarter of the year, which begins on no day that people agree on ("spring").
    Season,
    /// Before a date.
    On,
    /// Before a time.
    At,
    /// Before a time that is a deadline; elsewhere an everyday word.
    By,
    /// Before a span from now, and before a part of the day.
    In,
    /// Before a length.
    For,
    /// Behind a length ("3 days long").
    Long,
    /// Before the length of each one of a series ("lasting 3 days").
    Lasts,
    /// Before how often or how long a repetition comes ("ends after").
    EndsAfter,
    /// Before the end of a repetition.
    Until,
    /// Before the end of a repetition that has all of what is named ("through June").
    Through,
    /// Between the first and the last of several days.
    UpTo,
    /// Before what a repetition leaves out.
    Except,
    /// The same behind a repetition; elsewhere an everyday word ("but", "not").
    But,
    /// Before two times or days with "and" between them.
    Between,
    /// Before a beginning.
    From,
    /// Behind a span that is counted from a day ("two weeks from Friday").
    Thence,
    /// Behind weeks that are counted from a weekday ("a week on Friday").
    Upon,
    /// Between two times.
    To,
    /// Between a part and its whole ("first of April").
    Of,
    /// "The", and other words that say nothing before a date.
    The,
    /// "And".
    And,
    /// "Or".
    Or,
    /// A lead time that has a name, in minutes ("the day before").
    Lead(u32),
    /// Behind a span that is counted from another day ("a day later").
    Later,
    /// In front of what is to be done: that somebody wants to be reminded ("remind me").
    Bid,
    /// In it: that somebody is to be reminded then ("remind"), and not of something then.
    Asks,
    /// Before the time of an alarm; elsewhere an everyday word ("notify").
    Notify,
    /// Between that and what is to be done ("to", "about").
    Tie,
    /// Of an alarm: when it begins, or on the day of what has no time ("at the start", "on the day").
    Begins,
    /// Before a further alarm; elsewhere an everyday word ("again", "then").
    Again,
    /// Behind a lead time: that it is one ("erinnern").
    Remind,
    /// Behind the lead time of an alarm. A word that may also tie it to what follows ("before Christmas").
    Before,
    /// Behind the lead time of an alarm, and nothing else ("beforehand").
    Ahead,
    /// Behind the time after the start that an alarm rings at. A word that may also tie it to what follows ("after lunch").
    After,
    /// Behind the time after the start that an alarm rings at, and nothing else ("afterwards").
    Afterwards,
    /// "Half", before an hour.
    Half,
    /// "Quarter", before past or to.
    Quarter,
    /// Three months of a year.
    QuarterYear,
    /// Before the number of a week of the year ("calendar week").
    CalendarWeek,
    /// Every second one by its number ("even").
    Parity,
    /// Days that no rule knows ("school day").
    Unruled,
    /// A span of time that something before it belongs to ("jedes Monats").
    Whole,
    /// Three quarters of the hour before the one named ("dreiviertel zehn").
    ThreeQuarters,
    /// "Past", between minutes and hour.
    Past,
    /// "To", between minutes and hour.
    Short60,
    /// "O'clock".
    Clock,
    /// Before noon.
    Am,
    /// After noon.
    Pm,
    /// A time that has a name, in minutes from midnight.
    Time(u32),
    /// A part of the day, where one is due.
    Part(Part),
    /// This evening.
    Tonight,
    /// A part of the day that needs nothing before it ("abends").
    Around(Part),
    /// Behind a number: so often and no more.
    Times,
    /// "No", "without".
    Without,
    /// "Alarm".
    Alarm,
    /// All day.
    AllDay,
    /// "Time", behind the name of a city.
    ZoneTime,
    /// The time of a place that is named behind it ("Ortszeit Tokio"), or of somebody ("her time").
    LocalTime,
    /// The same, where nothing of a title follows ("local").
    Local,
    /// The time where one is ("my time").
    HomeTime,
    /// The end of a working day or a week, which is at no hour that people agree on ("EOD").
    Close,
    /// A part of every day ("evenings"), behind words that ask for one.
    Parts(Part),
}

/// A language. Words are in lower case; blanks in them part words of the text; `~` at the end stands for any of `endings`.
pub struct Vocabulary {
    /// Language tag.
    pub tag: &'static str,
    /// What words mean.
    pub words: [&'static [(&'static str, Sense)]; 4],
    /// Endings of words that change nothing.
    pub endings: &'static [&'static str],
    /// What makes digits an ordinal; a dot is `.`.
    pub ordinals: &'static [&'static str],
    /// Whether half ten is 9:30.
    pub half_to: bool,
    /// Whether people write times after noon without saying so.
    pub twelve_hours: bool,
    /// What is put to a city's name before "time" ("Berliner Zeit").
    pub city_endings: &'static [&'static str],
    /// Cities that the zone database knows by another name.
    pub cities: &'static [(&'static str, &'static str)],
    /// How it says things.
    pub say: Say,
}

impl Vocabulary {
    /// All words with what each means.
    pub fn senses(&self) -> impl Iterator<Item = &'static (&'static str, Sense)> {
        self.words.into_iter().flatten()
    }

    /// What a single word means, if it is wanted.
    pub fn means<T>(&self, word: &str, wanted: impl Fn(Sense) -> Option<T>) -> Option<T> {
        self.senses().filter(|(known, _)| fits(known, word, self.endings)).find_map(|(_, sense)| wanted(*sense))
    }
}

/// Whether a word is one that is known.
pub fn fits(known: &str, word: &str, endings: &[&str]) -> bool {
    match known.strip_suffix('~') {
        Some(stem) => word.strip_prefix(stem).is_some_and(|ending| endings.contains(&ending)),
        None => known == word,
    }
}

/// How a language says things. Braces hold what is put in: `{n}` a number, `{d}` a day of the month, `{m}` a month, `{y}` a year, `{w}` weekdays, `{o}` an ordinal,
/// `{t}` what is said about it.
pub struct Say {
    /// Names, from January.
    pub months: [&'static str; 12],
    /// Names, from Monday.
    pub weekdays: [&'static str; 7],
    /// First to fifth.
    pub ordinals: [&'static str; 5],
    /// The last, and those before it up to the fifth.
    pub last: [&'static str; 5],
    /// A date.
    pub date: &'static str,
    /// A time.
    pub at: &'static str,
    /// A length.
    pub length: &'static str,
    /// The length of each one of a series, where "for 6 weeks" would be how long it goes on.
    pub lasting: &'static str,
    /// Minutes, hours, days, weeks: one, and several.
    pub units: [(&'static str, &'static str); 4],
    /// An alarm.
    pub before: &'static str,
    /// An alarm after the start: `{t}` is its span.
    pub afterwards: &'static str,
    /// The alarm of the evening before, at a time.
    pub eve: &'static str,
    /// No alarm.
    pub no_alarm: &'static str,
    /// Every day, week, month, year.
    pub every: [&'static str; 4],
    /// Every n days, weeks, months, years.
    pub every_n: [&'static str; 4],
    /// Every such weekday.
    pub every_weekday: &'static str,
    /// Behind weeks: on such weekdays.
    pub on_weekdays: &'static str,
    /// Behind months: on a day, by number.
    pub on_day: &'static str,
    /// A day of the month among several.
    pub day: &'static str,
    /// Behind months: on the n-th of such weekdays.
    pub on_nth: &'static str,
    /// A day from Monday to Friday, behind an ordinal.
    pub workday: &'static str,
    /// A day, behind an ordinal.
    pub any_day: &'static str,
    /// Behind years and a weekday: of a month.
    pub of_month: &'static str,
    /// The last of several.
    pub and: &'static str,
    /// So many times.
    pub times: &'static str,
    /// To a date.
    pub until: &'static str,
}

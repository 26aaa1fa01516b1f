//! Days in words, for notifications: "today, 09:00", "Thursday 3 December". Names are those of the C library's locales.

use belfry_core::{When, Zone};
use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use pure_rust_locales::{de_DE, en_GB, es_ES, fi_FI, fr_FR, ja_JP};

use super::Tongue;

impl Tongue {
    /// When something is, on the wall at home, as somebody says it who reads it now.
    pub(crate) fn when(self, when: &When, home: Zone, now: DateTime<Utc>) -> String {
        let today = home.wall(now).date();
        match when {
            When::Date(day) => self.day(*day, today),
            When::At { .. } => {
                let wall = home.wall(when.instant(home));
                format!("{}, {}", self.day(wall.date(), today), wall.format("%H:%M"))
            }
        }
    }

    fn day(self, day: NaiveDate, today: NaiveDate) -> String {
        let say = self.say();
        if day == today {
            return say.today.to_owned();
        }
        if today.checked_add_days(Days::new(1)) == Some(day) {
            return say.tomorrow.to_owned();
        }
        let pattern = if day.year() == today.year() { say.day } else { say.day_of_year };
        let (weekdays, months) = self.names();
        let weekday = weekdays.get(day.weekday().num_days_from_sunday() as usize).copied().unwrap_or_default();
        let month = months.get(day.month0() as usize).copied().unwrap_or_default();
        let words = [
            ("{weekday}", weekday.to_owned()),
            ("{month}", month.to_owned()),
            ("{number}", day.month().to_string()),
            ("{day}", day.day().to_string()),
            ("{year}", day.year().to_string()),
        ];
        words.iter().fold(pattern.to_owned(), |text, (place, word)| text.replace(place, word))
    }

    fn names(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::En => (en_GB::LC_TIME::DAY, en_GB::LC_TIME::MON),
            Self::De => (de_DE::LC_TIME::DAY, de_DE::LC_TIME::MON),
            Self::Fi => (fi_FI::LC_TIME::DAY, fi_FI::LC_TIME::MON),
            Self::Es => (es_ES::LC_TIME::DAY, es_ES::LC_TIME::MON),
            Self::Fr => (fr_FR::LC_TIME::DAY, fr_FR::LC_TIME::MON),
            Self::Ja => (ja_JP::LC_TIME::DAY, ja_JP::LC_TIME::MON),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(tongue: Tongue, day: &str) -> String {
        let now = "2026-11-26T12:00:00Z".parse().expect("a time");
        tongue.when(&When::Date(day.parse().expect("a day")), Zone::UTC, now)
    }

    #[test]
    fn a_day_is_said_as_people_say_it() {
        let of = |tongue| ["2026-11-26", "2026-11-27", "2026-12-03", "2027-03-03"].map(|day| said(tongue, day)).join("; ");
        assert_eq!(of(Tongue::En), "Today; Tomorrow; Thursday 3 December; Wednesday 3 March 2027");
        assert_eq!(of(Tongue::De), "Heute; Morgen; Donnerstag, 3. Dezember; Mittwoch, 3. März 2027");
        assert_eq!(of(Tongue::Fi), "Tänään; Huomenna; torstai 3.12.; keskiviikko 3.3.2027");
        assert_eq!(of(Tongue::Es), "Hoy; Mañana; jueves, 3 de diciembre; miércoles, 3 de marzo de 2027");
        assert_eq!(of(Tongue::Fr), "Aujourd’hui; Demain; jeudi 3 décembre; mercredi 3 mars 2027");
        assert_eq!(of(Tongue::Ja), "今日; 明日; 12月3日（木曜日）; 2027年3月3日（水曜日）");
    }

    #[test]
    fn a_time_is_that_of_the_wall_at_home() {
        let berlin: Zone = Zone::parse("Europe/Berlin").expect("a zone");
        let tokyo: Zone = Zone::parse("Asia/Tokyo").expect("a zone");
        let when = When::At { local: "2026-11-27T07:30:00".parse().expect("a time"), zone: tokyo };
        let now = "2026-11-26T12:00:00Z".parse().expect("a time");
        assert_eq!(Tongue::De.when(&when, berlin, now), "Heute, 23:30");
    }
}

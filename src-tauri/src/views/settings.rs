//! Settings of the window and of lists.

use belfry_app::config::{Density, Language, Motion, NotificationConfig, Preferences, Theme, WindowConfig};
use belfry_app::controller::Answer;
use belfry_app::lists::{DefaultsWish, ListChange};
use belfry_core::{ListDefaults, Zone};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::{ProblemView, ShowAsView};

/// Light or dark.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ThemeView {
    /// As the system.
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
    /// High contrast.
    Contrast,
}

/// How much room a row has.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DensityView {
    /// Enough.
    Comfortable,
    /// Little.
    Compact,
}

/// Whether things slide.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MotionView {
    /// As the system.
    System,
    /// Never.
    Reduced,
}

/// The language of window, tray and notifications.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LanguageView {
    /// As the system.
    System,
    /// English.
    En,
    /// German.
    De,
    /// Finnish.
    Fi,
    /// Spanish.
    Es,
    /// French.
    Fr,
    /// Japanese.
    Ja,
}

/// What can be chosen.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct PreferencesView {
    /// Minutes between two syncs by the timer.
    pub interval_minutes: u32,
    /// Light or dark.
    pub theme: ThemeView,
    /// How much room a row has.
    pub density: DensityView,
    /// Whether things slide.
    pub motion: MotionView,
    /// The language.
    pub language: LanguageView,
    /// How large what is in the window is, in percent: 50 to 200.
    pub zoom: u32,
    /// Whether what needs the person is told.
    pub tell_trouble: bool,
    /// Whether reminders ring on this computer.
    pub tell_due: bool,
}

impl From<PreferencesView> for Preferences {
    fn from(view: PreferencesView) -> Self {
        let theme = match view.theme {
            ThemeView::System => Theme::System,
            ThemeView::Light => Theme::Light,
            ThemeView::Dark => Theme::Dark,
            ThemeView::Contrast => Theme::Contrast,
        };
        let density = match view.density {
            DensityView::Comfortable => Density::Comfortable,
            DensityView::Compact => Density::Compact,
        };
        let motion = match view.motion {
            MotionView::System => Motion::System,
            MotionView::Reduced => Motion::Reduced,
        };
        let language = match view.language {
            LanguageView::System => Language::System,
            LanguageView::En => Language::En,
            LanguageView::De => Language::De,
            LanguageView::Fi => Language::Fi,
            LanguageView::Es => Language::Es,
            LanguageView::Fr => Language::Fr,
            LanguageView::Ja => Language::Ja,
        };
        let notifications = NotificationConfig { trouble: view.tell_trouble, due: view.tell_due };
        Self {
            interval_minutes: view.interval_minutes,
            notifications,
            window: WindowConfig { theme, density, motion, language, zoom: view.zoom },
        }
    }
}

impl From<Preferences> for PreferencesView {
    fn from(chosen: Preferences) -> Self {
        Self {
            interval_minutes: chosen.interval_minutes,
            tell_trouble: chosen.notifications.trouble,
            tell_due: chosen.notifications.due,
            zoom: chosen.window.zoom,
            theme: match chosen.window.theme {
                Theme::System => ThemeView::System,
                Theme::Light => ThemeView::Light,
                Theme::Dark => ThemeView::Dark,
                Theme::Contrast => ThemeView::Contrast,
            },
            density: match chosen.window.density {
                Density::Comfortable => DensityView::Comfortable,
                Density::Compact => DensityView::Compact,
            },
            motion: match chosen.window.motion {
                Motion::System => MotionView::System,
                Motion::Reduced => MotionView::Reduced,
            },
            language: match chosen.window.language {
                Language::System => LanguageView::System,
                Language::En => LanguageView::En,
                Language::De => LanguageView::De,
                Language::Fi => LanguageView::Fi,
                Language::Es => LanguageView::Es,
                Language::Fr => LanguageView::Fr,
                Language::Ja => LanguageView::Ja,
            },
        }
    }
}

/// The settings.
#[derive(Debug, Clone, Serialize, Type)]
pub struct SettingsView {
    /// What can be chosen.
    pub preferences: PreferencesView,
    /// It is quiet now.
    pub paused: bool,
    /// Until then, RFC 3339; null is until resumed.
    pub paused_until: Option<String>,
    /// Belfry starts with the person's session; null where that cannot be known.
    pub starts_at_login: Option<bool>,
    /// The folder that holds everything.
    pub home: String,
    /// Of Belfry.
    pub version: String,
    /// Of this computer, IANA name.
    pub zone: String,
}

/// Takes settings out of an answer.
pub fn settings(answer: Answer) -> Result<SettingsView, ProblemView> {
    let Answer::Settings(settings) = answer else { return Err(super::mixed_up()) };
    Ok(SettingsView {
        preferences: settings.preferences.into(),
        paused: settings.is_paused,
        paused_until: settings.paused_until.map(|at| at.to_rfc3339()),
        starts_at_login: settings.starts_at_login,
        home: settings.home,
        version: settings.version.to_owned(),
        zone: settings.zone.to_owned(),
    })
}

/// Takes the report out of an answer.
pub fn report(answer: Answer) -> Result<String, ProblemView> {
    let Answer::Report(text) = answer else { return Err(super::mixed_up()) };
    Ok(text)
}

/// What new reminders of a list get.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
pub struct DefaultsView {
    /// IANA name; null is the zone of the computer.
    pub zone: Option<String>,
    /// Lead times of timed reminders, in minutes.
    pub alarms: Vec<i32>,
    /// Lead times of all-day ones, in minutes before midnight.
    pub all_day_alarms: Vec<i32>,
    /// Show-as.
    pub show_as: ShowAsView,
}

impl From<ListDefaults> for DefaultsView {
    fn from(defaults: ListDefaults) -> Self {
        Self {
            zone: defaults.zone.map(Zone::name).map(str::to_owned),
            alarms: defaults.alarms,
            all_day_alarms: defaults.all_day_alarms,
            show_as: defaults.show_as.into(),
        }
    }
}

impl From<DefaultsView> for DefaultsWish {
    fn from(view: DefaultsView) -> Self {
        let DefaultsView { zone, alarms, all_day_alarms, show_as } = view;
        Self { zone, alarms, all_day_alarms, show_as: show_as.into() }
    }
}

/// What of a list is to change; null is "as it is".
#[derive(Debug, Clone, Deserialize, Type)]
pub struct ListChangeView {
    /// Name.
    pub name: Option<String>,
    /// `#rrggbb`.
    pub colour: Option<String>,
    /// Months.
    pub horizon_months: Option<u32>,
    /// Whether each further alarm has a short event that rings.
    pub helpers: Option<bool>,
}

impl From<ListChangeView> for ListChange {
    fn from(view: ListChangeView) -> Self {
        let ListChangeView { name, colour, horizon_months, helpers } = view;
        Self { name, colour, horizon_months, helpers, ..Self::default() }
    }
}

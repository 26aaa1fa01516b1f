//! The Shell port over Tauri, and the thread that the controller lives on.

use std::cell::RefCell;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
#[cfg(target_os = "linux")]
use std::time::Duration;

use belfry_app::config::Language;
use belfry_app::controller::{Carried, Controller, Input};
use belfry_app::language::Tongue;
use belfry_app::shell::{AtLoginError, Choice, Notice, Shell, Tray};
use belfry_app::{App, AppError, Home, Ports};
use belfry_core::Problem;
use futures::future::LocalBoxFuture;
use tauri::AppHandle;
#[cfg(not(target_os = "linux"))]
use tauri_plugin_autostart::ManagerExt;
use tauri_specta::Event;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};

use crate::ipc::{Closing, StateChanged};
use crate::{choosing, tray, window};

/// The outside, as Tauri gives it.
struct Desktop {
    app: AppHandle,
    #[cfg(target_os = "linux")]
    home: Home,
    tray: RefCell<Option<Tray>>,
    /// How many notifications are open.
    notices: Arc<AtomicUsize>,
}

impl Shell for Desktop {
    fn open_browser(&self, url: &str) -> bool {
        tauri_plugin_opener::open_url(url, None::<&str>).is_ok()
    }

    fn show_window(&self) {
        let app = self.app.clone();
        let _ = self.app.run_on_main_thread(move || {
            if let Err(error) = window::show(&app) {
                tracing::error!(%error, "the window cannot be shown");
            }
        });
    }

    fn set_tray(&self, shown: &Tray) {
        if self.tray.borrow().as_ref() == Some(shown) {
            return;
        }
        *self.tray.borrow_mut() = Some(shown.clone());
        let (app, shown) = (self.app.clone(), shown.clone());
        let _ = self.app.run_on_main_thread(move || {
            if let Err(error) = tray::show(&app, &shown) {
                tracing::warn!(%error, "the tray cannot be shown");
            }
        });
    }

    fn changed(&self) {
        if let Err(error) = StateChanged.emit(&self.app) {
            tracing::debug!(%error, "no window listens");
        }
    }

    fn notify(&self, notice: &Notice) {
        notify(&self.app, notice.clone(), &self.notices);
    }

    #[cfg(target_os = "linux")]
    fn has_tray(&self) -> LocalBoxFuture<'_, bool> {
        Box::pin(belfry_app::doctor::has_tray())
    }

    fn set_zoom(&self, percent: u32) {
        let app = self.app.clone();
        let _ = self.app.run_on_main_thread(move || {
            if let Err(error) = window::set_zoom(&app, percent) {
                tracing::warn!(%error, "the page of the window cannot be made larger or smaller");
            }
        });
    }

    fn leave_window(&self, has_tray: bool) {
        let app = self.app.clone();
        let _ = self.app.run_on_main_thread(move || window::leave(&app, has_tray));
    }

    fn choose(&self, what: Choice) -> LocalBoxFuture<'_, Option<PathBuf>> {
        Box::pin(choosing::choose(&self.app, what))
    }

    #[cfg(target_os = "linux")]
    fn starts_at_login(&self, last: bool) -> Option<bool> {
        crate::at_login::is_on(last)
    }

    #[cfg(target_os = "linux")]
    fn set_start_at_login(&self, on: bool) -> LocalBoxFuture<'_, Result<(), AtLoginError>> {
        Box::pin(async move {
            let done = crate::at_login::set(&self.app, &self.home, on).await;
            done.inspect_err(|error| tracing::warn!(?error, "starting at login could not be changed"))
        })
    }

    #[cfg(not(target_os = "linux"))]
    fn starts_at_login(&self, _: bool) -> Option<bool> {
        self.app.autolaunch().is_enabled().ok()
    }

    #[cfg(not(target_os = "linux"))]
    fn set_start_at_login(&self, on: bool) -> LocalBoxFuture<'_, Result<(), AtLoginError>> {
        let launch = self.app.autolaunch();
        let done = if on { launch.enable() } else { launch.disable() };
        Box::pin(std::future::ready(done.map_err(|error| AtLoginError::Failed(error.into()))))
    }

    fn tongue(&self, chosen: Language) -> Tongue {
        Tongue::of(chosen, sys_locale::get_locale().as_deref())
    }

    #[cfg(target_os = "linux")]
    fn lean_after(&self) -> Option<Duration> {
        crate::lean::lean_after()
    }

    fn is_waited_for(&self) -> bool {
        self.notices.load(Ordering::Relaxed) > 0
    }

    #[cfg(target_os = "linux")]
    fn stand_down(&self) -> bool {
        crate::lean::stand_down(&self.app)
    }

    fn quit(&self) {
        self.app.exit(0);
    }

    fn hand_over(&self) {
        let _ = Closing.emit(&self.app);
    }
}

/// Showing a notification and waiting for its button both block, so each has a thread of its own.
fn notify(app: &AppHandle, notice: Notice, open: &Arc<AtomicUsize>) {
    let app = app.clone();
    open.fetch_add(1, Ordering::Relaxed);
    let counted = Arc::clone(open);
    let shown = std::thread::Builder::new().name("notification".into()).spawn(move || {
        show_notice(&app, &notice);
        counted.fetch_sub(1, Ordering::Relaxed);
    });
    if let Err(error) = shown {
        open.fetch_sub(1, Ordering::Relaxed);
        tracing::warn!(%error, "a notification could not be shown");
    }
}

/// Returns when it is closed.
fn show_notice(app: &AppHandle, notice: &Notice) {
    let mut notification = notify_rust::Notification::new();
    notification.appname("Belfry").summary(&notice.title).body(&escaped(&notice.body)).icon("belfry-desktop");
    // Without its word a click beside the buttons is told to nobody (Desktop Notifications Specification 1.3, "Actions").
    notification.action("default", &notice.title);
    for (number, (_, words)) in notice.actions.iter().enumerate() {
        notification.action(&number.to_string(), words);
    }
    let Ok(handle) = notification.show() else { return };
    #[cfg(all(unix, not(target_os = "macos")))]
    handle.wait_for_action(|id| {
        let chosen = id.parse().ok().and_then(|number: usize| notice.actions.get(number)).map(|(action, _)| action.clone());
        let clicked = (id == "default").then(|| notice.click.clone());
        if let Some(action) = chosen.or(clicked) {
            crate::inputs(app).send(Input::Tray(action));
        }
    });
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    drop((handle, app));
}

/// Bodies are markup on some desktops. What the window sets apart by its look is in quotation marks here.
fn escaped(text: &str) -> String {
    let quoted = text.split('`').enumerate().fold(String::new(), |told, (at, part)| match at {
        0 => part.to_owned(),
        at if at % 2 == 1 => told + "\u{201c}" + part,
        _ => told + "\u{201d}" + part,
    });
    quoted.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Starts the controller on a thread of its own.
pub fn start(app: AppHandle, home: Home, before: Option<Carried>, inputs: UnboundedSender<Input>, mut receiver: UnboundedReceiver<Input>) {
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(AppError::Practice)?;
        let belfry = App::open(home.clone(), Ports::real())?;
        let shell = Rc::new(Desktop {
            app: app.clone(),
            #[cfg(target_os = "linux")]
            home: home.clone(),
            tray: RefCell::new(None),
            notices: Arc::default(),
        });
        let controller = Controller::new(belfry, shell, inputs);
        let tasks = tokio::task::LocalSet::new();
        let left = tasks.block_on(&runtime, controller.run_after(before, &mut receiver));
        // With the last of them the database is closed.
        drop((tasks, controller));
        #[cfg(target_os = "linux")]
        if let Some(left) = left {
            crate::lean::begin(&app, home, receiver, left);
        }
        #[cfg(not(target_os = "linux"))]
        drop((left, app));
        Ok::<(), AppError>(())
    };
    let started = std::thread::Builder::new().name("controller".into()).spawn(move || {
        if let Err(error) = run() {
            cannot_start(&error.problem());
            std::process::exit(1);
        }
    });
    if let Err(error) = started {
        tracing::error!(%error, "the controller cannot be started");
    }
}

/// Says why there is no window, where a person will see it.
pub fn cannot_start(problem: &Problem) {
    tracing::error!(code = problem.code.name(), detail = problem.detail, "Belfry cannot start");
    let shown = notify_rust::Notification::new()
        .appname("Belfry")
        .summary(&problem.title)
        .body(&escaped(&format!("{} {}", problem.detail, problem.action)))
        .show();
    if shown.is_err() {
        #[expect(clippy::print_stderr, reason = "there is no other place left")]
        {
            eprintln!("{}\n  {}", problem.detail, problem.action);
        }
    }
}

/// One instance for each home.
pub fn instance_name(home: &Home) -> String {
    let mut hasher = DefaultHasher::new();
    home.path().hash(&mut hasher);
    format!("app.belfry.desktop.h{:016x}", hasher.finish())
}

//! The desktop shell: window, tray, notifications. It decides nothing: every input becomes a value for the controller in `belfry-app`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

mod ipc;
mod lean;
mod shell;
mod tray;
mod views;
mod window;

use std::path::{Path, PathBuf};

use belfry_app::controller::Input;
use belfry_app::shell::Errand;
use tauri::utils::config::{AppDirectoriesOverride, AppDirectoryOverrides};
use tauri::{Manager, RunEvent};
use tokio::sync::mpsc::UnboundedSender;

/// Freed memory is wiped: a token that passed through a library's buffer is not there any more when somebody looks.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// The way into the controller, kept by Tauri for commands and callbacks.
pub struct Inputs(pub UnboundedSender<Input>);

/// What the command line says.
struct Start {
    home: Option<PathBuf>,
    /// Started with the session: only the tray.
    background: bool,
    /// All of it, which may ask for something.
    words: Vec<String>,
}

fn start() -> Start {
    let mut words = std::env::args_os().skip(1);
    let said = std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect();
    let mut start = Start { home: std::env::var_os("BELFRY_HOME").map(PathBuf::from), background: false, words: said };
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--home") => start.home = words.next().map(PathBuf::from),
            Some("--background") => start.background = true,
            _ => {}
        }
    }
    start
}

/// How it starts with the session: to the tray, in the home that it has now.
fn at_login(home: &belfry_app::Home) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let mut words = vec!["--background".to_owned()];
    if belfry_app::Home::find(None).ok().as_ref().map(belfry_app::Home::path) != Some(home.path()) {
        words.extend(["--home".to_owned(), home.path().display().to_string()]);
    }
    tauri_plugin_autostart::Builder::new().app_name("Belfry").args(words).build()
}

fn main() {
    let start = start();
    let home = match belfry_app::Home::find(start.home.as_deref()) {
        Ok(home) => home,
        Err(error) => return shell::cannot_start(&error.problem()),
    };
    if let Err(error) = home.prepare() {
        return shell::cannot_start(&error.problem());
    }
    let _log = belfry_app::logs::start(&home);
    let (inputs, receiver) = tokio::sync::mpsc::unbounded_channel();
    let mut context = tauri::generate_context!();
    let folders = AppDirectoryOverrides { config: Some(home.join("window")), local_data: Some(home.join("webview")), ..Default::default() };
    context.config_mut().app.app_directories_override = Some(AppDirectoriesOverride::Directories(folders));
    let bindings = ipc::builder();
    let again = inputs.clone();
    let built = tauri::Builder::default()
        .plugin(
            tauri_plugin_single_instance::Builder::new()
                .dbus_id(shell::instance_name(&home))
                .callback(move |_, words, folder| drop(again.send(Input::Started(Errand::of(&words, Path::new(&folder))))))
                .build(),
        )
        .plugin(at_login(&home))
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(tauri_plugin_window_state::Builder::new().with_state_flags(window::remembered()).build())
        .invoke_handler(bindings.invoke_handler())
        .manage(Inputs(inputs.clone()))
        .setup(move |app| {
            bindings.mount_events(app);
            tray::make(app.handle())?;
            let errand = Errand::of(&start.words, &std::env::current_dir().unwrap_or_default());
            if errand.is_some() {
                let _ = inputs.send(Input::Started(errand));
            }
            shell::start(app.handle().clone(), home, inputs, receiver);
            if !start.background {
                window::show(app.handle())?;
            }
            Ok(())
        })
        .build(context);
    match built {
        Ok(app) => app.run(|app, event| match event {
            RunEvent::ExitRequested { code: None, api, .. } => {
                // The window is gone, the tray stays.
                api.prevent_exit();
                lean::after_window(app);
            }
            // Where the system does not name what is opened on a command line.
            #[cfg(target_os = "macos")]
            RunEvent::Opened { urls } => {
                let words: Vec<String> = urls.into_iter().map(String::from).collect();
                let folder = std::env::current_dir().unwrap_or_default();
                inputs(app).send(Input::Started(Errand::of(&words, &folder)));
            }
            _ => {}
        }),
        Err(error) => tracing::error!(%error, "the window cannot be started"),
    }
}

impl Inputs {
    /// Sends an input. The controller lives as long as the program; after it nobody listens, and nothing is lost by that.
    pub fn send(&self, input: Input) {
        let _ = self.0.send(input);
    }
}

/// The inputs of an app that is set up.
pub fn inputs(app: &tauri::AppHandle) -> tauri::State<'_, Inputs> {
    app.state::<Inputs>()
}

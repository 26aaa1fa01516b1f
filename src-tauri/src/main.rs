//! The desktop shell: window, tray, notifications. It decides nothing: every input becomes a value for the controller in `belfry-app`.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

#[cfg(target_os = "linux")]
mod at_login;
mod choosing;
mod ipc;
mod lean;
#[cfg(target_os = "linux")]
mod second;
mod shell;
mod start;
mod tray;
mod views;
mod window;

use std::path::Path;

use belfry_app::controller::Input;
use tauri::utils::config::{AppDirectoriesOverride, AppDirectoryOverrides};
use tauri::{Manager, RunEvent};
use tokio::sync::mpsc::UnboundedSender;

/// Freed memory is wiped: a token that passed through a library's buffer is not there any more when somebody looks.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// The way into the controller, kept by Tauri for commands and callbacks.
pub struct Inputs(pub UnboundedSender<Input>);

/// How it starts with the session: to the tray, in the home that it has now.
#[cfg(not(target_os = "linux"))]
fn at_login(home: &belfry_app::Home) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    tauri_plugin_autostart::Builder::new().app_name("Belfry").args(start::with_session(home)).build()
}

fn main() {
    #[cfg(target_os = "linux")]
    if choosing::asked::is_all(std::env::args_os()) {
        return;
    }
    let start = start::Start::read();
    let home = match belfry_app::Home::find(start.home.as_deref()) {
        Ok(home) => home,
        Err(error) => return shell::cannot_start(&error.problem()),
    };
    if let Err(error) = home.prepare() {
        return shell::cannot_start(&error.problem());
    }
    #[cfg(target_os = "linux")]
    match second::is_taken_over(&home) {
        Ok(false) => {}
        Ok(true) => return,
        Err(problem) => return shell::cannot_start(&problem),
    }
    let log = lean::Log::new(belfry_app::logs::start(&home));
    let (inputs, receiver) = tokio::sync::mpsc::unbounded_channel();
    let mut context = tauri::generate_context!();
    let folders = AppDirectoryOverrides { config: Some(home.join("window")), local_data: Some(home.join("webview")), ..Default::default() };
    context.config_mut().app.app_directories_override = Some(AppDirectoriesOverride::Directories(folders));
    let bindings = ipc::builder();
    let again = inputs.clone();
    let builder = tauri::Builder::default().plugin(
        tauri_plugin_single_instance::Builder::new()
            .dbus_id(shell::instance_name(&home))
            .callback(move |_, words, folder| {
                start::handed_over(&words, Path::new(&folder)).into_iter().for_each(|input| drop(again.send(input)));
            })
            .build(),
    );
    #[cfg(not(target_os = "linux"))]
    let builder = builder.plugin(at_login(&home));
    let built = builder
        .plugin(tauri_plugin_opener::Builder::new().open_js_links_on_click(false).build())
        .plugin(tauri_plugin_window_state::Builder::new().with_state_flags(window::remembered()).build())
        .invoke_handler(bindings.invoke_handler())
        .manage(Inputs(inputs.clone()))
        .manage(home.clone())
        .manage(log)
        .manage(choosing::Open::default())
        .setup(move |app| {
            bindings.mount_events(app);
            tray::make(app.handle())?;
            if start.errand.is_some() {
                let _ = inputs.send(Input::Started(start.errand));
            }
            shell::start(app.handle().clone(), home, start.before, inputs, receiver);
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
                crate::inputs(app).send(Input::WindowClosed);
            }
            RunEvent::Exit => app.state::<lean::Log>().finish(),
            // Where the system does not name what is opened on a command line.
            #[cfg(target_os = "macos")]
            RunEvent::Opened { urls } => {
                let words: Vec<String> = std::iter::once(String::new()).chain(urls.into_iter().map(String::from)).collect();
                let folder = std::env::current_dir().unwrap_or_default();
                start::handed_over(&words, &folder).into_iter().for_each(|input| crate::inputs(app).send(input));
            }
            _ => {}
        }),
        Err(error) => {
            tracing::error!(%error, "the window cannot be started");
            #[cfg(target_os = "linux")]
            lean::try_again(&error);
        }
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

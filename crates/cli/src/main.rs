//! The `belfry` command: arguments in, documents out. It decides nothing.

mod args;
mod commands;
mod output;
mod tables;
mod values;

use std::process::ExitCode;

use belfry_app::{App, AppError, Home, Ports};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

use args::{Cli, Command};
use output::Output;

/// Freed memory is wiped: a token that passed through a library's buffer is not there any more when somebody looks.
#[global_allocator]
static MEMORY: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            if error.use_stderr() && std::env::args_os().any(|word| word == "--json") {
                let text = error.to_string();
                // What comes before the usage is the sentence; names of what is missing stand on lines of their own.
                let said = text.split("\n\nUsage").next().unwrap_or_default().trim_start_matches("error: ");
                let sentence = said.split_whitespace().collect::<Vec<_>>().join(" ");
                let problem = AppError::bad(format!("{sentence}."), "`belfry --help` shows what there is.").problem();
                Output::new(true).document(&belfry_app::documents::FailureDocument::of(problem), |_| String::new());
            }
            return match error.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
                _ => ExitCode::from(2),
            };
        }
    };
    let output = Output::new(cli.json);
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            output.note(&format!("belfry cannot start: {error}"));
            return ExitCode::from(1);
        }
    };
    let result = runtime.block_on(run(cli, &output));
    // A keychain prompt that nobody answered must not keep the command from ending.
    runtime.shutdown_background();
    match result {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => {
            output.failure(&error.problem());
            ExitCode::from(error.exit().code())
        }
    }
}

async fn run(cli: Cli, output: &Output) -> Result<belfry_core::Exit, AppError> {
    match &cli.command {
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "belfry", &mut script);
            output.raw(&script);
            return Ok(belfry_core::Exit::Done);
        }
        Command::Man => {
            let mut page = Vec::new();
            let _ = clap_mangen::Man::new(Cli::command()).render(&mut page);
            output.raw(&page);
            return Ok(belfry_core::Exit::Done);
        }
        _ => {}
    }
    let home = Home::find(cli.home.as_deref())?;
    let prepared = home.prepare();
    let _log = prepared.is_ok().then(|| belfry_app::logs::start(&home)).flatten();
    let opened = prepared.and_then(|()| App::open(home.clone(), Ports::real()));
    match (opened, &cli.command) {
        (Err(error), Command::Doctor { bundle, .. }) => commands::examine(home, &error, bundle.as_deref(), output).await,
        (app, _) => {
            let done = match app {
                Ok(app) => commands::run(app, cli.command, output).await,
                Err(error) => Err(error),
            };
            if let Err(error) = &done {
                belfry_app::backups::note_damage(&home, error.problem().code);
            }
            done
        }
    }
}

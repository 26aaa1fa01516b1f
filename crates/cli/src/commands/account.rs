//! `belfry account`.

use std::time::Duration;

use belfry_app::accounts::{PendingSignIn, SignInOptions};
use belfry_app::documents::AccountDocument;
use belfry_app::{App, AppError};
use belfry_core::{Account, Exit};

use crate::args::{AccountCommand, SignInArgs};
use crate::output::Output;
use crate::tables;

pub async fn run(app: &App, command: AccountCommand, output: &Output) -> Result<Exit, AppError> {
    match command {
        AccountCommand::Add { calendars, practice, tenant, sign_in } => {
            let (login_hint, device_code) = (sign_in.login_hint.clone(), sign_in.device_code);
            let options = SignInOptions { calendars, practice, login_hint, device_code, tenant };
            let pending = app.begin_sign_in(&options).await?;
            return finish(app, pending, &sign_in, calendars, output).await;
        }
        AccountCommand::Reauthorize { account, sign_in } => {
            let account = app.account(account.as_deref())?;
            if sign_in.login_hint.as_ref().is_some_and(|hint| !hint.eq_ignore_ascii_case(&account.login)) {
                return Err(AppError::bad(format!("{} signs in again as nobody else.", account.login), "Leave out --login-hint."));
            }
            let pending = again(app, &account, false, &sign_in).await?;
            return finish(app, pending, &sign_in, false, output).await;
        }
        AccountCommand::AllowCalendars { account, sign_in } => {
            let account = app.account(account.as_deref())?;
            if account.has_calendars() {
                print(&account, output);
                return Ok(Exit::Done);
            }
            let pending = again(app, &account, true, &sign_in).await?;
            return finish(app, pending, &sign_in, true, output).await;
        }
        AccountCommand::AdminConsent { account, wait, sign_in } => {
            let account = app.account(account.as_deref())?;
            return admin_consent(app, &account, wait, &sign_in, output).await;
        }
        AccountCommand::List => {
            let documents = app.account_documents()?;
            output.document(&documents, |all| tables::accounts(all));
        }
        AccountCommand::Registration => output.document(&app.registration(), tables::registration),
        AccountCommand::Remove { account, delete_events } => {
            let account = app.account(account.as_deref())?;
            app.remove_account(&account, delete_events).await?;
            let events = if delete_events { "were deleted from" } else { "stay in" };
            output.document(&AccountDocument::from(&account), |_| {
                format!("{} is signed out. Its events {events} Outlook, its lists stay here.", account.login)
            });
        }
    }
    Ok(Exit::Done)
}

async fn again(app: &App, account: &Account, calendars: bool, args: &SignInArgs) -> Result<PendingSignIn, AppError> {
    if args.device_code { app.begin_code_again(account, calendars).await } else { app.begin_sign_in_again(account, calendars).await }
}

/// Sends the browser off, waits, and prints who came. An account that was to have calendars and did not get them needs a person.
async fn finish(app: &App, pending: PendingSignIn, args: &SignInArgs, calendars: bool, output: &Output) -> Result<Exit, AppError> {
    let patience = Duration::from_secs(args.timeout);
    let account = match send_off(&pending, args, output) {
        Browser::OnItsWay => app.finish_sign_in(pending, patience).await?,
        Browser::NoneButPractice => app.finish_practice_sign_in(pending, patience).await?,
    };
    print(&account, output);
    for list in app.left_there(&account.id)? {
        let calendar = list.target.as_ref().map_or("Belfry", |target| target.calendar_name.as_str());
        let command = format!("belfry list target \"{}\" --account {} --calendar \"{calendar}\"", list.name, account.login);
        output.note(&format!("`{}` was kept in this account before; `{command}` goes on with it.", list.name));
    }
    if calendars && !account.may_write_calendars() {
        return Err(AppError::NeedsCalendars { login: account.login });
    }
    Ok(Exit::Done)
}

/// The message for an administrator; or, with one sitting here, their page and what came of it.
async fn admin_consent(app: &App, account: &Account, wait: bool, args: &SignInArgs, output: &Output) -> Result<Exit, AppError> {
    if !wait {
        let letter = app.letter(account).await?;
        output.document(&letter, |letter| letter.text.clone());
        return Ok(Exit::Done);
    }
    let pending = app.begin_admin_consent(account).await?;
    send_to_browser(pending.url(), args, output, "Let the administrator finish in the browser.");
    let approved = app.finish_admin_consent(pending, Duration::from_secs(args.timeout)).await?;
    print(&approved, output);
    Ok(Exit::Done)
}

enum Browser {
    OnItsWay,
    /// No browser here, but the practice page can be answered without one.
    NoneButPractice,
}

fn send_off(pending: &PendingSignIn, args: &SignInArgs, output: &Output) -> Browser {
    if let Some(code) = pending.code() {
        let text = format!("Open {} in any browser and type the code {code}", pending.url());
        if output.json {
            output.note(&text);
        } else {
            output.line(&text);
        }
        return Browser::OnItsWay;
    }
    if pending.is_practice() && !args.print_url && !has_display() {
        output.note("No browser here: the practice account signs in by itself.");
        return Browser::NoneButPractice;
    }
    send_to_browser(pending.url(), args, output, "Finish the sign-in in your browser.");
    Browser::OnItsWay
}

/// Opens an address, or prints it where that was asked for or no browser is to be had.
fn send_to_browser(url: &str, args: &SignInArgs, output: &Output, what_now: &str) {
    if args.print_url {
        if output.json {
            output.note(&format!("open {url}"));
        } else {
            output.line(url);
        }
    } else if has_display() && open::that_detached(url).is_ok() {
        output.note(what_now);
    } else {
        output.note(&format!("No browser could be opened. Open this address on this computer:\n{url}"));
    }
}

/// On Linux a browser needs a display; without one the attempt would only leave a process behind.
fn has_display() -> bool {
    !cfg!(target_os = "linux")
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

fn print(account: &Account, output: &Output) {
    output.document(&AccountDocument::from(account), tables::account);
}

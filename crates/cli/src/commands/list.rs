//! `belfry list`.

use belfry_app::following::Follow;
use belfry_app::lists::{Keep, ListChange};
use belfry_app::{App, AppError};
use belfry_core::{Direction, Source};

use crate::args::ListCommand;
use crate::output::Output;
use crate::{tables, values};

pub async fn run(app: &App, command: ListCommand, output: &Output) -> Result<(), AppError> {
    match command {
        ListCommand::Add { name, from, allow_http, map, direction, account, calendar } => {
            let is_source = from.is_some();
            if direction.is_some_and(|direction| (direction == Direction::Source) != is_source) {
                return Err(AppError::bad(
                    "A list that follows something is kept as its source says, and a typed one both ways.",
                    "Leave `--direction` out.",
                ));
            }
            let keep = match account {
                Some(account) => Keep::In { account: Some(account), calendar },
                None => Keep::Here,
            };
            let list = match from {
                Some(from) => app.add_followed_list(&name, &Follow { from, allow_http, map }, &keep).await?,
                None => app.add_list(&name, &keep).await?,
            };
            let document = app.list_document(&list)?;
            output.document(&document, |list| tables::list(list, app.zone()));
            output.problems(&document.problems);
            let is_empty_folder = |source: &Source| matches!(source, Source::Folder(_)) && document.count == 0;
            if !output.json && document.problems.is_empty() && document.source.as_ref().is_some_and(is_empty_folder) {
                output.note("No calendar file (.ics) is in this folder yet. Each is read as it comes.");
            }
        }
        ListCommand::Ls => output.document(&app.list_documents()?, |all| tables::lists(all, app.zone())),
        ListCommand::Edit { name, new_name, colour, zone, alarm, show_as, horizon, from, allow_http, map, every, helpers } => {
            let alarms = values::alarms(&alarm)?;
            if let Some(from) = from {
                app.follow_instead(&name, &Follow { from, allow_http, map }).await?;
            }
            if let Some(every) = every {
                app.read_every(&name, every.0)?;
            }
            let change = ListChange { name: new_name, colour, zone, alarms, show_as, horizon_months: horizon, helpers };
            let list = app.edit_list(&name, &change)?;
            output.document(&app.list_document(&list)?, |list| tables::list(list, app.zone()));
        }
        ListCommand::Rm { name, events } => {
            let list = app.remove_list(&name, events.leave()).await?;
            output.document(&serde_json::json!({"removed": list.id}), |_| format!("Removed: {}", list.name));
        }
        ListCommand::Target { name, account, calendar, none, events } => {
            let keep = if none { Keep::Here } else { Keep::In { account, calendar } };
            let list = app.retarget(&name, &keep, events.leave()).await?;
            output.document(&app.list_document(&list)?, |list| tables::list(list, app.zone()));
        }
    }
    Ok(())
}

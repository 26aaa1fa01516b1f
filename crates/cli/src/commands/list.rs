//! `belfry list`.

use belfry_app::lists::{Keep, ListChange};
use belfry_app::{App, AppError};

use crate::args::ListCommand;
use crate::output::Output;
use crate::{tables, values};

pub async fn run(app: &App, command: ListCommand, output: &Output) -> Result<(), AppError> {
    match command {
        ListCommand::Add { name, account, calendar } => {
            let keep = match account {
                Some(account) => Keep::In { account: Some(account), calendar },
                None => Keep::Here,
            };
            let list = app.add_list(&name, &keep).await?;
            output.document(&app.list_document(&list)?, tables::list);
        }
        ListCommand::Ls => output.document(&app.list_documents()?, |all| tables::lists(all)),
        ListCommand::Edit { name, new_name, colour, zone, alarm, show_as, horizon } => {
            let change = ListChange { name: new_name, colour, zone, alarms: values::alarms(&alarm), show_as, horizon_months: horizon };
            let list = app.edit_list(&name, &change)?;
            output.document(&app.list_document(&list)?, tables::list);
        }
        ListCommand::Rm { name, delete_events } => {
            let list = app.remove_list(&name, delete_events).await?;
            output.document(&serde_json::json!({"removed": list.id}), |_| format!("Removed: {}", list.name));
        }
        ListCommand::Target { name, account, calendar, none, delete_events } => {
            let keep = match (none, account) {
                (true, _) => Keep::Here,
                (false, Some(account)) => Keep::In { account: Some(account), calendar },
                (false, None) => {
                    return Err(AppError::bad("Nothing says where the list is to be kept.", "Say --account A [--calendar C], or --none."));
                }
            };
            let list = app.retarget(&name, &keep, delete_events).await?;
            output.document(&app.list_document(&list)?, tables::list);
        }
    }
    Ok(())
}

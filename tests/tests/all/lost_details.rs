//! What a file that a list follows says, and no reminder holds.

use belfry_tests::World;
use serde_json::{Value, json};

use super::following::{LIST, followed};

/// What no reminder holds is told with the list, and once by the sync that finds it.
#[tokio::test(start_paused = true)]
async fn what_a_source_loses_on_its_way_is_told() {
    let world = World::new();
    let (here, file) = followed(&world).await;
    assert_eq!(here.app.list_document(&here.app.list(Some(LIST)).expect("a list")).expect("a document").problems, []);
    let text = std::fs::read_to_string(&file).expect("read");
    std::fs::write(&file, text.replacen("PRODID", "X-WR-TIMEZONE:Nowhere/Atlantis\r\nPRODID", 1)).expect("written");
    let told = |document: &Value| document["problems"].to_string().matches("X-WR-TIMEZONE (not known) (1)").count();
    assert_eq!(told(&here.sync().await.0), 1);
    assert_eq!(told(&here.sync().await.0), 0);
    let list = here.app.list_document(&here.app.list(Some(LIST)).expect("a list")).expect("a document");
    assert_eq!(told(&json!(list)), 1);
}

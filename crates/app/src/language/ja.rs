//! Japanese.

use super::Say;

pub(super) const SAY: Say = Say {
    sign_in_again: "再サインイン: {}",
    sync_now: "今すぐ同期",
    resume: "再開",
    pause: "1 時間停止",
    new_reminder: "新しいリマインダー…",
    open: "Belfry を開く",
    quit: "終了",
    syncing: "同期しています…",
    syncing_of: "同期しています ({}/{of})",
    paused: "停止中",
    local: "このコンピューターのみ",
    never: "まだ同期していません",
    just_now: "たった今同期しました",
    minute_ago: "1 分前に同期しました",
    minutes_ago: "{} 分前に同期しました",
    hour_ago: "1 時間前に同期しました",
    hours_ago: "{} 時間前に同期しました",
    approved: "予定表へのアクセスが承認されました",
    approved_of: "{} のリマインダーを Outlook に保存できるようになりました。",
    sign_in: "サインイン",
    allow: "予定表を許可",
    try_again: "再試行",
    done: "完了",
    snooze: "10 分後に再通知",
    missed: "その間に {} 件のリマインダーの時刻が過ぎました",
    and_more: "ほか {} 件",
};

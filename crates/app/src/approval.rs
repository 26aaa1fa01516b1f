//! Waiting for an administrator: for most work accounts the ordinary way to calendar access, not an error.
//!
//! How a refusal shows differs: an error number, a bare "cancelled", or a browser that never comes back. A work account that asked for calendars and met one of
//! these waits from then on, durably. At most once an hour, and with every sync by hand, it asks without a person whether access was given meanwhile; what it may do already goes on.

use std::time::Duration;

use belfry_core::account::grants_calendars;
use belfry_core::{Account, AccountId, AccountKind, AccountState, Problem, ProblemCode};
use belfry_identity::{AdminConsent, Class, IdentityError};
use belfry_sync::AccountReport;
use chrono::{DateTime, Utc};

use crate::app::App;
use crate::error::AppError;
use crate::resting::trouble;

/// Between two silent questions whether access was given.
const BETWEEN_TRIES: chrono::Duration = chrono::Duration::hours(1);
/// Between two looks right after an administrator approved.
const BETWEEN_LOOKS: Duration = Duration::from_secs(3);
/// Consent that is missing within this time of being given was not taken back; it never counted.
const CONSENT_COUNTS: chrono::Duration = chrono::Duration::days(1);

/// What to send to an administrator.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Letter {
    /// The tenant's consent page.
    pub url: String,
    /// The message, with that address in it.
    pub text: String,
}

/// An administrator's consent that is waited for on this computer.
pub struct PendingConsent {
    consent: AdminConsent,
    account: Account,
}

impl PendingConsent {
    /// Where the administrator's browser has to go.
    #[must_use]
    pub fn url(&self) -> &str {
        self.consent.url()
    }
}

impl App {
    /// The message for an administrator of an account. From now on the account waits for approval.
    ///
    /// # Errors
    /// A personal account has no administrator; one with access needs none.
    pub async fn letter(&self, account: &Account) -> Result<Letter, AppError> {
        let account = self.askable(account).await?;
        let url = AdminConsent::address_for_elsewhere(&account)?;
        self.wait_for_approval(&account.id)?;
        Ok(Letter { text: text(&account, &url), url })
    }

    /// Waits for an administrator who sits at this computer.
    ///
    /// # Errors
    /// As [`App::letter`], and no port.
    pub async fn begin_admin_consent(&self, account: &Account) -> Result<PendingConsent, AppError> {
        let account = self.askable(account).await?;
        let consent = AdminConsent::begin(&account).await?;
        self.wait_for_approval(&account.id)?;
        Ok(PendingConsent { consent, account })
    }

    /// Waits for the reply, then asks for access with the person's own token: the administrator's session is never taken for theirs.
    ///
    /// # Errors
    /// The administrator said no, nobody came back, or access is still not given.
    pub async fn finish_admin_consent(&self, pending: PendingConsent, patience: Duration) -> Result<Account, AppError> {
        match pending.consent.finish(patience).await {
            Ok(()) => self.see_approval(&pending.account).await,
            Err(IdentityError::Refused(Class::Cancelled | Class::Consent, _)) => {
                Err(AppError::NeedsApproval { login: pending.account.login, why: Some("they declined this time".to_owned()) })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The page said yes a moment ago; it may take another one until that is so everywhere.
    async fn see_approval(&self, account: &Account) -> Result<Account, AppError> {
        for _ in 0..4 {
            match self.try_approval(account).await {
                Err(AppError::NeedsApproval { .. }) => tokio::time::sleep(BETWEEN_LOOKS).await,
                seen => return seen,
            }
        }
        self.try_approval(account).await
    }

    /// Asks once, without a person, whether access was given.
    ///
    /// # Errors
    /// Not yet; a dead sign-in; no answer.
    pub async fn try_approval(&self, account: &Account) -> Result<Account, AppError> {
        let account = self.reachable(account).await?;
        self.note_time(&tried(&account.id))?;
        let waits = |why: Option<String>| AppError::NeedsApproval { login: account.login.clone(), why };
        let scopes = match self.keeper(&account).widen().await {
            Ok(scopes) => scopes,
            Err(IdentityError::Refused(Class::Admin | Class::Consent, _)) => return Err(waits(None)),
            Err(error) => return Err(error.into()),
        };
        if !grants_calendars(&scopes) {
            return Err(waits(None));
        }
        let approved = Account { scopes, state: AccountState::Ready, ..account };
        self.store.save_account(&approved)?;
        self.drop_keeper(&approved.id);
        tracing::info!(account = %approved.id, "calendar access was approved");
        Ok(approved)
    }

    /// An account that waited and was approved meanwhile; asked at most hourly, unless a person asks. What stands in the way otherwise is said by its state.
    pub(crate) async fn approved(&self, account: &Account, by_hand: bool) -> Result<Option<Account>, AppError> {
        if account.state != AccountState::WaitingForApproval {
            return Ok(None);
        }
        // A locked keychain is not asked for a prompt that nobody waits for.
        if !by_hand && (!self.is_due(&account.id)? || self.keeper(account).is_locked().await) {
            return Ok(None);
        }
        match self.try_approval(account).await {
            Ok(approved) => Ok(Some(approved)),
            Err(error @ AppError::Store(_)) => Err(error),
            Err(AppError::Identity(error)) => {
                // A sign-in that died meanwhile, or a rule: waiting would not end.
                self.record(account, &error.problem(&account.login), error.claims())?;
                Ok(None)
            }
            Err(error) => {
                tracing::info!(code = error.problem().code.name(), "not approved yet");
                Ok(None)
            }
        }
    }

    /// Asks for every account that waits and is due. Answers with those that are approved now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn try_quietly(&self) -> Result<Vec<Account>, AppError> {
        self.try_waiting(false).await
    }

    /// Asks for every account that waits; for those that are not due only when a person wants it now.
    pub(crate) async fn try_waiting(&self, by_hand: bool) -> Result<Vec<Account>, AppError> {
        let mut approved = Vec::new();
        for account in self.accounts()? {
            approved.extend(self.approved(&account, by_hand).await?);
        }
        Ok(approved)
    }

    /// Remembers that the person consented just now.
    pub(crate) fn note_consent(&self, account: &AccountId) -> Result<(), AppError> {
        self.note_time(&consented(account))
    }

    fn note_time(&self, key: &str) -> Result<(), AppError> {
        Ok(self.store.set_meta(key, &self.now().to_rfc3339())?)
    }

    fn noted_time(&self, key: &str) -> Result<Option<DateTime<Utc>>, AppError> {
        Ok(self.store.meta(key)?.and_then(|text| text.parse().ok()))
    }

    /// Consent that is missing again right after it was given: then it is not the person's to give, and an administrator has to.
    pub(crate) fn refused_again(&self, account: &Account, report: &mut AccountReport, problems: &mut [Problem]) -> Result<(), AppError> {
        let at = self.noted_time(&consented(&account.id))?;
        let is_again = account.kind == AccountKind::Work && at.is_some_and(|at| self.now() - at < CONSENT_COUNTS);
        if report.state != AccountState::NoCalendarAccess || !is_again {
            return Ok(());
        }
        self.wait_for_approval(&account.id)?;
        report.state = AccountState::WaitingForApproval;
        let why = Some("you gave the permission, and it does not count".to_owned());
        let waits = AppError::NeedsApproval { login: account.login.clone(), why }.problem();
        let missing = problems.iter_mut().filter(|problem| problem.code == ProblemCode::CalendarAccessNeeded);
        missing.for_each(|problem| *problem = waits.clone());
        Ok(())
    }

    fn is_due(&self, account: &AccountId) -> Result<bool, AppError> {
        let last = self.noted_time(&tried(account))?;
        Ok(last.is_none_or(|at| self.now() - at >= BETWEEN_TRIES || at > self.now()))
    }

    /// What a sign-in that failed means for an account that is known and asked for calendars.
    pub(crate) fn not_signed_in(&self, error: IdentityError, calendars: bool, known: Option<&AccountId>) -> Result<AppError, AppError> {
        let account = known.map(|id| self.store.account(id)).transpose()?.flatten();
        let is_wall = matches!(&error, IdentityError::Refused(Class::Admin | Class::Consent | Class::Cancelled, _));
        if account.is_none() && calendars && is_wall {
            return Ok(AppError::FirstSignIn { problem: first_without_calendars(error.problem("this account")) });
        }
        let Some(account) = account.filter(|account| calendars && account.kind == AccountKind::Work && !account.has_calendars()) else {
            return Ok(error.into());
        };
        let why = match &error {
            IdentityError::Refused(Class::Admin | Class::Consent, _) => None,
            // The page's way back without consent says no more than "cancelled", and a closed page says nothing.
            IdentityError::Refused(Class::Cancelled, _) => Some("the sign-in page came back without giving access".to_owned()),
            IdentityError::TimedOut => Some("the sign-in page did not come back".to_owned()),
            _ => return Ok(error.into()),
        };
        self.wait_for_approval(&account.id)?;
        // Who is asked knows.
        self.note_told(&account.id, AccountState::WaitingForApproval)?;
        Ok(AppError::NeedsApproval { login: account.login, why })
    }

    /// Whether an administrator was asked for this account and has not answered, whatever came in between.
    pub(crate) fn awaits(&self, account: &Account) -> Result<bool, AppError> {
        let was_asked = self.store.meta(&asked(&account.id))?.is_some();
        Ok(account.state == AccountState::WaitingForApproval || (was_asked && !account.may_write_calendars()))
    }

    fn wait_for_approval(&self, account: &AccountId) -> Result<(), AppError> {
        self.store.set_meta(&asked(account), "1")?;
        Ok(self.store.set_account_state(account, AccountState::WaitingForApproval, None)?)
    }

    async fn askable(&self, account: &Account) -> Result<Account, AppError> {
        if account.kind == AccountKind::Personal {
            return Err(AppError::bad(
                format!("{} is a personal account and has no administrator.", account.login),
                "Allow calendars yourself with `belfry account allow-calendars`.",
            ));
        }
        // What is in the way first: an administrator's consent wakes no dead sign-in.
        if matches!(account.state, AccountState::SignInNeeded | AccountState::Blocked) {
            trouble(account).map_or(Ok(()), Err)?;
        }
        if account.has_calendars() {
            return Err(AppError::bad(format!("{} may use calendars already.", account.login), "There is nothing to approve."));
        }
        self.reachable(account).await
    }
}

/// An account that is not known yet has nobody to ask for it: it is connected first, without calendars, which most organisations allow.
fn first_without_calendars(mut problem: Problem) -> Problem {
    problem.action = "If the page asked for an administrator: `belfry account add` without --calendars connects the account, and `belfry account admin-consent` then has a \
                      message for them. Otherwise start the sign-in again when you like."
        .to_owned();
    problem
}

fn tried(account: &AccountId) -> String {
    format!("approval_tried:{account}")
}

fn asked(account: &AccountId) -> String {
    format!("administrator_asked:{account}")
}

fn consented(account: &AccountId) -> String {
    format!("consented:{account}")
}

fn text(account: &Account, url: &str) -> String {
    format!(
        "Hello,\n\nI would like to use Belfry, an open-source desktop app that keeps my own reminders in my own Outlook calendar. Our organisation asks an \
         administrator to approve its permissions first.\n\nTo approve, open this page as an administrator:\n{url}\n\n(If you open it on another computer, the page \
         that follows may not load. The approval counts all the same.)\n\nWhat it asks for, as delegated permissions: it acts as the signed-in person only, never on \
         its own, and never reaches another mailbox.\n- Calendars.ReadWrite: to write reminders into the person's own calendars\n- User.Read, openid, profile: who \
         signed in\n- offline_access: to stay signed in\n\nApp (client) id: {}\nTenant: {}\nAccount: {}\n\nThank you!\n",
        account.client_id, account.id.tenant, account.login
    )
}

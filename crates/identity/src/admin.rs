//! The way to an administrator: the tenant's consent page, a letter that carries its address, and the page's reply
//! (<https://learn.microsoft.com/entra/identity-platform/v2-admin-consent>).

use std::time::Duration;

use belfry_core::Account;
use oauth2::CsrfToken;
use url::Url;

use crate::error::{IdentityError, Refusal};
use crate::loopback::Loopback;
use crate::sign_in::person_scopes;

/// A request for an administrator's consent. It never signs anybody in: who grants it is not the person whose calendar is kept.
pub struct AdminConsent {
    loopback: Loopback,
    state: CsrfToken,
    url: Url,
}

impl AdminConsent {
    /// Opens the loopback for an administrator who sits at this computer.
    ///
    /// # Errors
    /// No port.
    pub async fn begin(account: &Account) -> Result<Self, IdentityError> {
        let loopback = Loopback::open().await?;
        let state = CsrfToken::new_random();
        let url = address(account, &loopback.redirect_uri(), state.secret())?;
        Ok(Self { loopback, state, url })
    }

    /// Where the administrator's browser has to go.
    #[must_use]
    pub fn url(&self) -> &str {
        self.url.as_str()
    }

    /// Waits for the page's reply. That it says yes is a hint to ask for a token, not a proof: its tenant is never believed.
    ///
    /// # Errors
    /// The administrator said no, or nobody came back.
    pub async fn finish(self, patience: Duration) -> Result<(), IdentityError> {
        let mut reply = self.loopback.wait(self.state.secret(), patience).await?;
        match reply.remove("error") {
            None => Ok(()),
            Some(error) => {
                let refusal = Refusal { error, description: reply.remove("error_description"), ..Refusal::default() };
                Err(IdentityError::of(refusal.logged()))
            }
        }
    }

    /// The address for an administrator at another computer. Their browser ends on a page that does not load; the consent is stored all the same.
    ///
    /// # Errors
    /// The account's authority is no address.
    pub fn address_for_elsewhere(account: &Account) -> Result<String, IdentityError> {
        address(account, "http://localhost", "elsewhere").map(String::from)
    }
}

fn address(account: &Account, redirect_uri: &str, state: &str) -> Result<Url, IdentityError> {
    let unreadable = |_| IdentityError::Unreadable { host: account.cloud.authority.clone() };
    let mut url = Url::parse(&format!("{}/{}/v2.0/adminconsent", account.cloud.authority, account.id.tenant)).map_err(unreadable)?;
    // Bare names mean Graph everywhere; here the permission is named with its host, as the page's documentation does.
    let scopes =
        person_scopes(true).into_iter().map(|scope| if scope.contains('.') { format!("{}/{scope}", account.cloud.graph) } else { scope });
    url.query_pairs_mut()
        .append_pair("client_id", &account.client_id)
        .append_pair("scope", &scopes.collect::<Vec<_>>().join(" "))
        .append_pair("redirect_uri", redirect_uri)
        .append_pair("state", state);
    Ok(url)
}

#[cfg(test)]
mod tests {
    use belfry_core::{AccountKind, AccountState, Cloud};

    use super::*;

    #[test]
    fn the_address_names_the_tenant_and_every_permission() {
        let account = Account {
            id: "public/72f988bf-86f1-41af-91ab-2d7cd011db47/o".parse().expect("an id"),
            login: "ada@contoso.example".into(),
            name: "Ada".into(),
            kind: AccountKind::Work,
            cloud: Cloud::named("public").expect("a cloud"),
            client_id: "11111111-2222-3333-4444-555555555555".into(),
            scopes: vec![],
            state: AccountState::WaitingForApproval,
            claims: None,
            last_good_sync_at: None,
        };
        let address = AdminConsent::address_for_elsewhere(&account).expect("an address");
        assert_eq!(
            address,
            "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0/adminconsent?client_id=11111111-2222-3333-4444-555555555555\
             &scope=openid+profile+offline_access+https%3A%2F%2Fgraph.microsoft.com%2FUser.Read+https%3A%2F%2Fgraph.microsoft.com%2FCalendars.ReadWrite\
             &redirect_uri=http%3A%2F%2Flocalhost&state=elsewhere"
        );
    }
}

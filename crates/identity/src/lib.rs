//! Microsoft identity platform: authority, sign-in, loopback, tokens, keychain.

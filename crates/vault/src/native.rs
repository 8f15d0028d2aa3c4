//! The keychain of each operating system.

use std::sync::Arc;

use keyring_core::CredentialStore;

/// Opens the system's keychain; on Linux the Secret Service over D-Bus.
#[cfg(target_os = "linux")]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = zbus_secret_service_keyring_store::Store::new()?;
    Ok(store)
}

/// Opens the system's keychain: the login keychain.
#[cfg(target_os = "macos")]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = apple_native_keyring_store::keychain::Store::new()?;
    Ok(store)
}

/// Opens the system's keychain: the Credential Manager.
#[cfg(target_os = "windows")]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    let store: Arc<CredentialStore> = windows_native_keyring_store::Store::new()?;
    Ok(store)
}

/// This system has no keychain that Isthmus knows.
#[cfg(not(any(target_os = "linux", target_os = "macos", target_os = "windows")))]
pub(crate) fn open() -> keyring_core::Result<Arc<CredentialStore>> {
    Err(keyring_core::Error::NotSupportedByStore("this operating system has none".to_owned()))
}

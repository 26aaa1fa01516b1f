//! Offline Microsoft: identity platform, Graph calendar, scripted faults. Shares no code with the client.

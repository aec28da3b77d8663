package io.flotilla.identity.issue;

import io.flotilla.identity.ServiceAccount;

/**
 * Who asks, as its credentials prove it.
 *
 * @param account the service account
 * @param by      what proved it, for the audit line: "token of pod NAME", "certificate SERIAL"
 */
public record Caller(ServiceAccount account, String by) {}

package io.flotilla.identity.csr;

import java.security.PublicKey;

/**
 * What is taken from a request: its public key, proved to be held by the sender. Names, extensions and usages that it
 * asks for are not even read: they come from the caller and the policy.
 *
 * @param publicKey EC on P-256, P-384 or P-521, or RSA of 2048 to 8192 bits
 */
public record CertificateRequest(PublicKey publicKey) {}

package io.flotilla.identity.csr;

/**
 * What a request's extensions ask for, as far as it matters.
 *
 * @param names     alternative names
 * @param authority why it asks to be an authority, empty where it does not
 */
record Wishes(CertificateRequest.AskedNames names, String authority) {
    static final Wishes NONE = new Wishes(CertificateRequest.AskedNames.NONE, "");
}

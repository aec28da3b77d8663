package io.flotilla.identity.csr;

/** A request as read, or why it is refused. */
public sealed interface CsrOutcome {
    record Read(CertificateRequest request) implements CsrOutcome {}

    record Refused(Reason reason, String message) implements CsrOutcome {}

    /** Why a request is refused. */
    enum Reason {
        /** Larger than {@link CsrReader#MAX_PEM_CHARS}. */
        TOO_LARGE,
        /** Not one PEM block with one PKCS#10 request. */
        MALFORMED,
        /** Another kind of key, another curve, too few or too many bits. */
        KEY_NOT_ALLOWED,
        /** SHA-1, MD5, or a signature of another kind than the key. */
        SIGNATURE_NOT_ALLOWED,
        /** The signature is not by the key: the sender does not prove that it holds it. */
        NO_PROOF,
        /** It asks for a certificate that may sign others, or revocation lists. */
        AUTHORITY_ASKED
    }
}

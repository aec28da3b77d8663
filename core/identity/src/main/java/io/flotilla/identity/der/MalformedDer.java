package io.flotilla.identity.der;

/** Bytes that are not the DER that was asked for. Callers turn it into a value at their edge. */
public final class MalformedDer extends Exception {
    private static final long serialVersionUID = 1L;

    public MalformedDer(String message) {
        super(message);
    }
}

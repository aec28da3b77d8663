package io.flotilla.citadel.backend;

import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Trust;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;

/** Who signs. What is signed is decided before, and checked after; a backend only carries it out. */
public interface Backend extends AutoCloseable {
    /** Whom peers must believe, and until when this backend can sign, as of now. */
    Trust trust();

    /** Signs, and takes as long as that takes. */
    Answer sign(Order order);

    /** Whether the key is in this process, so that nobody else's signature needs to be verified. */
    default boolean signsHere() {
        return false;
    }

    /** For messages: "root in FOLDER". */
    String describe();

    @Override
    default void close() {}

    /**
     * What is to be signed.
     *
     * @param template what the certificate must say
     * @param csr      a PKCS#10 request with the same key and the same names, in PEM, for those who need one; asked for
     *                 at most once
     */
    record Order(CertificateTemplate template, Supplier<Csr> csr) {}

    /** A request to send on, or why there is none. */
    sealed interface Csr {
        record Good(String pem) implements Csr {}

        record Unfit(String message) implements Csr {}
    }

    /** What came of it. */
    sealed interface Answer {
        /**
         * Signed.
         *
         * @param leaf          the certificate
         * @param issuer        whose signature it bears
         * @param intermediates what peers need beside it, from its issuer up, without the root
         */
        record Signed(X509Certificate leaf, X509Certificate issuer, List<X509Certificate> intermediates)
                implements Answer {
            public Signed {
                intermediates = List.copyOf(intermediates);
            }
        }

        /** No, and asking again will not help. */
        record Denied(String message) implements Answer {}

        /** Not now: whoever signs is away or slow. */
        record Unavailable(String message) implements Answer {}
    }
}

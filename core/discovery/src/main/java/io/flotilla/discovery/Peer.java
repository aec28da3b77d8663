package io.flotilla.discovery;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * What the connection tells of who is calling.
 *
 * @param secured       whether it is by TLS
 * @param uris          URI names of the verified certificate; empty on plaintext, and where the peer showed none
 * @param authorization the header as sent, empty where there is none
 * @param remote        the address, for messages
 */
public record Peer(boolean secured, List<String> uris, String authorization, String remote) {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final int URI_NAME = 6;

    public Peer {
        uris = List.copyOf(uris);
    }

    /** Of a call. */
    public static Peer of(Attributes attributes, Metadata headers) {
        SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        return new Peer(
                session != null,
                session == null ? List.of() : uris(session),
                Objects.requireNonNullElse(headers.get(AUTHORIZATION), ""),
                String.valueOf(attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)));
    }

    /** Whom it is, as far as the connection alone tells: its identity, else its machine. */
    public String source() {
        int port = remote.lastIndexOf(':');
        return uris.isEmpty() ? remote.substring(0, port < 0 ? remote.length() : port) : uris.getFirst();
    }

    private static List<String> uris(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            if (chain.length == 0 || !(chain[0] instanceof X509Certificate leaf)) {
                return List.of();
            }
            Collection<List<?>> names = leaf.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Integer.valueOf(URI_NAME).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)))
                            .toList();
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return List.of();
        }
    }
}

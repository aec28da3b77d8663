package io.flotilla.envoy.workbench;

import io.flotilla.identity.KeyForms;
import io.flotilla.identity.TrustDomain;
import io.flotilla.identity.authority.Authority;
import io.flotilla.identity.authority.CertificateTemplate;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.authority.CrlBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The CA of a test and what it signs. */
public final class Keys {
    private static final SecureRandom RANDOM = new SecureRandom();
    // Of a name in a certificate: RFC 5280, GeneralName.
    private static final int URI = 6;
    private static final char[] PASSWORD = "changeit".toCharArray();

    private static final String CLIENT = "spiffe://cluster.local/ns/default/sa/client";

    private final Map<String, SSLContext> servers = new ConcurrentHashMap<>();
    private final Map<String, SSLContext> clients = new ConcurrentHashMap<>();
    private final Authority authority =
            Authority.selfSigned(new TrustDomain("cluster.local"), Instant.now(), Duration.ofDays(1), RANDOM);

    private final Set<BigInteger> taken = new TreeSet<>();
    private final Map<String, Keys> others = new TreeMap<>();

    /** A certificate and its key. */
    public record Pair(X509Certificate certificate, KeyPair keys) {
        public String certificatePem() {
            return Certificates.pem(List.of(certificate));
        }

        public String keyPem() {
            return KeyForms.privatePem(keys.getPrivate());
        }
    }

    public String rootPem() {
        return authority.certificatePem();
    }

    /** Believes another CA for a trust domain of its own. */
    public Keys believing(String domain, Keys other) {
        others.put(domain, other);
        return this;
    }

    /** Trust domains with their roots, in PEM. */
    Map<String, String> others() {
        Map<String, String> roots = new TreeMap<>();
        others.forEach((domain, keys) -> roots.put(domain, keys.rootPem()));
        return roots;
    }

    /** Lists of what was taken back, in PEM; empty for none. */
    public String lists() {
        return taken.isEmpty()
                ? ""
                : CrlBuilder.build(authority, List.copyOf(taken), BigInteger.ONE, Instant.now(), RANDOM);
    }

    /** Takes a certificate back, for proxies that start after this. */
    public void takeBack(Pair pair) {
        taken.add(pair.certificate().getSerialNumber());
    }

    /** A certificate for these names, good now. */
    public Pair issue(List<String> uris, List<String> dnsNames) {
        Instant now = Instant.now();
        return issue(uris, dnsNames, new CertificateTemplate.Validity(now.minusSeconds(60), now.plusSeconds(3_600)));
    }

    /** A certificate for these names and times. */
    public Pair issue(List<String> uris, List<String> dnsNames, CertificateTemplate.Validity validity) {
        KeyPair pair = KeyForms.generate(RANDOM);
        X509Certificate certificate = authority.sign(
                new CertificateTemplate(
                        Certificates.serial(RANDOM),
                        CertificateTemplate.Subject.NONE,
                        uris,
                        dnsNames,
                        validity,
                        new CertificateTemplate.Holder(pair.getPublic(), false)),
                RANDOM);
        return new Pair(certificate, pair);
    }

    /** TLS with a certificate, trusting this CA. */
    public SSLContext context(Pair pair) {
        try {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, PASSWORD);
            own.setKeyEntry("own", pair.keys().getPrivate(), PASSWORD, new X509Certificate[] {
                pair.certificate(), authority.certificate()
            });
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, PASSWORD);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), trust().getTrustManagers(), RANDOM);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** TLS of an application, for the part of a connection that was read; it takes the first protocol that is HTTP/1. */
    SSLSocket server(Socket socket, InputStream consumed, String spiffe) throws IOException {
        SSLContext own = servers.computeIfAbsent(
                spiffe, id -> context(issue(List.of(id), List.of("*.example.com", "localhost"))));
        SSLSocket tls = (SSLSocket) own.getSocketFactory().createSocket(socket, consumed, true);
        tls.setUseClientMode(false);
        tls.setWantClientAuth(true);
        tls.setHandshakeApplicationProtocolSelector((any, offered) -> offered.stream()
                .filter(protocol -> protocol.endsWith("http/1.1"))
                .findFirst()
                .orElse(offered.isEmpty() ? "" : offered.getFirst()));
        return tls;
    }

    /** What a client showed. */
    static App.Tls shown(SSLSocket tls) {
        String name = ((ExtendedSSLSession) tls.getSession())
                .getRequestedServerNames().stream()
                        .map(each -> new String(each.getEncoded(), StandardCharsets.US_ASCII))
                        .findFirst()
                        .orElse("");
        try {
            X509Certificate peer = (X509Certificate) tls.getSession().getPeerCertificates()[0];
            Collection<List<?>> names = peer.getSubjectAlternativeNames();
            String uri = names == null
                    ? ""
                    : names.stream()
                            .filter(each -> Integer.valueOf(URI).equals(each.get(0)))
                            .map(each -> String.valueOf(each.get(1)))
                            .findFirst()
                            .orElse("");
            return new App.Tls(name, uri);
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            // It showed no certificate.
            return new App.Tls(name, "");
        }
    }

    /** Starts TLS of an application on a connection, with a server's name. */
    public SSLSocket client(Socket socket, String sni) throws IOException {
        return client(socket, sni, client(CLIENT), List.of());
    }

    /** Starts TLS on a connection as the holder of a certificate, offering protocols. */
    public SSLSocket client(Socket socket, String sni, Pair pair, List<String> alpn) throws IOException {
        return client(socket, sni, context(pair), alpn);
    }

    /** TLS of the member of the mesh that has this SPIFFE identity. */
    SSLContext client(String spiffe) {
        return clients.computeIfAbsent(spiffe, id -> context(issue(List.of(id), List.of())));
    }

    /** TLS that shows nothing, but trusts this CA. */
    SSLContext anonymous() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust().getTrustManagers(), RANDOM);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private TrustManagerFactory trust() throws GeneralSecurityException, IOException {
        KeyStore roots = KeyStore.getInstance("PKCS12");
        roots.load(null, PASSWORD);
        roots.setCertificateEntry("root", authority.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(roots);
        return trust;
    }

    /** Starts TLS on a connection, with a server's name unless that is empty. */
    public static SSLSocket client(Socket socket, String sni, SSLContext context, List<String> alpn)
            throws IOException {
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, sni, socket.getPort(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setServerNames(sni.isEmpty() ? List.of() : List.of(new SNIHostName(sni)));
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }
}

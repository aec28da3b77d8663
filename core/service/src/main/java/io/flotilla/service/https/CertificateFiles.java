package io.flotilla.service.https;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain and its key in two PEM files that can be replaced at any time, one after the other. What cannot be
 * read leaves the pair before in use.
 */
public final class CertificateFiles {
    private final Path chain;
    private final Path key;
    private final Vertx vertx;
    private final ShownKeyPair shown = new ShownKeyPair();
    private byte @Nullable [] read;

    public CertificateFiles(Path chain, Path key, Vertx vertx) {
        this.chain = chain;
        this.key = key;
        this.vertx = vertx;
    }

    /** Shows the pair that was read last, at each handshake. */
    public X509KeyManager keyManager() {
        return shown;
    }

    /** Reads the files again; whether they held something new. */
    public synchronized boolean reload() throws IOException {
        byte[] chainPem = Files.readAllBytes(chain);
        byte[] keyPem = Files.readAllBytes(key);
        byte[] both = Arrays.copyOf(chainPem, chainPem.length + keyPem.length);
        System.arraycopy(keyPem, 0, both, chainPem.length, keyPem.length);
        if (Arrays.equals(both, read)) {
            return false;
        }
        read = both;
        PemKeyCertOptions pair =
                new PemKeyCertOptions().addCertValue(Buffer.buffer(chainPem)).addKeyValue(Buffer.buffer(keyPem));
        try {
            shown.show(pair.getKeyManagerFactory(vertx));
        } catch (Exception e) {
            throw new IOException(chain + " and " + key + " are no certificate and its key: " + e.getMessage(), e);
        }
        return true;
    }
}

package io.flotilla.e2e.kube;

import io.flotilla.e2e.mesh.Command;
import io.flotilla.identity.Pem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A certificate authority of a test, and the certificates of servers on 127.0.0.1; made by the JDK's keytool. */
public final class Pki {
    private static final String PASSWORD = "changeit";
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path folder;
    private final Path store;

    private Pki(Path folder) {
        this.folder = folder;
        this.store = folder.resolve("keys.p12");
    }

    /** Makes an authority in a folder: ca.crt. */
    public static Pki create(Path folder) {
        try {
            Files.createDirectories(folder);
            Pki pki = new Pki(folder);
            pki.keytool(
                    "-genkeypair",
                    "-alias",
                    "ca",
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=test-ca",
                    "-ext",
                    "bc:c");
            Files.writeString(pki.authority(), pki.certificate("ca"));
            return pki;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path authority() {
        return folder.resolve("ca.crt");
    }

    /** The authority's certificate in PEM: a caBundle. */
    public String authorityPem() {
        try {
            return Files.readString(authority());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes NAME.crt (the chain) and NAME.key (PKCS#8) for a server on 127.0.0.1 under these DNS names. */
    public Pki server(String name, String... dnsNames) {
        StringBuilder names = new StringBuilder("san=ip:127.0.0.1,dns:localhost");
        for (String dnsName : dnsNames) {
            names.append(",dns:").append(dnsName);
        }
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-signer",
                "ca",
                "-ext",
                names.toString());
        try {
            Files.writeString(folder.resolve(name + ".crt"), certificate(name) + certificate("ca"));
            Files.writeString(folder.resolve(name + ".key"), privateKey(name));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes NAME.key, an RSA key without certificate: service account tokens are signed by it. */
    Pki tokenKey(String name) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
            Files.writeString(folder.resolve(name + ".key"), Pem.encode("PRIVATE KEY", key));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void keytool(String... arguments) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(List.of(arguments));
        line.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
        line.addAll(List.of("-storepass", PASSWORD, "-validity", "30"));
        Command.run(folder, Map.of(), LIMIT, line).orFail();
    }

    private KeyStore keys() throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private String certificate(String alias) throws IOException {
        try {
            return Pem.encode("CERTIFICATE", keys().getCertificate(alias).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private String privateKey(String alias) throws IOException {
        try {
            return Pem.encode(
                    "PRIVATE KEY", keys().getKey(alias, PASSWORD.toCharArray()).getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}

package io.flotilla.envoy.mesh;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;

/** A certificate, its key, and a revocation list, as the files that configuration of tests names. */
public final class KeyFiles {
    private static final String PASSWORD = "changeit";

    private KeyFiles() {}

    /** Writes them under every name that is in use: certificates, keys ("k.pem", "ak.pem"...), "crl.pem". */
    public static Path make(Path folder) throws IOException, InterruptedException {
        Path store = folder.resolve("store.p12");
        keytool(
                store,
                List.of("-genkeypair", "-alias", "a", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=test"),
                List.of("-ext", "bc=ca:true"));
        keytool(
                store,
                List.of("-gencrl", "-alias", "a", "-id", "1", "-rfc"),
                List.of("-file", folder.resolve("crl.pem").toString()));
        try (InputStream bytes = Files.newInputStream(store)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(bytes, PASSWORD.toCharArray());
            String certificate = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
            String key =
                    pem("PRIVATE KEY", keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
            for (String name : List.of("c", "s", "a", "b", "ca")) {
                Files.writeString(folder.resolve(name + ".pem"), certificate);
            }
            for (String name : List.of("k", "ak", "bk")) {
                Files.writeString(folder.resolve(name + ".pem"), key);
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return folder;
    }

    private static String pem(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }

    private static void keytool(Path store, List<String> command, List<String> more)
            throws IOException, InterruptedException {
        List<String> line = new java.util.ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        line.addAll(command);
        line.addAll(more);
        line.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process =
                new ProcessBuilder(line).redirectErrorStream(true).inheritIO().start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + line);
        }
    }
}

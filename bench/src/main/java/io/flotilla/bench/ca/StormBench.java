package io.flotilla.bench.ca;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.csr.CsrBuilder;
import io.flotilla.identity.token.LocalTokenIssuer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Many callers at once ask a running Citadel for certificates, each by its own token, over few connections. Requests
 * and tokens are made before the clock runs, and each answer is looked at when it has stopped: the certificate is for
 * its caller and its key, and signed by the root.
 */
public final class StormBench {
    private static final int ROUNDS = 3;

    private StormBench() {}

    /**
     * The folder with issuer.pem (made where it is missing, with jwks.json for Citadel) and root-cert.pem, the port,
     * how many, and Citadel's process id, where its processor time is wanted.
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        AmazonCorrettoCryptoProvider.install();
        Path folder = Path.of(args[0]);
        LocalTokenIssuer issuer = issuer(folder);
        if (args.length < 2) {
            return;
        }
        int count = args.length > 2 ? Integer.parseInt(args[2]) : 10_000;
        Optional<ProcessTime> citadel = args.length > 3 ? Optional.of(new ProcessTime(args[3])) : Optional.empty();
        X509Certificate root = Certificates.parse(Files.readString(folder.resolve("root-cert.pem")))
                .orElseThrow()
                .getFirst();
        KeyPair pair = KeyForms.generate(new SecureRandom());
        List<StormClient.Request> requests = requests(issuer, pair, count);
        try (StormClient client = new StormClient(Integer.parseInt(args[1]), root)) {
            for (int round = 0; round < ROUNDS; round++) {
                storm(client, requests, citadel);
                System.out.printf(
                        "%d answers are the certificates that were asked for%n",
                        new StormAnswers(root, pair.getPublic()).good(client.answers()));
            }
        }
    }

    private static void storm(StormClient client, List<StormClient.Request> requests, Optional<ProcessTime> citadel)
            throws IOException, InterruptedException {
        ProcessTime own = new ProcessTime("self");
        ProcessTime.Spent ownBefore = own.now();
        ProcessTime.Spent before = citadel.isPresent() ? citadel.get().now() : ProcessTime.Spent.NOTHING;
        long begin = System.nanoTime();
        long errors = client.ask(requests);
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "%d certificates in %.2f s, %d errors; processor time of the client %s%n",
                requests.size(), seconds, errors, own.now().since(ownBefore));
        if (citadel.isPresent()) {
            System.out.printf(
                    "processor time of Citadel %s%n", citadel.get().now().since(before));
        }
    }

    private static LocalTokenIssuer issuer(Path folder) throws IOException {
        Path file = folder.resolve("issuer.pem");
        if (!Files.exists(file)) {
            LocalTokenIssuer made = LocalTokenIssuer.create(new SecureRandom());
            Files.writeString(file, made.pem());
            Files.writeString(folder.resolve("jwks.json"), made.jwks());
        }
        return LocalTokenIssuer.parse(Files.readString(file)).orElseThrow();
    }

    private static List<StormClient.Request> requests(LocalTokenIssuer issuer, KeyPair pair, int count) {
        SecureRandom random = new SecureRandom();
        List<StormClient.Request> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            LocalTokenIssuer.TokenRequest token = new LocalTokenIssuer.TokenRequest(
                    new ServiceAccount("default", StormAnswers.account(i)),
                    Optional.empty(),
                    "istio-ca",
                    Duration.ofHours(1));
            all.add(StormClient.Request.of(
                    CsrBuilder.build(pair, List.of(), List.of(), random), issuer.mint(token, Instant.now(), random)));
        }
        return all;
    }
}

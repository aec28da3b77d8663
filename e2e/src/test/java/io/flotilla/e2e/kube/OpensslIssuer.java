package io.flotilla.e2e.kube;

import io.flotilla.e2e.mesh.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What cert-manager does with a CertificateRequest, or a signer of the Kubernetes CSR API with an approved
 * CertificateSigningRequest, by kubectl and openssl, which know nothing of us: an authority of its own that signs what
 * is asked for.
 */
public final class OpensslIssuer implements AutoCloseable {
    private static final Duration COMMAND = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 300;
    private static final String KIND = """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: certificaterequests.cert-manager.io}
            spec:
              group: cert-manager.io
              scope: Namespaced
              names: {kind: CertificateRequest, plural: certificaterequests, singular: certificaterequest}
              versions:
                - name: v1
                  served: true
                  storage: true
                  subresources: {status: {}}
                  schema:
                    openAPIV3Schema:
                      type: object
                      properties:
                        spec:
                          type: object
                          required: [issuerRef, request]
                          properties:
                            request: {type: string, format: byte}
                            duration: {type: string}
                            isCA: {type: boolean}
                            usages: {type: array, items: {type: string}}
                            issuerRef:
                              type: object
                              required: [name]
                              properties: {name: {type: string}, kind: {type: string}, group: {type: string}}
                        status:
                          type: object
                          x-kubernetes-preserve-unknown-fields: true
            """;

    private final Path folder;
    private final ApiServer api;
    private final Requests requests;
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
    private @Nullable Future<?> repeating;

    /**
     * What is signed.
     *
     * @param kind for kubectl
     * @param rows of a jsonpath: namespace, name, whether it is approved ("True"), request, certificate
     */
    private record Requests(String kind, String rows) {
        private static final String BEGIN = "jsonpath={range .items[";
        private static final String END = " {.spec.request} {.status.certificate}{\"\\n\"}{end}";

        static final Requests OF_CERT_MANAGER =
                new Requests("certificaterequest", BEGIN + "*]}{.metadata.namespace} {.metadata.name} True" + END);

        /** Of a signer; the objects have no namespace. */
        static Requests of(String signer) {
            return new Requests(
                    "certificatesigningrequest",
                    BEGIN + "?(@.spec.signerName==\"" + signer + "\")]}default {.metadata.name}"
                            + " {.status.conditions[?(@.type==\"Approved\")].status}" + END);
        }
    }

    private OpensslIssuer(Path folder, ApiServer api, Requests requests) {
        this.folder = folder;
        this.api = api;
        this.requests = requests;
    }

    /** Installs cert-manager's kind, makes an authority and signs from now on. */
    public static OpensslIssuer certManager(Path folder, ApiServer api) {
        api.applyOrFail(KIND);
        api.kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=60s")
                .orFail();
        return new OpensslIssuer(folder, api, Requests.OF_CERT_MANAGER).begin();
    }

    /** Makes an authority and signs what is approved for this signer from now on. */
    public static OpensslIssuer kubernetesSigner(Path folder, ApiServer api, String signer) {
        return new OpensslIssuer(folder, api, Requests.of(signer)).begin();
    }

    private OpensslIssuer begin() {
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -keyout corporate.key"
                + " -out corporate.pem -subj /O=corporate -addext keyUsage=critical,keyCertSign,cRLSign");
        write("corporate.ext", "keyUsage=critical,digitalSignature\n");
        repeating = loop.scheduleWithFixedDelay(this::signAll, 0, LOOK_MILLIS, TimeUnit.MILLISECONDS);
        return this;
    }

    /** The root of all that it signs. */
    public Path root() {
        return folder.resolve("corporate.pem");
    }

    private void signAll() {
        Command found = api.kubectl("get", requests.kind(), "--all-namespaces", "-o", requests.rows());
        found.out()
                .lines()
                .map(line -> line.split(" ", -1))
                .filter(row -> row.length == 5 && row[2].equals("True") && row[4].isEmpty())
                .forEach(row -> sign(row[0], row[1], row[3]));
    }

    private void sign(String namespace, String name, String request) {
        write("corporate.csr", new String(Base64.getDecoder().decode(request), StandardCharsets.US_ASCII));
        openssl("x509 -req -in corporate.csr -CA corporate.pem -CAkey corporate.key -days 1 -copy_extensions copyall"
                + " -extfile corporate.ext -out signed.pem");
        String certificate = Base64.getEncoder().encodeToString(read("signed.pem"));
        api.kubectl(
                "patch",
                requests.kind(),
                name,
                "-n",
                namespace,
                "--subresource=status",
                "--type=merge",
                "-p",
                "{\"status\": {\"certificate\": \"" + certificate + "\"}}");
    }

    /** Whether openssl accepts a chain under the root. */
    public boolean accepts(String chainPem) {
        write("shown.pem", chainPem);
        return Command.run(
                                folder,
                                Map.of(),
                                COMMAND,
                                List.of("openssl", "verify", "-CAfile", "corporate.pem", "shown.pem"))
                        .exit()
                == 0;
    }

    private void openssl(String command) {
        Command.run(folder, Map.of(), COMMAND, List.of(("openssl " + command).split(" ")))
                .orFail();
    }

    private void write(String name, String text) {
        try {
            Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] read(String name) {
        try {
            return Files.readAllBytes(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (repeating != null) {
            repeating.cancel(true);
        }
        loop.shutdownNow();
    }
}

package io.flotilla.citadel.kubernetes;

import com.google.protobuf.Struct;
import io.flotilla.citadel.kubernetes.KubernetesApi.Answer;
import io.flotilla.citadel.sign.Signer;
import io.flotilla.identity.KeyForms;
import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.authority.Certificates;
import io.flotilla.identity.delivery.KeyAndCertificate;
import io.flotilla.identity.issue.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The classic delivery: a Secret istio.ACCOUNT of type istio.io/key-and-cert beside each service account, for pods that
 * mount it. Each pass looks at all of them and writes only what is missing, due or wrong; what belongs to no account is
 * removed.
 */
public final class AccountSecrets {
    static final String TYPE = "istio.io/key-and-cert";
    static final String ACCOUNT = "istio.io/service-account.name";
    private static final String PREFIX = "istio.";
    private static final String CHAIN = "cert-chain.pem";
    private static final String KEY = "key.pem";
    private static final String ROOTS = "root-cert.pem";

    private final KubernetesApi api;
    private final List<String> namespaces;
    private final Signer signer;
    private final Clock clock;
    private final Consumer<Event> count;
    private final Set<ServiceAccount> had = new HashSet<>();

    /** What is counted (citadel_secret_controller_*). */
    public enum Event {
        /** A service account got its first secret. */
        ACCOUNT_CREATED,
        /** A secret went with its service account. */
        ACCOUNT_DELETED,
        /** Somebody removed a secret, and it was made again. */
        SECRET_DELETED,
        /** Nothing was signed. */
        NOT_SIGNED
    }

    /**
     * For these namespaces.
     *
     * @param namespaces names, or "*" alone for all
     */
    public AccountSecrets(
            KubernetesApi api, List<String> namespaces, Signer signer, Clock clock, Consumer<Event> count) {
        this.api = api;
        this.namespaces = List.copyOf(namespaces);
        this.signer = signer;
        this.clock = clock;
        this.count = count;
    }

    /** A Secret of ours as it stands. */
    private record Found(String version, KeyAndCertificate files) {}

    /**
     * One pass.
     *
     * @return what could not be done, by account; empty where all is well
     */
    public List<String> publish() throws IOException {
        List<String> problems = new ArrayList<>();
        for (String root : roots()) {
            // Secrets before accounts: an account that is made in between is not taken for one that went.
            Map<ServiceAccount, Found> secrets = secrets(root);
            Set<ServiceAccount> accounts = accounts(root);
            for (ServiceAccount account : accounts) {
                keep(account, Optional.ofNullable(secrets.remove(account)))
                        .ifPresent(problem -> problems.add(account + ": " + problem));
            }
            for (ServiceAccount gone : secrets.keySet()) {
                remove(gone).ifPresent(problem -> problems.add(gone + ": " + problem));
            }
        }
        return List.copyOf(problems);
    }

    private List<String> roots() {
        return namespaces.equals(List.of("*"))
                ? List.of("/api/v1")
                : namespaces.stream().map(name -> "/api/v1/namespaces/" + name).toList();
    }

    private Map<ServiceAccount, Found> secrets(String root) throws IOException {
        Map<ServiceAccount, Found> all = new TreeMap<>();
        for (Struct secret : api.list(root + "/secrets", "fieldSelector=type%3D" + TYPE.replace("/", "%2F"))) {
            String name = Json.textAt(secret, "metadata", "name");
            // Only what says whose it is, as we write it: nobody else's secret is changed or removed.
            String owner = Json.textAt(secret, "metadata", "annotations", ACCOUNT);
            if (Json.textAt(secret, "type").equals(TYPE) && name.equals(PREFIX + owner)) {
                ServiceAccount.parse(Json.textAt(secret, "metadata", "namespace"), owner)
                        .ifPresent(account -> all.put(account, found(secret)));
            }
        }
        return all;
    }

    private static Found found(Struct secret) {
        return new Found(
                Json.textAt(secret, "metadata", "resourceVersion"),
                new KeyAndCertificate(text(secret, CHAIN), text(secret, KEY), text(secret, ROOTS)));
    }

    private static String text(Struct secret, String file) {
        return Json.decoded(Json.textAt(secret, "data", file));
    }

    private Set<ServiceAccount> accounts(String root) throws IOException {
        Set<ServiceAccount> all = new TreeSet<>();
        for (Struct account : api.list(root + "/serviceaccounts", "")) {
            if (Json.textAt(account, "metadata", "deletionTimestamp").isEmpty()) {
                ServiceAccount.parse(
                                Json.textAt(account, "metadata", "namespace"), Json.textAt(account, "metadata", "name"))
                        .ifPresent(all::add);
            }
        }
        return all;
    }

    private Optional<String> keep(ServiceAccount account, Optional<Found> found) throws IOException {
        Caller caller = new Caller(account, "classic delivery");
        boolean due = found.map(secret -> secret.files()
                        .problem(signer.id(caller), signer.trust(), clock.instant())
                        .isPresent())
                .orElse(true);
        if (!due) {
            had.add(account);
            return Optional.empty();
        }
        if (found.isEmpty()) {
            Optional<Optional<String>> taken = taken(account);
            if (taken.isPresent()) {
                // Nothing is signed for a place that is not ours.
                return taken.get();
            }
        }
        KeyPair pair = signer.keyPair();
        if (!(signer.sign(caller, pair, found.isPresent()) instanceof Signer.Outcome.Issued issued)) {
            count.accept(Event.NOT_SIGNED);
            return Optional.of("nothing was signed; citadel.audit says why");
        }
        Struct data = Json.texts(Map.of(
                CHAIN, encoded(Certificates.pem(issued.chain())),
                KEY, encoded(KeyForms.privatePem(pair.getPrivate())),
                ROOTS, encoded(Certificates.pem(issued.roots()))));
        return found.isPresent() ? replace(account, found.get(), data) : create(account, data);
    }

    private Optional<String> create(ServiceAccount account, Struct data) throws IOException {
        String collection = "/api/v1/namespaces/" + account.namespace() + "/secrets";
        Struct metadata = Json.metadata(PREFIX + account.name(), Map.of()).toBuilder()
                .putFields("annotations", Json.object(Json.texts(Map.of(ACCOUNT, account.name()))))
                .build();
        Answer made = api.create(
                collection,
                Struct.newBuilder()
                        .putFields("apiVersion", Json.text("v1"))
                        .putFields("kind", Json.text("Secret"))
                        .putFields("type", Json.text(TYPE))
                        .putFields("metadata", Json.object(metadata))
                        .putFields("data", Json.object(data))
                        .build());
        if (made.done()) {
            count.accept(had.add(account) ? Event.ACCOUNT_CREATED : Event.SECRET_DELETED);
            return Optional.empty();
        }
        // Whoever was faster is looked at in the next pass.
        return made.conflict() ? Optional.empty() : Optional.of(made.reason());
    }

    /** Whether a secret stands where one is to be made; then what is wrong with it, nothing where it is ours. */
    private Optional<Optional<String>> taken(ServiceAccount account) throws IOException {
        Answer there = api.get(path(account));
        if (there.missing()) {
            return Optional.empty();
        }
        if (!there.done()) {
            return Optional.of(Optional.of(there.reason()));
        }
        String name = "secret " + PREFIX + account.name();
        String type = Json.textAt(there.body(), "type");
        if (!type.equals(TYPE)) {
            return Optional.of(Optional.of(name + " is of type " + type + "; remove it"));
        }
        String owner = Json.textAt(there.body(), "metadata", "annotations", ACCOUNT);
        return Optional.of(
                owner.equals(account.name())
                        ? Optional.empty()
                        : Optional.of(name + " is somebody else's, since it has no annotation " + ACCOUNT + ": "
                                + account.name() + "; remove it"));
    }

    private Optional<String> replace(ServiceAccount account, Found found, Struct data) throws IOException {
        Struct version = Json.texts(Map.of("resourceVersion", found.version()));
        Answer answer = api.patch(
                path(account),
                Struct.newBuilder()
                        .putFields("metadata", Json.object(version))
                        .putFields("data", Json.object(data))
                        .build());
        had.add(account);
        return answer.done() || answer.conflict() || answer.missing() ? Optional.empty() : Optional.of(answer.reason());
    }

    private Optional<String> remove(ServiceAccount account) throws IOException {
        Answer answer = api.delete(path(account));
        had.remove(account);
        if (answer.done()) {
            count.accept(Event.ACCOUNT_DELETED);
        }
        return answer.done() || answer.missing() ? Optional.empty() : Optional.of(answer.reason());
    }

    private static String path(ServiceAccount account) {
        return "/api/v1/namespaces/" + account.namespace() + "/secrets/" + PREFIX + account.name();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}

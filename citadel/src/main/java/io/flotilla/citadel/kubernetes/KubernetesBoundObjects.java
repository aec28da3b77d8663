package io.flotilla.citadel.kubernetes;

import io.flotilla.identity.ServiceAccount;
import io.flotilla.identity.token.ServiceAccountToken;
import io.flotilla.service.caller.BoundObjects;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Asks the API server for the pod and the service account of a token, by UID; an answer counts for ten seconds. */
public final class KubernetesBoundObjects implements BoundObjects {
    private static final Duration COUNTS = Duration.ofSeconds(10);
    private static final int MOST = 4096;

    private final KubernetesApi api;
    private final Clock clock;
    private final Map<String, Instant> here = new LinkedHashMap<>();

    public KubernetesBoundObjects(KubernetesApi api, Clock clock) {
        this.api = api;
        this.clock = clock;
    }

    @Override
    public Presence presence(ServiceAccountToken token) {
        ServiceAccount account = token.account();
        String namespace = "/api/v1/namespaces/" + account.namespace();
        Optional<Presence> missing = token.bound().accountUid().isEmpty()
                ? Optional.empty()
                : missing(
                        namespace + "/serviceaccounts/" + account.name(),
                        token.bound().accountUid());
        return missing.or(() -> token.pod()
                        .flatMap(pod -> ServiceAccount.parse(account.namespace(), pod.name())
                                .<Optional<Presence>>map(
                                        valid -> missing(namespace + "/pods/" + valid.name(), pod.uid()))
                                .orElseGet(() -> Optional.of(new Presence.Gone("its pod has no proper name")))))
                .orElseGet(Presence.Here::new);
    }

    /** Empty where an object of that UID is there. */
    private Optional<Presence> missing(String path, String uid) {
        String key = path + " " + uid;
        if (wasHere(key)) {
            return Optional.empty();
        }
        try {
            KubernetesApi.Answer answer = api.get(path);
            if (answer.missing()) {
                return Optional.of(new Presence.Gone(path + " is gone"));
            }
            if (!answer.done()) {
                return Optional.of(new Presence.Unknown(path + ": the API server says " + answer.reason()));
            }
            if (!Json.textAt(answer.body(), "metadata", "uid").equals(uid)) {
                return Optional.of(new Presence.Gone(path + " is another one than the token's"));
            }
            remember(key);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(new Presence.Unknown(path + " cannot be looked for: the API server is away"));
        }
    }

    private synchronized boolean wasHere(String key) {
        Instant seen = here.get(key);
        return seen != null && clock.instant().isBefore(seen.plus(COUNTS));
    }

    private synchronized void remember(String key) {
        here.remove(key);
        here.put(key, clock.instant());
        if (here.size() > MOST) {
            here.remove(here.keySet().iterator().next());
        }
    }
}

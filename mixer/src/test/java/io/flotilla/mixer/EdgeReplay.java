package io.flotilla.mixer;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.events.v1.RequestRecord;
import io.flotilla.config.authorization.Guarded;
import io.flotilla.policy.Finding;
import io.flotilla.policy.Replay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Policies at an edge, and what its recorded requests would get by others. */
final class EdgeReplay {
    // Not the address that the gateway is called by: which of the two was recorded can be seen.
    static final String CLIENT = "127.0.0.3";

    private EdgeReplay() {}

    /** The status that a client of the address above gets. */
    static int get(int port, String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .localAddress(InetAddress.getByName(CLIENT))
                .build()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    static String policy(String name, String rule) {
        return "---\napiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: " + name
                + ", namespace: istio-system}\nspec: {action: DENY, rules: [" + rule + "]}\n";
    }

    /** What of the gateway's records would have another verdict: true for those that would be denied. */
    static Map<String, Boolean> changes(List<RequestRecord> records, String now, String then) {
        Guarded gateway = new Guarded("istio-system", "server", Map.of("istio", "ingressgateway"));
        Replay replay = new Replay(AuditedEnvoy.mesh(now), AuditedEnvoy.mesh(then), peer -> Optional.of(gateway));
        Map<String, Boolean> changed = new TreeMap<>();
        for (RequestRecord record : records) {
            switch (replay.of(record)) {
                case Replay.Outcome.Changed(boolean denied, Finding because) ->
                    changed.put(record.getHttp().getPath(), denied);
                case Replay.Outcome.Same same ->
                    assertThat(changed).doesNotContainKey(record.getHttp().getPath());
                case Replay.Outcome.Drifted drifted -> throw new AssertionError(drifted);
                case Replay.Outcome.Irrelevant irrelevant -> throw new AssertionError(record);
                case Replay.Outcome.Undecided undecided -> throw new AssertionError(undecided);
            }
        }
        return changed;
    }
}

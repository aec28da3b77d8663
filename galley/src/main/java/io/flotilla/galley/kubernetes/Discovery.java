package io.flotilla.galley.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import io.flotilla.config.model.Kind;
import io.flotilla.galley.kubernetes.Interests.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks a cluster which kinds it serves. */
final class Discovery {
    private static final int NOT_FOUND = 404;

    private Discovery() {}

    /** What a cluster serves, or why that is not known. */
    record Outcome(Optional<List<Served>> served, String error) {}

    /** Asks; a group that cannot be told of now makes the whole unknown, so that nothing looks as if it were gone. */
    static Outcome ask(ClusterClient client) {
        ClusterClient.Answer groups = client.get("/apis");
        if (!groups.ok()) {
            return unknown(groups);
        }
        List<String> versions = new ArrayList<>(List.of("/api/v1"));
        groups.body().path("groups").forEach(group -> {
            if (Interests.mayBe(group.path("name").asText())) {
                group.path("versions")
                        .forEach(version -> versions.add(
                                "/apis/" + version.path("groupVersion").asText()));
            }
        });
        List<Served> served = new ArrayList<>();
        for (String path : versions) {
            ClusterClient.Answer resources = client.get(path);
            if (resources.ok()) {
                served.addAll(served(resources.body()));
            } else if (resources.status() != NOT_FOUND) {
                return unknown(resources);
            }
        }
        return new Outcome(Optional.of(served), "");
    }

    private static Outcome unknown(ClusterClient.Answer answer) {
        return new Outcome(Optional.empty(), (answer.status() == 0 ? "" : answer.status() + " ") + answer.error());
    }

    /** The kinds of an APIResourceList that can be listed and watched. */
    static List<Served> served(JsonNode list) {
        String groupVersion = list.path("groupVersion").asText();
        int slash = groupVersion.indexOf('/');
        String group = slash < 0 ? "" : groupVersion.substring(0, slash);
        List<Served> served = new ArrayList<>();
        list.path("resources").forEach(resource -> {
            String plural = resource.path("name").asText();
            List<String> verbs = new ArrayList<>();
            resource.path("verbs").forEach(verb -> verbs.add(verb.asText()));
            if (!plural.contains("/") && verbs.containsAll(List.of("list", "watch"))) {
                served.add(new Served(
                        new Kind(group, resource.path("kind").asText()),
                        groupVersion.substring(slash + 1),
                        plural,
                        resource.path("namespaced").asBoolean()));
            }
        });
        return served;
    }
}

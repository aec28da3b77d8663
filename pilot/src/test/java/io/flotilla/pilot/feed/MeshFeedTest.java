package io.flotilla.pilot.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.registry.v1.Service;
import io.flotilla.api.registry.v1.ServicePort;
import io.flotilla.config.feed.Collections;
import io.flotilla.config.feed.Envelopes;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.MeshSettings;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.ResourceSet;
import io.flotilla.discovery.View;
import io.flotilla.discovery.client.SavedState;
import io.flotilla.discovery.client.Update;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeshFeedTest {
    private static final String SERVICES =
            Collections.of(Kind.REGISTRY_SERVICE).orElseThrow().typeUrl();

    private final List<MeshState> states = new ArrayList<>();

    @Test
    void servesTheStateOfTheLastRunUntilGalleyHasOneAtLeastAsNew(@TempDir Path directory) throws Exception {
        SavedState saved = new SavedState(directory);
        saved.write(view(5, "old"));
        try (MeshFeed feed = new MeshFeed(MeshSettings.defaults(), saved, states::add)) {
            assertThat(hosts(states.getLast())).containsExactly("old.default.svc.cluster.local");

            feed.apply(update(4));
            assertThat(states).as("an older generation is held back").hasSize(1);

            feed.apply(update(6, "new"));
            assertThat(hosts(states.getLast())).containsExactly("new.default.svc.cluster.local");
        }
        assertThat(saved.read().orElseThrow().generation()).isEqualTo(generation(6));
    }

    @Test
    void startsEmptyWithoutAState(@TempDir Path directory) {
        try (MeshFeed feed = new MeshFeed(MeshSettings.defaults(), new SavedState(directory), states::add)) {
            assertThat(states).isEmpty();
            feed.apply(update(1, "a"));
            assertThat(hosts(states.getLast())).containsExactly("a.default.svc.cluster.local");
        }
    }

    @Test
    void aStateThatCannotBeReadIsNone(@TempDir Path directory) throws Exception {
        java.nio.file.Files.writeString(directory.resolve("mesh.bin"), "not a state at all");
        assertThat(new SavedState(directory).read()).isEmpty();
    }

    private static List<String> hosts(MeshState state) {
        return state.snapshot().services().stream()
                .map(service -> service.hostname())
                .toList();
    }

    private static Update update(long sequence, String... names) {
        View view = view(sequence, names);
        return new Update(view, Map.of(SERVICES, ResourceDiff.between(ResourceSet.EMPTY, view.type(SERVICES))));
    }

    private static View view(long sequence, String... names) {
        List<Resource> services = new ArrayList<>();
        for (String name : names) {
            Service service = Service.newBuilder()
                    .setNamespace("default")
                    .setName(name)
                    .setHostname(name + ".default.svc.cluster.local")
                    .addPorts(ServicePort.newBuilder().setNumber(80).setName("http"))
                    .build();
            Config<Service> config = new Config<>(
                    ObjectKey.of(Kind.REGISTRY_SERVICE, "default", name),
                    service,
                    Map.of(),
                    Map.of(),
                    Instant.EPOCH,
                    "v",
                    Origin.NONE);
            services.add(Resource.of(config.key().resourceName(), Envelopes.wrap(config)));
        }
        return new View(generation(sequence), Map.of(SERVICES, ResourceSet.of(services)));
    }

    private static Generation generation(long sequence) {
        return new Generation(1, Map.of("test", sequence));
    }
}

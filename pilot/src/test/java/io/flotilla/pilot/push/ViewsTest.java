package io.flotilla.pilot.push;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.flotilla.config.model.Kind;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.discovery.DiscoverySource;
import io.flotilla.discovery.DiscoverySource.Told;
import io.flotilla.discovery.Generation;
import io.flotilla.discovery.Resource;
import io.flotilla.discovery.ResourceDiff;
import io.flotilla.discovery.StateVersion;
import io.flotilla.discovery.TypeUrls;
import io.flotilla.discovery.View;
import io.flotilla.envoy.Proxy;
import io.flotilla.envoy.Tuning;
import io.flotilla.pilot.feed.MeshState;
import io.flotilla.pilot.world.MeshYaml;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ViewsTest {
    private static final String ROUTE = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: web, namespace: default}
            spec: {hosts: [web], http: [{route: [{destination: {host: web}}], timeout: %ds}]}
            """;

    private final Views views = new Views(
            Tuning.defaults(),
            Duration.ofMinutes(1),
            InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z")),
            (type, streams) -> {});
    private long generation;

    private MeshState state(MeshSnapshot snapshot, Kind... changed) {
        generation++;
        return new MeshState(new Generation(1, Map.of("test", generation)), snapshot, Set.of(changed), 0);
    }

    private static Proxy proxy(String name) {
        return proxy(name, "default");
    }

    private static Proxy proxy(String name, String account) {
        return proxy(name, account, "default");
    }

    private static Proxy proxy(String name, String account, String namespace) {
        Node node = Node.newBuilder()
                .setMetadata(Struct.newBuilder()
                        .putFields(
                                "SERVICE_ACCOUNT",
                                Value.newBuilder().setStringValue(account).build()))
                .setId("sidecar~10.44.1.1~" + name + "." + namespace + "~" + namespace + ".svc.cluster.local")
                .build();
        if (!(Proxy.parse(node) instanceof Proxy.Parsed.Accepted(Proxy proxy))) {
            throw new AssertionError(node);
        }
        return proxy;
    }

    @Test
    void aProxyThatComesFirstGetsItsViewWithTheMesh() {
        List<View> got = new ArrayList<>();
        views.join(proxy("early-0"), true, got::add);
        assertThat(got).isEmpty();
        views.advance(state(MeshYaml.web("web"), Kind.REGISTRY_SERVICE));
        assertThat(got).hasSize(1);
        assertThat(got.getFirst().type(TypeUrls.CLUSTER).get("outbound|80||web.default.svc.cluster.local"))
                .isNotNull();
    }

    @Test
    void replicasShareEveryByte() {
        List<View> got = new ArrayList<>();
        views.advance(state(MeshYaml.web("web"), Kind.REGISTRY_SERVICE));
        views.join(proxy("a-0"), true, got::add);
        long built = views.built();
        views.join(proxy("a-1"), true, got::add);
        assertThat(got.get(1)).isSameAs(got.get(0));
        assertThat(views.built()).isEqualTo(built);
        assertThat(views.size()).isEqualTo(1);
    }

    @Test
    void aViewWaitsForItsProxiesUntilSomethingChanges() {
        List<View> got = new ArrayList<>();
        views.advance(state(MeshYaml.web("web"), Kind.REGISTRY_SERVICE));
        views.join(proxy("a-0"), true, got::add).close();
        assertThat(views.size()).isZero();
        long built = views.built();
        views.join(proxy("a-1"), true, got::add).close();
        assertThat(got.get(1)).isSameAs(got.get(0));
        assertThat(views.built()).isEqualTo(built);
        views.advance(state(MeshYaml.of(MeshYaml.service("other")), Kind.REGISTRY_SERVICE));
        assertThat(views.built()).isEqualTo(built);
        views.join(proxy("a-2"), true, got::add);
        assertThat(got.get(2).type(TypeUrls.CLUSTER).get("outbound|80||other.default.svc.cluster.local"))
                .isNotNull();
    }

    @Test
    void aChangedRouteChangesItsVirtualHostAndNothingElse() {
        List<View> got = new ArrayList<>();
        String base = MeshYaml.service("web") + MeshYaml.pod("web", "web", "10.44.1.1");
        views.advance(state(MeshYaml.of(base + ROUTE.formatted(1)), Kind.REGISTRY_SERVICE));
        views.join(proxy("a-0"), true, got::add);
        views.advance(state(MeshYaml.of(base + ROUTE.formatted(2)), Kind.VIRTUAL_SERVICE));
        assertThat(got).hasSize(2);
        View before = got.get(0);
        View after = got.get(1);
        assertThat(ResourceDiff.between(before.type(TypeUrls.VIRTUAL_HOST), after.type(TypeUrls.VIRTUAL_HOST))
                        .changed())
                .extracting(Resource::name)
                .containsExactly("80/web.default.svc.cluster.local:80");
        for (String type : List.of(TypeUrls.CLUSTER, TypeUrls.ENDPOINT, TypeUrls.LISTENER, TypeUrls.ROUTE)) {
            assertThat(after.type(type).version()).isEqualTo(before.type(type).version());
        }
    }

    @Test
    void aSidecarAndTheRoutesItImportsSayWhichClustersThereAre() {
        List<View> got = new ArrayList<>();
        String base = MeshYaml.service("web") + MeshYaml.service("other");
        views.advance(state(MeshYaml.of(base), Kind.REGISTRY_SERVICE));
        views.join(proxy("a-0"), true, got::add);
        assertThat(services(got.getLast())).containsExactly("other", "web");
        String sidecar = """
                ---
                apiVersion: networking.istio.io/v1
                kind: Sidecar
                metadata: {name: s, namespace: default}
                spec: {egress: [{hosts: [./web.default.svc.cluster.local]}]}
                """;
        views.advance(state(MeshYaml.of(base + sidecar), Kind.SIDECAR));
        assertThat(services(got.getLast())).containsExactly("web");
        String route = """
                ---
                apiVersion: networking.istio.io/v1
                kind: VirtualService
                metadata: {name: web, namespace: default}
                spec: {hosts: [web], http: [{route: [{destination: {host: other}}]}]}
                """;
        views.advance(state(MeshYaml.of(base + sidecar + route), Kind.VIRTUAL_SERVICE));
        assertThat(services(got.getLast())).containsExactly("other", "web");
        assertThat(got.getLast().type(TypeUrls.ENDPOINT).get("outbound|80||other.default.svc.cluster.local"))
                .isNotNull();
    }

    private static List<String> services(View view) {
        return List.of("other", "web").stream()
                .filter(name ->
                        view.type(TypeUrls.CLUSTER).get("outbound|80||" + name + ".default.svc.cluster.local") != null)
                .toList();
    }

    @Test
    void stateOfTheWorldHasHostsInTheirRoutes() {
        List<View> delta = new ArrayList<>();
        List<View> world = new ArrayList<>();
        views.advance(state(MeshYaml.web("web"), Kind.REGISTRY_SERVICE));
        views.join(proxy("a-0"), true, delta::add);
        views.join(proxy("a-0"), false, world::add);
        assertThat(world.getFirst().types()).doesNotContainKey(TypeUrls.VIRTUAL_HOST);
        assertThat(world.getFirst().type(TypeUrls.ROUTE).get("80"))
                .isNotEqualTo(delta.getFirst().type(TypeUrls.ROUTE).get("80"));
        assertThat(world.getFirst().type(TypeUrls.CLUSTER).version())
                .isEqualTo(delta.getFirst().type(TypeUrls.CLUSTER).version());
    }

    @Test
    void anEndpointThatComesChangesOneAssignmentOnly() {
        List<View> got = new ArrayList<>();
        String base = MeshYaml.service("web") + MeshYaml.service("other") + MeshYaml.pod("web", "web", "10.44.1.1");
        views.advance(state(MeshYaml.of(base), Kind.REGISTRY_SERVICE));
        views.join(proxy("a-0"), true, got::add);
        String more = MeshYaml.pod("web", "web", "10.44.1.2").replace("web-0", "web-1");
        views.advance(state(MeshYaml.of(base + more), Kind.REGISTRY_ENDPOINT_SLICE, Kind.REGISTRY_WORKLOAD));
        View before = got.get(0);
        View after = got.getLast();
        assertThat(after.type(TypeUrls.CLUSTER).version())
                .isEqualTo(before.type(TypeUrls.CLUSTER).version());
        assertThat(after.type(TypeUrls.ENDPOINT).version())
                .isNotEqualTo(before.type(TypeUrls.ENDPOINT).version());
        String other = "outbound|80||other.default.svc.cluster.local";
        assertThat(after.type(TypeUrls.ENDPOINT).get(other))
                .isEqualTo(before.type(TypeUrls.ENDPOINT).get(other));
    }

    @Test
    void whatDoesNotConcernAProxyIsNotGivenToIt() {
        List<View> got = new ArrayList<>();
        views.advance(state(MeshYaml.web("web"), Kind.REGISTRY_SERVICE));
        views.join(proxy("a-0"), true, got::add);
        views.advance(state(MeshYaml.web("web"), Kind.VIRTUAL_SERVICE));
        assertThat(got).hasSize(1);
    }

    private static String patch(String name, String prefix) {
        return """
                ---
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                metadata: {name: %s, namespace: default}
                spec:
                  configPatches:
                  - applyTo: CLUSTER
                    match: {context: SIDECAR_OUTBOUND, cluster: {service: web.default.svc.cluster.local}}
                    patch: {operation: MERGE, value: {alt_stat_name: %s}}
                """.formatted(name, prefix);
    }

    private static String version(View view) {
        return StateVersion.text(view.generation(), view.type(TypeUrls.CLUSTER).version(), false);
    }

    private static final String PATCHED = "outbound|80||web.default.svc.cluster.local";

    private static Told response(View view, String... names) {
        return new Told(version(view), view.generation(), names.length == 0 ? List.of(PATCHED) : List.of(names));
    }

    private List<String> leftOut(Views.Member member) {
        return member.resources().orElseThrow().notes().problems().stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void anAnswerIsOfTheResponseThatItNames() {
        String refusal = "Error adding/updating cluster(s) outbound|80||web.default.svc.cluster.local: bad";
        List<View> got = new ArrayList<>();
        views.advance(state(MeshYaml.of(MeshYaml.service("web")), Kind.REGISTRY_SERVICE));
        Views.Member member = views.join(proxy("a-0"), true, got::add);
        View plain = got.getLast();
        views.advance(state(MeshYaml.of(MeshYaml.service("web") + patch("p", "one")), Kind.ENVOY_FILTER));
        View first = got.getLast();
        views.advance(state(MeshYaml.of(MeshYaml.service("web") + patch("p", "two")), Kind.ENVOY_FILTER));
        View second = got.getLast();
        assertThat(version(first)).isNotEqualTo(version(second));
        // A refusal of the content before is nothing against the one after it, an acceptance nothing for it.
        member.rejected(TypeUrls.CLUSTER, response(first), refusal);
        assertThat(leftOut(member)).isEmpty();
        member.accepted(TypeUrls.CLUSTER, version(plain));
        member.accepted(TypeUrls.CLUSTER, version(first));
        member.rejected(TypeUrls.CLUSTER, response(second), refusal);
        assertThat(leftOut(member)).singleElement().asString().contains("default/p");
        assertThat(got.getLast().type(TypeUrls.CLUSTER).version())
                .isEqualTo(plain.type(TypeUrls.CLUSTER).version());
    }

    @Test
    void oneIdentitysRefusalTakesAFilterFromItAlone() {
        String refusal = "Error adding/updating cluster(s) " + PATCHED + ": bad";
        List<View> bad = new ArrayList<>();
        List<View> other = new ArrayList<>();
        List<View> third = new ArrayList<>();
        views.advance(state(MeshYaml.of(MeshYaml.service("web") + patch("p", "one")), Kind.REGISTRY_SERVICE));
        Views.Member hostile = views.join(proxy("bad-0", "bad"), true, bad::add);
        Views.Member replica = views.join(proxy("bad-1", "bad"), true, view -> {});
        Views.Member second = views.join(proxy("other-0", "other"), true, other::add);
        Views.Member taker = views.join(proxy("third-0", "third"), true, third::add);
        // A response without that cluster cannot have been refused for it.
        hostile.rejected(TypeUrls.CLUSTER, response(bad.getLast(), "BlackHoleCluster"), refusal);
        assertThat(leftOut(hostile)).isEmpty();

        View told = bad.getLast();
        hostile.rejected(TypeUrls.CLUSTER, response(told), refusal);
        replica.rejected(TypeUrls.CLUSTER, response(told), refusal);
        assertThat(leftOut(hostile)).hasSize(1);
        assertThat(leftOut(second)).isEmpty();
        assertThat(other).hasSize(1);
        assertThat(views.leftOut().values()).singleElement().asString().contains("left out for default/bad alone");

        taker.accepted(TypeUrls.CLUSTER, version(third.getLast()));
        second.rejected(TypeUrls.CLUSTER, response(other.getLast()), refusal);
        assertThat(leftOut(second)).hasSize(1);
        assertThat(leftOut(taker)).as("it has shown that it can").isEmpty();
        List<View> late = new ArrayList<>();
        assertThat(leftOut(views.join(proxy("late-0", "late"), true, late::add)))
                .as("two have refused it: nobody else need try")
                .hasSize(1);
        assertThat(views.leftOut().values()).singleElement().asString().doesNotContain("alone");
    }

    private static final String REFUSAL = "Error adding/updating cluster(s) " + PATCHED + ": bad";

    private void advanceWithAFilterForAll() {
        String everywhere =
                patch("p", "one").replace("{name: p, namespace: default}", "{name: p, namespace: istio-system}");
        views.advance(state(MeshYaml.of(MeshYaml.service("web") + everywhere), Kind.REGISTRY_SERVICE));
    }

    private Views.Member refuses(String namespace, String account) {
        List<View> got = new ArrayList<>();
        Views.Member one = views.join(proxy(account + "-0", account, namespace), true, got::add);
        one.rejected(TypeUrls.CLUSTER, response(got.getLast()), REFUSAL);
        assertThat(leftOut(one)).hasSize(1);
        return one;
    }

    private Views.Member joins(String namespace, List<View> got) {
        return views.join(proxy("new-0", "new", namespace), true, got::add);
    }

    @Test
    void aFilterOfTheRootNamespaceIsWitnessedByThreeNamespaces() {
        advanceWithAFilterForAll();
        refuses("one", "a");
        refuses("one", "b");
        refuses("two", "a");
        refuses("two", "b");
        assertThat(leftOut(joins("other", new ArrayList<>())))
                .as("accounts of one namespace are one witness")
                .isEmpty();
        refuses("three", "a");
        assertThat(leftOut(joins("another", new ArrayList<>()))).hasSize(1);
    }

    @Test
    void whatAsManyNamespacesHaveTakenIsLeftOutForThoseAloneWhoRefuseIt() {
        advanceWithAFilterForAll();
        for (String namespace : List.of("a", "b", "c")) {
            List<View> got = new ArrayList<>();
            joins(namespace, got).accepted(TypeUrls.CLUSTER, version(got.getLast()));
        }
        refuses("one", "x");
        refuses("two", "x");
        refuses("three", "x");
        assertThat(leftOut(joins("other", new ArrayList<>()))).isEmpty();
        refuses("four", "x");
        List<View> late = new ArrayList<>();
        Views.Member newcomer = joins("late", late);
        assertThat(leftOut(newcomer)).hasSize(1);
    }

    // A restarted Pilot has seen nobody take anything; who comes first must not take it from those who have.
    @Test
    void whoComesBackWithWhatItHasTakenKeepsIt() {
        advanceWithAFilterForAll();
        List<View> before = new ArrayList<>();
        joins("a", before).close();
        Map<String, String> held = Map.of(
                PATCHED,
                Objects.requireNonNull(before.getLast().type(TypeUrls.CLUSTER).get(PATCHED))
                                .version() + "@1");
        for (String namespace : List.of("one", "two", "three")) {
            refuses(namespace, "x");
        }
        List<View> got = new ArrayList<>();
        Views.Member back = joins("a", got);
        assertThat(leftOut(back)).hasSize(1);
        back.brought(TypeUrls.CLUSTER, Map.of(PATCHED, "another"));
        assertThat(leftOut(back)).hasSize(1);
        back.brought(TypeUrls.CLUSTER, held);
        assertThat(leftOut(back)).isEmpty();
        assertThat(got.getLast().type(TypeUrls.CLUSTER).version())
                .isEqualTo(before.getLast().type(TypeUrls.CLUSTER).version());
        // Of the whole type, as state of the world clients tell it.
        Views.Member world = joins("b", new ArrayList<>());
        assertThat(leftOut(world)).hasSize(1);
        world.brought(TypeUrls.CLUSTER, Map.of(DiscoverySource.WHOLE_TYPE, version(before.getLast())));
        assertThat(leftOut(world)).isEmpty();
        Views.Member third = joins("c", new ArrayList<>());
        third.brought(TypeUrls.CLUSTER, held);
        assertThat(leftOut(joins("newcomer", new ArrayList<>())))
                .as("as many took it as refused it")
                .isEmpty();
    }
}

package io.flotilla.config.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.Kind;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.object.ReadOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is derived, as objects come, change and go. */
class DerivedObjectsTest {
    private static final String GATEWAY = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: edge}
            spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}
            """;
    private static final String ROUTE = """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: web}
            spec: {parentRefs: [{name: edge}], rules: [{backendRefs: [{name: web, port: 80}]}]}
            """;
    private static final String SERVICE =
            "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {ports: [{name: http, port: 80}]}}";
    private static final String USERS = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata: {name: k8s-gateway.edge.http.all}
            spec: {hosts: [mine.example.com], http: [{route: [{destination: {host: mine}}]}]}
            """;
    private static final ObjectKey DERIVED = ObjectKey.of(Kind.VIRTUAL_SERVICE, "default", "k8s-gateway.edge.http.all");

    private ConfigStore store = ConfigStore.empty(ReadOptions.DEFAULT);
    private DerivedObjects derived = DerivedObjects.empty(DeriveOptions.of("cluster.local", "istio-system"));

    private DerivedObjects.Step put(String file, String text) {
        return change(Map.of(file, Optional.of(text)));
    }

    private DerivedObjects.Step change(Map<String, Optional<String>> texts) {
        ConfigStore.Change read = store.apply(texts);
        store = read.store();
        DerivedObjects.Step step = derived.apply(read.changed(), read.removed(), store::object);
        derived = step.state();
        return step;
    }

    private static List<String> keys(DerivedObjects.Step step) {
        return step.changed().stream().map(config -> config.key().toString()).toList();
    }

    @Test
    void whatIsTranslatedIsNotTold() {
        put("service", SERVICE);
        put("gateway", GATEWAY);
        assertThat(keys(put("route", ROUTE))).containsExactly(DERIVED.toString());
        assertThat(change(Map.of("route", Optional.empty())).removed()).containsExactly(DERIVED);
    }

    @Test
    void isComputedAnewWhereSomethingThatWasAskedForChanged() {
        put("gateway", GATEWAY);
        put("route", ROUTE);
        assertThat(routes(DERIVED)).contains("status: 500");
        DerivedObjects before = derived;
        assertThat(put("other", SERVICE.replace("web", "other")).state()).isSameAs(before);
        DerivedObjects.Step step = put("service", SERVICE);
        assertThat(keys(step)).containsExactlyInAnyOrder(DERIVED.toString(), "Service default/web");
        assertThat(routes(DERIVED)).doesNotContain("status: 500").contains("web.default.svc.cluster.local");
    }

    private String routes(ObjectKey key) {
        return derived.objects().stream()
                .filter(config -> config.key().equals(key))
                .findFirst()
                .map(config -> config.spec().toString())
                .orElse("");
    }

    @Test
    void theUsersOwnObjectStandsBeforeTheDerivedOneAndTheDerivedOneReturns() {
        put("service", SERVICE);
        put("gateway", GATEWAY);
        put("route", ROUTE);
        DerivedObjects.Step own = put("own", USERS);
        assertThat(own.changed())
                .extracting(config -> ((VirtualService) config.spec()).getHosts(0))
                .containsExactly("mine.example.com");
        // A change of the source does not bring it back.
        assertThat(keys(put("route", ROUTE.replace("port: 80", "port: 81")))).isEmpty();
        put("route", ROUTE);
        DerivedObjects.Step gone = change(Map.of("own", Optional.empty()));
        assertThat(gone.removed()).isEmpty();
        assertThat(gone.changed())
                .extracting(config -> ((VirtualService) config.spec()).getHosts(0))
                .containsExactly("*");
    }

    @Test
    void theMeshsConfigMapCounts() {
        put("service", SERVICE);
        put("ingress", """
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata: {name: web}
                spec: {defaultBackend: {service: {name: web, port: {number: 80}}}}
                """);
        assertThat(derived.objects()).isEmpty();
        put("mesh", """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "ingressControllerMode: DEFAULT"}
                """);
        assertThat(derived.objects()).hasSize(2);
        assertThat(derived.statuses())
                .extracting(ObjectStatus::key)
                .extracting(ObjectKey::kind)
                .containsExactly(GatewayApi.INGRESS);
    }

    @Property(tries = 60)
    void stepByStepIsTheSameAsAllAtOnce(@ForAll long seed) {
        Random random = new Random(seed);
        store = ConfigStore.empty(ReadOptions.DEFAULT);
        derived = DerivedObjects.empty(DeriveOptions.of("cluster.local", "istio-system"));
        List<String> texts = List.of(
                GATEWAY,
                ROUTE,
                SERVICE,
                USERS,
                ROUTE.replace("name: web}", "name: other}"),
                ROUTE.replace("name: web}", "name: hosts}").replace("rules:", "hostnames: [a.com, '*.b.com'], rules:"),
                ROUTE.replace("name: web}", "name: more}").replace("rules:", "hostnames: [x.b.com, a.com], rules:"),
                ROUTE.replace("[{backendRefs", "[{matches: [{path: {value: /x}}], backendRefs"),
                GATEWAY.replace("name: http,", "name: narrow, hostname: '*.b.com',"),
                SERVICE.replace("80", "81"));
        Map<ObjectKey, Config<?>> told = new TreeMap<>();
        for (int step = 0; step < 14; step++) {
            String file = "f" + random.nextInt(4);
            Optional<String> text =
                    random.nextInt(3) == 0 ? Optional.empty() : Optional.of(texts.get(random.nextInt(texts.size())));
            DerivedObjects.Step change = change(Map.of(file, text));
            change.removed().forEach(told::remove);
            change.changed().forEach(config -> told.put(config.key(), config));
            DerivedObjects.Step whole = DerivedObjects.empty(DeriveOptions.of("cluster.local", "istio-system"))
                    .apply(store.objects(), Set.of(), store::object);
            Map<ObjectKey, String> expected = new TreeMap<>();
            whole.changed().forEach(config -> expected.put(config.key(), config.version()));
            Map<ObjectKey, String> found = new TreeMap<>();
            told.forEach((key, config) -> found.put(key, config.version()));
            assertThat(found).isEqualTo(expected);
        }
    }
}

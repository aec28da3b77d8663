package io.flotilla.config.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.config.model.Config;
import io.flotilla.config.model.Diagnostic;
import io.flotilla.config.model.ObjectKey;
import io.flotilla.config.model.Origin;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.ownership.OwnershipOptions.Mode;
import io.flotilla.config.store.ConfigStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnershipTest {
    private static final String SHOP = """
            {apiVersion: v1, kind: Namespace, metadata: {name: shop, annotations: {
              flotilla.io/owned-hosts: "*.shop.example.com, reviews"}}}
            """;

    private ConfigStore store = ConfigStore.empty(ReadOptions.DEFAULT);
    private Ownership ownership = Ownership.of(options(Mode.ENFORCE));

    private static OwnershipOptions options(Mode mode, String... claims) {
        return new OwnershipOptions(mode, "istio-system", "cluster.local", List.of(claims));
    }

    private ConfigStore.Change apply(String file, String text) {
        ConfigStore.Change read = store.apply(Map.of(file, text.isEmpty() ? Optional.empty() : Optional.of(text)));
        Ownership.Step step = ownership.apply(store, read);
        store = read.store();
        ownership = step.ownership();
        return step.change();
    }

    private static String route(String namespace, String host, String to) {
        return """
                {apiVersion: networking.istio.io/v1, kind: VirtualService, metadata: {name: v, namespace: %s},
                 spec: {hosts: ["%s"], http: [{route: [{destination: {host: %s}}]}]}}
                """.formatted(namespace, host, to);
    }

    private static List<String> names(ConfigStore.Change change) {
        return change.changed().stream()
                .map(Config::key)
                .map(ObjectKey::toString)
                .toList();
    }

    /** Claims: shop has *.shop.example.com, pay has pay.shop.example.com, ops has db.ops.svc.cluster.local. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "cart.shop.example.com, shop, -",
                "cart.shop.example.com, evil, shop",
                "*.cart.shop.example.com, evil, shop",
                "*.shop.example.com, evil, shop",
                "*.example.com, evil, shop",
                "*, evil, ops",
                "*.com, pay, shop",
                "pay.shop.example.com, pay, -",
                "pay.shop.example.com, shop, pay",
                "*.shop.example.com, shop, -",
                "shop.example.com, evil, -",
                "myshop.example.com, evil, -",
                "other.example.com, evil, -",
                "*p.example.com, evil, shop",
                "*pp.example.com, evil, -",
                "*y.shop.example.com, evil, shop",
                "*.ops.svc.cluster.local, evil, ops",
            })
    void wildcardsCaptureInBothDirections(String host, String namespace, String owner) {
        HostClaims claims = HostClaims.of(List.of(
                new HostClaim("shop", "*.shop.example.com", Origin.NONE),
                new HostClaim("pay", "pay.shop.example.com", Origin.NONE),
                new HostClaim("ops", "db.ops.svc.cluster.local", Origin.NONE)));
        assertThat(claims.captured(host, namespace).map(HostClaim::namespace)).isEqualTo(Optional.ofNullable(owner));
    }

    private static String meshConfig(String ownership) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: istio, namespace: istio-system}
                data: {mesh: "ownership: %s"}
                """.formatted(ownership);
    }

    @Test
    void meshConfigAsksForItAndMayTakeItBack() {
        ownership = Ownership.of(options(Mode.OFF));
        apply("ns", SHOP);
        assertThat(names(apply("v", route("evil", "pay.shop.example.com", "evil"))))
                .hasSize(1);
        assertThat(ownership.owners()).isEqualTo(io.flotilla.config.derive.Owners.NONE);

        ConfigStore.Change on = apply("mesh", meshConfig("{mode: ENFORCE, claims: [bank/bank.example.com]}"));
        assertThat(on.removed()).extracting(ObjectKey::toString).containsExactly("VirtualService evil/v");
        assertThat(apply("w", route("evil", "bank.example.com", "evil").replace("name: v", "name: w"))
                        .changed())
                .isEmpty();
        assertThat(ownership.owners().captured("bank.example.com", "evil")).isPresent();
        assertThat(ownership.owners().captured("bank.example.com", "istio-system"))
                .isEmpty();

        ConfigStore.Change warned = apply("mesh", meshConfig("{mode: WARN, claims: [bank/bank.example.com]}"));
        assertThat(names(warned)).contains("VirtualService evil/v", "VirtualService evil/w");
        assertThat(ownership.problems()).isEmpty();
        assertThat(warned.diagnostics()).extracting(Diagnostic::code).contains("FL0691");

        assertThat(names(apply("mesh", meshConfig("{mode: OFF}")))).contains("ConfigMap istio-system/istio");
        assertThat(ownership.claims().isEmpty()).isTrue();
    }

    @Test
    void aBrokenMeshConfigOrAWeakerOneChangesNothing() {
        apply("ns", SHOP);
        apply("mesh", meshConfig("{mode: WARN}"));
        assertThat(apply("v", route("evil", "pay.shop.example.com", "evil")).changed())
                .isEmpty();
        ownership = Ownership.of(options(Mode.OFF));
        apply("mesh", meshConfig("{mode: ENFORCE}"));
        apply("mesh", meshConfig("{mode: SOMETIMES}"));
        assertThat(apply("w", route("evil", "pay.shop.example.com", "evil").replace("name: v", "name: w"))
                        .changed())
                .isEmpty();
    }

    @Test
    void captorOfAnotherNamespaceIsKeptOutWithTheReason() {
        apply("ns", SHOP);
        ConfigStore.Change change = apply("v", route("evil", "pay.shop.example.com", "evil"));
        assertThat(change.changed()).isEmpty();
        assertThat(change.diagnostics()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("FL0691");
            assertThat(problem.path()).isEqualTo("spec.hosts[0]");
            assertThat(problem.message())
                    .contains("\"pay.shop.example.com\" captures \"*.shop.example.com\" of namespace shop (ns:1)");
        });
        assertThat(names(apply("own", route("shop", "pay.shop.example.com", "pay"))))
                .containsExactly("VirtualService shop/v");
    }

    @Test
    void neighboursNamesForAServiceAreItsNames() {
        apply("ns", SHOP);
        for (String host :
                List.of("reviews.shop", "reviews.shop.svc", "reviews.shop.svc.cluster.local", "Reviews.Shop")) {
            assertThat(apply("v", route("evil", host, "evil")).changed())
                    .as(host)
                    .isEmpty();
        }
        assertThat(names(apply("v", route("evil", "reviews", "evil")))).hasSize(1);
    }

    @Test
    void everyKindThatTakesTrafficIsLookedAt() {
        apply("ns", SHOP);
        assertThat(apply("s", """
                {apiVersion: networking.istio.io/v1, kind: ServiceEntry, metadata: {name: s, namespace: evil},
                 spec: {hosts: [fine.org, a.shop.example.com], ports: [{number: 80, name: http, protocol: HTTP}],
                        resolution: DNS}}
                """).diagnostics()).extracting(Diagnostic::path).containsExactly("spec.hosts[1]");
        assertThat(apply("d", """
                {apiVersion: networking.istio.io/v1, kind: DestinationRule, metadata: {name: d, namespace: evil},
                 spec: {host: reviews.shop.svc.cluster.local, trafficPolicy: {tls: {mode: DISABLE}}}}
                """).diagnostics()).extracting(Diagnostic::path).containsExactly("spec.host");
        assertThat(store.objects()).hasSize(3);
    }

    @Test
    void lastAdmittedVersionStaysWhileTheNewOneCaptures() {
        apply("ns", SHOP);
        apply("v", route("evil", "fine.org", "a"));
        ConfigStore.Change refused = apply("v", route("evil", "pay.shop.example.com", "a"));
        assertThat(refused.changed()).isEmpty();
        assertThat(refused.removed()).isEmpty();
        assertThat(ownership.problems()).hasSize(1);
        assertThat(names(apply("v", route("evil", "fine.org", "b")))).containsExactly("VirtualService evil/v");
        assertThat(ownership.problems()).isEmpty();
    }

    @Test
    void newClaimTakesOutWhatCapturesItAndItsEndLetsItIn() {
        apply("v", route("evil", "pay.shop.example.com", "a"));
        ConfigStore.Change claimed = apply("ns", SHOP);
        assertThat(claimed.removed()).extracting(ObjectKey::name).containsExactly("v");
        assertThat(names(apply("ns", ""))).containsExactly("VirtualService evil/v");
    }

    @Test
    void deletedCaptorLeavesNoProblem() {
        apply("ns", SHOP);
        apply("v", route("evil", "pay.shop.example.com", "a"));
        apply("v", "");
        assertThat(ownership.problems()).isEmpty();
    }

    @Test
    void rootNamespaceMayNameAnyHost() {
        apply("ns", SHOP);
        assertThat(names(apply("v", route("istio-system", "*.shop.example.com", "a"))))
                .hasSize(1);
    }

    @Test
    void withoutOptingInNothingIsOwned() {
        ownership = Ownership.of(options(Mode.OFF));
        apply("ns", SHOP);
        assertThat(names(apply("v", route("evil", "pay.shop.example.com", "a"))))
                .hasSize(1);
    }

    @Test
    void warningsLetIn() {
        ownership = Ownership.of(options(Mode.WARN));
        apply("ns", SHOP);
        ConfigStore.Change change = apply("v", route("evil", "pay.shop.example.com", "a"));
        assertThat(change.changed()).hasSize(1);
        assertThat(change.diagnostics()).extracting(Diagnostic::severity).containsExactly(Diagnostic.Severity.WARNING);
    }

    @Test
    void settingsComeBeforeAnnotationsAndBadClaimsAreTold() {
        ownership = Ownership.of(options(Mode.ENFORCE, "pay/*.shop.example.com", "nonsense", "pay/*"));
        assertThat(ownership.problems()).extracting(Diagnostic::code).containsExactly("FL0692", "FL0692");
        ConfigStore.Change change = apply("ns", SHOP);
        assertThat(change.diagnostics()).extracting(Diagnostic::code).containsExactly("FL0693");
        assertThat(ownership.claims().all()).extracting(HostClaim::namespace).containsExactly("pay", "shop");
    }
}

package io.flotilla.e2e;

import io.flotilla.e2e.kube.ApiServer;
import io.flotilla.e2e.kube.GatewayEnvoy;
import io.flotilla.e2e.kube.SuiteService;
import io.flotilla.e2e.mesh.Eventually;
import io.flotilla.fixtures.base.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real Envoy says to its configuration stands in the status of the objects that it was made of. */
@OfServices
class ReceiptsIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String RECONCILED = "jsonpath={range .status.conditions[?(@.type=='Reconciled')]}"
            + "{.status} {.reason} {.observedGeneration} {.message}{end}";

    @TempDir
    static Path folder;

    @SuppressWarnings("NullAway.Init") // by start()
    private static ApiServer api;

    @BeforeAll
    static void start() {
        api = ApiServer.start(folder);
        api.installCrds();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    @SuppressWarnings("try") // Envoy only has to be there
    void aRefusalAndItsEndReachTheObject() throws IOException {
        Map<String, String> writing = Map.of("FLOTILLA_KUBERNETES_WRITE_STATUS", "true");
        try (SuiteService galley = SuiteService.galley(folder, api, writing).startAndAwaitReady();
                SuiteService pilot = new SuiteService(
                                "pilot", folder, Map.of("FLOTILLA_CONFIG", "xds://127.0.0.1:" + galley.port()))
                        .startAndAwaitReady();
                GatewayEnvoy envoy = new GatewayEnvoy(folder, pilot.port())) {
            api.applyOrFail(GatewayEnvoy.redirecting(FreePort.next()));
            api.applyOrFail(filter("this is no script("));
            awaits(
                    galley,
                    pilot,
                    "envoyfilter/script",
                    text -> text.startsWith("False Refused 1 ") && text.contains("script load error"));
            awaits(galley, pilot, "virtualservice/moved", text -> text.startsWith("True Reconciled 1 "));
            api.applyOrFail(filter("handle:headers():add('x-script', '1')"));
            awaits(galley, pilot, "envoyfilter/script", text -> text.startsWith("True Reconciled 2 "));
        }
    }

    private static void awaits(SuiteService galley, SuiteService pilot, String object, Predicate<String> expected) {
        Eventually.holdsSlowly(
                LIMIT,
                () -> reconciled(object) + "\n" + galley.get("/debug/receipts") + pilot.output() + galley.output(),
                () -> expected.test(reconciled(object)));
    }

    private static String reconciled(String object) {
        String namespace = object.startsWith("envoyfilter") ? "istio-system" : "default";
        return api.kubectl("-n", namespace, "get", object, "-o", RECONCILED).out();
    }

    private static String filter(String script) {
        return """
                apiVersion: v1
                kind: Namespace
                metadata: {name: istio-system}
                ---
                apiVersion: networking.istio.io/v1alpha3
                kind: EnvoyFilter
                metadata: {name: script, namespace: istio-system}
                spec:
                  configPatches:
                  - applyTo: HTTP_FILTER
                    match: {context: GATEWAY}
                    patch:
                      operation: INSERT_FIRST
                      value:
                        name: script
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
                          default_source_code:
                            inline_string: |
                              function envoy_on_request(handle)
                                %s
                              end
                """.formatted(script);
    }
}

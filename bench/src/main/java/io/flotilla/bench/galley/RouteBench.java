package io.flotilla.bench.galley;

import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.object.ReadOptions;
import io.flotilla.config.platform.RegistryOptions;
import io.flotilla.galley.source.SourceName;
import io.flotilla.galley.state.Publisher;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One changed HTTPRoute among many, ten to a Gateway and each for a host of its own: from its text to the published
 * view, with the VirtualServices that it becomes. Processor time of the thread, so that a busy machine shows little.
 * Arguments: how many routes, for each measurement.
 */
public final class RouteBench {
    private static final ThreadMXBean TIME = ManagementFactory.getThreadMXBean();
    private static final int WARM = 60;
    private static final int EDITS = 100;
    private static final int PER_GATEWAY = 10;

    private RouteBench() {}

    public static void main(String[] args) {
        for (String count : args.length == 0 ? new String[] {"1000", "10000"} : args) {
            run(Integer.parseInt(count));
        }
    }

    private static void run(int routes) {
        Publisher publisher = new Publisher(
                        Set.of(SourceName.DIRECTORY),
                        ReadOptions.DEFAULT,
                        RegistryOptions.DEFAULT,
                        "istio-system",
                        System::currentTimeMillis)
                .deriving(DeriveOptions.of("cluster.local", "istio-system"));
        Map<String, Optional<String>> all = new TreeMap<>();
        for (int i = 0; i < routes; i++) {
            if (i % PER_GATEWAY == 0) {
                all.put("gateway-" + i / PER_GATEWAY + ".yaml", Optional.of(gateway(i / PER_GATEWAY)));
                all.put("services-" + i / PER_GATEWAY + ".yaml", Optional.of(services(i / PER_GATEWAY)));
            }
            all.put("route-" + i + ".yaml", Optional.of(route(i, 1)));
        }
        long begin = TIME.getCurrentThreadCpuTime();
        publisher.apply(SourceName.DIRECTORY, all, true);
        System.out.printf("%d routes: first %.0f ms%n", routes, (TIME.getCurrentThreadCpuTime() - begin) / 1e6);
        long[] nanos = new long[EDITS];
        for (int i = 0; i < WARM + EDITS; i++) {
            int which = (int) (i * 7919L % routes);
            Optional<String> text = Optional.of(route(which, 2 + i));
            begin = TIME.getCurrentThreadCpuTime();
            int changed = publisher
                    .apply(SourceName.DIRECTORY, Map.of("route-" + which + ".yaml", text), true)
                    .changed()
                    .size();
            if (i >= WARM) {
                nanos[i - WARM] = TIME.getCurrentThreadCpuTime() - begin;
            }
            if (changed == 0) {
                throw new IllegalStateException("nothing was published for route-" + which);
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                "one changed HTTPRoute among %d: p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
                routes, nanos[EDITS / 2] / 1e6, nanos[EDITS * 99 / 100] / 1e6, nanos[EDITS - 1] / 1e6);
    }

    private static String gateway(int number) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: Gateway
                metadata: {name: gateway-%d, namespace: apps}
                spec:
                  gatewayClassName: istio
                  listeners: [{name: http, port: 80, protocol: HTTP}]
                """.formatted(number);
    }

    private static String services(int number) {
        return """
                apiVersion: v1
                kind: Service
                metadata: {name: service-%1$d, namespace: apps}
                spec: {clusterIP: None, ports: [{name: http, port: 80}]}
                ---
                apiVersion: v1
                kind: Service
                metadata: {name: other-%1$d, namespace: apps}
                spec: {clusterIP: None, ports: [{name: http, port: 80}]}
                """.formatted(number);
    }

    private static String route(int number, int edit) {
        return """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: route-%1$d, namespace: apps}
                spec:
                  parentRefs: [{name: gateway-%2$d}]
                  hostnames: [host-%1$d.example.com]
                  rules:
                  - matches: [{path: {type: PathPrefix, value: /a}}]
                    filters:
                    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x-edit, value: "%3$d"}]}}
                    backendRefs: [{name: service-%2$d, port: 80, weight: 90}, {name: other-%2$d, port: 80, weight: 10}]
                  - matches: [{path: {type: PathPrefix, value: /b}}, {headers: [{name: x, value: y}]}]
                    backendRefs: [{name: service-%2$d, port: 80}]
                """.formatted(number, number / PER_GATEWAY, edit);
    }
}

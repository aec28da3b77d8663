package io.flotilla.identity.issue;

import io.flotilla.identity.ServiceAccount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which DNS names may stand in whose server certificate. A request's own wishes count for nothing.
 *
 * @param byAccount service account to its names; an account that is not here gets none
 */
public record ServerNames(Map<ServiceAccount, List<String>> byAccount) {
    private static final Pattern DNS_NAME =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
    private static final Map<String, List<String>> CONTROL_PLANE = Map.of(
            "istio-galley-service-account", List.of("istio-galley"),
            "istio-pilot-service-account", List.of("istio-pilot"),
            "istio-citadel-service-account", List.of("istio-citadel", "istio-ca"),
            "istio-mixer-service-account", List.of("istio-telemetry", "istio-policy", "zipkin"),
            "istio-sidecar-injector-service-account", List.of("istio-sidecar-injector"),
            "istio-ingressgateway-service-account", List.of("istio-ingressgateway"),
            "istio-egressgateway-service-account", List.of("istio-egressgateway"));

    public ServerNames {
        Map<ServiceAccount, List<String>> copy = new LinkedHashMap<>();
        byAccount.forEach((account, names) -> {
            names.forEach(ServerNames::check);
            copy.put(account, List.copyOf(names));
        });
        byAccount = Map.copyOf(copy);
    }

    private static void check(String name) {
        if (name.length() > 253 || !DNS_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("\"" + name + "\" is not a DNS name");
        }
    }

    /** The suite's own services in their namespace: NAME.NAMESPACE.svc.DOMAIN, .svc, NAME.NAMESPACE and NAME. */
    public static ServerNames controlPlane(String namespace, String clusterDomain) {
        Map<ServiceAccount, List<String>> all = new LinkedHashMap<>();
        CONTROL_PLANE.forEach((account, services) -> {
            List<String> names = new ArrayList<>();
            for (String service : services) {
                String inNamespace = service + "." + namespace;
                names.addAll(
                        List.of(inNamespace + ".svc", inNamespace + ".svc." + clusterDomain, inNamespace, service));
            }
            all.put(new ServiceAccount(namespace, account), names);
        });
        return new ServerNames(all);
    }

    /** These and those; an account in both gets all names. */
    public ServerNames with(Map<ServiceAccount, List<String>> more) {
        Map<ServiceAccount, List<String>> all = new LinkedHashMap<>(byAccount);
        more.forEach((account, names) -> {
            List<String> joined = new ArrayList<>(all.getOrDefault(account, List.of()));
            names.stream().filter(name -> !joined.contains(name)).forEach(joined::add);
            all.put(account, joined);
        });
        return new ServerNames(all);
    }

    /** The account's names, in order; empty for a workload that serves under its SPIFFE id alone. */
    public List<String> of(ServiceAccount account) {
        return byAccount.getOrDefault(account, List.of());
    }
}

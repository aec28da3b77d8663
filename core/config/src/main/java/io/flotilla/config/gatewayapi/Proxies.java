package io.flotilla.config.gatewayapi;

import com.google.protobuf.Struct;
import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Json;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies that serve a Gateway: the pods behind the Service that it names as its address, else behind
 * "NAME-CLASS" beside it, else behind the mesh's ingress Service.
 *
 * @param namespace of the proxies, whose Secrets they are served
 * @param selector  labels of the pods
 * @param addresses under which callers reach them, as the status tells
 * @param refused   why the Gateway cannot be accepted
 * @param pending   why there are no addresses
 */
record Proxies(
        String namespace,
        Map<String, String> selector,
        List<Struct> addresses,
        Optional<Condition> refused,
        Optional<Condition> pending) {
    /** The Service of the default gateway where MeshConfig names none. */
    static final String INGRESS_SERVICE = "istio-ingressgateway";

    static Proxies of(Config<Gateway> gateway, MeshConfig mesh, Lookup lookup, DeriveOptions options) {
        for (Gateway.Address address : gateway.spec().getAddressesList()) {
            String type = address.hasType() ? address.getType() : "IPAddress";
            if (!type.equals("IPAddress") && !type.equals("Hostname")) {
                return none(
                        options,
                        Condition.no(
                                "Accepted", "UnsupportedAddress", "addresses of type " + type + " are not supported"));
            }
        }
        Optional<String> named = gateway.spec().getAddressesList().stream()
                .filter(address -> address.getType().equals("Hostname")
                        && !address.getValue().isEmpty())
                .map(Gateway.Address::getValue)
                .findFirst();
        if (named.isPresent()) {
            String[] parts = named.get().split("\\.", 3);
            String namespace = parts.length > 1 ? parts[1] : gateway.namespace();
            return service(parts[0], namespace, lookup, options).orElseGet(() -> unusable(named.get(), options));
        }
        String beside = gateway.name() + "-" + gateway.spec().getGatewayClassName();
        String ingress = mesh.getIngressService().isEmpty() ? INGRESS_SERVICE : mesh.getIngressService();
        return service(beside, gateway.namespace(), lookup, options)
                .or(() -> service(ingress, options.rootNamespace(), lookup, options))
                .map(proxies -> proxies.asked(gateway.spec()))
                .orElseGet(() -> new Proxies(
                        options.rootNamespace(),
                        options.selector(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(Condition.no(
                                "Programmed",
                                "AddressNotAssigned",
                                "there is neither a Service " + gateway.namespace() + "/" + beside + " nor "
                                        + options.rootNamespace() + "/" + ingress))));
    }

    private static Proxies none(DeriveOptions options, Condition refused) {
        return new Proxies(options.rootNamespace(), Map.of(), List.of(), Optional.of(refused), Optional.empty());
    }

    private static Proxies unusable(String host, DeriveOptions options) {
        Condition pending =
                Condition.no("Programmed", "AddressNotUsable", "address " + host + " is no Service with a selector");
        return new Proxies(options.rootNamespace(), Map.of(), List.of(), Optional.empty(), Optional.of(pending));
    }

    private static Optional<Proxies> service(String name, String namespace, Lookup lookup, DeriveOptions options) {
        return lookup.manifest(Kind.SERVICE, namespace, name)
                .filter(service -> !service.strings("spec", "selector").isEmpty())
                .map(service -> {
                    List<Struct> addresses = addresses(service, options.host(name, namespace));
                    return new Proxies(
                            namespace,
                            service.strings("spec", "selector"),
                            addresses,
                            Optional.empty(),
                            addresses.isEmpty()
                                    ? Optional.of(Condition.no(
                                            "Programmed",
                                            "AddressNotAssigned",
                                            "Service " + namespace + "/" + name
                                                    + " waits for the address of its load balancer"))
                                    : Optional.empty());
                });
    }

    /** The addresses of the load balancer, else external ones, else the name in the cluster. */
    private static List<Struct> addresses(Manifest service, String host) {
        List<Struct> addresses = new ArrayList<>();
        service.list("status", "loadBalancer", "ingress").forEach(ingress -> {
            if (!ingress.text("ip").isEmpty()) {
                addresses.add(address("IPAddress", ingress.text("ip")));
            } else if (!ingress.text("hostname").isEmpty()) {
                addresses.add(address("Hostname", ingress.text("hostname")));
            }
        });
        if (addresses.isEmpty()) {
            service.texts("spec", "externalIPs").forEach(ip -> addresses.add(address("IPAddress", ip)));
        }
        boolean waiting = service.text("spec", "type").equals("LoadBalancer")
                && service.value("status", "loadBalancer").isPresent();
        if (addresses.isEmpty() && !waiting) {
            addresses.add(address("Hostname", host));
        }
        return addresses;
    }

    private static Struct address(String type, String value) {
        return new Json().put("type", type).put("value", value).build();
    }

    /** Addresses that the Gateway asks for must be among those that there are. */
    private Proxies asked(Gateway spec) {
        List<String> wanted = spec.getAddressesList().stream()
                .map(Gateway.Address::getValue)
                .filter(value -> !value.isEmpty())
                .filter(value -> addresses.stream()
                        .noneMatch(has ->
                                has.getFieldsOrThrow("value").getStringValue().equals(value)))
                .toList();
        return wanted.isEmpty()
                ? this
                : new Proxies(
                        namespace,
                        selector,
                        addresses,
                        refused,
                        Optional.of(Condition.no(
                                "Programmed",
                                "AddressNotUsable",
                                "the proxies do not have address " + String.join(", ", wanted))));
    }
}

package io.flotilla.config.gatewayapi;

import com.google.protobuf.Struct;
import io.flotilla.api.gatewayapi.v1.BackendTLSPolicy;
import io.flotilla.api.gatewayapi.v1.BackendTLSPolicy.Target;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.api.networking.v1alpha3.PortSelector;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy.PortTrafficPolicy;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Derived;
import io.flotilla.config.derive.Json;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.derive.ObjectStatus;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** BackendTLSPolicies as DestinationRules: one for each Service, with what all policies for it say. */
final class BackendTls {
    private final Lookup lookup;
    private final DeriveOptions options;
    private final List<Judged> judged = new ArrayList<>();

    /** A policy at one of its targets. */
    private record Claim(Config<BackendTLSPolicy> policy, int port, ClientTLSSettings tls) {}

    private record Judged(
            Config<BackendTLSPolicy> policy, Condition accepted, Condition resolved, Set<Backends.Service> services) {}

    private final Map<Backends.Service, List<Claim>> claims = new TreeMap<>(Backends.BY_NAME);

    /** Judges policies, the oldest first. */
    BackendTls(Lookup lookup, DeriveOptions options, List<Config<BackendTLSPolicy>> policies) {
        this.lookup = lookup;
        this.options = options;
        policies.forEach(this::judge);
    }

    private void judge(Config<BackendTLSPolicy> policy) {
        PolicyForm form = PolicyForm.of(policy.spec());
        Condition resolved = form.authority().orElse(Condition.yes("ResolvedRefs"));
        Set<Backends.Service> services = new TreeSet<>(Backends.BY_NAME);
        Optional<Condition> wrong = form.authority()
                .map(none -> Condition.no(
                        "Accepted", "NoValidCACertificate", "there is no authority that the proxies could know"));
        for (Target target : form.targets()) {
            if (wrong.isEmpty()) {
                wrong = claim(policy, target, form.tls(), services);
            }
        }
        judged.add(new Judged(policy, wrong.orElse(Condition.yes("Accepted")), resolved, services));
    }

    private Optional<Condition> claim(
            Config<BackendTLSPolicy> policy, Target target, ClientTLSSettings tls, Set<Backends.Service> services) {
        if (!target.getGroup().isEmpty() || !target.getKind().equals("Service")) {
            return Optional.of(
                    Condition.no("Accepted", "Invalid", "the target is a Service, not a " + target.getKind()));
        }
        Optional<Manifest> service = lookup.manifest(Kind.SERVICE, policy.namespace(), target.getName());
        if (service.isEmpty()) {
            return Optional.of(Condition.no(
                    "Accepted",
                    "TargetNotFound",
                    "Service " + policy.namespace() + "/" + target.getName() + " does not exist"));
        }
        int port = 0;
        if (target.hasSectionName()) {
            port = service.get().list("spec", "ports").stream()
                    .filter(each -> each.text("name").equals(target.getSectionName()))
                    .map(each -> each.number("port").orElse(0))
                    .findFirst()
                    .orElse(-1);
            if (port < 0) {
                return Optional.of(Condition.no(
                        "Accepted",
                        "TargetNotFound",
                        "Service " + policy.namespace() + "/" + target.getName() + " has no port "
                                + target.getSectionName()));
            }
        }
        int number = port;
        Backends.Service key = new Backends.Service(policy.namespace(), target.getName());
        List<Claim> before = claims.computeIfAbsent(key, each -> new ArrayList<>());
        Optional<Claim> other =
                before.stream().filter(each -> each.port() == number).findFirst();
        if (other.isPresent()) {
            return Optional.of(Condition.no(
                    "Accepted",
                    "Conflicted",
                    other.get().policy().key() + " says it for Service " + target.getName() + " already"));
        }
        before.add(new Claim(policy, number, tls));
        services.add(key);
        return Optional.empty();
    }

    List<Config<DestinationRule>> rules() {
        List<Config<DestinationRule>> made = new ArrayList<>();
        claims.forEach((service, list) -> {
            if (!list.isEmpty()) {
                made.add(rule(service, list));
            }
        });
        return made;
    }

    private Config<DestinationRule> rule(Backends.Service service, List<Claim> list) {
        TrafficPolicy.Builder policy = TrafficPolicy.newBuilder();
        for (Claim claim : list) {
            if (claim.port() == 0) {
                policy.setTls(claim.tls());
            } else {
                policy.addPortLevelSettings(PortTrafficPolicy.newBuilder()
                        .setPort(PortSelector.newBuilder().setNumber(claim.port()))
                        .setTls(claim.tls()));
            }
        }
        return Derived.object(
                Kind.DESTINATION_RULE,
                service.namespace(),
                DerivedNames.of("backend-tls", service.name()),
                DestinationRule.newBuilder()
                        .setHost(options.host(service.name(), service.namespace()))
                        .setTrafficPolicy(policy)
                        .addExportTo("*")
                        .build(),
                list.stream().map(Claim::policy).toList());
    }

    /** For each policy the Gateways whose routes lead to its Services. */
    List<ObjectStatus> statuses(List<BoundRoute> routes) {
        return judged.stream().map(each -> status(each, routes)).toList();
    }

    private ObjectStatus status(Judged judged, List<BoundRoute> routes) {
        Set<String> gateways = new TreeSet<>();
        Set<String> targets = new TreeSet<>();
        PolicyForm.of(judged.policy().spec())
                .targets()
                .forEach(target -> targets.add(judged.policy().namespace() + "/" + target.getName()));
        for (BoundRoute route : routes) {
            boolean leads = route.findings().services().stream()
                    .anyMatch(service -> targets.contains(service.namespace() + "/" + service.name()));
            if (leads) {
                route.attachments()
                        .forEach(attachment -> gateways.add(
                                attachment.listener().gateway().key().resourceName()));
            }
        }
        List<Struct> ancestors = gateways.stream()
                .map(gateway -> new Json()
                        .put(
                                "ancestorRef",
                                new Json()
                                        .put("group", GatewayApi.GROUP)
                                        .put("kind", "Gateway")
                                        .put("namespace", gateway.substring(0, gateway.indexOf('/')))
                                        .put("name", gateway.substring(gateway.indexOf('/') + 1))
                                        .build())
                        .put("controllerName", options.controllerName())
                        .conditions(List.of(judged.accepted(), judged.resolved()))
                        .build())
                .toList();
        return new ObjectStatus(
                judged.policy().key(), new Json().put("ancestors", ancestors).build());
    }
}

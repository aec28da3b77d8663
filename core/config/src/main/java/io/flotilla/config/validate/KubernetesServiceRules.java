package io.flotilla.config.validate;

import com.google.protobuf.Struct;
import io.flotilla.config.model.Config;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a Service of Kubernetes must be, as far as the mesh depends on it. */
final class KubernetesServiceRules {
    private static final String CODE = "FL0701";
    private static final Set<String> TYPES = Set.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName");
    private static final Set<String> TRANSPORTS = Set.of("TCP", "UDP", "SCTP");

    private KubernetesServiceRules() {}

    static void check(Config<Struct> config, Check check) {
        check.require(
                Names.isLabel(config.name()),
                CODE,
                ManifestField.root(config.spec(), check)
                        .field("metadata")
                        .field("name")
                        .at(),
                "\"" + config.name() + "\" is no service name: lower case letters, digits and \"-\"");
        ManifestField spec =
                ManifestField.root(config.spec(), check).field("spec").required();
        String type = spec.field("type").text().orElse("ClusterIP");
        check.require(TYPES.contains(type), CODE, spec.field("type").at(), "\"" + type + "\" is no type of service");
        spec.field("selector").texts();
        String address = spec.field("clusterIP").text().orElse("");
        check.require(
                address.isEmpty() || address.equals("None") || Addresses.isIp(address),
                CODE,
                spec.field("clusterIP").at(),
                "\"" + address + "\" is neither an IP address nor \"None\"");
        boolean external = type.equals("ExternalName");
        String name = spec.field("externalName").text().orElse("");
        check.require(
                !external || Names.isHost(name),
                CODE,
                spec.field("externalName").at(),
                name.isEmpty() ? "is required" : "\"" + name + "\" is no host name");
        List<ManifestField> ports = spec.field("ports").items();
        check.require(
                external || address.equals("None") || !ports.isEmpty(),
                CODE,
                spec.field("ports").at(),
                "is required");
        ports(ports, check);
    }

    private static void ports(List<ManifestField> ports, Check check) {
        Set<String> names = new HashSet<>();
        Set<String> numbers = new HashSet<>();
        for (ManifestField port : ports) {
            String name = port.field("name").text().orElse("");
            check.require(
                    !name.isEmpty() || ports.size() == 1,
                    CODE,
                    port.field("name").at(),
                    "is required where there are several ports");
            check.require(
                    name.isEmpty() || Names.isLabel(name),
                    CODE,
                    port.field("name").at(),
                    "\"" + name + "\" is no port name");
            check.require(
                    name.isEmpty() || names.add(name),
                    CODE,
                    port.field("name").at(),
                    "\"" + name + "\" is given twice");
            String transport = port.field("protocol").text().orElse("TCP");
            check.require(
                    TRANSPORTS.contains(transport),
                    CODE,
                    port.field("protocol").at(),
                    "must be TCP, UDP or SCTP, not \"" + transport + "\"");
            ManifestField number = port.field("port");
            if (!number.present()) {
                check.error(CODE, number.at(), "is required");
            }
            number.number().ifPresent(each -> {
                check.port(each, number.at());
                check.require(
                        numbers.add(each + "/" + transport),
                        CODE,
                        number.at(),
                        each + "/" + transport + " is given twice");
            });
            target(port.field("targetPort"), check);
            port.field("appProtocol").text();
        }
    }

    private static void target(ManifestField target, Check check) {
        if (target.value().hasStringValue()) {
            String name = target.value().getStringValue();
            check.require(
                    Names.isPortName(name),
                    CODE,
                    target.at(),
                    "\"" + name + "\" is neither a number nor the name of a container's port");
        } else {
            target.number().ifPresent(each -> check.port(each, target.at()));
        }
    }
}

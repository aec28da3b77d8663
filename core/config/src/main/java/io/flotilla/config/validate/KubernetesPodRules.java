package io.flotilla.config.validate;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What pods and their controllers must be, as far as the mesh depends on it. */
final class KubernetesPodRules {
    private static final String CODE = "FL0702";

    private KubernetesPodRules() {}

    static void pod(Config<Struct> config, Check check) {
        ManifestField root = ManifestField.root(config.spec(), check);
        pod(root.field("spec").required(), check);
        String address = root.field("status").field("podIP").text().orElse("");
        check.require(
                address.isEmpty() || Addresses.isIp(address),
                CODE,
                root.field("status").field("podIP").at(),
                "\"" + address + "\" is no IP address");
    }

    static void controller(Config<Struct> config, Check check) {
        ManifestField root = ManifestField.root(config.spec(), check);
        ManifestField spec = root.field("spec").required();
        KubernetesObjectRules.version(config, check);
        replicas(spec, check);
        ManifestField template = spec.field("template").required();
        ManifestField labels = template.field("metadata").field("labels");
        labels.texts();
        template.field("metadata").field("annotations").texts();
        pod(template.field("spec").required(), check);
        selector(config, spec.field("selector"), labels, check);
    }

    static void replicas(ManifestField spec, Check check) {
        spec.field("replicas")
                .number()
                .ifPresent(number ->
                        check.notNegative(number, CODE, spec.field("replicas").at()));
    }

    /** Old API versions take a missing selector from the template's labels. */
    private static void selector(Config<Struct> config, ManifestField selector, ManifestField labels, Check check) {
        ManifestField wanted = selector.field("matchLabels");
        wanted.texts();
        String version = config.spec()
                .getFieldsOrDefault("apiVersion", Value.getDefaultInstance())
                .getStringValue();
        boolean current = version.equals("apps/v1");
        if (!selector.present()) {
            check.require(!current, CODE, selector.at(), "is required");
            return;
        }
        Map<String, Value> given = labels.value().getStructValue().getFieldsMap();
        check.require(
                given.entrySet()
                        .containsAll(
                                wanted.value().getStructValue().getFieldsMap().entrySet()),
                CODE,
                selector.at(),
                "does not select the labels of the template");
    }

    static void pod(ManifestField spec, Check check) {
        spec.field("serviceAccountName").text();
        Set<String> names = new HashSet<>();
        var containers = spec.field("containers").items();
        check.require(
                !spec.present() || !containers.isEmpty(),
                CODE,
                spec.field("containers").at(),
                "is required");
        containers.forEach(container -> container(container, names, check));
        spec.field("initContainers").items().forEach(container -> container(container, names, check));
    }

    private static void container(ManifestField container, Set<String> names, Check check) {
        String name = container.field("name").text().orElse("");
        check.require(
                Names.isLabel(name),
                CODE,
                container.field("name").at(),
                name.isEmpty() ? "is required" : "\"" + name + "\" is no container name");
        check.require(
                name.isEmpty() || names.add(name),
                CODE,
                container.field("name").at(),
                "\"" + name + "\" is given twice");
        container.field("image").text();
        for (ManifestField port : container.field("ports").items()) {
            port.field("name").text();
            port.field("containerPort")
                    .number()
                    .ifPresent(number ->
                            check.port(number, port.field("containerPort").at()));
        }
    }

    static void endpoints(Config<Struct> config, Check check) {
        ManifestField root = ManifestField.root(config.spec(), check);
        if (config.key().kind().equals(Kind.ENDPOINTS)) {
            for (ManifestField subset : root.field("subsets").items()) {
                for (String list : new String[] {"addresses", "notReadyAddresses"}) {
                    subset.field(list).items().forEach(address -> address(address.field("ip"), true, check));
                }
                ports(subset, check);
            }
            return;
        }
        KubernetesObjectRules.version(config, check);
        boolean names = root.field("addressType").text().orElse("IPv4").equals("FQDN");
        for (ManifestField endpoint : root.field("endpoints").items()) {
            endpoint.field("addresses").items().forEach(address -> address(address, !names, check));
        }
        ports(root, check);
    }

    private static void ports(ManifestField owner, Check check) {
        for (ManifestField port : owner.field("ports").items()) {
            port.field("name").text();
            port.field("port")
                    .number()
                    .ifPresent(number -> check.port(number, port.field("port").at()));
        }
    }

    private static void address(ManifestField address, boolean ip, Check check) {
        String text = address.text().orElse("");
        check.require(
                !ip || Addresses.isIp(text),
                "FL0703",
                address.at(),
                text.isEmpty() ? "is required" : "\"" + text + "\" is no IP address");
    }
}

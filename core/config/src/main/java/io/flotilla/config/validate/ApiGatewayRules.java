package io.flotilla.config.validate;

import io.flotilla.api.gatewayapi.v1.FrontendValidation;
import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.GatewayClass;
import io.flotilla.api.gatewayapi.v1.Namespaces;
import io.flotilla.api.gatewayapi.v1.RouteKind;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** GatewayClass and Gateway of the Gateway API, but for the listeners. */
final class ApiGatewayRules {
    private static final String CLASS = "FL0510";
    private static final String GATEWAY = "FL0512";
    private static final String NAMESPACES = "FL0513";
    private static final Pattern CONTROLLER = Pattern.compile(
            "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");
    private static final Pattern DOMAIN_PREFIXED = Pattern.compile(
            "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");
    private static final List<String> ADDRESS_TYPES = List.of("IPAddress", "Hostname", "NamedAddress");
    private static final List<String> FROM_LISTENERS = List.of("All", "Selector", "Same", "None");
    private static final List<String> MODES = List.of("AllowValidOnly", "AllowInsecureFallback");

    private final Check check;
    private final ApiSyntax syntax;
    private final ApiReferenceRules references;

    ApiGatewayRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
        this.references = new ApiReferenceRules(check);
    }

    static void gatewayClass(Config<GatewayClass> config, Check check) {
        GatewayClass spec = config.spec();
        FieldPath at = Check.spec();
        ApiSyntax syntax = new ApiSyntax(check);
        String controller = spec.getControllerName();
        check.require(
                controller.length() <= 253 && CONTROLLER.matcher(controller).matches(),
                CLASS,
                at.field("controllerName"),
                controller.isEmpty()
                        ? "is required"
                        : "\"" + controller + "\" is no controller: DOMAIN/PATH, \"flotilla.io/gateway-controller\"");
        check.require(
                spec.getDescription().length() <= 64, CLASS, at.field("description"), "is longer than 64 characters");
        if (spec.hasParametersRef()) {
            FieldPath place = at.field("parametersRef");
            syntax.group(spec.getParametersRef().getGroup(), CLASS, place.field("group"));
            syntax.kind(spec.getParametersRef().getKind(), CLASS, place.field("kind"));
            syntax.objectName(spec.getParametersRef().getName(), CLASS, place.field("name"));
            if (spec.getParametersRef().hasNamespace()) {
                syntax.namespace(spec.getParametersRef().getNamespace(), CLASS, place.field("namespace"));
            }
        }
    }

    static void gateway(Config<Gateway> config, Check check) {
        ApiGatewayRules rules = new ApiGatewayRules(check);
        Gateway spec = config.spec();
        FieldPath at = Check.spec();
        rules.syntax.objectName(spec.getGatewayClassName(), GATEWAY, at.field("gatewayClassName"));
        new ApiListenerRules(check).check(spec.getListenersList(), at.field("listeners"));
        rules.addresses(spec.getAddressesList(), at.field("addresses"));
        if (spec.hasInfrastructure()) {
            rules.infrastructure(spec.getInfrastructure(), at.field("infrastructure"));
        }
        if (spec.getAllowedListeners().hasNamespaces()) {
            rules.namespaces(
                    spec.getAllowedListeners().getNamespaces(),
                    FROM_LISTENERS,
                    at.field("allowedListeners").field("namespaces"));
        }
        if (spec.hasTls()) {
            rules.tls(spec.getTls(), at.field("tls"));
        }
        if (spec.hasDefaultScope()) {
            rules.syntax.oneOf(spec.getDefaultScope(), List.of("All", "None"), GATEWAY, at.field("defaultScope"));
        }
    }

    private void addresses(List<Gateway.Address> addresses, FieldPath at) {
        syntax.atMost(16, addresses.size(), GATEWAY, at);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < addresses.size(); i++) {
            Gateway.Address address = addresses.get(i);
            String type = address.hasType() ? address.getType() : "IPAddress";
            String value = address.getValue();
            FieldPath place = at.item(i);
            if (!DOMAIN_PREFIXED.matcher(type).matches()) {
                syntax.oneOf(type, ADDRESS_TYPES, GATEWAY, place.field("type"));
            }
            if (value.isEmpty()) {
                continue;
            }
            check.require(
                    !type.equals("IPAddress") || Addresses.isIp(value),
                    GATEWAY,
                    place.field("value"),
                    "\"" + value + "\" is no IP address");
            if (type.equals("Hostname")) {
                syntax.hostname(value, true, GATEWAY, place.field("value"));
            }
            boolean counted = type.equals("IPAddress") || type.equals("Hostname");
            check.require(
                    !counted || seen.add(type + " " + value),
                    GATEWAY,
                    place.field("value"),
                    "\"" + value + "\" is given twice");
        }
    }

    private void infrastructure(Gateway.Infrastructure infrastructure, FieldPath at) {
        keys(infrastructure.getLabelsMap(), 8, at.field("labels"));
        check.labels(infrastructure.getLabelsMap(), at.field("labels"));
        keys(infrastructure.getAnnotationsMap(), 16, at.field("annotations"));
        if (infrastructure.hasParametersRef()) {
            references.local(infrastructure.getParametersRef(), at.field("parametersRef"));
        }
    }

    private void keys(Map<String, String> map, int limit, FieldPath at) {
        syntax.atMost(limit, map.size(), GATEWAY, at);
        map.keySet()
                .forEach(key -> check.require(
                        Names.isQualifiedName(key),
                        GATEWAY,
                        at.field(key),
                        "\"" + key + "\" is no key: NAME or DOMAIN/NAME"));
    }

    private void tls(Gateway.Tls tls, FieldPath at) {
        if (tls.getBackend().hasClientCertificateRef()) {
            references.secret(
                    tls.getBackend().getClientCertificateRef(),
                    at.field("backend").field("clientCertificateRef"));
        }
        if (!tls.hasFrontend()) {
            return;
        }
        Gateway.Tls.Frontend frontend = tls.getFrontend();
        FieldPath place = at.field("frontend");
        check.require(frontend.hasDefault(), GATEWAY, place.field("default"), "is required");
        if (frontend.getDefault().hasValidation()) {
            validation(
                    frontend.getDefault().getValidation(),
                    place.field("default").field("validation"));
        }
        syntax.atMost(64, frontend.getPerPortCount(), GATEWAY, place.field("perPort"));
        Set<Integer> ports = new HashSet<>();
        for (int i = 0; i < frontend.getPerPortCount(); i++) {
            Gateway.Tls.PortTls port = frontend.getPerPort(i);
            FieldPath item = place.field("perPort").item(i);
            check.port(port.getPort(), item.field("port"));
            check.require(ports.add(port.getPort()), GATEWAY, item.field("port"), port.getPort() + " is given twice");
            check.require(port.hasTls(), GATEWAY, item.field("tls"), "is required");
            if (port.getTls().hasValidation()) {
                validation(port.getTls().getValidation(), item.field("tls").field("validation"));
            }
        }
    }

    void validation(FrontendValidation validation, FieldPath at) {
        syntax.atLeastOne(validation.getCaCertificateRefsCount(), GATEWAY, at.field("caCertificateRefs"));
        syntax.atMost(8, validation.getCaCertificateRefsCount(), GATEWAY, at.field("caCertificateRefs"));
        for (int i = 0; i < validation.getCaCertificateRefsCount(); i++) {
            references.object(
                    validation.getCaCertificateRefs(i),
                    at.field("caCertificateRefs").item(i));
        }
        if (validation.hasMode()) {
            syntax.oneOf(validation.getMode(), MODES, GATEWAY, at.field("mode"));
        }
    }

    void namespaces(Namespaces namespaces, List<String> words, FieldPath at) {
        if (namespaces.hasFrom()) {
            syntax.oneOf(namespaces.getFrom(), words, NAMESPACES, at.field("from"));
        }
        boolean selects = namespaces.getFrom().equals("Selector");
        check.require(
                !selects || namespaces.hasSelector(),
                NAMESPACES,
                at.field("selector"),
                "is required for from: Selector");
        if (namespaces.hasSelector()) {
            references.selector(namespaces.getSelector(), at.field("selector"));
            if (!selects) {
                check.warning(
                        NAMESPACES, at.field("selector"), "is ignored; write from: Selector to have it looked at");
            }
        }
    }

    void kinds(List<RouteKind> kinds, FieldPath at) {
        syntax.atMost(8, kinds.size(), NAMESPACES, at);
        for (int i = 0; i < kinds.size(); i++) {
            syntax.group(kinds.get(i).getGroup(), NAMESPACES, at.item(i).field("group"));
            syntax.kind(kinds.get(i).getKind(), NAMESPACES, at.item(i).field("kind"));
        }
    }
}

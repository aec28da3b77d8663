package io.flotilla.config.validate;

import com.google.protobuf.Value;
import io.flotilla.api.ingress.v1.Ingress;
import io.flotilla.api.ingress.v1.IngressClass;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.List;
import java.util.regex.Pattern;

/** Ingress and IngressClass of Kubernetes. */
final class IngressRules {
    private static final String RULES = "FL0530";
    private static final String BACKEND = "FL0531";
    private static final String TLS = "FL0532";
    private static final String CLASS = "FL0533";
    private static final String MOVED = "FL0534";
    private static final List<String> TYPES = List.of("Exact", "Prefix", "ImplementationSpecific");
    private static final List<String> NOT_WITHIN = List.of("//", "/./", "/../", "%2f", "%2F");
    private static final Pattern CONTROLLER = Pattern.compile("[^/]+/.+");

    private final Check check;
    private final ApiSyntax syntax;

    private IngressRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
    }

    @SuppressWarnings("deprecation") // older objects have it
    static void ingress(Config<Ingress> config, Check check) {
        IngressRules rules = new IngressRules(check);
        Ingress spec = config.spec();
        FieldPath at = Check.spec();
        if (spec.hasIngressClassName()) {
            check.require(
                    Names.isSubdomain(spec.getIngressClassName()),
                    CLASS,
                    at.field("ingressClassName"),
                    "\"" + spec.getIngressClassName() + "\" is no name of an IngressClass");
            check.require(
                    !config.annotations().containsKey("kubernetes.io/ingress.class"),
                    CLASS,
                    at.field("ingressClassName"),
                    "cannot be given together with the annotation kubernetes.io/ingress.class");
        }
        if (spec.hasBackend()) {
            check.warning(MOVED, at.field("backend"), "is of v1beta1; write defaultBackend");
            check.require(
                    !spec.hasDefaultBackend(),
                    BACKEND,
                    at.field("backend"),
                    "cannot be given together with \"defaultBackend\"");
            rules.backend(spec.getBackend(), at.field("backend"));
        }
        if (spec.hasDefaultBackend()) {
            rules.backend(spec.getDefaultBackend(), at.field("defaultBackend"));
        }
        check.require(
                spec.getRulesCount() > 0 || spec.hasDefaultBackend() || spec.hasBackend(),
                RULES,
                at,
                "needs rules or a defaultBackend");
        for (int i = 0; i < spec.getRulesCount(); i++) {
            rules.rule(spec.getRules(i), at.field("rules").item(i));
        }
        for (int i = 0; i < spec.getTlsCount(); i++) {
            rules.tls(spec.getTls(i), at.field("tls").item(i));
        }
    }

    private void rule(Ingress.Rule rule, FieldPath at) {
        if (!rule.getHost().isEmpty()) {
            syntax.hostname(rule.getHost(), true, RULES, at.field("host"));
        }
        if (!rule.hasHttp()) {
            return;
        }
        FieldPath paths = at.field("http").field("paths");
        syntax.atLeastOne(rule.getHttp().getPathsCount(), RULES, paths);
        for (int i = 0; i < rule.getHttp().getPathsCount(); i++) {
            path(rule.getHttp().getPaths(i), paths.item(i));
        }
    }

    private void path(Ingress.Path path, FieldPath at) {
        FieldPath place = at.field("path");
        String value = path.getPath();
        if (path.hasPathType()) {
            syntax.oneOf(path.getPathType(), TYPES, RULES, at.field("pathType"));
        } else {
            check.warning(MOVED, at.field("pathType"), "is required since v1; write pathType: ImplementationSpecific");
        }
        boolean specific = !path.hasPathType() || path.getPathType().equals("ImplementationSpecific");
        if (!specific || !value.isEmpty()) {
            check.require(
                    value.startsWith("/"),
                    RULES,
                    place,
                    value.isEmpty() ? "is required" : "\"" + value + "\" must start with \"/\"");
        }
        if (!specific) {
            NOT_WITHIN.stream()
                    .filter(value::contains)
                    .forEach(part -> check.error(RULES, place, "\"" + value + "\" must not contain \"" + part + "\""));
            check.require(
                    !value.endsWith("/..") && !value.endsWith("/."),
                    RULES,
                    place,
                    "\"" + value + "\" must not end with a step to itself or up");
        }
        check.require(path.hasBackend(), BACKEND, at.field("backend"), "is required");
        if (path.hasBackend()) {
            backend(path.getBackend(), at.field("backend"));
        }
    }

    @SuppressWarnings("deprecation") // older objects have them
    private void backend(Ingress.Backend backend, FieldPath at) {
        boolean old = !backend.getServiceName().isEmpty() || backend.hasServicePort();
        int forms = (backend.hasService() ? 1 : 0) + (backend.hasResource() ? 1 : 0) + (old ? 1 : 0);
        check.require(forms > 0, BACKEND, at, "needs a service or a resource");
        check.require(forms <= 1, BACKEND, at, "service, resource and serviceName exclude each other");
        if (backend.hasService()) {
            FieldPath place = at.field("service");
            serviceName(backend.getService().getName(), place.field("name"));
            port(backend.getService().getPort(), place.field("port"));
        }
        if (old) {
            check.warning(MOVED, at.field("serviceName"), "is of v1beta1; write service.name and service.port");
            serviceName(backend.getServiceName(), at.field("serviceName"));
            oldPort(backend.getServicePort(), at.field("servicePort"));
        }
        if (backend.hasResource()) {
            FieldPath place = at.field("resource");
            syntax.kind(backend.getResource().getKind(), BACKEND, place.field("kind"));
            syntax.objectName(backend.getResource().getName(), BACKEND, place.field("name"));
        }
    }

    private void serviceName(String name, FieldPath at) {
        check.require(
                Names.isLabel(name),
                BACKEND,
                at,
                name.isEmpty() ? "is required" : "\"" + name + "\" is no name of a Service");
    }

    private void port(Ingress.Backend.Port port, FieldPath at) {
        check.require(!port.getName().isEmpty() || port.getNumber() != 0, BACKEND, at, "needs a number or a name");
        check.require(
                port.getName().isEmpty() || port.getNumber() == 0, BACKEND, at, "number and name exclude each other");
        if (port.getNumber() != 0) {
            check.port(port.getNumber(), at.field("number"));
        }
        check.require(
                port.getName().isEmpty() || Names.isPortName(port.getName()),
                BACKEND,
                at.field("name"),
                "\"" + port.getName() + "\" is no name of a port");
    }

    private void oldPort(Value port, FieldPath at) {
        switch (port.getKindCase()) {
            case NUMBER_VALUE -> {
                double number = port.getNumberValue();
                check.require(
                        number == Math.rint(number) && number >= 1 && number <= 65_535,
                        BACKEND,
                        at,
                        "must be a port between 1 and 65535");
            }
            case STRING_VALUE ->
                check.require(
                        Names.isPortName(port.getStringValue()),
                        BACKEND,
                        at,
                        "\"" + port.getStringValue() + "\" is neither a number nor the name of a port");
            default -> check.error(BACKEND, at, "needs a number or the name of a port");
        }
    }

    private void tls(Ingress.Tls tls, FieldPath at) {
        for (int i = 0; i < tls.getHostsCount(); i++) {
            syntax.hostname(tls.getHosts(i), true, TLS, at.field("hosts").item(i));
        }
        check.require(
                tls.getSecretName().isEmpty() || Names.isSubdomain(tls.getSecretName()),
                TLS,
                at.field("secretName"),
                "\"" + tls.getSecretName() + "\" is no name of a Secret");
    }

    static void ingressClass(Config<IngressClass> config, Check check) {
        FieldPath at = Check.spec();
        String controller = config.spec().getController();
        check.require(
                controller.length() <= 250 && CONTROLLER.matcher(controller).matches(),
                CLASS,
                at.field("controller"),
                controller.isEmpty()
                        ? "is required"
                        : "\"" + controller + "\" is no controller: DOMAIN/PATH, \"istio.io/ingress-controller\"");
        if (config.spec().hasParameters()) {
            IngressClass.Parameters parameters = config.spec().getParameters();
            FieldPath place = at.field("parameters");
            ApiSyntax syntax = new ApiSyntax(check);
            syntax.kind(parameters.getKind(), CLASS, place.field("kind"));
            syntax.objectName(parameters.getName(), CLASS, place.field("name"));
            String scope = parameters.hasScope() ? parameters.getScope() : "Cluster";
            syntax.oneOf(scope, List.of("Cluster", "Namespace"), CLASS, place.field("scope"));
            check.require(
                    scope.equals("Namespace") == parameters.hasNamespace(),
                    CLASS,
                    place.field("namespace"),
                    parameters.hasNamespace() ? "is only for scope: Namespace" : "is required for scope: Namespace");
        }
    }
}

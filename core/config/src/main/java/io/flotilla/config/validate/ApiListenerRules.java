package io.flotilla.config.validate;

import io.flotilla.api.gatewayapi.v1.Listener;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The listeners of a Gateway of the Gateway API. */
final class ApiListenerRules {
    private static final String CODE = "FL0511";
    private static final int MAX_LISTENERS = 64;
    private static final int MAX_OPTION = 4_096;
    private static final Pattern PROTOCOL = Pattern.compile(
            "[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9]+");
    private static final List<String> FROM = List.of("All", "Selector", "Same");

    private final Check check;
    private final ApiSyntax syntax;
    private final ApiReferenceRules references;
    private final ApiGatewayRules gateways;

    ApiListenerRules(Check check) {
        this.check = check;
        this.syntax = new ApiSyntax(check);
        this.references = new ApiReferenceRules(check);
        this.gateways = new ApiGatewayRules(check);
    }

    void check(List<Listener> listeners, FieldPath at) {
        syntax.atLeastOne(listeners.size(), CODE, at);
        syntax.atMost(MAX_LISTENERS, listeners.size(), CODE, at);
        Set<String> names = new HashSet<>();
        Set<String> distinct = new HashSet<>();
        for (int i = 0; i < listeners.size(); i++) {
            Listener listener = listeners.get(i);
            FieldPath place = at.item(i);
            listener(listener, place);
            check.require(
                    names.add(listener.getName()),
                    CODE,
                    place.field("name"),
                    "\"" + listener.getName() + "\" is given twice");
            check.require(
                    distinct.add(listener.getPort() + " " + listener.getProtocol() + " " + listener.getHostname()),
                    CODE,
                    place,
                    "has the port, the protocol and the hostname of another listener");
        }
    }

    private void listener(Listener listener, FieldPath at) {
        syntax.sectionName(listener.getName(), CODE, at.field("name"));
        check.port(listener.getPort(), at.field("port"));
        String protocol = listener.getProtocol();
        check.require(
                protocol.length() <= 255 && PROTOCOL.matcher(protocol).matches(),
                CODE,
                at.field("protocol"),
                protocol.isEmpty()
                        ? "is required, one of HTTP, HTTPS, TLS, TCP, UDP"
                        : "\"" + protocol + "\" is no protocol: HTTP, HTTPS, TLS, TCP, UDP or DOMAIN/NAME");
        if (listener.hasHostname()) {
            syntax.hostname(listener.getHostname(), true, CODE, at.field("hostname"));
        }
        String word = protocol.toUpperCase(Locale.ROOT);
        if (word.equals("TCP") || word.equals("UDP")) {
            check.require(
                    !listener.hasHostname(), CODE, at.field("hostname"), "makes no sense with protocol " + protocol);
        }
        tls(listener, word, at.field("tls"));
        if (listener.getAllowedRoutes().hasNamespaces()) {
            gateways.namespaces(
                    listener.getAllowedRoutes().getNamespaces(),
                    FROM,
                    at.field("allowedRoutes").field("namespaces"));
        }
        gateways.kinds(
                listener.getAllowedRoutes().getKindsList(),
                at.field("allowedRoutes").field("kinds"));
    }

    private void tls(Listener listener, String protocol, FieldPath at) {
        if (!listener.hasTls()) {
            check.require(!protocol.equals("TLS"), CODE, at.field("mode"), "is required for protocol TLS");
            check.require(!protocol.equals("HTTPS"), CODE, at, "is required for protocol HTTPS");
            return;
        }
        Listener.Tls tls = listener.getTls();
        if (Set.of("HTTP", "TCP", "UDP").contains(protocol)) {
            check.error(CODE, at, "is not allowed for protocol " + listener.getProtocol());
        }
        String mode = tls.hasMode() ? tls.getMode() : "Terminate";
        syntax.oneOf(mode, List.of("Terminate", "Passthrough"), CODE, at.field("mode"));
        check.require(
                !protocol.equals("HTTPS") || !mode.equals("Passthrough"),
                CODE,
                at.field("mode"),
                "must be Terminate for protocol HTTPS; TLS that passes has protocol TLS");
        syntax.atMost(64, tls.getCertificateRefsCount(), CODE, at.field("certificateRefs"));
        syntax.atMost(16, tls.getOptionsCount(), CODE, at.field("options"));
        check.require(
                !mode.equals("Terminate") || tls.getCertificateRefsCount() > 0 || tls.getOptionsCount() > 0,
                CODE,
                at.field("certificateRefs"),
                "is required for mode Terminate");
        for (int i = 0; i < tls.getCertificateRefsCount(); i++) {
            references.secret(
                    tls.getCertificateRefs(i), at.field("certificateRefs").item(i));
        }
        tls.getOptionsMap().forEach((key, value) -> {
            FieldPath place = at.field("options").field(key);
            check.require(Names.isQualifiedName(key), CODE, place, "\"" + key + "\" is no key: NAME or DOMAIN/NAME");
            check.require(value.length() <= MAX_OPTION, CODE, place, "is longer than " + MAX_OPTION + " characters");
        });
        frontend(tls, at);
    }

    @SuppressWarnings("deprecation") // older objects have it
    private void frontend(Listener.Tls tls, FieldPath at) {
        if (tls.hasFrontendValidation()) {
            FieldPath place = at.field("frontendValidation");
            gateways.validation(tls.getFrontendValidation(), place);
            check.warning("FL0534", place, "has moved: write spec.tls.frontend.default.validation");
        }
    }
}

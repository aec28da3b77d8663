package io.flotilla.config.gatewayapi;

import com.google.protobuf.Struct;
import io.flotilla.api.gatewayapi.v1.FrontendValidation;
import io.flotilla.api.gatewayapi.v1.Gateway;
import io.flotilla.api.gatewayapi.v1.Listener;
import io.flotilla.api.gatewayapi.v1.ObjectReference;
import io.flotilla.api.gatewayapi.v1.SecretReference;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings;
import io.flotilla.api.networking.v1alpha3.ServerTLSSettings.TLSmode;
import io.flotilla.config.derive.Condition;
import io.flotilla.config.derive.DeriveOptions;
import io.flotilla.config.derive.Lookup;
import io.flotilla.config.gatewayapi.BoundListener.Form;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.GatewayApi;
import io.flotilla.config.model.Kind;
import io.flotilla.config.platform.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a listener shows of itself in TLS, and what it asks of clients. */
record Certificates(Lookup lookup, Grants grants, DeriveOptions options) {
    /** As Istio's users choose the mode: "MUTUAL", "ISTIO_MUTUAL". */
    private static final String MODE_OPTION = "gateway.istio.io/tls-terminate-mode";

    private static final String CA_SUFFIX = "-cacert";

    /** Settings, or what is wrong. */
    record Outcome(Optional<ServerTLSSettings> settings, List<Condition> wrong) {}

    Outcome of(Config<Gateway> gateway, Listener listener, Form form, Proxies proxies) {
        if (!form.isTls()) {
            return new Outcome(Optional.empty(), List.of());
        }
        ServerTLSSettings.Builder settings = ServerTLSSettings.newBuilder();
        if (form == Form.PASSTHROUGH) {
            return new Outcome(Optional.of(settings.setMode(TLSmode.PASSTHROUGH).build()), List.of());
        }
        String asked = listener.getTls().getOptionsOrDefault(MODE_OPTION, "");
        if (asked.equals("ISTIO_MUTUAL")) {
            return new Outcome(
                    Optional.of(settings.setMode(TLSmode.ISTIO_MUTUAL).build()), List.of());
        }
        List<Condition> wrong = new ArrayList<>();
        settings.setMode(asked.equals("MUTUAL") ? TLSmode.MUTUAL : TLSmode.SIMPLE);
        if (listener.getTls().getCertificateRefsCount() == 0) {
            wrong.add(Condition.no("ResolvedRefs", "InvalidCertificateRef", "certificateRefs names no Secret"));
            return new Outcome(Optional.empty(), wrong);
        }
        SecretReference secret = listener.getTls().getCertificateRefs(0);
        certificate(gateway, secret, proxies).ifPresent(wrong::add);
        settings.setCredentialName(secret.getName());
        if (listener.getTls().getCertificateRefsCount() > 1) {
            wrong.add(Condition.no(
                    "Programmed",
                    "Invalid",
                    "several certificates for one listener are not supported; give the first" + " alone"));
        }
        FrontendValidation clients = clients(gateway.spec(), listener);
        if (clients != null) {
            clients(clients, secret, gateway).ifPresent(wrong::add);
            settings.setMode(
                    clients.getMode().equals("AllowInsecureFallback") ? TLSmode.OPTIONAL_MUTUAL : TLSmode.MUTUAL);
        }
        return new Outcome(Optional.of(settings.build()), wrong);
    }

    private Optional<Condition> certificate(Config<Gateway> gateway, SecretReference secret, Proxies proxies) {
        String kind = secret.hasKind() ? secret.getKind() : "Secret";
        if (!secret.getGroup().isEmpty() || !kind.equals("Secret")) {
            return refs("InvalidCertificateRef", "a certificate is a Secret, not a " + kind);
        }
        String namespace = secret.getNamespace().isEmpty() ? gateway.namespace() : secret.getNamespace();
        String name = namespace + "/" + secret.getName();
        if (!grants.permits(GatewayApi.GATEWAY, gateway.namespace(), Kind.SECRET, namespace, secret.getName())) {
            return refs(
                    "RefNotPermitted",
                    "Secret " + name + " is in another namespace, where no ReferenceGrant lets Gateway of "
                            + gateway.namespace() + " name it");
        }
        Optional<Manifest> found = lookup.manifest(Kind.SECRET, namespace, secret.getName());
        if (found.isEmpty() && options.secretsKnown()) {
            return refs("InvalidCertificateRef", "Secret " + name + " does not exist");
        }
        if (found.isPresent() && !(has(found.get(), "tls.crt", "cert") && has(found.get(), "tls.key", "key"))) {
            return refs("InvalidCertificateRef", "Secret " + name + " has no tls.crt and tls.key");
        }
        if (!namespace.equals(proxies.namespace())) {
            return Optional.of(Condition.no(
                    "Programmed",
                    "Invalid",
                    "Secret " + name + " is not in " + proxies.namespace()
                            + ", the namespace of the proxies, which are served no other Secrets"));
        }
        return Optional.empty();
    }

    /** The content of a Secret is not kept, only which keys it has. */
    private static boolean has(Manifest secret, String key, String other) {
        return List.of("data", "stringData").stream()
                .anyMatch(part -> secret.value(part, key).isPresent()
                        || secret.value(part, other).isPresent());
    }

    private static Optional<Condition> refs(String reason, String message) {
        return Optional.of(Condition.no("ResolvedRefs", reason, message));
    }

    @SuppressWarnings("deprecation") // older objects have it
    private static @Nullable FrontendValidation clients(Gateway gateway, Listener listener) {
        if (listener.getTls().hasFrontendValidation()) {
            return listener.getTls().getFrontendValidation();
        }
        Gateway.Tls.Frontend frontend = gateway.getTls().getFrontend();
        for (Gateway.Tls.PortTls port : frontend.getPerPortList()) {
            if (port.getPort() == listener.getPort()) {
                return port.getTls().hasValidation() ? port.getTls().getValidation() : null;
            }
        }
        return frontend.getDefault().hasValidation() ? frontend.getDefault().getValidation() : null;
    }

    /** The proxies know authorities of clients by the certificate's own Secret, or by "NAME-cacert" beside it. */
    private Optional<Condition> clients(FrontendValidation clients, SecretReference secret, Config<Gateway> gateway) {
        ObjectReference authority = clients.getCaCertificateRefs(0);
        String namespace = authority.getNamespace().isEmpty() ? gateway.namespace() : authority.getNamespace();
        String own = secret.getNamespace().isEmpty() ? gateway.namespace() : secret.getNamespace();
        boolean supported =
                authority.getGroup().isEmpty() && authority.getKind().equals("Secret");
        if (!supported || clients.getCaCertificateRefsCount() > 1) {
            return refs(
                    "InvalidCACertificateKind",
                    "the authority of clients is one Secret, " + secret.getName() + " or " + secret.getName()
                            + CA_SUFFIX + ", not " + authority.getKind() + " " + authority.getName());
        }
        boolean found = namespace.equals(own)
                && (authority.getName().equals(secret.getName())
                        || authority.getName().equals(secret.getName() + CA_SUFFIX));
        return found
                ? Optional.empty()
                : refs(
                        "InvalidCACertificateRef",
                        "the authority of clients must be Secret " + own + "/" + secret.getName() + " or " + own + "/"
                                + secret.getName() + CA_SUFFIX + ", not " + namespace + "/" + authority.getName());
    }

    static Struct kind(String kind) {
        return new io.flotilla.config.derive.Json()
                .put("group", GatewayApi.GROUP)
                .put("kind", kind)
                .build();
    }
}

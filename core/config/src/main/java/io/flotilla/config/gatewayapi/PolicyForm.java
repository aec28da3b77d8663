package io.flotilla.config.gatewayapi;

import io.flotilla.api.gatewayapi.v1.BackendTLSPolicy;
import io.flotilla.api.gatewayapi.v1.BackendTLSPolicy.Target;
import io.flotilla.api.gatewayapi.v1.LocalReference;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.config.derive.Condition;
import java.util.List;
import java.util.Optional;

/**
 * A BackendTLSPolicy of any version, in one form.
 *
 * @param authority what is wrong with the authority of servers
 */
record PolicyForm(List<Target> targets, ClientTLSSettings tls, Optional<Condition> authority) {
    /** The authorities of the proxy's machine, as Istio names them. */
    private static final String SYSTEM = "system";

    @SuppressWarnings("deprecation") // older objects have them
    static PolicyForm of(BackendTLSPolicy spec) {
        List<Target> targets = spec.hasTargetRef() ? List.of(spec.getTargetRef()) : spec.getTargetRefsList();
        ClientTLSSettings.Builder tls = ClientTLSSettings.newBuilder().setMode(ClientTLSSettings.TLSmode.SIMPLE);
        List<LocalReference> authorities;
        String system;
        if (spec.hasTls()) {
            authorities = spec.getTls().getCaCertRefsCount() > 0
                    ? spec.getTls().getCaCertRefsList()
                    : spec.getTls().getCaCertificateRefsList();
            system = spec.getTls().hasWellKnownCaCerts()
                    ? spec.getTls().getWellKnownCaCerts()
                    : spec.getTls().getWellKnownCaCertificates();
            tls.setSni(spec.getTls().getHostname())
                    .addSubjectAltNames(spec.getTls().getHostname());
        } else {
            authorities = spec.getValidation().getCaCertificateRefsList();
            system = spec.getValidation().getWellKnownCaCertificates();
            String host = spec.getValidation().getHostname();
            tls.setSni(host);
            spec.getValidation()
                    .getSubjectAltNamesList()
                    .forEach(name ->
                            tls.addSubjectAltNames(name.getType().equals("URI") ? name.getUri() : name.getHostname()));
            if (tls.getSubjectAltNamesCount() == 0) {
                tls.addSubjectAltNames(host);
            }
        }
        return new PolicyForm(targets, tls.build(), Optional.empty()).trusting(authorities, system);
    }

    private PolicyForm trusting(List<LocalReference> authorities, String system) {
        if (system.equals("System")) {
            return new PolicyForm(
                    targets, tls.toBuilder().setCaCertificates(SYSTEM).build(), Optional.empty());
        }
        if (!system.isEmpty()) {
            return refused("InvalidCACertificateRef", "authorities " + system + " are not known; System is");
        }
        LocalReference first = authorities.isEmpty() ? LocalReference.getDefaultInstance() : authorities.getFirst();
        if (authorities.size() != 1
                || !first.getGroup().isEmpty()
                || !first.getKind().equals("Secret")) {
            return refused(
                    "InvalidKind",
                    "the authority is one Secret with ca.crt in the namespace of the proxies, not "
                            + (authorities.size() > 1 ? "several" : first.getKind() + " " + first.getName()));
        }
        return new PolicyForm(
                targets, tls.toBuilder().setCredentialName(first.getName()).build(), Optional.empty());
    }

    private PolicyForm refused(String reason, String message) {
        return new PolicyForm(targets, tls, Optional.of(Condition.no("ResolvedRefs", reason, message)));
    }
}

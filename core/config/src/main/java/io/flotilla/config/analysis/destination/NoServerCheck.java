package io.flotilla.config.analysis.destination;

import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.api.networking.v1alpha3.DestinationRule;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.model.Config;
import java.util.List;

/** TLS whose rule does not say who may vouch for the server. */
final class NoServerCheck implements Check {
    private static final Entry HOST = Entry.warning("FA0306", "TLS to a host that names no authorities", """
                    The mode is SIMPLE or MUTUAL and no caCertificates (and no credentialName) say which authorities to
                    believe. The proxy believes those that its machine trusts: every public one, and none of your own.
                    Under compatibility 1.1 it believes everybody, and an attacker in between is not noticed. Set
                    caCertificates (for public hosts "system") and, where the certificate's name differs from the host,
                    subjectAltNames.""")
            .istio("IST0128");
    private static final Entry PORT = Entry.warning("FA0307", "TLS to a port that names no authorities", """
                    For this port the mode is SIMPLE or MUTUAL and no caCertificates (and no credentialName) say which
                    authorities to believe: those of the proxy's machine, and under compatibility 1.1 everybody. Set
                    caCertificates in the settings of the port.""")
            .istio("IST0129");

    @Override
    public List<Entry> entries() {
        return List.of(HOST, PORT);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        for (Config<DestinationRule> rule : mesh.destinationRules()) {
            RuleTls.each(rule.spec(), (tls, at, ofPort) -> {
                if (unchecked(tls)) {
                    findings.report(
                            ofPort ? PORT : HOST,
                            rule,
                            at,
                            message(tls, rule.spec().getHost()));
                }
            });
        }
    }

    private static String message(ClientTLSSettings tls, String host) {
        return "mode " + tls.getMode()
                + " without caCertificates leaves it to the machine of the proxy who may vouch for " + host;
    }

    private static boolean unchecked(ClientTLSSettings tls) {
        boolean own =
                tls.getMode() == ClientTLSSettings.TLSmode.SIMPLE || tls.getMode() == ClientTLSSettings.TLSmode.MUTUAL;
        return own
                && tls.getCaCertificates().isEmpty()
                && tls.getCredentialName().isEmpty()
                && !tls.getInsecureSkipVerify().getValue();
    }
}

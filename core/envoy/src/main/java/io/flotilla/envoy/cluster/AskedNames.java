package io.flotilla.envoy.cluster;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.UpstreamHttpProtocolOptions;
import io.flotilla.api.networking.v1alpha3.ClientTLSSettings;
import io.flotilla.envoy.filter.NameLookup;
import java.util.List;

/**
 * A cluster whose servers are those that callers ask for: what is done with the name where they speak TLS.
 *
 * @param lookup  how names become addresses
 * @param told    it is the SNI
 * @param checked the server's certificate must be for it
 */
record AskedNames(NameLookup lookup, boolean told, boolean checked) {
    /**
     * By the settings of TLS. A name or identities that they give hold for all servers, instead of what was asked for;
     * and without authorities there is nothing to check by.
     *
     * @param names that servers may show, where the settings list none
     */
    static AskedNames of(NameLookup lookup, ClientTLSSettings tls, List<String> names) {
        boolean told = tls.getSni().isEmpty();
        boolean checked = switch (tls.getMode()) {
            case SIMPLE, MUTUAL ->
                told
                        && !(tls.getCaCertificates().isEmpty()
                                && tls.getCredentialName().isEmpty())
                        && tls.getSubjectAltNamesCount() == 0
                        && names.isEmpty();
            // Members of the mesh show identities.
            case ISTIO_MUTUAL -> false;
            // Plaintext shows nothing.
            case DISABLE, UNRECOGNIZED -> told;
        };
        return new AskedNames(lookup, told, checked);
    }

    void apply(Cluster.Builder cluster) {
        cluster.setClusterType(lookup.cluster(told && checked)).setLbPolicy(Cluster.LbPolicy.CLUSTER_PROVIDED);
    }

    UpstreamHttpProtocolOptions options() {
        return UpstreamHttpProtocolOptions.newBuilder()
                .setAutoSni(told)
                .setAutoSanValidation(checked)
                .build();
    }
}

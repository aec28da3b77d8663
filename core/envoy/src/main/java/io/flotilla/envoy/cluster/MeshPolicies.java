package io.flotilla.envoy.cluster;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings;
import io.flotilla.api.networking.v1alpha3.ConnectionPoolSettings.HTTPSettings.H2UpgradePolicy;
import io.flotilla.api.networking.v1alpha3.TrafficPolicy;

/** What MeshConfig says of all clusters, below what a DestinationRule says of one. */
final class MeshPolicies {
    private MeshPolicies() {}

    /** The policy with the mesh's own in every place where it says nothing. */
    static TrafficPolicy under(TrafficPolicy policy, MeshConfig mesh) {
        TrafficPolicy.Builder whole = policy.toBuilder();
        MeshConfig.DefaultTrafficPolicy standard = mesh.getDefaultTrafficPolicy();
        if (!whole.hasConnectionPool() && standard.hasConnectionPool()) {
            whole.setConnectionPool(standard.getConnectionPool());
        }
        if (!whole.hasOutlierDetection() && standard.hasOutlierDetection()) {
            whole.setOutlierDetection(standard.getOutlierDetection());
        }
        ConnectionPoolSettings pool = whole.getConnectionPool();
        if (mesh.hasTcpKeepalive() && !pool.getTcp().hasTcpKeepalive()) {
            whole.getConnectionPoolBuilder().getTcpBuilder().setTcpKeepalive(mesh.getTcpKeepalive());
        }
        if (mesh.getH2UpgradePolicy() == MeshConfig.H2UpgradePolicy.UPGRADE
                && pool.getHttp().getH2UpgradePolicy() == H2UpgradePolicy.DEFAULT) {
            whole.getConnectionPoolBuilder().getHttpBuilder().setH2UpgradePolicy(H2UpgradePolicy.UPGRADE);
        }
        return whole.build();
    }
}

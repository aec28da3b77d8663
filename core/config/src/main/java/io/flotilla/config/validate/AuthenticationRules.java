package io.flotilla.config.validate;

import io.flotilla.api.authentication.v1alpha1.Policy;
import io.flotilla.api.security.v1beta1.PeerAuthentication;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;

/** What callers must show: PeerAuthentication, and the classic Policy and MeshPolicy. */
final class AuthenticationRules {
    private static final String DEFAULT = "default";
    private static final FieldPath NAME = FieldPath.ROOT.field("metadata").field("name");

    private AuthenticationRules() {}

    static void peers(Config<PeerAuthentication> config, Check check) {
        PeerAuthentication policy = config.spec();
        FieldPath at = Check.spec();
        boolean selects = policy.getSelector().getMatchLabelsCount() > 0;
        check.labels(
                policy.getSelector().getMatchLabelsMap(), at.field("selector").field("matchLabels"));
        FieldPath ports = at.field("portLevelMtls");
        policy.getPortLevelMtlsMap()
                .keySet()
                .forEach(port -> check.port(port, ports.field(Integer.toUnsignedString(port))));
        check.require(
                policy.getPortLevelMtlsCount() == 0 || selects,
                "FL0501",
                ports,
                "needs a selector: ports are those of chosen workloads");
    }

    static void policy(Config<Policy> config, Check check) {
        boolean named = config.name().equals(DEFAULT);
        boolean targeted = config.spec().getTargetsCount() > 0;
        check.require(
                targeted || named,
                "FL0601",
                NAME,
                "a policy without targets holds for its namespace and is named \"default\"");
        check.require(
                !targeted || !named,
                "FL0601",
                Check.spec().field("targets"),
                "the policy named \"default\" has no targets");
        new ClassicPolicyRules(check).policy(config.spec(), Check.spec());
    }

    static void meshPolicy(Config<Policy> config, Check check) {
        check.require(config.name().equals(DEFAULT), "FL0602", NAME, "the policy of the mesh is named \"default\"");
        check.require(
                config.spec().getTargetsCount() == 0,
                "FL0602",
                Check.spec().field("targets"),
                "the policy of the mesh has no targets");
        new ClassicPolicyRules(check).policy(config.spec(), Check.spec());
    }
}

package io.flotilla.config.validate;

import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.TLSConfig;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** TLS of the whole mesh. What a proxy does not know is left out, so it is a warning. */
final class MeshTlsRules {
    private static final String CODE = "FL0803";
    static final Set<String> CURVES = Set.of("P-256", "P-384", "P-521", "X25519", "X25519MLKEM768");

    private final Check check;

    MeshTlsRules(Check check) {
        this.check = check;
    }

    void check(MeshConfig mesh, FieldPath at) {
        if (mesh.hasMeshMTLS()) {
            FieldPath place = at.field("meshMTLS");
            TLSConfig tls = mesh.getMeshMTLS();
            check.require(
                    tls.getEcdhCurvesCount() == 0,
                    CODE,
                    place.field("ecdhCurves"),
                    "cannot be given for mutual TLS in the mesh; tlsDefaults has them for the edges");
            ciphers(tls, place);
        }
        if (mesh.hasTlsDefaults()) {
            FieldPath place = at.field("tlsDefaults");
            TLSConfig tls = mesh.getTlsDefaults();
            ciphers(tls, place);
            known(tls.getEcdhCurvesList(), CURVES, "curve", place.field("ecdhCurves"));
        }
    }

    private void ciphers(TLSConfig tls, FieldPath at) {
        known(tls.getCipherSuitesList(), GatewayTlsRules.CIPHERS, "cipher suite", at.field("cipherSuites"));
        if (tls.getMinProtocolVersion() == TLSConfig.TLSProtocol.TLSV1_3 && tls.getCipherSuitesCount() > 0) {
            check.warning(CODE, at.field("cipherSuites"), "has no effect: those of TLS 1.3 cannot be chosen");
        }
    }

    private void known(List<String> given, Set<String> known, String what, FieldPath at) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < given.size(); i++) {
            String name = given.get(i);
            if (!known.contains(name)) {
                check.warning(
                        CODE, at.item(i), "\"" + name + "\" is no " + what + " that Envoy knows, and is left out");
            } else if (!seen.add(name)) {
                check.warning(CODE, at.item(i), "\"" + name + "\" is given twice");
            }
        }
    }
}

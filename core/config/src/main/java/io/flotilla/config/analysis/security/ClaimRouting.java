package io.flotilla.config.analysis.security;

import io.flotilla.api.networking.v1alpha3.Gateway;
import io.flotilla.api.networking.v1alpha3.VirtualService;
import io.flotilla.api.security.v1beta1.RequestAuthentication;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.analysis.Routing;
import io.flotilla.config.analysis.WorkloadFact;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Routes by claims of a token that nobody reads. */
final class ClaimRouting implements Check {
    private static final String CLAIMS = "@request.auth.claims";

    private static final Entry WITHOUT = Entry.error(
                    "FA0214", "a route looks at claims of a token that nobody reads", """
                    Matches on @request.auth.claims work only at gateways whose pods have a RequestAuthentication,
                    which reads the token and offers its claims. There is none for the pods of this VirtualService's
                    gateways, so the match never fits. Add a RequestAuthentication with a selector for the gateway's
                    pods, in their namespace.""")
            .istio("IST0149");

    @Override
    public List<Entry> entries() {
        return List.of(WITHOUT);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Set<WorkloadFact> reading = new HashSet<>();
        mesh.all(Kind.REQUEST_AUTHENTICATION, RequestAuthentication.class)
                .forEach(each -> reading.addAll(TokenChecks.workloads(mesh, each)));
        for (Config<VirtualService> service : mesh.virtualServices()) {
            for (int i = 0; i < service.spec().getHttpCount(); i++) {
                for (int j = 0; j < service.spec().getHttp(i).getMatchCount(); j++) {
                    FieldPath at = Paths.item("http", i).field("match").item(j).field("headers");
                    service.spec().getHttp(i).getMatch(j).getHeadersMap().keySet().stream()
                            .filter(name -> name.startsWith(CLAIMS))
                            .findFirst()
                            .ifPresent(name -> check(mesh, service, reading, at.field(name), name, findings));
                }
            }
        }
    }

    private static void check(
            Mesh mesh,
            Config<VirtualService> service,
            Set<WorkloadFact> reading,
            FieldPath at,
            String name,
            Findings findings) {
        for (String each : service.spec().getGatewaysList()) {
            Config<Gateway> gateway =
                    Routing.gateway(mesh, each, service.namespace()).orElse(null);
            if (gateway == null) {
                continue;
            }
            List<WorkloadFact> pods =
                    mesh.workloads().selectAnywhere(gateway.spec().getSelectorMap());
            if (pods.stream().noneMatch(reading::contains)) {
                findings.report(
                        WITHOUT,
                        service,
                        at,
                        "\"" + name + "\" needs a RequestAuthentication for the pods of Gateway "
                                + gateway.key().resourceName());
                return;
            }
        }
    }
}

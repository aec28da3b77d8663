package io.flotilla.envoy.explain;

import com.google.protobuf.util.Durations;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.flotilla.config.analysis.Positions;
import io.flotilla.config.model.Config;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.EnvoyResources;
import io.flotilla.envoy.PeerIdentities;
import io.flotilla.envoy.ProxyView;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Translator;
import io.flotilla.envoy.Tuning;
import io.flotilla.envoy.explain.Step.Decision;
import io.flotilla.envoy.gateway.LeftOutServer;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.envoy.simulation.Passage;
import io.flotilla.envoy.simulation.Prediction;
import io.flotilla.envoy.simulation.Simulator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Explains a request: what the caller's proxy does with it, and who decided that. */
public final class Explainer {
    private final MeshSnapshot mesh;
    private final ProxyView view;
    private final Scope scope;
    private final EnvoyResources resources;
    private final Decisions decisions;
    private final List<Step> steps = new ArrayList<>();

    private Explainer(MeshSnapshot mesh, ProxyView view, Collection<Config<?>> objects, Positions positions) {
        Scope scope = new Scope(mesh, view, PeerIdentities.ofEndpoints(), Scope.Caches.none(), Tuning.defaults());
        this.mesh = mesh;
        this.view = view;
        this.resources = Translator.translate(scope);
        this.scope = scope;
        this.decisions = new Decisions(scope, objects, positions);
    }

    /**
     * Explains one request.
     *
     * @param view      whose application sends it; of an edge, where it comes in
     * @param objects   as they were written
     * @param positions where their fields stand
     */
    public static Explanation explain(
            MeshSnapshot mesh, ProxyView view, Collection<Config<?>> objects, Positions positions, Call call) {
        return new Explainer(mesh, view, objects, positions).explain(call);
    }

    private Explanation explain(Call call) {
        Simulator simulator = new Simulator(resources);
        Passage passage = view.router() ? simulator.atEdge(call) : simulator.captured(call);
        arrival(call, passage);
        passage.host().ifPresent(host -> add("virtual host", host.getName(), hostOf(host.getName())));
        passage.route().ifPresent(route -> route(route, passage.outcome(), call));
        Prediction prediction = Prediction.of(passage, resources);
        new Upstreams(mesh, resources, decisions).steps(prediction.clusters()).forEach(steps::add);
        Explanation explanation = new Explanation(steps, passage.outcome(), prediction);
        add("answer", explanation.summary(), Optional.empty());
        return new Explanation(steps, passage.outcome(), prediction);
    }

    private void arrival(Call call, Passage passage) {
        Destination destination = Destination.of(mesh, view, call);
        add(
                view.router() ? "edge" : "capture",
                call.address() + ":" + call.port() + destination.text(),
                destination
                        .sidecar()
                        .flatMap(decisions::of)
                        .or(() -> destination.service().flatMap(decisions::of)));
        passage.listener().ifPresent(listener -> add("listener", listener.getName(), Optional.empty()));
        if (view.router()) {
            LeftOutServer.of(scope, call.port(), call.host().replaceAll(":[0-9]+$", ""))
                    .forEach(server -> add("left out", server.text(), decisions.of(server)));
        }
        passage.chain().ifPresent(chain -> add("filter chain", chain.getName(), Optional.empty()));
        if (!passage.routes().isEmpty()) {
            add("routes", passage.routes(), Optional.empty());
        }
    }

    private Optional<Decision> hostOf(String virtualHost) {
        String name = virtualHost.replaceAll(":[0-9]+$", "");
        return mesh.service(name, view.namespace()).flatMap(decisions::of);
    }

    private void route(Route route, Outcome outcome, Call call) {
        Optional<Decision> rule = decisions.of(route, call.port());
        add("route", route.getName().isEmpty() ? "(without name)" : route.getName(), rule);
        if (outcome instanceof Outcome.Forwarded forwarded) {
            forwarded(route.getRoute(), forwarded, call, rule);
        }
    }

    private void forwarded(RouteAction action, Outcome.Forwarded forwarded, Call call, Optional<Decision> rule) {
        if (!forwarded.fault().isEmpty()) {
            add("fault", forwarded.fault(), rule);
        }
        if (!forwarded.path().equals(call.path())) {
            add("rewrite", forwarded.path(), rule);
        }
        if (!action.getHostRewriteLiteral().isEmpty()) {
            add("rewrite", "host " + action.getHostRewriteLiteral(), rule);
        }
        if (Durations.isPositive(action.getTimeout())) {
            add("timeout", Durations.toMillis(action.getTimeout()) + "ms", rule);
        }
        if (action.hasRetryPolicy()) {
            add(
                    "retry",
                    action.getRetryPolicy().getNumRetries().getValue() + " times on "
                            + action.getRetryPolicy().getRetryOn(),
                    rule);
        }
        action.getRequestMirrorPoliciesList().forEach(mirror -> add("mirror", mirror.getCluster(), rule));
        forwarded
                .shares()
                .forEach((cluster, share) -> add(
                        "cluster",
                        forwarded.shares().size() == 1 ? cluster : cluster + ", weight " + share,
                        cluster(cluster).flatMap(decisions::of)));
    }

    private Optional<Cluster> cluster(String name) {
        return resources.clusters().stream()
                .filter(cluster -> cluster.getName().equals(name))
                .findFirst();
    }

    private void add(String stage, String what, Optional<Decision> because) {
        steps.add(new Step(stage, what, because));
    }
}

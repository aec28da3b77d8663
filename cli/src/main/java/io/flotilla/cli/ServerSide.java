package io.flotilla.cli;

import io.flotilla.api.registry.v1.Workload;
import io.flotilla.config.model.Origin;
import io.flotilla.config.snapshot.MeshService;
import io.flotilla.config.snapshot.MeshSnapshot;
import io.flotilla.envoy.explain.Explanation;
import io.flotilla.envoy.explain.Step;
import io.flotilla.envoy.simulation.Call;
import io.flotilla.envoy.simulation.Outcome;
import io.flotilla.policy.Attempt;
import io.flotilla.policy.Finding;
import io.flotilla.policy.Finding.Effect;
import io.flotilla.policy.Places;
import io.flotilla.policy.Token;
import io.flotilla.policy.Verdict;
import io.flotilla.policy.Verdict.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What those whom a request reaches make of it: of an edge its own policies, then those of the servers behind every
 * cluster that it may go to.
 *
 * @param edge    empty where the request begins inside of the mesh
 * @param servers one for all workloads of a cluster that are the same to policies
 */
record ServerSide(Optional<Trial> edge, List<Trial> servers, Places places) {
    ServerSide {
        servers = List.copyOf(servers);
    }

    static ServerSide of(
            MeshSource.Read mesh, Workload caller, boolean router, Call call, Explanation way, Token token) {
        Attempt.Request asked = request(call, call.path(), token);
        Optional<Trial> edge = router
                ? Optional.of(Trial.of(
                        mesh.snapshot(),
                        new Who("", "", Map.of(), ""),
                        Reached.of(caller, call.port()),
                        "",
                        Optional.of(asked)))
                : Optional.empty();
        // Edges have an identity, whatever injects their proxy.
        Who who = Who.of(router ? caller.toBuilder().setHasSidecar(true).build() : caller, mesh.snapshot());
        String path = way.outcome() instanceof Outcome.Forwarded forwarded ? forwarded.path() : call.path();
        Optional<Attempt.Request> sent =
                way.outcome() instanceof Outcome.Tcp ? Optional.empty() : Optional.of(request(call, path, token));
        List<Trial> servers = way.prediction().clusters().stream()
                .flatMap(cluster -> targets(cluster, mesh.snapshot(), caller))
                .map(target -> Trial.of(mesh.snapshot(), who, target, "", sent))
                .toList();
        return new ServerSide(edge, way.served() ? servers : List.of(), mesh.places());
    }

    private static Attempt.Request request(Call call, String path, Token token) {
        Map<String, List<String>> headers = new TreeMap<>();
        call.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        return new Attempt.Request(call.method(), call.host(), path, headers, token);
    }

    /** "outbound|PORT|SUBSET|HOST". */
    private static Stream<Reached> targets(String cluster, MeshSnapshot mesh, Workload caller) {
        String[] parts = cluster.split("\\|", -1);
        if (parts.length != 4 || !parts[0].equals("outbound")) {
            return Stream.of();
        }
        Optional<MeshService> service = mesh.service(parts[3], caller.getNamespace());
        int port = Integer.parseInt(parts[1]);
        return service.stream()
                .flatMap(each -> Reached.of(each, port, parts[2], mesh).stream()
                        .filter(target -> isIn(target, each, parts[2], mesh, caller)));
    }

    private static boolean isIn(
            Reached target, MeshService service, String subset, MeshSnapshot mesh, Workload caller) {
        return subset.isEmpty()
                || mesh.destinationRuleParts(service, caller.getNamespace(), caller.getLabelsMap())
                        .subset(subset)
                        .filter(declared -> target.guarded()
                                .labels()
                                .entrySet()
                                .containsAll(declared.subset().getLabelsMap().entrySet()))
                        .isPresent();
    }

    /** Nobody refuses it. */
    boolean permitted() {
        return Stream.concat(edge.stream(), servers.stream())
                .noneMatch(trial -> trial.verdict().answer() == Answer.DENIED);
    }

    /** The whole way: the edge's policies before its routes, the servers' before the answer. */
    List<Step> around(List<Step> way) {
        List<Step> all = new ArrayList<>();
        for (Step step : way) {
            if (step.stage().equals("routes")) {
                edge.ifPresent(trial -> all.addAll(steps(trial)));
            }
            if (step.stage().equals("answer")) {
                servers.forEach(trial -> all.addAll(steps(trial)));
            }
            all.add(step);
        }
        return all;
    }

    private List<Step> steps(Trial trial) {
        List<Step> steps = new ArrayList<>();
        for (Finding finding : trial.verdict().findings()) {
            String stage = switch (finding.stage()) {
                case MTLS, TOKEN -> "authentication";
                case PATH, REVOCATION, CUSTOM, DENY, ALLOW, AUDIT -> "authorization";
            };
            String refused = finding.effect() == Effect.REFUSED ? refusal(trial.verdict()) : "";
            steps.add(new Step(
                    stage,
                    trial.target().name() + ": " + finding.what() + refused,
                    finding.by().map(by -> {
                        Origin origin = places.of(by);
                        return new Step.Decision(by.object().toString(), by.path(), origin);
                    })));
        }
        return steps;
    }

    private static String refusal(Verdict verdict) {
        return verdict.status() > 0 ? " (" + verdict.status() + ")" : " (the connection is closed)";
    }

    /** Fields are only ever added. */
    List<Map<String, Object>> json() {
        DecisionText text = new DecisionText(places);
        return Stream.concat(edge.stream(), servers.stream()).map(text::json).toList();
    }
}

package io.flotilla.injection;

import io.envoyproxy.envoy.config.core.v3.Locality;
import io.flotilla.envoy.CapturePorts;
import io.flotilla.envoy.bootstrap.AppProbe;
import io.flotilla.envoy.bootstrap.BootstrapJson;
import io.flotilla.envoy.bootstrap.BootstrapSettings;
import io.flotilla.envoy.bootstrap.Bootstraps;
import io.flotilla.envoy.bootstrap.InterceptionMode;
import io.flotilla.envoy.bootstrap.MeshProxies;
import io.flotilla.envoy.bootstrap.Placeholder;
import io.flotilla.envoy.bootstrap.ProxyNode;
import io.flotilla.envoy.bootstrap.ProxyRole;
import io.flotilla.envoy.bootstrap.ProxySettings;
import io.flotilla.envoy.bootstrap.ProxyTuning;
import io.flotilla.envoy.patch.BootstrapPatching;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes pods members of the mesh: {@code (pod, context) -> injected pod and patch}. The webhook, {@code kube-inject} and
 * the local mesh all use it, so that they agree.
 *
 * @param settings what holds for all pods
 * @param proxies  what the mesh's objects say of how proxies start
 */
public record SidecarInjector(InjectionSettings settings, MeshProxies proxies) {
    /** In a mesh whose objects say nothing of proxies. */
    public SidecarInjector(InjectionSettings settings) {
        this(settings, MeshProxies.NONE);
    }

    /**
     * Injects a pod, or the template of a pod: a JSON tree with "metadata" and "spec". The tree itself is not changed.
     * Injecting what was injected before changes nothing.
     */
    public Injection inject(Map<String, Object> pod, PodContext context) {
        try {
            Optional<String> reason = InjectionDecision.reasonToSkip(pod, context, settings.policy());
            return reason.<Injection>map(Injection.Skipped::new).orElseGet(() -> injected(pod, context));
        } catch (Tree.MalformedManifest malformed) {
            return new Injection.Refused(List.of(String.valueOf(malformed.getMessage())));
        }
    }

    private Injection injected(Map<String, Object> pod, PodContext context) {
        Map<String, Object> metadata = Tree.object(pod, "metadata");
        Map<String, Object> spec = Tree.object(pod, "spec");
        Map<String, String> annotations = Tree.texts(metadata, "annotations");
        PodWishes wishes = new PodWishes(annotations);
        Map<String, String> labels = Tree.texts(metadata, "labels");
        InjectionSettings wanted = wishes.over(
                settings.withPorts(CapturePorts.of(proxies.mesh())),
                proxies.of(context.namespace(), labels, wishes.proxy()));
        int probesPort = wanted.listeners().probes().port();
        List<Map<String, Object>> containers = Tree.objects(spec, "containers");
        ProbeRewrite rewrite =
                ProbeRewrite.of(wishes.rewritesProbes() ? containers : List.of(), wanted.appHost(), probesPort);
        UserVolumes volumes = UserVolumes.of(annotations);
        EnvoyStart start = wishes.start();
        List<String> problems = new ArrayList<>(wishes.problems());
        problems.addAll(rewrite.problems());
        problems.addAll(volumes.problems());
        if (!problems.isEmpty()) {
            return new Injection.Refused(problems);
        }
        ProxyNode node = node(metadata, spec, context, wanted);
        BootstrapPatching.Patched patched = BootstrapPatching.apply(
                ProxySettings.apply(
                        Bootstraps.translate(bootstrap(node, wanted, rewrite.probes(), wishes.statsPrefixes())),
                        wanted.proxy()),
                proxies.filters(context.namespace()),
                new BootstrapPatching.Starting(context.namespace(), labels, false));
        List<String> warnings = new ArrayList<>(wishes.warnings());
        patched.problems().forEach(problem -> warnings.add(problem.toString()));
        InjectedContainers parts =
                new InjectedContainers(wanted, BootstrapJson.compact(patched.bootstrap()), start, volumes);
        Map<String, Object> injected = new LinkedHashMap<>(pod);
        injected.put("metadata", metadata(metadata, parts));
        injected.put("spec", parts.into(spec, wishes.rewritesProbes() ? rewrite.containers() : containers));
        return new Injection.Injected(injected, JsonPatch.between(pod, injected), warnings);
    }

    private static BootstrapSettings bootstrap(
            ProxyNode node, InjectionSettings wanted, List<AppProbe> probes, List<String> statsPrefixes) {
        boolean captured = wanted.capture().mode() == InterceptionMode.REDIRECT;
        ProxyTuning tuning = ProxyTuning.DEFAULT;
        return new BootstrapSettings(
                node,
                wanted.mesh().controlPlane(),
                wanted.listeners(),
                probes,
                new ProxyTuning(
                        tuning.maxConnections(),
                        OptionalLong.empty(),
                        statsPrefixes,
                        captured && wanted.capture().ownTraffic() instanceof OwnTraffic.Mark mark
                                ? OptionalLong.of(mark.mark())
                                : OptionalLong.empty(),
                        captured ? tuning.probeSource() : Optional.empty()),
                Optional.empty());
    }

    private static ProxyNode node(
            Map<String, Object> metadata, Map<String, Object> spec, PodContext context, InjectionSettings wanted) {
        Map<String, String> labels = Tree.texts(metadata, "labels");
        String workload = context.workload().isEmpty() ? Workloads.nameOf(metadata) : context.workload();
        String account = Tree.text(spec, "serviceAccountName");
        MeshMembership mesh = wanted.mesh();
        return new ProxyNode(
                ProxyRole.SIDECAR,
                ProxyNode.Pod.BY_INIT_CONTAINER,
                new ProxyNode.Workload(
                        workload, Workloads.app(labels, workload), account.isEmpty() ? "default" : account, labels),
                new ProxyNode.Placement(
                        mesh.domainSuffix(),
                        mesh.clusterId(),
                        mesh.network(),
                        mesh.revision(),
                        wanted.capture().mode(),
                        Locality.newBuilder()
                                .setRegion(Placeholder.REGION.text())
                                .setZone(Placeholder.ZONE.text())
                                .setSubZone(Placeholder.SUBZONE.text())
                                .build()));
    }

    private Map<String, Object> metadata(Map<String, Object> metadata, InjectedContainers parts) {
        Map<String, Object> annotations = new LinkedHashMap<>(Tree.object(metadata, "annotations"));
        annotations.put(
                Annotations.STATUS, JsonText.write(parts.status(settings.mesh().revision())));
        Map<String, Object> labels = new LinkedHashMap<>(Tree.object(metadata, "labels"));
        labels.putIfAbsent("security.istio.io/tlsMode", "istio");
        labels.putIfAbsent("istio.io/rev", settings.mesh().revision());
        return Tree.with(Tree.with(metadata, "labels", labels), "annotations", annotations);
    }
}

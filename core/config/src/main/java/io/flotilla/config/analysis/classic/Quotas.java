package io.flotilla.config.analysis.classic;

import io.flotilla.api.mixer.v1.config.client.IstioService;
import io.flotilla.api.mixer.v1.config.client.QuotaSpec;
import io.flotilla.api.mixer.v1.config.client.QuotaSpecBinding;
import io.flotilla.api.policy.v1beta1.Action;
import io.flotilla.api.policy.v1beta1.Rule;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import io.flotilla.config.schema.FieldPath;
import io.flotilla.config.schema.Spelling;
import io.flotilla.config.validate.Names;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Quotas that limit nobody. */
final class Quotas implements Check {
    private static final Entry UNKNOWN = Entry.error("FA0906", "a QuotaSpec charges a quota that does not exist", """
                    A QuotaSpec names an instance of the template quota. There is none of this name, so callers are
                    never limited, and nothing else tells it. Correct the name. A name that no instance can have, like
                    RequestCount with its capitals, is not told here, but of the object alone (FL0461).""")
            .istio("IST0101");
    private static final Entry SPEC = Entry.error(
                    "FA0907", "a QuotaSpecBinding names a QuotaSpec that does not exist", """
                    The binding connects services with QuotaSpecs, of its own namespace where none is named. This one
                    does not exist, so the services are not limited by it. Correct name and namespace.""")
            .istio("IST0101");
    private static final Entry SERVICE = Entry.warning(
                    "FA0908", "a QuotaSpecBinding names a service that does not exist", """
                    The quota is charged for calls of the services that the binding names, by name and namespace (its own
                    where none is named), or all with service: "*". There is no such service, so nothing is charged for
                    it. Correct name and namespace.""")
            .istio("IST0101");
    private static final Entry NEVER = Entry.warning("FA0909", "a quota never limits anybody", """
            A limit of Istio 1.1 needs four things: a QuotaSpec that names the quota, a QuotaSpecBinding that gives it
            to services, a rule that sends the quota's instance to a handler, and a handler with an amount under the
            instance's name. One of them is missing here, so nobody would be limited where Mixer carries it out. Add
            what the message names; what limits callers of this mesh is told of the rule (FA0917).""");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN, SPEC, SERVICE, NEVER);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        MixerObjects objects = new MixerObjects(mesh);
        Set<String> bound = new HashSet<>();
        for (Config<QuotaSpecBinding> binding : mesh.all(Kind.mixer("QuotaSpecBinding"), QuotaSpecBinding.class)) {
            binding(mesh, binding, bound, findings);
        }
        for (Config<QuotaSpec> spec : mesh.all(Kind.mixer("QuotaSpec"), QuotaSpec.class)) {
            if (!bound.contains(spec.key().resourceName())) {
                findings.report(NEVER, spec, Paths.SPEC, "no QuotaSpecBinding gives it to a service");
            }
            for (int i = 0; i < spec.spec().getRulesCount(); i++) {
                for (int j = 0; j < spec.spec().getRules(i).getQuotasCount(); j++) {
                    charged(
                            mesh,
                            objects,
                            spec,
                            spec.spec().getRules(i).getQuotas(j).getQuota(),
                            Paths.item("rules", i).field("quotas").item(j).field("quota"),
                            findings);
                }
            }
        }
    }

    private static void binding(Mesh mesh, Config<QuotaSpecBinding> binding, Set<String> bound, Findings findings) {
        for (int i = 0; i < binding.spec().getQuotaSpecsCount(); i++) {
            QuotaSpecBinding.QuotaSpecReference reference = binding.spec().getQuotaSpecs(i);
            String namespace = reference.getNamespace().isEmpty() ? binding.namespace() : reference.getNamespace();
            bound.add(namespace + "/" + reference.getName());
            if (mesh.find(Kind.mixer("QuotaSpec"), namespace, reference.getName())
                    .isEmpty()) {
                findings.report(
                        SPEC,
                        binding,
                        Paths.item("quotaSpecs", i),
                        "there is no QuotaSpec \"" + namespace + "/" + reference.getName() + "\"");
            }
        }
        for (int i = 0; i < binding.spec().getServicesCount(); i++) {
            IstioService service = binding.spec().getServices(i);
            String namespace = service.getNamespace().isEmpty() ? binding.namespace() : service.getNamespace();
            String host = BoundServices.host(mesh, service, namespace);
            if (!BoundServices.known(mesh, host, namespace)) {
                findings.report(SERVICE, binding, Paths.item("services", i), "there is no service \"" + host + "\"");
            }
        }
    }

    private static void charged(
            Mesh mesh, MixerObjects objects, Config<QuotaSpec> spec, String quota, FieldPath at, Findings findings) {
        // Validation has told of it, of this object and field.
        if (!Names.isSubdomain(quota)) {
            return;
        }
        List<Config<?>> instances = objects.instance(quota, spec.namespace()).stream()
                .filter(MixerObjects::isQuota)
                .toList();
        if (instances.isEmpty()) {
            List<String> names = objects.all().stream()
                    .filter(MixerObjects::isQuota)
                    .map(Config::name)
                    .toList();
            findings.report(
                    UNKNOWN, spec, at, "there is no quota \"" + quota + "\"" + Spelling.suggestion(quota, names));
            return;
        }
        Config<?> instance = instances.getFirst();
        List<Config<?>> handlers = new ArrayList<>();
        for (Config<Rule> rule : mesh.all(Kind.mixer("rule"), Rule.class)) {
            for (Action action : rule.spec().getActionsList()) {
                boolean sent = action.getInstancesList().stream()
                        .flatMap(name -> objects.instance(name, rule.namespace()).stream())
                        .anyMatch(each -> each.key().equals(instance.key()));
                if (sent) {
                    handlers.addAll(objects.handler(action.getHandler(), rule.namespace()));
                }
            }
        }
        if (handlers.isEmpty()) {
            findings.report(NEVER, spec, at, "no rule sends " + instance.key() + " to a handler");
        } else if (handlers.stream().noneMatch(handler -> counts(handler, instance))) {
            findings.report(
                    NEVER,
                    spec,
                    at,
                    "handler " + handlers.getFirst().key().resourceName() + " has no amount for " + instance.name()
                            + "." + instance.key().kind().name() + "." + instance.namespace());
        }
    }

    /** A handler that is no adapter for quotas that we know may count what it likes. */
    private static boolean counts(Config<?> handler, Config<?> instance) {
        return MixerObjects.counted(handler)
                .map(names -> names.stream()
                        .anyMatch(name -> name.equals(instance.name()) || name.startsWith(instance.name() + ".")))
                .orElse(true);
    }
}

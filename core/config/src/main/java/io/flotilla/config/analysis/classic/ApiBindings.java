package io.flotilla.config.analysis.classic;

import io.flotilla.api.mixer.v1.config.client.HTTPAPISpecBinding;
import io.flotilla.api.mixer.v1.config.client.HTTPAPISpecReference;
import io.flotilla.api.mixer.v1.config.client.IstioService;
import io.flotilla.config.analysis.Check;
import io.flotilla.config.analysis.Entry;
import io.flotilla.config.analysis.Findings;
import io.flotilla.config.analysis.Mesh;
import io.flotilla.config.analysis.Paths;
import io.flotilla.config.model.Config;
import io.flotilla.config.model.Kind;
import java.util.List;

/** What an HTTPAPISpecBinding connects. */
final class ApiBindings implements Check {
    private static final Entry UNKNOWN = Entry.warning(
                    "FA0913", "an HTTPAPISpecBinding names an HTTPAPISpec or a service that does not exist", """
                    The binding gives the operations and keys that an HTTPAPISpec describes to services, both of its own
                    namespace where none is named. One of them does not exist, so requests get no api attributes from
                    it, and rules that look at them never hold. Correct name and namespace.""")
            .istio("IST0101");

    @Override
    public List<Entry> entries() {
        return List.of(UNKNOWN);
    }

    @Override
    public void run(Mesh mesh, Findings findings) {
        Kind spec = Kind.mixer("HTTPAPISpec");
        for (Config<HTTPAPISpecBinding> binding :
                mesh.all(Kind.mixer("HTTPAPISpecBinding"), HTTPAPISpecBinding.class)) {
            for (int i = 0; i < binding.spec().getApiSpecsCount(); i++) {
                HTTPAPISpecReference reference = binding.spec().getApiSpecs(i);
                String namespace = reference.getNamespace().isEmpty() ? binding.namespace() : reference.getNamespace();
                if (mesh.find(spec, namespace, reference.getName()).isEmpty()) {
                    findings.report(
                            UNKNOWN,
                            binding,
                            Paths.item("apiSpecs", i),
                            "there is no HTTPAPISpec \"" + namespace + "/" + reference.getName() + "\"");
                }
            }
            for (int i = 0; i < binding.spec().getServicesCount(); i++) {
                IstioService service = binding.spec().getServices(i);
                String namespace = service.getNamespace().isEmpty() ? binding.namespace() : service.getNamespace();
                String host = BoundServices.host(mesh, service, namespace);
                if (!BoundServices.known(mesh, host, namespace)) {
                    findings.report(
                            UNKNOWN, binding, Paths.item("services", i), "there is no service \"" + host + "\"");
                }
            }
        }
    }
}

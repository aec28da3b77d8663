package io.flotilla.config.ingress;

import io.flotilla.api.ingress.v1.Ingress;
import io.flotilla.api.ingress.v1.IngressClass;
import io.flotilla.api.mesh.v1alpha1.MeshConfig;
import io.flotilla.api.mesh.v1alpha1.MeshConfig.IngressControllerMode;
import io.flotilla.config.model.Config;
import java.util.List;
import java.util.Set;

/**
 * Which Ingresses are taken, as MeshConfig says: `ingressControllerMode` OFF takes none, STRICT (where nothing is said)
 * those of our class, DEFAULT also those of no class. The class is named by the annotation of old, which is compared
 * with `ingressClass` ("istio" where nothing is said), or by `ingressClassName`, whose IngressClass names the
 * controller.
 */
record IngressSelection(MeshConfig mesh, List<Config<IngressClass>> classes) {
    private static final String ANNOTATION = "kubernetes.io/ingress.class";
    private static final String DEFAULT_CLASS = "ingressclass.kubernetes.io/is-default-class";
    private static final Set<String> CONTROLLERS =
            Set.of("istio.io/ingress-controller", "flotilla.io/ingress-controller");

    boolean takes(Config<Ingress> ingress) {
        if (mesh.getIngressControllerMode() == IngressControllerMode.OFF) {
            return false;
        }
        boolean any = mesh.getIngressControllerMode() == IngressControllerMode.DEFAULT;
        String annotated = ingress.annotations().get(ANNOTATION);
        if (annotated != null) {
            String own = mesh.getIngressClass().isEmpty() ? "istio" : mesh.getIngressClass();
            return annotated.equals(own) || (any && annotated.isEmpty());
        }
        if (ingress.spec().hasIngressClassName()) {
            return classes.stream()
                    .filter(each -> each.name().equals(ingress.spec().getIngressClassName()))
                    .anyMatch(IngressSelection::ours);
        }
        return any
                || classes.stream()
                        .filter(each -> "true".equals(each.annotations().get(DEFAULT_CLASS)))
                        .anyMatch(IngressSelection::ours);
    }

    private static boolean ours(Config<IngressClass> config) {
        return CONTROLLERS.contains(config.spec().getController());
    }
}

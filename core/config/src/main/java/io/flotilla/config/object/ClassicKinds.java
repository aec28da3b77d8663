package io.flotilla.config.object;

import io.flotilla.api.mixer.adapter.model.v1beta1.Info;
import io.flotilla.api.mixer.adapter.model.v1beta1.Template;
import io.flotilla.api.mixer.v1.config.client.HTTPAPISpec;
import io.flotilla.api.mixer.v1.config.client.HTTPAPISpecBinding;
import io.flotilla.api.mixer.v1.config.client.QuotaSpec;
import io.flotilla.api.mixer.v1.config.client.QuotaSpecBinding;
import io.flotilla.api.policy.v1beta1.AttributeManifest;
import io.flotilla.api.policy.v1beta1.Handler;
import io.flotilla.api.policy.v1beta1.Instance;
import io.flotilla.api.policy.v1beta1.Rule;
import io.flotilla.api.rbac.v1alpha1.AuthorizationPolicy;
import io.flotilla.api.rbac.v1alpha1.RbacConfig;
import io.flotilla.api.rbac.v1alpha1.ServiceRole;
import io.flotilla.api.rbac.v1alpha1.ServiceRoleBinding;
import io.flotilla.config.mixer.Adapters;
import io.flotilla.config.mixer.Templates;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.List;

/** rbac.istio.io and config.istio.io, of 1.1: with a shorthand kind for each adapter and template that is built in. */
final class ClassicKinds {
    private static final String RBAC = "v1alpha1";
    private static final String MIXER = "v1alpha2";

    private ClassicKinds() {}

    static List<KnownKind> list() {
        List<KnownKind> kinds = new ArrayList<>(List.of(
                KnownKind.spec(Kind.RBAC_CONFIG, RbacConfig.getDefaultInstance(), RBAC),
                KnownKind.clusterSpec(Kind.CLUSTER_RBAC_CONFIG, RbacConfig.getDefaultInstance(), RBAC),
                KnownKind.spec(Kind.SERVICE_ROLE, ServiceRole.getDefaultInstance(), RBAC),
                KnownKind.spec(Kind.SERVICE_ROLE_BINDING, ServiceRoleBinding.getDefaultInstance(), RBAC),
                KnownKind.spec(Kind.CLASSIC_AUTHORIZATION_POLICY, AuthorizationPolicy.getDefaultInstance(), RBAC),
                KnownKind.spec(Kind.mixer("rule"), Rule.getDefaultInstance(), MIXER),
                KnownKind.spec(Kind.mixer("handler"), Handler.getDefaultInstance(), MIXER),
                KnownKind.spec(Kind.mixer("instance"), Instance.getDefaultInstance(), MIXER),
                KnownKind.spec(Kind.mixer("attributemanifest"), AttributeManifest.getDefaultInstance(), MIXER),
                KnownKind.spec(Kind.mixer("adapter"), Info.getDefaultInstance(), MIXER),
                KnownKind.spec(Kind.mixer("template"), Template.getDefaultInstance(), MIXER),
                KnownKind.spec(Kind.mixer("QuotaSpec"), QuotaSpec.getDefaultInstance(), MIXER),
                KnownKind.spec(Kind.mixer("QuotaSpecBinding"), QuotaSpecBinding.getDefaultInstance(), MIXER),
                KnownKind.spec(Kind.mixer("HTTPAPISpec"), HTTPAPISpec.getDefaultInstance(), MIXER),
                KnownKind.spec(Kind.mixer("HTTPAPISpecBinding"), HTTPAPISpecBinding.getDefaultInstance(), MIXER)));
        Adapters.all()
                .forEach(adapter -> kinds.add(KnownKind.spec(Kind.mixer(adapter.name()), adapter.params(), MIXER)));
        Templates.all()
                .forEach(
                        template -> kinds.add(KnownKind.spec(Kind.mixer(template.name()), template.instance(), MIXER)));
        return kinds;
    }
}

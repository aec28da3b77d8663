package io.flotilla.config.feed;

import com.google.protobuf.Message;
import io.flotilla.api.authentication.v1alpha1.Policy;
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
import io.flotilla.config.feed.Collections.Collection;
import io.flotilla.config.mixer.Adapters;
import io.flotilla.config.mixer.Templates;
import io.flotilla.config.model.Kind;
import java.util.ArrayList;
import java.util.List;

/** The collections of the kinds of 1.1. What comes first may be referred to by what follows. */
final class ClassicCollections {
    private ClassicCollections() {}

    /** What decides who may call whom: authentication.istio.io and rbac.istio.io. */
    static List<Collection> security() {
        return List.of(
                security(Kind.POLICY, Policy.getDefaultInstance()),
                security(Kind.MESH_POLICY, Policy.getDefaultInstance()),
                security(Kind.CLUSTER_RBAC_CONFIG, RbacConfig.getDefaultInstance()),
                security(Kind.RBAC_CONFIG, RbacConfig.getDefaultInstance()),
                security(Kind.SERVICE_ROLE, ServiceRole.getDefaultInstance()),
                security(Kind.SERVICE_ROLE_BINDING, ServiceRoleBinding.getDefaultInstance()),
                security(Kind.CLASSIC_AUTHORIZATION_POLICY, AuthorizationPolicy.getDefaultInstance()));
    }

    /** What proxies are told about Mixer: quotas and APIs. */
    static List<Collection> clients() {
        return List.of(
                mixer("QuotaSpec", QuotaSpec.getDefaultInstance()),
                mixer("QuotaSpecBinding", QuotaSpecBinding.getDefaultInstance()),
                mixer("HTTPAPISpec", HTTPAPISpec.getDefaultInstance()),
                mixer("HTTPAPISpecBinding", HTTPAPISpecBinding.getDefaultInstance()));
    }

    /** What Mixer itself is told. */
    static List<Collection> mixer() {
        List<Collection> all = new ArrayList<>();
        all.add(mixer("attributemanifest", AttributeManifest.getDefaultInstance()));
        all.add(mixer("adapter", Info.getDefaultInstance()));
        all.add(mixer("template", Template.getDefaultInstance()));
        all.add(mixer("handler", Handler.getDefaultInstance()));
        all.add(mixer("instance", Instance.getDefaultInstance()));
        Adapters.all().forEach(adapter -> all.add(mixer(adapter.name(), adapter.params())));
        Templates.all().forEach(template -> all.add(mixer(template.name(), template.instance())));
        all.add(mixer("rule", Rule.getDefaultInstance()));
        return all;
    }

    private static Collection security(Kind kind, Message message) {
        return Collections.collection(kind, "v1alpha1", message, List.of());
    }

    private static Collection mixer(String kind, Message message) {
        return Collections.collection(Kind.mixer(kind), "v1alpha2", message, List.of());
    }
}

package io.flotilla.config.validate;

import com.google.protobuf.Message;
import io.flotilla.api.mixer.adapter.model.v1beta1.Info;
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

/** The rules of config.istio.io and rbac.istio.io, of 1.1. */
final class ClassicRules {
    private ClassicRules() {}

    static void addTo(RuleBook rules) {
        rules.add(Kind.RBAC_CONFIG, RbacConfig.class, RbacRules::namespacedConfig);
        rules.add(Kind.CLUSTER_RBAC_CONFIG, RbacConfig.class, RbacRules::clusterConfig);
        rules.add(Kind.SERVICE_ROLE, ServiceRole.class, RbacRules::role);
        rules.add(Kind.SERVICE_ROLE_BINDING, ServiceRoleBinding.class, RbacRules::binding);
        rules.add(Kind.CLASSIC_AUTHORIZATION_POLICY, AuthorizationPolicy.class, RbacRules::policy);

        rules.add(Kind.mixer("rule"), Rule.class, MixerRuleRules::check);
        rules.add(Kind.mixer("handler"), Handler.class, MixerHandlerRules::handler);
        rules.add(Kind.mixer("instance"), Instance.class, MixerInstanceRules::instance);
        rules.add(Kind.mixer("attributemanifest"), AttributeManifest.class, ManifestRules::attributes);
        rules.add(Kind.mixer("adapter"), Info.class, ManifestRules::adapter);
        rules.add(
                Kind.mixer("template"),
                io.flotilla.api.mixer.adapter.model.v1beta1.Template.class,
                ManifestRules::template);
        rules.add(Kind.mixer("QuotaSpec"), QuotaSpec.class, ClientSpecRules::quotas);
        rules.add(Kind.mixer("QuotaSpecBinding"), QuotaSpecBinding.class, ClientSpecRules::quotaBinding);
        rules.add(Kind.mixer("HTTPAPISpec"), HTTPAPISpec.class, ApiSpecRules::check);
        rules.add(Kind.mixer("HTTPAPISpecBinding"), HTTPAPISpecBinding.class, ClientSpecRules::apiBinding);
        Adapters.all()
                .forEach(adapter ->
                        rules.add(Kind.mixer(adapter.name()), Message.class, MixerHandlerRules.shorthand(adapter)));
        Templates.all()
                .forEach(template ->
                        rules.add(Kind.mixer(template.name()), Message.class, MixerInstanceRules.shorthand(template)));
    }
}

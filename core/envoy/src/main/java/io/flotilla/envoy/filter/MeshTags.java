package io.flotilla.envoy.filter;

import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import io.envoyproxy.envoy.type.tracing.v3.CustomTag;
import io.flotilla.api.mesh.v1alpha1.Tracing;
import io.flotilla.envoy.Wire;
import java.util.TreeMap;

/** Tags of every span by the mesh's ProxyConfig, where no Telemetry says other ones. */
final class MeshTags {
    private MeshTags() {}

    static void apply(Tracing given, HttpConnectionManager.Tracing.Builder tracing) {
        if (given.getMaxPathTagLength() > 0 && !tracing.hasMaxPathTagLength()) {
            tracing.setMaxPathTagLength(Wire.number(given.getMaxPathTagLength()));
        }
        new TreeMap<>(given.getCustomTagsMap()).forEach((name, tag) -> {
            CustomTag.Builder built = CustomTag.newBuilder().setTag(name);
            switch (tag.getTypeCase()) {
                case LITERAL ->
                    built.getLiteralBuilder().setValue(tag.getLiteral().getValue());
                case ENVIRONMENT ->
                    built.getEnvironmentBuilder()
                            .setName(tag.getEnvironment().getName())
                            .setDefaultValue(tag.getEnvironment().getDefaultValue());
                case HEADER ->
                    built.getRequestHeaderBuilder()
                            .setName(tag.getHeader().getName())
                            .setDefaultValue(tag.getHeader().getDefaultValue());
                case TYPE_NOT_SET -> {
                    return;
                }
            }
            tracing.addCustomTags(built);
        });
    }
}

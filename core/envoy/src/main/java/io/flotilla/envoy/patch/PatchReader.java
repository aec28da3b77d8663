package io.flotilla.envoy.patch;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.listener.v3.ListenerFilter;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.ApplyTo;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.EnvoyConfigObjectPatch;
import io.flotilla.api.networking.v1alpha3.EnvoyFilter.Patch.Operation;
import io.flotilla.config.model.Config;
import io.flotilla.config.validate.PatchOperations;
import java.util.ArrayList;
import java.util.List;

/**
 * The patches of one EnvoyFilter; one that cannot be read is left out and does not hinder the others.
 *
 * @param patches  in their order
 * @param problems of those left out
 */
record PatchReader(List<Patch> patches, List<Untranslated> problems) {
    static PatchReader read(Config<EnvoyFilter> config) {
        List<Patch> patches = new ArrayList<>();
        List<Untranslated> problems = new ArrayList<>();
        PatchSource source = new PatchSource(config.key(), config.version());
        List<EnvoyConfigObjectPatch> all = new ArrayList<>(config.spec().getConfigPatchesList());
        int current = all.size();
        all.addAll(ClassicFilters.of(config.spec()));
        for (int i = 0; i < all.size(); i++) {
            String path = i < current ? "spec.configPatches[" + i + "]" : "spec.filters[" + (i - current) + "]";
            EnvoyConfigObjectPatch each = all.get(i);
            Operation operation = each.getPatch().getOperation();
            if (!PatchOperations.possible(each.getApplyTo(), operation)) {
                problems.add(new Untranslated(
                        config.key(),
                        path + ".patch.operation",
                        operation + " cannot be done to a " + each.getApplyTo() + ", so the patch is left out"));
                continue;
            }
            try {
                patches.add(new Patch(
                        source,
                        path,
                        each.getApplyTo(),
                        each.getMatch(),
                        i < current ? List.of() : ClassicFilters.bound(config.spec(), i - current),
                        new Patch.Change(operation, value(each), each.getPatch().getFilterClass())));
            } catch (InvalidProtocolBufferException e) {
                problems.add(new Untranslated(
                        config.key(),
                        path + ".patch.value",
                        "is no " + each.getApplyTo() + " of Envoy, so the patch is left out: " + firstLine(e)));
            }
        }
        return new PatchReader(List.copyOf(patches), List.copyOf(problems));
    }

    private static Message value(EnvoyConfigObjectPatch patch) throws InvalidProtocolBufferException {
        return patch.getPatch().getOperation() == Operation.REMOVE
                ? Empty.getDefaultInstance()
                : PatchValues.read(
                        prototype(patch.getApplyTo()), patch.getPatch().getValue());
    }

    private static String firstLine(InvalidProtocolBufferException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private static Message prototype(ApplyTo to) {
        return switch (to) {
            case LISTENER -> Listener.getDefaultInstance();
            case FILTER_CHAIN -> FilterChain.getDefaultInstance();
            case NETWORK_FILTER -> Filter.getDefaultInstance();
            case HTTP_FILTER -> HttpFilter.getDefaultInstance();
            case LISTENER_FILTER -> ListenerFilter.getDefaultInstance();
            case ROUTE_CONFIGURATION -> RouteConfiguration.getDefaultInstance();
            case VIRTUAL_HOST -> VirtualHost.getDefaultInstance();
            case HTTP_ROUTE -> Route.getDefaultInstance();
            case CLUSTER -> Cluster.getDefaultInstance();
            case EXTENSION_CONFIG -> TypedExtensionConfig.getDefaultInstance();
            case BOOTSTRAP -> Bootstrap.getDefaultInstance();
            case INVALID, UNRECOGNIZED -> Empty.getDefaultInstance();
        };
    }
}

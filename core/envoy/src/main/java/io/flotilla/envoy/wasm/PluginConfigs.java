package io.flotilla.envoy.wasm;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.JsonFormat;
import io.envoyproxy.envoy.config.core.v3.AsyncDataSource;
import io.envoyproxy.envoy.config.core.v3.BackoffStrategy;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HttpUri;
import io.envoyproxy.envoy.config.core.v3.RemoteDataSource;
import io.envoyproxy.envoy.config.core.v3.RetryPolicy;
import io.envoyproxy.envoy.config.core.v3.TypedExtensionConfig;
import io.envoyproxy.envoy.extensions.wasm.v3.EnvironmentVariables;
import io.envoyproxy.envoy.extensions.wasm.v3.FailurePolicy;
import io.envoyproxy.envoy.extensions.wasm.v3.PluginConfig;
import io.envoyproxy.envoy.extensions.wasm.v3.VmConfig;
import io.flotilla.api.extensions.v1alpha1.EnvValueSource;
import io.flotilla.api.extensions.v1alpha1.EnvVar;
import io.flotilla.api.extensions.v1alpha1.PullPolicy;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.config.model.Config;
import io.flotilla.envoy.Scope;
import io.flotilla.envoy.Wire;
import io.flotilla.envoy.patch.Untranslated;
import java.util.ArrayList;
import java.util.List;

/** What each plugin of a proxy runs, as its filters ask for it, and what of it the proxy is not told. */
public final class PluginConfigs {
    private static final String RUNTIME = "envoy.wasm.runtime.v8";
    /** Seconds to fetch a module, as in Istio. */
    private static final int FETCH = 30;

    /** A module that does not come at first, as its server may start with the mesh, is asked for again. */
    private static final RetryPolicy AGAIN = RetryPolicy.newBuilder()
            .setNumRetries(Wire.number(10))
            .setRetryBackOff(BackoffStrategy.newBuilder()
                    .setBaseInterval(Durations.fromMillis(500))
                    .setMaxInterval(Durations.fromSeconds(10)))
            .build();

    private PluginConfigs() {}

    /** The configurations, by the names of their filters. */
    public static List<TypedExtensionConfig> of(Scope scope) {
        return Choice.of(scope).stream()
                .map(config -> TypedExtensionConfig.newBuilder()
                        .setName(Plugin.name(config))
                        .setTypedConfig(Wire.any(filter(scope, config)))
                        .build())
                .toList();
    }

    /** Parts of plugins that the proxy is not told. */
    public static List<Untranslated> problems(Scope scope) {
        List<Untranslated> problems = new ArrayList<>();
        for (Config<WasmPlugin> config : Choice.of(scope)) {
            WasmPlugin plugin = config.spec();
            switch (Module.of(plugin)) {
                case Module.Unreachable missing ->
                    problems.add(new Untranslated(
                            config.key(),
                            "spec." + missing.field(),
                            missing.why()
                                    + (Plugin.of(config).open()
                                            ? "; until then requests pass without it (failStrategy FAIL_OPEN)"
                                            : "; until then what it stands before is refused (failStrategy "
                                                    + plugin.getFailStrategy() + ")")));
                case Module.Local local -> {
                    if (!plugin.getSha256().isEmpty()) {
                        problems.add(new Untranslated(
                                config.key(), "spec.sha256", "is not checked: Envoy takes a file as it is"));
                    }
                }
                case Module.Remote remote -> {}
            }
            if (plugin.getImagePullPolicy() == PullPolicy.Always) {
                problems.add(new Untranslated(
                        config.key(),
                        "spec.imagePullPolicy",
                        "Always changes nothing: Envoy keeps a module by its sha256 and fetches another hash anew"));
            }
        }
        return problems;
    }

    private static Message filter(Scope scope, Config<WasmPlugin> config) {
        Plugin plugin = Plugin.of(config);
        return switch (Module.of(config.spec())) {
            case Module.Unreachable missing -> Discovered.instead(plugin);
            case Module.Local local ->
                filter(
                        config,
                        AsyncDataSource.newBuilder()
                                .setLocal(DataSource.newBuilder().setFilename(local.path()))
                                .build());
            case Module.Remote remote ->
                filter(
                        config,
                        AsyncDataSource.newBuilder()
                                .setRemote(RemoteDataSource.newBuilder()
                                        .setHttpUri(HttpUri.newBuilder()
                                                .setUri(remote.uri())
                                                .setCluster(ModuleClusters.name(scope, remote))
                                                .setTimeout(Durations.fromSeconds(FETCH)))
                                        .setSha256(remote.sha256())
                                        .setRetryPolicy(AGAIN))
                                .build());
        };
    }

    private static Message filter(Config<WasmPlugin> config, AsyncDataSource code) {
        WasmPlugin plugin = config.spec();
        PluginConfig.Builder wasm = PluginConfig.newBuilder()
                .setName(Plugin.name(config))
                .setRootId(plugin.getPluginName())
                .setVmConfig(VmConfig.newBuilder()
                        .setRuntime(RUNTIME)
                        .setCode(code)
                        .setEnvironmentVariables(
                                environment(plugin.getVmConfig().getEnvList())))
                .setFailurePolicy(
                        switch (plugin.getFailStrategy()) {
                            case FAIL_OPEN -> FailurePolicy.FAIL_OPEN;
                            case FAIL_RELOAD -> FailurePolicy.FAIL_RELOAD;
                            case FAIL_CLOSE, UNRECOGNIZED -> FailurePolicy.FAIL_CLOSED;
                        });
        if (plugin.hasPluginConfig()) {
            wasm.setConfiguration(Wire.any(StringValue.of(json(plugin.getPluginConfig()))));
        }
        return Plugin.of(config).network()
                ? io.envoyproxy.envoy.extensions.filters.network.wasm.v3.Wasm.newBuilder()
                        .setConfig(wasm)
                        .build()
                : io.envoyproxy.envoy.extensions.filters.http.wasm.v3.Wasm.newBuilder()
                        .setConfig(wasm)
                        .build();
    }

    private static EnvironmentVariables environment(List<EnvVar> variables) {
        EnvironmentVariables.Builder environment = EnvironmentVariables.newBuilder();
        for (EnvVar variable : variables) {
            if (variable.getValueFrom() == EnvValueSource.HOST) {
                environment.addHostEnvKeys(variable.getName());
            } else {
                environment.putKeyValues(variable.getName(), variable.getValue());
            }
        }
        return environment.build();
    }

    private static String json(Message config) {
        try {
            return JsonFormat.printer()
                    .omittingInsignificantWhitespace()
                    .sortingMapKeys()
                    .print(config);
        } catch (InvalidProtocolBufferException e) {
            // A Struct holds nothing that JSON does not have.
            throw new IllegalStateException("pluginConfig is no JSON", e);
        }
    }
}

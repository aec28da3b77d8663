package io.flotilla.config.validate;

import io.flotilla.api.extensions.v1alpha1.EnvValueSource;
import io.flotilla.api.extensions.v1alpha1.EnvVar;
import io.flotilla.api.extensions.v1alpha1.WasmPlugin;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a WasmPlugin must be. */
final class WasmPluginRules {
    private static final String CODE = "FL0390";
    private static final String VARIABLES = "FL0391";
    private static final Set<String> SCHEMES = Set.of("oci", "http", "https", "file");
    private static final Pattern SHA256 = Pattern.compile("[a-f0-9]{64}");
    private static final Pattern SCHEME = Pattern.compile("[a-z][a-z0-9+.-]*://.*");
    private static final int MAX_URL = 2048;
    private static final int MAX_NAME = 256;
    private static final int MAX_SECRET = 253;
    private static final int MAX_VARIABLES = 256;
    private static final int MAX_VALUE = 2048;

    private WasmPluginRules() {}

    static void check(Config<WasmPlugin> config, Check check) {
        WasmPlugin plugin = config.spec();
        FieldPath at = Check.spec();
        new TargetRules(CODE, check)
                .check(
                        plugin.hasSelector(),
                        plugin.getSelector(),
                        plugin.hasTargetRef(),
                        plugin.getTargetRef(),
                        plugin.getTargetRefsList(),
                        at);
        url(plugin.getUrl(), at.field("url"), check);
        String hash = plugin.getSha256();
        check.require(
                hash.isEmpty() || SHA256.matcher(hash).matches(),
                CODE,
                at.field("sha256"),
                "\"" + hash + "\" is no SHA-256: 64 hexadecimal digits, in lower case");
        check.atMost(MAX_NAME, plugin.getPluginName(), CODE, at.field("pluginName"));
        check.atMost(MAX_SECRET, plugin.getImagePullSecret(), CODE, at.field("imagePullSecret"));
        variables(plugin.getVmConfig().getEnvList(), at.field("vmConfig").field("env"), check);
        for (int i = 0; i < plugin.getMatchCount(); i++) {
            FieldPath ports = at.field("match").item(i).field("ports");
            for (int j = 0; j < plugin.getMatch(i).getPortsCount(); j++) {
                check.port(
                        plugin.getMatch(i).getPorts(j).getNumber(),
                        ports.item(j).field("number"));
            }
        }
    }

    /** Without a scheme it is an image: "registry/path:tag". */
    private static void url(String url, FieldPath at, Check check) {
        if (url.isEmpty()) {
            check.error(CODE, at, "is required");
            return;
        }
        check.atMost(MAX_URL, url, CODE, at);
        String full = SCHEME.matcher(url).matches() ? url : "oci://" + url;
        String scheme = full.substring(0, full.indexOf("://"));
        check.require(
                SCHEMES.contains(scheme),
                CODE,
                at,
                "\"" + scheme + "\" is no way to get a module: oci, http, https or file");
        check.require(isUrl(full), CODE, at, "\"" + url + "\" is no URL");
    }

    private static boolean isUrl(String text) {
        try {
            URI uri = URI.create(text);
            return uri.getAuthority() != null || "file".equals(uri.getScheme());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void variables(List<EnvVar> variables, FieldPath at, Check check) {
        check.require(
                variables.size() <= MAX_VARIABLES,
                VARIABLES,
                at,
                "has " + variables.size() + " variables; at most " + MAX_VARIABLES);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < variables.size(); i++) {
            EnvVar variable = variables.get(i);
            FieldPath place = at.item(i);
            check.given(variable.getName(), VARIABLES, place.field("name"));
            check.atMost(MAX_NAME, variable.getName(), VARIABLES, place.field("name"));
            check.atMost(MAX_VALUE, variable.getValue(), VARIABLES, place.field("value"));
            check.require(
                    names.add(variable.getName()),
                    VARIABLES,
                    place.field("name"),
                    "\"" + variable.getName() + "\" is given twice");
            check.require(
                    variable.getValueFrom() != EnvValueSource.HOST
                            || variable.getValue().isEmpty(),
                    VARIABLES,
                    place.field("value"),
                    "makes no sense with valueFrom HOST, which takes the proxy's own");
        }
    }
}

package io.flotilla.config.validate;

import io.flotilla.api.networking.v1beta1.ProxyConfig;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.regex.Pattern;

/** What a ProxyConfig must be. */
final class ProxyConfigRules {
    private static final String CODE = "FL0350";
    private static final Pattern VARIABLE = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");
    private static final Pattern IMAGE = Pattern.compile("[a-zA-Z0-9]([-_.a-zA-Z0-9]*[a-zA-Z0-9])?");
    private static final int MAX_VALUE = 2048;

    private ProxyConfigRules() {}

    static void check(Config<ProxyConfig> config, Check check) {
        ProxyConfig proxy = config.spec();
        FieldPath at = Check.spec();
        new TargetRules(CODE, check)
                .selector(
                        proxy.getSelector().getMatchLabelsMap(),
                        at.field("selector").field("matchLabels"));
        check.notNegative(proxy.getConcurrency().getValue(), CODE, at.field("concurrency"));
        proxy.getEnvironmentVariablesMap().forEach((name, value) -> {
            FieldPath place = at.field("environmentVariables").field(name);
            check.require(VARIABLE.matcher(name).matches(), CODE, place, "\"" + name + "\" is no environment variable");
            check.atMost(MAX_VALUE, value, CODE, place);
        });
        if (proxy.hasImage()) {
            String type = proxy.getImage().getImageType();
            check.require(
                    IMAGE.matcher(type).matches(),
                    CODE,
                    at.field("image").field("imageType"),
                    type.isEmpty() ? "is required" : "\"" + type + "\" is no type of image");
        }
    }
}

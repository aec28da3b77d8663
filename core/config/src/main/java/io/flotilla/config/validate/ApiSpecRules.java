package io.flotilla.config.validate;

import io.flotilla.api.mixer.v1.Attributes;
import io.flotilla.api.mixer.v1.Attributes.AttributeValue;
import io.flotilla.api.mixer.v1.config.client.APIKey;
import io.flotilla.api.mixer.v1.config.client.HTTPAPISpec;
import io.flotilla.api.mixer.v1.config.client.HTTPAPISpecPattern;
import io.flotilla.config.expression.ExpressionType;
import io.flotilla.config.model.Config;
import io.flotilla.config.schema.FieldPath;
import java.util.regex.Pattern;

/** HTTPAPISpec: which attributes requests get from their path, and where their keys are. */
final class ApiSpecRules {
    private static final String CODE = "FL0442";
    private static final Pattern METHOD = Pattern.compile("[A-Z]+");
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private ApiSpecRules() {}

    static void check(Config<HTTPAPISpec> config, Check check) {
        HTTPAPISpec spec = config.spec();
        FieldPath at = Check.spec();
        attributes(spec.getAttributes(), at.field("attributes"), check);
        check.require(spec.getPatternsCount() > 0, CODE, at.field("patterns"), "needs a pattern");
        for (int i = 0; i < spec.getPatternsCount(); i++) {
            pattern(spec.getPatterns(i), at.field("patterns").item(i), check);
        }
        for (int i = 0; i < spec.getApiKeysCount(); i++) {
            key(spec.getApiKeys(i), at.field("apiKeys").item(i), check);
        }
    }

    private static void attributes(Attributes attributes, FieldPath at, Check check) {
        attributes.getAttributesMap().forEach((name, value) -> {
            FieldPath place = at.field("attributes").field(name);
            ExpressionType type = type(value);
            if (type == null) {
                check.error(CODE, place, "needs a value, as stringValue");
                return;
            }
            check.vocabulary()
                    .type(name)
                    .ifPresent(known -> check.require(
                            known == type || (known == ExpressionType.IP_ADDRESS && value.hasBytesValue()),
                            CODE,
                            place,
                            "\"" + name + "\" has type " + known + ", not " + type));
        });
    }

    private static @org.jspecify.annotations.Nullable ExpressionType type(AttributeValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE, BYTES_VALUE -> ExpressionType.STRING;
            case INT64_VALUE -> ExpressionType.INT64;
            case DOUBLE_VALUE -> ExpressionType.DOUBLE;
            case BOOL_VALUE -> ExpressionType.BOOL;
            case TIMESTAMP_VALUE -> ExpressionType.TIMESTAMP;
            case DURATION_VALUE -> ExpressionType.DURATION;
            case STRING_MAP_VALUE -> ExpressionType.STRING_MAP;
            case VALUE_NOT_SET -> null;
        };
    }

    private static void pattern(HTTPAPISpecPattern pattern, FieldPath at, Check check) {
        attributes(pattern.getAttributes(), at.field("attributes"), check);
        check.require(
                METHOD.matcher(pattern.getHttpMethod()).matches(),
                CODE,
                at.field("httpMethod"),
                pattern.getHttpMethod().isEmpty()
                        ? "is required"
                        : "\"" + pattern.getHttpMethod() + "\" is no method; they are written in capitals");
        switch (pattern.getPatternCase()) {
            case URI_TEMPLATE -> uriTemplate(pattern.getUriTemplate(), at.field("uriTemplate"), check);
            case REGEX -> {
                check.require(!pattern.getRegex().isEmpty(), CODE, at.field("regex"), "is empty");
                check.regex(pattern.getRegex(), at.field("regex"));
            }
            case PATTERN_NOT_SET -> check.error(CODE, at, "needs uriTemplate or regex");
        }
    }

    /** Parts between slashes: text, "{name}", "*", and "**" for all that follows. */
    private static void uriTemplate(String template, FieldPath at, Check check) {
        if (!template.startsWith("/")) {
            check.error(CODE, at, "\"" + template + "\" is no template of a path: it begins with \"/\"");
            return;
        }
        String[] parts = template.substring(1).split("/", -1);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].contains("**") && i < parts.length - 1) {
                check.error(CODE, at, "\"**\" stands last: it matches all that follows");
            }
            if (!balanced(parts[i])) {
                check.error(CODE, at, "\"" + parts[i] + "\" has a brace without its other one");
            }
        }
    }

    private static boolean balanced(String part) {
        boolean open = false;
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if ((c == '{' && open) || (c == '}' && !open)) {
                return false;
            }
            open = c == '{' || (open && c != '}');
        }
        return !open;
    }

    private static void key(APIKey key, FieldPath at, Check check) {
        switch (key.getKeyCase()) {
            case QUERY -> check.require(!key.getQuery().isEmpty(), CODE, at.field("query"), "is empty");
            case HEADER -> check.headerName(key.getHeader(), CODE, at.field("header"));
            case COOKIE ->
                check.require(
                        TOKEN.matcher(key.getCookie()).matches(),
                        CODE,
                        at.field("cookie"),
                        "\"" + key.getCookie() + "\" is no name of a cookie");
            case KEY_NOT_SET -> check.error(CODE, at, "needs query, header or cookie");
        }
    }
}

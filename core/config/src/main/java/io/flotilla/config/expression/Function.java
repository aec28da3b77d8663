package io.flotilla.config.expression;

import static io.flotilla.config.expression.ExpressionType.BOOL;
import static io.flotilla.config.expression.ExpressionType.DNS_NAME;
import static io.flotilla.config.expression.ExpressionType.EMAIL_ADDRESS;
import static io.flotilla.config.expression.ExpressionType.INT64;
import static io.flotilla.config.expression.ExpressionType.IP_ADDRESS;
import static io.flotilla.config.expression.ExpressionType.STRING;
import static io.flotilla.config.expression.ExpressionType.STRING_MAP;
import static io.flotilla.config.expression.ExpressionType.TIMESTAMP;
import static io.flotilla.config.expression.ExpressionType.URI;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Functions, and methods of text. */
public enum Function {
    /** A trailing "*" of the pattern matches any end, else a leading one any beginning, else both must be equal. */
    MATCH("match", false, BOOL, STRING, STRING),
    /** The text before the dot is a regular expression of RE2, found anywhere in the argument. */
    MATCHES("matches", true, BOOL, STRING, STRING),
    STARTS_WITH("startsWith", true, BOOL, STRING, STRING),
    ENDS_WITH("endsWith", true, BOOL, STRING, STRING),
    IP("ip", false, IP_ADDRESS, STRING),
    /** A time by RFC 3339. */
    TIMESTAMP_OF("timestamp", false, TIMESTAMP, STRING),
    DNS_NAME_OF("dnsName", false, DNS_NAME, STRING),
    EMAIL("email", false, EMAIL_ADDRESS, STRING),
    URI_OF("uri", false, URI, STRING),
    TO_LOWER("toLower", false, STRING, STRING),
    SIZE("size", false, INT64, STRING),
    EMPTY_STRING_MAP("emptyStringMap", false, STRING_MAP),
    CONDITIONAL_STRING("conditionalString", false, STRING, BOOL, STRING, STRING),
    /** The second argument where the first is true, else the third; both of one type, only one is evaluated. */
    CONDITIONAL("conditional", false, STRING, BOOL);

    private final String name;
    private final boolean method;
    private final ExpressionType result;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<ExpressionType> parameters;

    Function(String name, boolean method, ExpressionType result, ExpressionType... parameters) {
        this.name = name;
        this.method = method;
        this.result = result;
        this.parameters = List.of(parameters);
    }

    /** As it is written. */
    public String symbol() {
        return name;
    }

    /** It is called on a text: {@code text.startsWith("a")}. */
    public boolean method() {
        return method;
    }

    /** How many arguments it takes, with what a method is called on. */
    int arity() {
        return this == CONDITIONAL ? 3 : parameters.size();
    }

    /** Of {@link #CONDITIONAL} it is the type of the branches. */
    ExpressionType result() {
        return result;
    }

    List<ExpressionType> parameters() {
        return parameters;
    }

    static Optional<Function> of(String name) {
        return Arrays.stream(values())
                .filter(function -> function.name.equals(name))
                .findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Function::symbol).collect(Collectors.toList());
    }
}
